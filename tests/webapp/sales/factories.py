"""make_*: a worksheet or visit as the pages of the desk read it, without the course of its case."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.webapp.customers.factories import make_customer, make_interaction
from tests.webapp.staff.factories import NOW
from webapp.customers.models import InteractionChannel
from webapp.inquiries.models import InterestType, Purpose
from webapp.sales.models import Appointment, Worksheet
from webapp.sales.temperature import Horizon, Temperature
from webapp.staff.models import Centre, User


def make_worksheet(
    session: Session,
    manager: User,
    centre: Centre,
    *,
    spoken_at: datetime | None = None,
    noted_at: datetime | None = None,
    **overrides: Any,
) -> Worksheet:
    """A worksheet of a new customer, who was last spoken to at that moment; needs the reference lists."""
    customer = make_customer(session)
    if spoken_at is not None:
        make_interaction(session, customer, at=spoken_at)
    if noted_at is not None:
        make_interaction(session, customer, at=noted_at, channel=InteractionChannel.NOTE)
    values = {
        "customer_id": customer.id,
        "centre_id": centre.id,
        "manager_id": manager.id,
        "opened_at": NOW - timedelta(days=1),
        "source_code": "radio",
        "purpose": Purpose.NEW_CAR,
        "interest_type": InterestType.NEW,
        "horizon": Horizon.MONTH,
        "temperature_by_horizon": Temperature.WARM,
    } | overrides
    sheet = Worksheet(**values)
    session.add(sheet)
    session.flush()
    return sheet


def make_visit(session: Session, sheet: Worksheet, *, at: datetime, **overrides: Any) -> Appointment:
    """An agreed visit to whoever has the worksheet."""
    values = {"worksheet_id": sheet.id, "manager_id": sheet.manager_id, "at": at, "made_at": NOW} | overrides
    visit = Appointment(**values)
    session.add(visit)
    session.flush()
    return visit
