"""From the call to the reception (C01 to C05), and appointments that change."""

from datetime import datetime, time, timedelta

from webapp.demo.behaviour.service_situation import ServiceSituation
from webapp.demo.behaviour.situation import ZONE, Answer

NOT_BOOKED = {"no_free_time": 30, "price": 24, "just_asking": 22, "distance": 10, "no_parts": 8, "other": 6}
CANCELLED = ("plans_changed", "fixed_elsewhere", "works_again", "other")
# when customers like to come, per cent from eight o'clock
HOURS = (14, 18, 16, 12, 9, 8, 7, 6, 5, 3, 2)
SUNDAY_KEPT = 0.25  # of those who thought of a Sunday
WORDS = {
    "maintenance": ("Подошёл срок ТО.", "Плановое ТО, масло и фильтры.", "Загорелось напоминание о ТО."),
    "repair": ("Скрипит при торможении.", "Стучит справа на кочках.", "Через раз заводится с утра."),
    "warranty": ("Запотевает фара, машина на гарантии.", "Подвисает экран мультимедиа."),
    "diagnostics": ("Посторонний шум на скорости около восьмидесяти.", "Загорелся индикатор двигателя."),
    "tyres": ("Поменять резину по сезону.",),
    "body": ("Вмятина на задней двери после парковки.",),
}
LEFT, STAYS = "leave", "wait"


def book_visit(at: ServiceSituation) -> Answer:
    fate = at.fate
    if not fate.books:
        reason = at.random.choices(list(NOT_BOOKED), list(NOT_BOOKED.values()))[0]
        return Answer({"outcome": "not_booked", "not_booked_reason": reason})
    if not fate.called_back and at.chance(0.06):
        fate.called_back = True
        return Answer({"outcome": "callback", "callback_at": at.typed(at.later(hours=at.random.uniform(1, 3)))})
    slot = at.find_slot(wished(at))
    if slot is None:
        return Answer({"outcome": "not_booked", "not_booked_reason": "no_free_time"})
    return Answer({
        **at.car, **_need(at), "outcome": "booked", "jobs": [fate.job] if fate.job else [],
        "hours": str(fate.hours), "slot": slot,
    })  # fmt: skip


def _need(at: ServiceSituation) -> dict[str, object]:
    return {
        "km": at.km,
        "reasons": [at.fate.kind],
        "customer_words": at.random.choice(WORDS[at.fate.kind]),
        "repeat_repair": "no",
        "wait_or_leave": STAYS if at.fate.waits else LEFT,
    }


def wished(at: ServiceSituation) -> datetime:
    """The day and the hour at which the customer would like to come."""
    day = at.today + timedelta(days=at.fate.lag)
    if day.weekday() == 6 and not at.chance(SUNDAY_KEPT):
        day += timedelta(days=1)
    hour = at.random.choices(range(8, 8 + len(HOURS)), HOURS)[0]
    return max(datetime.combine(day, time(hour), ZONE), at.now + timedelta(hours=1))


def call_about_service(at: ServiceSituation) -> Answer:
    outcome = at.fate.reminded
    if outcome in {"no_answer", "later"}:
        at.fate.reminded = "booked" if at.chance(0.5) else "refused"  # the next time
    values: dict[str, object] = {"outcome": outcome}
    if outcome == "later":
        values["later_on"] = at.day(at.random.randrange(7, 30))
    if outcome == "serviced_elsewhere":
        values["elsewhere_reason"] = at.random.choice(("price", "distance", "time", "friend"))
    if outcome not in {"no_answer", "sold_car"}:
        values["current_km"] = at.km
    return Answer(values)


def reserve_parts(at: ServiceSituation) -> Answer:
    if not at.fate.wears:
        return Answer({"outcome": "none_needed"})
    rows = [{"part": part_of(at), "qty": "1", "state": "on_stock"}]
    return Answer({"outcome": "complete", "parts": rows})


def part_of(at: ServiceSituation) -> str:
    return {"maintenance": "Комплект фильтров и масло", "repair": "Деталь подвески или тормозов"}.get(
        at.fate.kind, "Деталь по гарантии"
    )


def prepare_visit(at: ServiceSituation) -> Answer:
    if not at.fate.parts_missed and at.chance(0.03):
        at.fate.parts_missed = True
        return Answer({"outcome": "parts_missing", "missing": "Фильтр салона придёт к обеду."})
    return Answer({"outcome": "ready", "checked": ["history", "recalls", "recommendations", "warranty", "bay"]})


def agree_new_time(_: ServiceSituation) -> Answer:
    return Answer({"outcome": "comes"})


def remind_customer(at: ServiceSituation) -> Answer:
    fate = at.fate
    if fate.cancels_early:
        return Answer({"outcome": "cancelled", "reason": at.random.choice(CANCELLED)})
    if fate.moves and not fate.moved:
        fate.moved = True
        slot = at.find_slot(wished(at) + timedelta(days=1))
        if slot is not None:
            return Answer({"outcome": "moved", "slot": slot})
    return Answer({"outcome": "confirmed" if fate.comes or at.chance(0.4) else "no_answer"})


def receive_car(at: ServiceSituation) -> Answer | None:
    fate = at.fate
    if fate.cancels_late:
        reason = at.random.choice(CANCELLED)
        return Answer({"reason": reason, "cancelled_by": "customer"}, offer="cancelled")
    if not fate.comes:
        fate.missed = True
        return None  # the car does not come: the drawing's timer takes over
    return Answer({
        **at.car, **_need(at), "arrived_at": at.typed(at.now),
        "fuel": at.random.choice(("quarter", "half", "half", "three_quarters")), "id_checked": "yes",
        "covers_placed": "yes", "keys": "1",
    })  # fmt: skip


def call_absentee(at: ServiceSituation) -> Answer:
    fate = at.fate
    if fate.comes_after_all:
        fate.comes, fate.lag = True, at.random.randrange(1, 5)
        return Answer({"outcome": "rebook", "reason": at.random.choice(("forgot", "busy", "road"))})
    if at.chance(0.35):
        return Answer({"outcome": "cancelled", "reason": at.random.choice(("fixed_elsewhere", "busy", "not_said"))})
    return Answer({"outcome": "no_answer"})


ANSWERS = {
    "book_visit": book_visit,
    "call_about_service": call_about_service,
    "reserve_parts": reserve_parts,
    "prepare_visit": prepare_visit,
    "agree_new_time": agree_new_time,
    "remind_customer": remind_customer,
    "receive_car": receive_car,
    "call_absentee": call_absentee,
}
