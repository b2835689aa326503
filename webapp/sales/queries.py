"""What is asked about worksheets, visits and follow-ups."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from engine.instances.models import InstanceStatus, ProcessInstance
from webapp.core.choices import Choice, ChoiceSource
from webapp.core.errors import NotFound
from webapp.customers.queries import customers_meant
from webapp.inquiries.models import InterestType
from webapp.inquiries.queries import SELLER
from webapp.sales.models import (
    AFTERCARE,
    OPEN_APPOINTMENTS,
    SUBJECT,
    Appointment,
    Competitor,
    FollowUpRound,
    RefusalReason,
    Sale,
    Worksheet,
)
from webapp.staff.models import Centre, RoleGrant, User
from webapp.vehicles.models import CarModel

BETWEEN_VISITS = timedelta(minutes=30)  # how long two visits of one manager must lie apart


def get_worksheet(session: Session, worksheet_id: int) -> Worksheet:
    """NotFound: worksheet_unknown."""
    worksheet = session.get(Worksheet, worksheet_id)
    if worksheet is None:
        raise NotFound("worksheet_unknown", f"There is no worksheet {worksheet_id}.", worksheet_id=worksheet_id)
    return worksheet


def get_worksheet_by_key(session: Session, business_key: str) -> Worksheet:
    """The worksheet of a case, or the one that an aftercare follows. NotFound: worksheet_unknown."""
    subject, _, number = business_key.rpartition(":")
    if subject not in {SUBJECT, AFTERCARE} or not number.isdigit():
        raise NotFound("worksheet_unknown", f"{business_key} is no worksheet.", worksheet_id=business_key)
    return get_worksheet(session, int(number))


def find_active_worksheet(
    session: Session, customer_id: int, *, interest_type: InterestType, brand_code: str | None
) -> Worksheet | None:
    """The customer's worksheet in work for the same kind of car and brand; what is open in either fits anything."""
    statement = _active(customer_id)
    if interest_type is not InterestType.ANY:
        statement = statement.where(Worksheet.interest_type.in_([interest_type, InterestType.ANY]))
    if brand_code is not None:
        statement = statement.outerjoin(CarModel, CarModel.code == Worksheet.model_code).where(
            or_(Worksheet.model_code.is_(None), CarModel.brand_code == brand_code)
        )
    return session.scalar(statement.limit(1))


def find_open_appointment(session: Session, worksheet_id: int) -> Appointment | None:
    """The agreed visit that is still to come, or overdue."""
    statement = (
        select(Appointment)
        .where(Appointment.worksheet_id == worksheet_id, Appointment.status.in_(OPEN_APPOINTMENTS))
        .order_by(Appointment.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


def is_slot_taken(session: Session, manager_id: int, at: datetime, *, besides: int) -> bool:
    """Whether the manager has another guest so near to this time; `besides`: the worksheet it is for."""
    statement = (
        select(Appointment.id)
        .where(
            Appointment.manager_id == manager_id,
            Appointment.worksheet_id != besides,
            Appointment.status.in_(OPEN_APPOINTMENTS),
            Appointment.at > at - BETWEEN_VISITS,
            Appointment.at < at + BETWEEN_VISITS,
        )
        .limit(1)
    )
    return session.scalar(statement) is not None


def find_open_round(session: Session, worksheet_id: int) -> FollowUpRound | None:
    """The stretch of following up that has not ended."""
    statement = select(FollowUpRound).where(
        FollowUpRound.worksheet_id == worksheet_id, FollowUpRound.ended_at.is_(None)
    )
    return session.scalar(statement.order_by(FollowUpRound.id.desc()).limit(1))


def list_worksheets(session: Session, ids: Sequence[int]) -> list[tuple[Worksheet, str, datetime | None, bool]]:
    """Worksheets with customer and model; each with its centre's name, its agreed visit, and whether the car is sold.

    One statement.
    """
    visit_at = (
        select(func.max(Appointment.at))
        .where(Appointment.worksheet_id == Worksheet.id, Appointment.status.in_(OPEN_APPOINTMENTS))
        .correlate(Worksheet)
    ).scalar_subquery()
    rows = session.execute(
        select(Worksheet, Centre.name, visit_at, exists().where(Sale.worksheet_id == Worksheet.id))
        .outerjoin(Centre, Centre.id == Worksheet.centre_id)
        .where(Worksheet.id.in_(ids))
        .options(joinedload(Worksheet.model))
    )
    return [(worksheet, centre or "", at, sold) for worksheet, centre, at, sold in rows]


def is_sold(session: Session, worksheet_id: int) -> bool:
    """Whether the customer has got his car."""
    return session.scalar(select(Sale.worksheet_id).where(Sale.worksheet_id == worksheet_id)) is not None


def worksheets_meant(text: str) -> Select[str] | None:
    """Business keys of the worksheets that this text means: by their customer, or by their number."""
    whose = customers_meant(text)
    number = text.rpartition("-")[2].strip()
    ways: list[ColumnElement[bool]] = [Worksheet.customer_id.in_(whose)] if whose is not None else []
    if number.isdecimal() and len(number) < 10:
        ways.append(Worksheet.id == int(number))
    return select(Worksheet.business_key).where(or_(*ways)) if ways else None


def list_managers(session: Session) -> list[User]:
    """Active sellers by name."""
    grants = select(RoleGrant.user_id).where(RoleGrant.role == SELLER)
    return list(session.scalars(select(User).where(User.active, User.id.in_(grants)).order_by(User.name)))


def _active(customer_id: int) -> Select[Worksheet]:
    return (
        select(Worksheet)
        .join(ProcessInstance, ProcessInstance.business_key == Worksheet.business_key)
        .where(Worksheet.customer_id == customer_id, ProcessInstance.status == InstanceStatus.ACTIVE)
        .order_by(Worksheet.id.desc())
    )


def _refusal_reasons(session: Session, language: str) -> list[Choice]:
    rows = session.scalars(select(RefusalReason).where(RefusalReason.active).order_by(RefusalReason.position))
    return [Choice(row.code, row.name_in(language), row.group.value) for row in rows]


def _competitors(session: Session, language: str) -> list[Choice]:
    rows = session.scalars(select(Competitor).where(Competitor.active).order_by(Competitor.position))
    return [Choice(row.code, row.name_in(language)) for row in rows]


def _managers(session: Session, language: str) -> list[Choice]:
    return [Choice(str(user.id), user.name) for user in list_managers(session)]


def _is_manager(session: Session, value: str) -> bool:
    return any(str(user.id) == value for user in list_managers(session))


REFUSAL_REASON_CHOICES = ChoiceSource(_refusal_reasons, lambda s, value: s.get(RefusalReason, value) is not None)
COMPETITOR_CHOICES = ChoiceSource(_competitors, lambda s, value: s.get(Competitor, value) is not None)
MANAGER_CHOICES = ChoiceSource(_managers, _is_manager)
