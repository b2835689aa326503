"""From the inspection to the last call (C06 to C14)."""

from datetime import timedelta

from webapp.demo.behaviour.complaints import decide_displeasure, judge, made_up
from webapp.demo.behaviour.service_booking import part_of
from webapp.demo.behaviour.service_situation import ServiceSituation
from webapp.demo.behaviour.situation import Answer

TITLES = {
    "maintenance": "Техническое обслуживание",
    "repair": "Ремонт",
    "warranty": "Работы по гарантии",
    "diagnostics": "Диагностика",
    "tyres": "Сезонная замена шин",
    "body": "Кузовной ремонт",
}
PARTS_TO_LABOUR = 2.4
EXTRAS = ("Замена щёток стеклоочистителя", "Замена салонного фильтра", "Замена передних колодок", "Замена аккумулятора")
MEASURES = {
    "minor": "Извинились, следующая мойка за наш счёт.",
    "major": "Извинились, скидка десять процентов на следующий визит.",
    "critical": "Позвонил руководитель сервиса, вернули часть оплаты за работы.",
}
EXTRA_LIMIT = 20_000  # roubles


def inspect_car(at: ServiceSituation) -> Answer:
    findings = [{
        "item": "Изношены щётки стеклоочистителя", "state": "soon", "job": "Замена щёток", "price": "2400",
        "decision": "later", "later_on": at.day(90),
    }]  # fmt: skip
    tread = f"{at.random.uniform(3, 8):.1f}"
    return Answer({
        "fluids": "ok", "wipers": "soon", "battery": at.random.choice(("ok", "ok", "soon")),
        **{f"tyre_{place}": tread for place in ("fl", "fr", "rl", "rr")},
        "findings": findings if at.chance(0.3) else [],
    })  # fmt: skip


def agree_order(at: ServiceSituation) -> Answer:
    fate = at.fate
    work = {"title": TITLES[fate.kind], "hours": str(fate.hours), "rate": str(at.rate), "qty": "1"}
    price = round(float(fate.hours) * at.rate * PARTS_TO_LABOUR * at.random.uniform(0.7, 1.3))
    part = {
        "article": f"XD {at.serial % 10_000:04}", "title": part_of(at), "maker": "Демо-Деталь",
        "origin": at.random.choice(("original", "original", "equivalent")), "own": "no", "unit": "set", "qty": "1",
        "price": str(price),
    }  # fmt: skip
    return Answer({
        "outcome": "agreed", "kind": "warranty" if fate.kind == "warranty" else "paid", "labour": [work],
        "parts": [part] if fate.wears else [], "promised_at": at.typed(at.later(hours=float(fate.hours) * 1.15 + 1.5)),
        "extra_limit": str(EXTRA_LIMIT if fate.limit_agreed else 0),
        "hidden_defects": "do_up_to_limit" if fate.limit_agreed else "call_me",
        "approved_by": at.random.choice(("recorded_call", "electronic")),
    })  # fmt: skip


def assign_work(at: ServiceSituation) -> Answer:
    finish = at.later(hours=float(at.fate.hours) * 1.15)
    technician = at.random.choice(at.technicians)
    return Answer({"technician": str(technician), "start_at": at.typed(at.now), "finish_at": at.typed(finish)})


def do_work(at: ServiceSituation) -> Answer:
    fate = at.fate
    if fate.extra and not fate.extra_asked:
        fate.extra_asked = True
        hours = at.random.choice(("0.3", "0.5", "0.8"))
        title = at.random.choice(EXTRAS)
        part = {
            "kind": "part", "title": f"{title}: деталь", "article": f"XE {at.serial % 10_000:04}",
            "maker": "Демо-Деталь", "qty": "1", "price": str(at.random.randrange(12, 90) * 100),
        }  # fmt: skip
        work = {"kind": "labour", "title": title, "hours": hours, "rate": str(at.rate)}
        return Answer({"outcome": "extra_work", "extra": [work, part], "extra_photos": [at.take_photo()]})
    clocked = float(fate.hours) * at.random.uniform(0.85, 1.25)
    return Answer({"outcome": "done", "clocked_hours": f"{clocked:.1f}"})


def approve_extra(at: ServiceSituation) -> Answer:
    if at.chance(0.12):
        return Answer({"outcome": "no_answer"})
    if not at.fate.approves:
        return Answer({"outcome": "declined", "later_on": at.day(60)})
    promised = max(at.promised_at or at.now, at.now) + timedelta(minutes=45)
    return Answer({"outcome": "approved", "approved_by": "recorded_call", "promised_at": at.typed(promised)})


def bring_parts(_: ServiceSituation) -> Answer:
    return Answer({"outcome": "arrived"})


def tell(_: ServiceSituation) -> Answer:
    return Answer({"outcome": "told"})


def control_quality(at: ServiceSituation) -> Answer:
    if not at.fate.checked and at.chance(0.04):
        at.fate.checked = True
        return Answer({"outcome": "rework", "rework_reason": "Посторонний звук остался, проверьте крепление защиты."})
    at.fate.checked = True
    return Answer({"outcome": "passed", "checked": ["order_lines", "complaint", "fluids", "wheels", "clean"]})


def prepare_return(_: ServiceSituation) -> Answer:
    return Answer({"done": ["washed", "old_parts", "papers", "invoice"]})


def take_payment(at: ServiceSituation) -> Answer:
    method = at.random.choice(("card", "card", "cash", "fast_payment"))
    number = f"{at.serial:06}"
    return Answer({"outcome": "paid", "amount": str(at.balance), "pay_method": method, "document_no": number})


def hand_over(at: ServiceSituation) -> Answer:
    return Answer({
        "explained": ["lines", "old_parts", "recommendations", "next_service"],
        "old_parts": at.random.choice(("returned", "disposed")), "next_service_on": at.day(364),
        "next_service_km": str(int(at.km) + 15_000), "recommendations": [], "signature": [{"paper": True}],
        "quick_score": at.random.choice(("4", "5", "5")),
    })  # fmt: skip


def call_after_service(at: ServiceSituation) -> Answer:
    fate = at.fate
    if not fate.responds:
        fate.unheard += 1
        return Answer({"outcome": "declined" if fate.unheard > 1 and at.chance(0.5) else "no_answer"})
    low, felt = at.random.choice(("2", "3")), decide_displeasure(at.serial)
    scores = {
        f"score_{what}": at.random.choices(("5", "4"), (58, 42))[0] if fate.content else low
        for what in ("reception", "work", "time", "overall")
    }
    if not fate.content and felt.lowest is not None:
        scores["score_overall"] = felt.lowest
    values: dict[str, object] = {"outcome": "answered", "fixed_first_time": "yes", **scores, "problem": "no"}
    if not fate.content:
        values |= {"problem": "yes", "problem_text": "Забрал машину на час позже обещанного."}
        if not felt.put_right:
            values |= {"fixed_first_time": "no", "problem_text": "Стук остался, придётся ехать ещё раз."}
    return Answer(values)


def settle_complaint(at: ServiceSituation) -> Answer:
    severity = judge(at.judged, at.serial)
    return Answer({
        "outcome": "settled", "severity": severity, "cause": "time", "satisfied": made_up(severity, at.serial),
        "measure": MEASURES[severity], "invite_back": "no",
    })  # fmt: skip


ANSWERS = {
    "inspect_car": inspect_car,
    "agree_order": agree_order,
    "assign_work": assign_work,
    "do_work": do_work,
    "approve_extra": approve_extra,
    "bring_parts": bring_parts,
    "tell_new_time": tell,
    "tell_progress": tell,
    "control_quality": control_quality,
    "prepare_return": prepare_return,
    "call_ready": tell,
    "take_payment": take_payment,
    "hand_over": hand_over,
    "call_after_service": call_after_service,
    "settle_complaint": settle_complaint,
}
