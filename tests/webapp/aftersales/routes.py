"""The routes of booking and of the workshop; a visit is in reach with its centre."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

from tests.webapp.customers.routes import customer
from tests.webapp.routes import Route
from tests.webapp.staff.factories import NOW
from webapp.aftersales.models import OrderKind, ServiceVisit, WorkOrder
from webapp.aftersales.reference import LARGE_WORKSHOP, ship_reference_lists
from webapp.aftersales.setting_up import furnish_workshop
from webapp.aftersales.workshop import find_resources
from webapp.core.permissions import ScopeKind
from webapp.staff.models import Centre, User
from webapp.vehicles.reference import ship_reference_lists as ship_brands


def workshop(session: Session, _: User, centre: Centre) -> Mapping[str, object]:
    ship_brands(session)
    ship_reference_lists(session)
    furnish_workshop(session, centre.id, bays=LARGE_WORKSHOP, now=NOW)
    session.flush()
    return {"centre_id": centre.id}


def events(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    made = workshop(session, owner, centre)
    return {"centre": made["centre_id"], "start": "2026-03-02T00:00:00", "end": "2026-03-03T00:00:00"}


def visit(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    workshop(session, owner, centre)
    made = ServiceVisit(centre_id=centre.id, standard="service_seven_processes", opened_at=NOW, hours=Decimal(1))
    made.customer_id = int(str(customer(session, owner, centre)["customer_id"]))
    session.add(made)
    session.flush()
    return {"visit_id": made.id}


def order(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    """A work order of the person's own visit."""
    given = visit(session, owner, centre)
    found = session.get_one(ServiceVisit, given["visit_id"])
    made = WorkOrder(
        visit_id=found.id,
        centre_id=centre.id,
        customer_id=found.customer_id,
        advisor_id=owner.id,
        kind=OrderKind.PAID,
        opened_at=NOW,
        promised_at=NOW,
        approved_by="signature",
        tax_rate=Decimal(22),
    )
    session.add(made)
    session.flush()
    return {"order_id": made.id}


def resource(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    workshop(session, owner, centre)
    return {"resource_id": find_resources(session, centre.id)[0].id}


WHOLE = (ScopeKind.CENTRE, ScopeKind.GROUP)  # a calendar is seen whole or not at all

ROUTES: dict[str, Route] = {
    "service_board.show_board": Route("aftersales.see"),
    "aftersales_orders.show_orders": Route("aftersales.see"),
    "aftersales_orders.show_order": Route("aftersales.see", order),
    "aftersales_orders.change_costs": Route("aftersales.see_costs", order),
    "booking.show_booking": Route("aftersales.see"),
    "booking.list_events": Route("aftersales.see", events, scopes=WHOLE),
    "booking.show_callers": Route("aftersales.book"),
    "booking.propose_times": Route("aftersales.book"),
    "booking.prolong_hold": Route("aftersales.book", arguments={"hold_id": 1}),
    "booking.release_hold": Route("aftersales.book", arguments={"hold_id": 1}),
    "booking.save_booking": Route("aftersales.book"),
    "booking.move_booking": Route("aftersales.book", visit, scopes=WHOLE),
    "workshop.show_workshop": Route("aftersales.set_up"),
    "workshop.price_parts": Route("aftersales.set_up", scopes=(ScopeKind.GROUP,)),
    "workshop.begin_workshop": Route("aftersales.set_up", workshop, scopes=WHOLE),
    "workshop.change_workshop": Route("aftersales.set_up", workshop, scopes=WHOLE),
    "workshop.add_resource": Route("aftersales.set_up", workshop, scopes=WHOLE),
    "workshop.show_resource": Route("aftersales.set_up", resource, scopes=WHOLE),
    "workshop.change_resource": Route("aftersales.set_up", resource, scopes=WHOLE),
}
