"""From the contract to the handover (S13 to S19): contract, credit, supply, payment, preparation."""

from webapp.demo.behaviour.selling import refuse
from webapp.demo.behaviour.situation import Answer, Situation

CHECKED = (
    "transport_protection", "fluids", "battery", "tyres", "brakes", "underbody", "lights", "electrics", "software",
    "paint", "interior", "road_test", "completeness", "washing",
)  # fmt: skip
NEEDED = ("accessories", "alarm", "antitheft_marking", "insurance", "registration", "bank_inspection")
# what buyers tick on the sheet: most of them something, every fifth nothing
TICKED: tuple[list[str], ...] = (["email", "sms"], ["email", "sms", "call"], ["email"], ["sms", "messenger"], [])
BANKS = ("Банк «Северный»", "Банк «Заречье»", "Автофинанс")


def sign_contract(at: Situation) -> Answer:
    fate = at.fate
    if not fate.signs:
        return refuse(at)
    to_bank = fate.on_credit and not fate.paid
    values: dict[str, object] = {
        "outcome": "sent_to_bank" if to_bank else "signed",
        "customer_kind": "person",
        "birth_date": f"{at.random.randrange(1960, 2001)}-0{at.random.randrange(1, 10)}-15",
        "passport_series": f"{at.random.randrange(4000, 4100)}",
        "passport_number": f"{at.random.randrange(10**6):06}",
        "passport_issuer": "Отделением УФМС № 1",
        "passport_issued_on": "2022-05-20",
        "passport_department": "780-001",
        "registration_address": "Санкт-Петербург, Примерная улица, 1",
        "pd_consent": "yes",
    }
    if to_bank:
        fate.paid = True  # the bank is asked once
        return Answer(values)
    rest = fate.price - fate.deposit
    schedule = [{"due": at.day(2), "amount": str(rest), "kind": "credit" if fate.on_credit else "main"}]
    if fate.deposit:
        schedule.insert(0, {"due": at.day(0), "amount": str(fate.deposit), "kind": "deposit"})
    return Answer({
        **values, "contract_number": f"ДКП-{at.serial:05d}", "signed_on": at.day(0), "model": fate.model,
        "vin": fate.vin, "price": str(fate.price), "vat_rate": "22", "handover_term": at.day(30), "signature": "paper",
        "payment_schedule": schedule, **({"credit_bank": BANKS[0]} if fate.on_credit else {}),
    })  # fmt: skip


def confirm_payment(at: Situation) -> Answer | None:
    if not at.fate.takes_car:
        return None  # the money does not come: the drawing asks the head
    rest = at.fate.price - at.fate.deposit
    return Answer({
        "outcome": "fully_paid", "amount": str(rest), "paid_on": at.day(0), "pay_method": "transfer",
        "document_no": f"{at.serial:06}",
    })  # fmt: skip


def decide_overdue_payment(at: Situation) -> Answer:
    if not at.fate.takes_car:
        return Answer({"decision": "terminate", "reason": "Покупатель не заплатил и не отвечает."})
    return Answer({"decision": "wait", "wait_until": at.day(3), "reason": "Банк клиента задержал перевод."})


def accept(_: Situation) -> Answer:
    return Answer({})


def apply_to_banks(at: Situation) -> Answer:
    return Answer({"applications": [_bank(at, name) for name in BANKS[:2]]})


def bank_decision(at: Situation) -> Answer:
    answers = [{**_bank(at, name), "status": "approved", "monthly_payment": "45000"} for name in BANKS[:1]]
    return Answer({"outcome": "approved", "answers": answers, "chosen_bank": BANKS[0]})


def _bank(at: Situation, name: str) -> dict[str, object]:
    return {"bank": name, "amount": str(at.fate.price * 4 // 5), "term_months": "60", "rate": "18"}


def agree_terms(_: Situation) -> Answer:
    return Answer({"outcome": "accept"})


def after_denial(_: Situation) -> Answer:
    return Answer({"outcome": "give_up"})


def confirm_availability(at: Situation) -> Answer:
    if at.chance(0.06):
        return Answer({"outcome": "gone"})
    return Answer({
        "outcome": "confirmed", "from_place": at.fate.place, "holder": "Импортёр", "eta": at.day(_days_away(at)),
    })  # fmt: skip


def _days_away(at: Situation) -> int:
    return {"group_centre": 3, "importer_warehouse": 13, "production": 70}.get(at.fate.place, 10)


def order_transport(at: Situation) -> Answer:
    return Answer({
        "carrier": "Перевозчик «Автовоз»", "load_planned": at.day(1), "eta": at.day(_days_away(at)),
        "to_place": "Автосалон", "document_no": f"{at.serial:05}", "cost": "38000",
    })  # fmt: skip


def confirm_loading(at: Situation) -> Answer:
    if at.chance(0.08):
        return Answer({"outcome": "not_loaded", "load_planned": at.day(2), "eta": at.day(_days_away(at) + 3)})
    return Answer({"outcome": "loaded", "loaded_on": at.day(0), "eta": at.day(_days_away(at))})


def track_transport(at: Situation) -> Answer:
    return Answer({"outcome": "arrived", "arrived_on": at.day(0)})


def inspect_arrival(at: Situation) -> Answer:
    return Answer({"outcome": "intact", "vin": at.fate.vin, "odometer": "8", "keys": "2"})


def file_claim(at: Situation) -> Answer:
    return Answer({
        "outcome": "repair", "claim_to": "carrier", "claim_no": f"П-{at.serial}", "claimed": "25000",
        "repaired_by": at.day(2),
    })  # fmt: skip


def inform_customer(at: Situation) -> Answer:
    reaction = at.random.choices(("calm", "unhappy", "doubts"), (70, 20, 10))[0]
    return Answer({"outcome": "talked", "promised_date": at.day(4), "reaction": reaction})


def choose_another_car(at: Situation) -> Answer:
    at.fate.place = "showroom"
    return Answer({
        "outcome": "chosen", "vehicle": "Такой же, другого цвета", "vin": at.fate.vin, "place": "showroom",
    })  # fmt: skip


def prepare_car(_: Situation) -> Answer:
    return Answer({"outcome": "ready", **dict.fromkeys(CHECKED, "ok"), "battery_v": "12.6", "odometer": "11"})


def order_repair(at: Situation) -> Answer:
    return Answer({"workshop": "body", "order_no": f"ЗН-{at.serial}", "ready_at": at.moment(1, 2)})


def prepare_registration(at: Situation) -> Answer:
    values: dict[str, object] = {"outcome": "done", **dict.fromkeys((f"{name}_needed" for name in NEEDED), "no")}
    wanted = ["accessories", *(["bank_inspection", "insurance"] if at.fate.on_credit else [])]
    for name in wanted:
        values |= {f"{name}_needed": "yes", f"{name}_executor": "Отдел выдачи", f"{name}_done_on": at.day(0)}
    return Answer(values)


def arrange_handover(at: Situation) -> Answer:
    return Answer({"outcome": "agreed", "handover_at": at.moment(1, 3), "who_comes": ["family"], "wishes": ["bow"]})


def remind_of_handover(at: Situation) -> Answer:
    return Answer({"outcome": at.random.choices(("confirmed", "moved", "not_reached"), (88, 5, 7))[0]})


def hand_over_car(at: Situation) -> Answer:
    if at.chance(0.02):
        return Answer({"outcome": "did_not_come", "comment": "Не приехал, просит другой день."}, "move_handover")
    if at.chance(0.02):
        return Answer({"outcome": "not_accepted", "refusal_reason": "Царапина на двери."})
    return Answer({
        "outcome": "delivered", "docs": ["dkp", "act", "pts", "service_book", "manual", "policy", "card"],
        "keys": "2", "odometer": "14", "delivered_on": at.day(0),
        "outside": ["paint", "wheels", "trunk", "bonnet", "filler", "clean"],
        "inside": ["seat", "start", "lights", "climate", "media", "assist", "warnings", "emergency"],
        "explained": ["break_in", "warranty", "service_plan", "equipment", "hotline"],
        "advisor_introduced": "yes", "first_service_due": at.day(360), "act": "paper",
        "advertising_channels": TICKED[at.serial % len(TICKED)],
        "satisfaction_quick": at.random.choice(("4", "5", "5")),
    })  # fmt: skip


def decide_not_accepted(_: Situation) -> Answer:
    return Answer({"decision": "prepare_again", "instruction": "Устраните царапину и проверьте кузов ещё раз."})


def refund_deposit(at: Situation) -> Answer:
    return Answer({
        "outcome": "returned", "amount": str(at.fate.deposit), "pay_method": "card", "document_no": f"{at.serial:06}",
    })  # fmt: skip


ANSWERS = {
    "sign_contract": sign_contract,
    "confirm_payment": confirm_payment,
    "decide_overdue_payment": decide_overdue_payment,
    "accept_credit": accept,
    "apply_to_banks": apply_to_banks,
    "bank_decision": bank_decision,
    "agree_terms": agree_terms,
    "after_denial": after_denial,
    "accept_supply": accept,
    "confirm_availability": confirm_availability,
    "order_transport": order_transport,
    "confirm_loading": confirm_loading,
    "track_transport": track_transport,
    "inspect_arrival": inspect_arrival,
    "file_claim": file_claim,
    "inform_customer": inform_customer,
    "choose_another_car": choose_another_car,
    "accept_pdi": accept,
    "prepare_car": prepare_car,
    "order_repair": order_repair,
    "accept_delivery": accept,
    "prepare_registration": prepare_registration,
    "arrange_handover": arrange_handover,
    "remind_of_handover": remind_of_handover,
    "hand_over_car": hand_over_car,
    "decide_not_accepted": decide_not_accepted,
    "refund_deposit": refund_deposit,
}
