"""Choosing, showing and driving a car, the customer's own car, and the offer (S05 to S12)."""

from datetime import timedelta
from math import ceil
from random import Random

from webapp.demo.behaviour.selling import leave
from webapp.demo.behaviour.situation import Answer, Situation

# where the chosen car stands, per cent, and the days until it is here (specification §9.4)
PLACES = {"showroom": (38, 0), "own_warehouse": (20, 1), "group_centre": (12, 3), "importer_warehouse": (22, 14)}
FROM_PRODUCTION = (8, 75)
TRIMS = ("Комфорт, 1.6, белый", "Престиж, 2.0, серый", "Комфорт, 2.0, синий", "Базовая, 1.6, чёрный")
DEMO_CARS = ("К 101 ОТ 20", "К 102 ОТ 20", "К 103 ОТ 20", "К 104 ОТ 20", "К 105 ОТ 20")
PAINTED = ("hood", "roof", "door_fl")
RATE = 18  # per cent a year
VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
WORTH = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", [*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True))
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def make_vin(at: Situation) -> str:
    return vin_of(at.random, at.serial)


def vin_of(random: Random, serial: int) -> str:
    """A VIN of a maker that does not exist, with its check digit (ISO 3779)."""
    tail = "".join(random.choices(VIN_LETTERS, k=5))
    blank = f"XYD{tail}0R{serial % 10_000_000:07}"
    total = sum(
        WORTH.get(sign, 0) * weight or _digit(sign) * weight for sign, weight in zip(blank, WEIGHTS, strict=True)
    )
    return f"{blank[:8]}{'X' if total % 11 == 10 else total % 11}{blank[9:]}"


def _digit(sign: str) -> int:
    return int(sign) if sign.isdigit() else 0


def choose_car(at: Situation) -> Answer:
    if _has_seen_enough(at):
        return leave(at)
    shares = {**PLACES, "production": FROM_PRODUCTION}
    place = at.random.choices(list(shares), [share for share, _ in shares.values()])[0]
    fate = at.fate
    fate.price, fate.place = at.random.randrange(190, 560) * 10_000, place
    fate.vin = make_vin(at)
    first = {
        "model": fate.model, "configuration": at.random.choice(TRIMS), "place": place, "price": str(fate.price),
        "eta_days": str(shares[place][1]), "shown": "yes" if place == "showroom" else "no",
    }  # fmt: skip
    second = {
        "model": at.random.choice(at.models), "configuration": at.random.choice(TRIMS), "place": "own_warehouse",
        "price": str(fate.price + 90_000), "eta_days": "1", "shown": "no",
    }  # fmt: skip
    return Answer({"candidates": [first, second] if at.chance(0.6) else [first], "primary": "1"})


def _has_seen_enough(at: Situation) -> bool:
    return not at.fate.drives and not at.fate.wants_offer and at.chance(0.4)


def presentation(at: Situation) -> Answer:
    if _has_seen_enough(at):
        return leave(at)
    values: dict[str, object] = {
        "outcome": "test_drive" if at.fate.drives else "skip_test_drive",
        "tradein": "yes" if at.fate.gives_own_car else "no",
        "points_done": at.random.sample(("front", "side", "trunk", "rear_seats", "driver_seat", "engine"), 5),
        "reaction": at.random.choices(("enthusiastic", "interested", "neutral", "negative"), (20, 50, 22, 8))[0],
        "materials_given": ["brochure", "price_list"],
    }
    if not at.fate.drives:
        values["skip_reason"] = at.random.choice(("no_licence", "no_time", "knows_the_car", "no_demo_car"))
    return Answer(values)


def test_drive(at: Situation) -> Answer:
    outcome = at.random.choices(("done", "no_show", "moved", "damage"), (88, 4, 7, 1))[0]
    if outcome == "moved":
        return Answer({"outcome": outcome, "new_slot_at": at.moment(1, 3)})
    if outcome == "no_show":
        return Answer({"outcome": outcome})
    start, length = at.random.randrange(2_000, 19_000), at.random.randrange(9, 26)
    minutes = at.random.choice((30, 30, 45))
    begun = at.now - timedelta(minutes=minutes + at.random.randrange(5, 20))
    values = {
        "outcome": outcome,
        "checked": ["licence_seen", "rules_told", "agreement_signed"],
        "licence_number": f"99{at.random.randrange(10**8):08}",
        "licence_expiry": at.day(at.random.randrange(200, 3000)),
        "driver_age": str(at.random.randrange(24, 66)),
        "experience_years": str(at.random.randrange(3, 30)),
        "slot_at": at.typed(begun),
        "minutes": str(minutes),
        "demo_car": f"{at.random.choice(DEMO_CARS)}-{at.serial}",
        "route": at.random.choices(("city", "highway", "offroad"), (70, 24, 6))[0],
        "odo_start": str(start),
        "odo_end": str(start + length),
        "agreement": "paper",
        "result": at.random.choices(("loved", "positive", "neutral", "negative"), (24, 52, 17, 7))[0],
    }
    if outcome == "damage":
        values["damage_note"] = "Царапина на переднем бампере, заметили при возврате."
    return Answer(values)


def call_absent_driver(at: Situation) -> Answer:
    outcome = at.random.choices(("new_slot", "later"), (85, 15))[0]
    values: dict[str, object] = {"outcome": outcome}
    if outcome == "new_slot":
        values["new_slot_at"] = at.moment(1, 3)
    if outcome == "later":
        values["next_contact_at"] = at.moment(2, 5)
    return Answer(values)


def review_damage(_: Situation) -> Answer:
    return Answer({
        "decision": "own_repair", "repair_cost": "18000", "secured": ["photos", "statement"],
        "comment": "Полировка и подкраска, автомобиль снова в графике через два дня.",
    })  # fmt: skip


def accept(_: Situation) -> Answer:
    return Answer({})


def tradein_appraisal(at: Situation) -> Answer:
    market = at.random.randrange(60, 220) * 10_000
    repair, margin = at.random.randrange(1, 12) * 10_000, round(market * 0.08)
    calculated = market - repair - margin
    high = at.chance(0.12)
    outcome = at.random.choices(("accepted", "thinking", "rejected"), (40, 42, 18))[0]
    values: dict[str, object] = {
        "outcome": outcome, "vin": make_vin(at), "brand": "Nordis", "model": "Alma",
        "year": str(at.random.randrange(2012, 2023)), "mileage": str(at.random.randrange(30, 190) * 1000),
        "owners": str(at.random.choices((1, 2, 3), (45, 40, 15))[0]),
        "pts": at.random.choice(("original", "duplicate", "electronic")), "legal": ["ok"],
        "paint": [{"panel": panel, "microns": str(at.random.randrange(95, 190))} for panel in PAINTED],
        "tech": [
            {"node": "brakes", "state": "3", "repair_cost": str(repair)},
            {"node": "engine", "state": "4"},
        ],
        "tyres_mm": "5.5", "market_price": str(market), "margin": str(margin),
        "offer_price": str(calculated + (round(market * 0.05) if high else 0)), "valid_until": at.day(4),
        "photos": list(at.pictures),
    }  # fmt: skip
    if outcome == "rejected":
        values["reject_reason"] = "В другом салоне обещали больше."
    return Answer(values)


def approve_tradein(at: Situation) -> Answer:
    if at.chance(0.8):
        return Answer({"decision": "approve", "approved_price": "700000", "comment": "Ликвидная модель, берём."})
    return Answer({"decision": "refuse", "comment": "Пересчитайте ремонт по прайсу."})


def make_offer(at: Situation) -> Answer:
    fate = at.fate
    if not fate.wants_offer or (fate.offers > 0 and not fate.reserves):
        return leave(at)
    fate.offers += 1
    if not fate.price:
        fate.price, fate.vin = 2_600_000, make_vin(at)
    if fate.reserves:
        takes = 100 if fate.offers > 2 else 60 if fate.offers > 1 else 35  # 35 % at the first visit
        outcome = at.random.choices(("accepted", "thinking", "negotiate"), (takes, (100 - takes) / 2, 35))[0]
    else:
        outcome = at.random.choices(("thinking", "negotiate"), (80, 20))[0]
    if fate.offers > 2 and fate.reserves:
        outcome = "accepted"
    discount = min(fate.asked, fate.price * 3 // 100)
    lines: list[dict[str, object]] = [
        {"kind": "car", "title": "Автомобиль", "qty": "1", "price": str(fate.price), "vat": "22"},
        {"kind": "accessory", "title": "Коврики и защита картера", "qty": "1", "price": "24000", "vat": "22"},
    ]
    if discount:
        lines.append({"kind": "discount", "title": "Скидка", "qty": "1", "price": str(discount)})
    cash = {"variant": "A", "pay_method": "cash", "price": str(fate.price)}
    credit = {
        "variant": "B", "pay_method": "credit", "price": str(fate.price), "down_payment": str(fate.price // 5),
        "term_months": "60", "annual_rate": str(RATE),
    }  # fmt: skip
    return Answer({
        "outcome": outcome, "lines": lines, "variants": [cash, credit], "valid_until": at.day(at.random.randint(3, 7)),
        "sent_by": at.random.sample(("print", "email", "messenger"), 1),
    })  # fmt: skip


def request_discount(at: Situation) -> Answer:
    if at.chance(0.2 if at.fate.reserves else 0.4):
        return Answer({"outcome": "not_agreed", "next_contact_at": at.moment(1, 4)})
    percent = at.random.choices((0.8, 2.0, 2.8, 4.0), (30, 40, 22, 8))[0]
    asked = ceil(at.fate.price * percent / 100 / 1000) * 1000
    at.fate.asked = asked if percent <= 0.8 else 0
    step = at.random.choice(("deposit_today", "credit_with_us", "insurance_with_us", "accessories", "tradein", "none"))
    return Answer({"outcome": "agreed", "requested_discount": str(asked), "counter_step": step})


def approve_discount(at: Situation) -> Answer:
    if at.chance(0.7):
        at.fate.asked = at.fate.price * 15 // 1000
        return Answer({
            "decision": "approve", "approved": str(at.fate.asked),
            "approval_comment": "Согласую при предоплате сегодня.",
        })  # fmt: skip
    return Answer({"decision": "refuse", "approval_comment": "Предложите комплект зимних шин вместо скидки."})


def reserve_car(at: Situation) -> Answer:
    fate = at.fate
    if not fate.deposit_taken:  # else the first one goes on to count
        fate.deposit = 0 if at.chance(0.07) else at.random.choice((30_000, 50_000, 100_000))
    days = 0.9 if not fate.deposit else at.random.uniform(3, 6)
    values: dict[str, object] = {
        "vehicle": "Автомобиль по предложению", "vin": "" if fate.place == "production" else fate.vin,
        "place": fate.place, "deposit": str(fate.deposit),
        "until": at.typed(at.now + timedelta(days=days)),
        "told": ["next_steps", "deposit_terms", "papers"],
    }  # fmt: skip
    if fate.deposit:
        values["pay_method"] = at.random.choice(("card", "sbp", "cash"))
    if fate.place not in {"showroom", "own_warehouse"}:
        values["eta_days"] = str({**PLACES, "production": FROM_PRODUCTION}[fate.place][1])
    return Answer(values)


def approve_no_deposit(at: Situation) -> Answer:
    decision = "approve" if at.chance(0.6) else "refuse"
    return Answer({"decision": decision, "comment": "Клиент покупает у нас не первый раз."})


def take_deposit(at: Situation) -> Answer:
    if at.chance(0.03):
        return Answer({"outcome": "not_paid"})
    at.fate.deposit_taken = True
    return Answer({
        "outcome": "taken", "amount": str(at.fate.deposit), "paid_on": at.day(0),
        "pay_method": at.random.choice(("card", "sbp", "cash")), "document_no": f"{at.serial:06}",
    })  # fmt: skip


def reservation_expired(at: Situation) -> Answer:
    if at.fate.signs or at.chance(0.5):
        until = at.moment(2, 5) if at.fate.deposit else at.typed(at.now + timedelta(hours=20))
        return Answer({"decision": "prolong", "until": until})
    return Answer({"decision": "release", "next_contact_at": at.moment(1, 4)})


ANSWERS = {
    "choose_car": choose_car,
    "presentation": presentation,
    "test_drive": test_drive,
    "call_absent_driver": call_absent_driver,
    "review_damage": review_damage,
    "accept_appraisal": accept,
    "tradein_appraisal": tradein_appraisal,
    "approve_tradein": approve_tradein,
    "make_offer": make_offer,
    "request_discount": request_discount,
    "approve_discount": approve_discount,
    "approve_discount_director": approve_discount,
    "reserve_car": reserve_car,
    "approve_no_deposit": approve_no_deposit,
    "take_deposit": take_deposit,
    "reservation_expired": reservation_expired,
}
