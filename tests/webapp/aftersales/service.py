"""A dealer whose workshop works: service people, bays, and what the steps of a visit are answered with."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from tests.dealer import SERVICE_PEOPLE, START, Dealer, hire, moscow, open_dealer
from webapp.aftersales import visiting
from webapp.aftersales.models import BrandStandard, ServiceResource, ServiceVisit, WorkOrder, Workshop
from webapp.aftersales.reference import LARGE_WORKSHOP
from webapp.aftersales.setting_up import furnish_workshop
from webapp.aftersales.visiting import Wish
from webapp.customers.services import CustomerFacts, create_customer
from webapp.inquiries.models import InquiryChannel, Purpose
from webapp.vehicles.services import CarFacts, record_car

PLATE = "А 123 ВС 178"
VIN = "XTA00000000000017"
THURSDAY = moscow(5, 11)
NEED = {
    "car_plate": PLATE,
    "car_model": "aurelia_s4",
    "km": "42000",
    "reasons": ["maintenance"],
    "customer_words": "Knocks in front on bumps",
    "repeat_repair": "no",
    "wait_or_leave": "leave",
    "jobs": ["maintenance_30"],
}
PREPARED = {"outcome": "ready", "checked": ["history", "recalls", "warranty"]}
RECEIVED = {
    **{name: NEED[name] for name in ("car_plate", "car_model", "km", "reasons", "customer_words", "wait_or_leave")},
    "repeat_repair": "no",
    "fuel": "half",
    "id_checked": "yes",
    "covers_placed": "yes",
    "keys": "1",
}
INSPECTED = {
    "fluids": "ok",
    "wipers": "ok",
    "battery": "soon",
    "findings": [{"item": "Worn wipers", "state": "soon", "decision": "later", "later_on": "2026-04-01"}],
}
LABOUR = {"title": "Maintenance, 30 000 km", "hours": "1.6", "rate": "2500", "qty": "1"}
PART = {
    "article": "OX 123",
    "title": "Oil filter",
    "maker": "Filtron",
    "origin": "equivalent",
    "own": "no",
    "unit": "piece",
    "qty": "1",
    "price": "900",
    "discount": "10",
}
TOTAL = "4810.00"  # 1.6 × 2,500 and 900 less a tenth
DECLINED = {"outcome": "declined", "reason": "price"}
EXTRA = {"kind": "labour", "title": "Wheel bearing", "hours": "2", "rate": "2500"}
PAPERS = {"done": ["washed", "old_parts", "papers", "invoice"]}
CONTROLLED = {"outcome": "passed", "checked": ["order_lines", "complaint", "wheels"]}
CONTENT = {
    "outcome": "answered",
    "fixed_first_time": "yes",
    "score_reception": "5",
    "score_work": "5",
    "score_time": "4",
    "score_overall": "5",
    "problem": "no",
}


def prepare_service(template: Path, folder: Path) -> Path:
    """A copy of a dealer with people and bays for its workshop in the north."""
    path = folder / "service.sqlite"
    shutil.copyfile(template, path)
    dealer = open_dealer(f"sqlite:///{path}", folder)
    furnish(dealer)
    dealer.database.close()
    return path


def furnish(dealer: Dealer) -> None:
    """Service people and a workshop in the north."""
    with dealer.write() as session:
        hire(session, SERVICE_PEOPLE)
        session.flush()
        furnish_workshop(session, dealer.centres["North"], bays=LARGE_WORKSHOP, technicians=8, now=START)


@contextmanager
def open_service(path: Path, folder: Path) -> Iterator[Dealer]:
    shutil.copyfile(path, folder / "dealer.sqlite")
    dealer = open_dealer(f"sqlite:///{folder}/dealer.sqlite", folder)
    yield dealer
    dealer.database.close()


def slot(dealer: Dealer, at: datetime = THURSDAY, bay: str = "Lift 1") -> str:
    """A free time as the form keeps it: in the first lift, by the advisor."""
    with dealer.read() as session:
        found = session.scalars(select(ServiceResource).where(ServiceResource.name_en == bay)).unique().one()
        return f"{at:%Y-%m-%dT%H:%MZ}/{found.id}/{dealer.people['advisor']}"


def call_in(dealer: Dealer, **facts: Any) -> None:
    """A customer calls the service; a colleague of the call centre registers it."""
    dealer.register(**({"purpose": Purpose.SERVICE, "handed_to": None} | facts))


def walk_in(dealer: Dealer) -> None:
    call_in(dealer, channel=InquiryChannel.WALK_IN)


def book(dealer: Dealer, at: datetime = THURSDAY, *, by: str = "operator", **changes: Any) -> None:
    dealer.complete("book_visit", by=by, **(NEED | {"outcome": "booked", "slot": slot(dealer, at)} | changes))


def prepare(dealer: Dealer) -> None:
    dealer.do("reserve_parts", by="parts", outcome="none_needed")
    dealer.do("prepare_visit", **PREPARED)


def remind(dealer: Dealer) -> None:
    dealer.do("remind_customer", by="dispatcher", outcome="confirmed")


def receive(dealer: Dealer, at: datetime | None = None, **changes: Any) -> None:
    at = at or dealer.clock.now()
    dealer.complete("receive_car", by="advisor", **(RECEIVED | {"arrived_at": at.isoformat()} | changes))


def agree(dealer: Dealer, promised: datetime, **changes: Any) -> None:
    dealer.complete("inspect_car", by="advisor", **INSPECTED)
    answers = {
        "outcome": "agreed",
        "kind": "paid",
        "labour": [LABOUR],
        "parts": [PART],
        "promised_at": promised.isoformat(),
        "extra_limit": "0",
        "hidden_defects": "call_me",
        "approved_by": "recorded_call",
    }
    dealer.complete("agree_order", by="advisor", **(answers | changes))


def assign(dealer: Dealer, finish: datetime) -> None:
    begin = dealer.clock.now().isoformat()
    dealer.complete(
        "assign_work",
        by="foreman",
        technician=str(dealer.people["mechanic"]),
        start_at=begin,
        finish_at=finish.isoformat(),
    )


def work(dealer: Dealer, **answers: Any) -> None:
    dealer.do("do_work", by="mechanic", **(answers or {"outcome": "done", "clocked_hours": "1.5"}))


def give_back(dealer: Dealer) -> None:
    dealer.complete("prepare_return", by="advisor", **PAPERS)
    dealer.complete("call_ready", by="advisor", outcome="told")


def pay(dealer: Dealer, amount: str = TOTAL, **changes: Any) -> None:
    answers = {"outcome": "paid", "amount": amount, "pay_method": "card", "document_no": "17"}
    dealer.complete("take_payment", by="cashier", **(answers | changes))


def hand_over(dealer: Dealer) -> None:
    dealer.complete(
        "hand_over",
        by="advisor",
        explained=["lines", "old_parts"],
        old_parts="returned",
        next_service_on="2027-03-05",
        next_service_km="57000",
        recommendations=[{"what": "Change the wipers", "by": "2026-09-01"}],
        signature=[{"paper": True}],
        quick_score="5",
    )


def visit(dealer: Dealer) -> ServiceVisit:
    """The newest visit."""
    with dealer.read() as session:
        return session.scalars(select(ServiceVisit).order_by(ServiceVisit.id.desc()).limit(1)).unique().one()


def order(dealer: Dealer) -> WorkOrder:
    """The only work order."""
    with dealer.read() as session:
        return session.scalars(select(WorkOrder)).one()


def inspect(dealer: Dealer) -> None:
    dealer.complete("inspect_car", by="advisor", **INSPECTED)


def finish(dealer: Dealer) -> None:
    """The work is done; whoever is asked to check it finds it right."""
    work(dealer)
    if dealer.open_elements() == ["control_quality"]:
        dealer.complete("control_quality", by="checker", **CONTROLLED)


def return_car(dealer: Dealer, amount: str = TOTAL, *, parted: bool = False) -> None:
    """Pay and hand over, in the order of the standard; `parted`: in two payments."""
    for _ in range(3 if parted else 2):
        if dealer.open_elements() == ["hand_over"]:
            hand_over(dealer)
        elif parted:
            pay(dealer, "1000", outcome="part")
            amount, parted = str(Decimal(amount) - 1000), False
        else:
            pay(dealer, amount)


def open_by_reminder(dealer: Dealer) -> None:
    """The service of a car falls due in a week: we write, and call the next day."""
    with dealer.write() as session:
        known = CustomerFacts(last_name="Belova", centre_id=dealer.centres["North"], phones=("+7 900 000-41-17",))
        customer = create_customer(session, known, actor_id=None, now=dealer.clock.now())
        facts = CarFacts(vin=VIN, plate=PLATE, model_code="aurelia_s4")
        car = record_car(session, customer=customer, facts=facts, actor_id=None, now=dealer.clock.now())
        wish = Wish(customer, dealer.centres["North"], car, called=False, reminder=True, reasons=("maintenance",))
        visiting.open_visit(session, wish, actor_id=None, now=dealer.clock.now())


def follow(dealer: Dealer, standard: str) -> None:
    """All visits of the north follow this standard from now on, whatever the brand of the car."""
    with dealer.write() as session:
        session.execute(delete(BrandStandard))
        session.get_one(Workshop, dealer.centres["North"]).standard_code = standard
