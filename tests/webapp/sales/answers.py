"""What people answer at the steps of a worksheet, whole and fit; a test changes what it is about."""

from typing import Any

from tests.dealer import Dealer, moscow
from webapp.inquiries.models import InquiryChannel

VISIT = moscow(4, 15)
VIN = "XW8ZZZ61ZKG012345"
OTHER_VIN = "XW8ZZZ61ZKG012346"
PERSON = {
    "first_name": "Marina",
    "last_name": "Belova",
    "sex": "f",
    "source": "radio",
    "purpose": "new_car",
    "interest_type": "new",
    "interest_model": "aurelia_s4",
    "pd_basis": "request_of_subject",
    "consent_marketing": "no",
    "preferred_channel": "call",
}
NEEDS = {
    "outcome": "next",
    "customer_kind": "person",
    "replace_or_add": "first",
    "usage": ["city"],
    "priorities": ["safety", "comfort"],
    "budget_to": "2 500 000",
    "pay_method": "cash",
    "horizon": "7d",
    "told": ["phone", "offer", "credit"],
}
ARRIVED = {"outcome": "continue", "first_visit": "yes", "purpose": "new_car", "source": "radio", "companions": "1"}
REFUSED = {"refusal_reason": "price_high", "allow_future_contact": "yes"}
CHOICE = {
    "candidates": [
        {"model": "aurelia_s4", "configuration": "Comfort, 2.0, white", "place": "showroom", "price": "2400000",
         "eta_days": "0", "shown": "yes"},
        {"model": "aurelia_city", "configuration": "Base, 1.6, blue", "place": "importer_warehouse",
         "price": "1900000", "eta_days": "14", "shown": "no"},
    ],
    "primary": "1",
}  # fmt: skip
PRESENTED = {
    "outcome": "skip_test_drive",
    "skip_reason": "no_time",
    "tradein": "no",
    "points_done": ["front", "side", "trunk", "rear_seats", "driver_seat", "engine"],
    "reaction": "interested",
}
DRIVEN = {
    "outcome": "done",
    "checked": ["licence_seen", "rules_told", "agreement_signed"],
    "licence_number": "7812345678",
    "licence_expiry": "2030-01-01",
    "driver_age": "35",
    "experience_years": "10",
    "slot_at": "2026-03-02T10:00",
    "minutes": "30",
    "demo_car": "Aurelia S4, A001AA",
    "route": "city",
    "odo_start": "1200",
    "odo_end": "1218",
    "agreement": "paper",
    "result": "positive",
}
APPRAISED = {
    "outcome": "accepted",
    "vin": "XTA210930Y1234567",
    "brand": "Nordis",
    "model": "Alma",
    "year": "2018",
    "mileage": "96000",
    "owners": "2",
    "pts": "original",
    "legal": ["ok"],
    "paint": [{"panel": "hood", "microns": "120"}],
    "tech": [{"node": "brakes", "state": "3", "repair_cost": "30000"}, {"node": "engine", "state": "5"}],
    "market_price": "900000",
    "margin": "70000",
    "offer_price": "800000",
    "valid_until": "2026-03-06",
}
OFFER = {
    "outcome": "accepted",
    "lines": [{"kind": "car", "title": "Aurelia S4", "qty": "1", "price": "2400000", "vat": "22"}],
    "variants": [{"variant": "A", "pay_method": "cash", "price": "2400000"}],
    "valid_until": "2026-03-05",
    "sent_by": ["print"],
}
DISCOUNT = {"outcome": "agreed", "requested_discount": "20000", "counter_step": "deposit_today"}
RESERVATION = {
    "vehicle": "Aurelia S4, white",
    "vin": VIN,
    "place": "showroom",
    "deposit": "50000",
    "pay_method": "card",
    "until": "2026-03-05T12:00",
    "told": ["next_steps", "deposit_terms", "papers"],
}
DEPOSIT = {
    "outcome": "taken",
    "amount": "50000",
    "paid_on": "2026-03-02",
    "pay_method": "card",
    "document_no": "117",
}
CONTRACT = {
    "outcome": "signed",
    "customer_kind": "person",
    "birth_date": "1985-05-05",
    "passport_series": "4012",
    "passport_number": "123456",
    "passport_issuer": "District office 1",
    "passport_issued_on": "2010-06-01",
    "passport_department": "780-001",
    "registration_address": "Saint Petersburg, Main street 1",
    "pd_consent": "yes",
    "contract_number": "N-17",
    "signed_on": "2026-03-02",
    "model": "aurelia_s4",
    "vin": VIN,
    "price": "2400000",
    "vat_rate": "22",
    "handover_term": "2026-03-20",
    "signature": "paper",
    "payment_schedule": [
        {"due": "2026-03-02", "amount": "50000", "kind": "deposit"},
        {"due": "2026-03-05", "amount": "2350000", "kind": "main"},
    ],
}
PAID = {
    "outcome": "fully_paid",
    "amount": "2350000",
    "paid_on": "2026-03-02",
    "pay_method": "transfer",
    "document_no": "118",
}
PREPARED = {
    "outcome": "ready",
    **dict.fromkeys(
        ("transport_protection", "fluids", "battery", "tyres", "brakes", "underbody", "lights", "electrics",
         "software", "paint", "interior", "road_test", "completeness", "washing"),
        "ok",
    ),
    "battery_v": "12.6",
    "odometer": "12",
}  # fmt: skip
NOTHING_NEEDED = {
    "outcome": "done",
    **dict.fromkeys(
        ("accessories_needed", "alarm_needed", "antitheft_marking_needed", "insurance_needed", "registration_needed",
         "bank_inspection_needed"),
        "no",
    ),
}  # fmt: skip
INFORMED = {"outcome": "talked", "promised_date": "2026-03-12", "reaction": "calm"}
HANDED_OVER = {
    "outcome": "delivered",
    "docs": ["dkp", "act", "pts", "service_book", "manual", "policy", "card"],
    "keys": "2",
    "odometer": "15",
    "outside": ["paint", "wheels", "trunk", "bonnet", "filler", "clean"],
    "inside": ["seat", "start", "lights", "climate", "media", "assist", "warnings", "emergency"],
    "explained": ["break_in", "warranty", "service_plan", "equipment", "hotline"],
    "advisor_introduced": "yes",
    "first_service_due": "2027-03-02",
    "act": "paper",
}


def arrive(dealer: Dealer, **values: Any) -> None:
    dealer.complete("welcome", by="reception", **(ARRIVED | {"handed_to": str(dealer.people["seller"])} | values))


def know_needs(dealer: Dealer, **values: Any) -> None:
    """A guest in the showroom whose needs are known; a car is being chosen."""
    dealer.register(channel=InquiryChannel.WALK_IN)
    arrive(dealer)
    dealer.complete("needs_analysis", **(NEEDS | values))


def choose(dealer: Dealer, **presented: Any) -> None:
    """A car is chosen and shown."""
    know_needs(dealer)
    dealer.complete("choose_car", **CHOICE)
    dealer.complete("presentation", **(PRESENTED | presented))


def offer(dealer: Dealer, **values: Any) -> None:
    """An offer is made, by the short way."""
    know_needs(dealer)
    dealer.take("straight_to_offer", reason="knows what he wants")
    dealer.complete("make_offer", **(OFFER | values))


def reserve(dealer: Dealer, **values: Any) -> None:
    """A car is kept for the customer, and the deposit is there."""
    offer(dealer)
    dealer.complete("reserve_car", **(RESERVATION | values))
    dealer.complete("take_deposit", by="cashier", **DEPOSIT)


def pay(dealer: Dealer) -> None:
    """The contract is signed and paid; the car is being prepared."""
    reserve(dealer)
    dealer.complete("sign_contract", **CONTRACT)
    dealer.complete("confirm_payment", by="accountant", **PAID)


def prepare(dealer: Dealer) -> None:
    """Car and papers are ready."""
    dealer.do("accept_pdi", by="workshop")
    dealer.do("prepare_car", **PREPARED)
    dealer.do("accept_delivery", by="delivery")
    dealer.do("prepare_registration", **NOTHING_NEEDED)


def follow_up(dealer: Dealer, outcome: str, **values: Any) -> None:
    """A follow-up contact with this result."""
    talked = {} if outcome == "not_reached" else {"reason_used": "answer", "objection": "none"}
    dealer.complete("follow_up_call", outcome=outcome, **talked, **values)


def get_credit(dealer: Dealer) -> None:
    """A bank approves."""
    dealer.do("accept_credit", by="finance")
    bank = {"bank": "First bank", "amount": "1500000", "term_months": "60", "rate": "18"}
    dealer.do("apply_to_banks", applications=[bank])
    answer = {**bank, "status": "approved", "monthly_payment": "38000"}
    dealer.do("bank_decision", outcome="approved", answers=[answer], chosen_bank="First bank")


def lose_car(dealer: Dealer) -> None:
    """The holder of the car has sold it."""
    dealer.do("accept_supply", by="logistics")
    dealer.do("confirm_availability", outcome="gone")


def bring(dealer: Dealer) -> None:
    """The car is brought without any trouble."""
    dealer.do("accept_supply", by="logistics")
    dealer.do(
        "confirm_availability", outcome="confirmed", from_place="importer_warehouse", holder="Importer",
        eta="2026-03-16",
    )  # fmt: skip
    dealer.do("order_transport", carrier="Trans", load_planned="2026-03-09", eta="2026-03-16", to_place="North")
    dealer.do("confirm_loading", outcome="loaded", loaded_on="2026-03-02", eta="2026-03-16")
    dealer.do("track_transport", outcome="arrived", arrived_on="2026-03-02")
    dealer.do("inspect_arrival", outcome="intact", vin=CONTRACT["vin"], odometer="9", keys="2")
