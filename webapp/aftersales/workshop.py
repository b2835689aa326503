"""What a centre's workshop has, and how many hours of a day it may promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.aftersales import capacity
from webapp.aftersales.models import Attendance, BayType, ResourceKind, ServiceResource, ServiceStandard, Workshop
from webapp.core.errors import RuleViolation
from webapp.staff.queries import find_members

CALENDAR = "service"
TECHNICIAN = "technician"
LEAST_BOOKED = 20  # fewer appointments on a weekday of half a year say nothing yet


@dataclass(frozen=True)
class OpenHours:
    """Norm hours of a day: all of them, the share kept for visits without booking, and who comes, by weekday."""

    whole: Decimal
    reserve: Decimal
    attendance: Mapping[int, Decimal]

    def on(self, day: date) -> Decimal:
        """What may be promised by appointment on a day."""
        come = self.attendance.get(day.weekday())
        return capacity.bookable_hours(self.whole, walk_in_reserve=self.reserve, attendance=come)

    def overbooked_on(self, day: date) -> Decimal:
        """The share by which more is promised than there is, for those who do not come; 0 to 0.10."""
        return capacity.overbooking(self.attendance.get(day.weekday())) - 1


def find_resources(session: Session, centre_id: int, *, all_of_them: bool = False) -> Sequence[ServiceResource]:
    """The bays, advisors and courtesy cars of a centre in their order; without those that are switched off."""
    statement = select(ServiceResource).where(ServiceResource.centre_id == centre_id)
    if not all_of_them:
        statement = statement.where(ServiceResource.active)
    found = session.scalars(statement).unique().all()
    kinds = list(ResourceKind)
    return sorted(found, key=lambda each: (kinds.index(each.kind), each.position, each.id))


def get_workshop(session: Session, centre_id: int, *, lock: bool = False) -> Workshop:
    """What the workshop of a centre can do; `lock`: until the transaction ends others wait (PostgreSQL).

    RuleViolation: workshop_missing.
    """
    statement = select(Workshop).where(Workshop.centre_id == centre_id)
    found = session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise RuleViolation("workshop_missing", f"Centre {centre_id} has no workshop.")
    return found


def count_technicians(session: Session, workshop: Workshop) -> int:
    """As set up; else the people who hold the role there; else one for each bay in which work is done."""
    if workshop.technicians is not None:
        return workshop.technicians
    people = len(find_members(session, TECHNICIAN, workshop.centre_id))
    return people or session.scalar(
        select(func.count()).where(
            ServiceResource.centre_id == workshop.centre_id,
            ServiceResource.kind == ResourceKind.BAY,
            ServiceResource.bay_type.not_in([BayType.RECEPTION, BayType.WASH]),
            ServiceResource.active,
        )
    ) or 0  # fmt: skip


def open_hours(session: Session, centre_id: int) -> OpenHours:
    """How much of a day a centre may promise. RuleViolation: workshop_missing."""
    workshop = get_workshop(session, centre_id)
    whole = capacity.day_capacity(count_technicians(session, workshop), workshop.shift_hours, workshop.efficiency)
    standard = session.get(ServiceStandard, workshop.standard_code)
    reserve = standard.walk_in_reserve if standard else Decimal(0)
    return OpenHours(whole, reserve, _attendance_of(session, centre_id))


def _attendance_of(session: Session, centre_id: int) -> Mapping[int, Decimal]:
    """The share of booked customers who come, by weekday from Monday as 0; without those that are hardly booked."""
    rows = session.execute(
        select(Attendance.weekday, Attendance.booked, Attendance.kept).where(
            Attendance.centre_id == centre_id, Attendance.booked >= LEAST_BOOKED
        )
    )
    return {weekday: Decimal(kept) / booked for weekday, booked, kept in rows}
