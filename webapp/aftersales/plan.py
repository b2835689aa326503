"""A stretch of days of a centre as it stands: whose every quarter is, and how much of each day is promised."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.timers.calendars import WorkingCalendar, calendar_for
from webapp.aftersales import capacity
from webapp.aftersales.models import (
    OVER,
    BayType,
    Occupancy,
    ResourceKind,
    ServiceResource,
    ServiceVisit,
    SlotHold,
    VisitStatus,
    WaitOrLeave,
)
from webapp.aftersales.slot import Slot
from webapp.aftersales.workshop import CALENDAR, OpenHours, find_resources, open_hours
from webapp.staff.models import Absence


@dataclass(frozen=True)
class Besides:
    """Whose own quarters count as free: a visit that is being moved, a hold that is being used."""

    visit_id: int | None = None
    hold_id: int | None = None


NOTHING = Besides()


@dataclass
class Day:
    """One day of a centre: its working quarters, the norm hours that are open for booking, and those promised."""

    quarters: list[datetime]
    bookable: Decimal
    promised: Decimal = Decimal(0)

    def has_room(self, hours: Decimal, bookable: Decimal | None = None) -> bool:
        """Whether so much may still be promised; an empty day takes even a job that is larger than a day."""
        return not self.promised or self.promised + hours <= (self.bookable if bookable is None else bookable)


@dataclass
class Plan:
    """A stretch of days of a centre as it stands: what decides whether a slot is free. Read by `read_plan`."""

    zone: ZoneInfo
    days: dict[date, Day]
    resources: Sequence[ServiceResource]
    taken: dict[tuple[int, datetime], str]  # visit, hold or absence
    hours: OpenHours
    waiting: dict[tuple[int, datetime], int] = field(default_factory=dict)  # advisor's user id, quarter: customers

    def __post_init__(self) -> None:
        self.bays = [each for each in self.resources if each.kind is ResourceKind.BAY]
        self.receptions = [each for each in self.bays if each.bay_type is BayType.RECEPTION]
        self.courtesy_cars = [each for each in self.resources if each.kind is ResourceKind.COURTESY_CAR]
        self.advisors = [each for each in self.resources if each.kind is ResourceKind.ADVISOR]
        self.by_id = {each.id: each for each in self.resources}
        self.by_user = {each.user_id: each for each in self.advisors}

    @property
    def whole_hours(self) -> Decimal:
        """Of a day, with those that are kept for visits without booking."""
        return self.hours.whole

    def day_of(self, moment: datetime) -> Day | None:
        return self.days.get(moment.astimezone(self.zone).date())

    def is_free(self, resource_id: int, quarters: Sequence[datetime]) -> bool:
        return all((resource_id, quarter) not in self.taken for quarter in quarters)

    def reception_of(self, slot: Slot) -> list[datetime]:
        """The quarters in which the advisor receives the customer."""
        count = capacity.reception_quarters(express=slot.express)
        return [slot.starts_at + number * capacity.QUARTER for number in range(count)]

    def work_of(self, slot: Slot) -> list[datetime]:
        """The quarters in the bay; empty when the work does not fit into the working hours."""
        days = [day.quarters for day in self.days.values() if day.quarters]
        begin = self.reception_of(slot)[-1] + capacity.QUARTER
        return capacity.take_quarters(days, begin, capacity.bay_quarters(slot.hours))

    def load_of(self, advisor: ServiceResource, day: Day) -> int:
        """In how many quarters of a day the advisor is taken: the load is levelled."""
        return sum((advisor.id, quarter) in self.taken for quarter in day.quarters)

    def waits(self, advisor_id: int, quarters: Sequence[datetime]) -> bool:
        """Whether one more waiting customer is one too many for the advisor."""
        return any(self.waiting.get((advisor_id, quarter), 0) >= capacity.MOST_WAITING for quarter in quarters)


def read_plan(
    session: Session, centre_id: int, first: date, days: int, *, now: datetime, besides: Besides = NOTHING
) -> Plan:
    """So many days of a centre from `first` on. Expired holds count as free. RuleViolation: workshop_missing."""
    calendar = calendar_for(session, CALENDAR, centre_id)
    zone = ZoneInfo(calendar.zone)
    hours = open_hours(session, centre_id)
    known = {
        day: Day(_open_quarters(calendar, day), hours.on(day))
        for day in (first + timedelta(days=number) for number in range(days))
    }
    since = datetime.combine(first, datetime.min.time(), zone)
    until = datetime.combine(first + timedelta(days=days), datetime.min.time(), zone)
    resources = find_resources(session, centre_id)
    taken = _read_taken(session, centre_id, since, until, besides, now)
    plan = Plan(zone, known, resources, taken, hours)
    _note_absences(session, plan, since, until)
    _note_promises(session, plan, centre_id, since, until, besides, now)
    return plan


def _open_quarters(calendar: WorkingCalendar, day: date) -> list[datetime]:
    return capacity.working_quarters(calendar.openings(day))


def _read_taken(
    session: Session, centre_id: int, since: datetime, until: datetime, besides: Besides, now: datetime
) -> dict[tuple[int, datetime], str]:
    statement = (
        select(Occupancy.resource_id, Occupancy.quarter, Occupancy.visit_id, Occupancy.hold_id)
        .join(ServiceResource, ServiceResource.id == Occupancy.resource_id)
        .outerjoin(SlotHold, SlotHold.id == Occupancy.hold_id)
        .where(
            ServiceResource.centre_id == centre_id,
            Occupancy.quarter >= since,
            Occupancy.quarter < until,
            (SlotHold.id.is_(None)) | (SlotHold.expires_at > now),
        )
    )
    return {
        (resource, quarter): "hold" if visit is None else "visit"
        for resource, quarter, visit, hold in session.execute(statement)
        if (visit is None or visit != besides.visit_id) and (hold is None or hold != besides.hold_id)
    }


def _note_absences(session: Session, plan: Plan, since: datetime, until: datetime) -> None:
    """Advisors who are away are not free."""
    people = [each.user_id for each in plan.advisors]
    statement = select(Absence.user_id, Absence.starts_at, Absence.ends_at).where(
        Absence.user_id.in_(people), Absence.starts_at < until, Absence.ends_at > since
    )
    for user_id, starts_at, ends_at in session.execute(statement):
        for quarter in capacity.quarters_between(max(starts_at, since), min(ends_at, until)):
            plan.taken.setdefault((plan.by_user[user_id].id, quarter), "absence")


def _note_promises(
    session: Session, plan: Plan, centre_id: int, since: datetime, until: datetime, besides: Besides, now: datetime
) -> None:
    """What is booked and held: norm hours of each day, and who waits in the lounge."""
    given_up = [status for status in OVER if status is not VisitStatus.DONE]
    visits = select(
        ServiceVisit.id,
        ServiceVisit.starts_at,
        ServiceVisit.ends_at,
        ServiceVisit.hours,
        ServiceVisit.wait_or_leave,
        ServiceVisit.advisor_id,
    ).where(
        ServiceVisit.centre_id == centre_id,
        ServiceVisit.starts_at >= since,
        ServiceVisit.starts_at < until,
        ServiceVisit.status.not_in(given_up),
    )
    for visit_id, starts_at, ends_at, hours, stay, advisor in session.execute(visits):
        day = plan.day_of(starts_at) if starts_at is not None else None
        if visit_id == besides.visit_id or day is None:
            continue
        day.promised += hours
        if stay is WaitOrLeave.WAIT and starts_at and ends_at and advisor is not None:
            for quarter in capacity.quarters_between(starts_at, ends_at):
                plan.waiting[advisor, quarter] = plan.waiting.get((advisor, quarter), 0) + 1
    holds = select(SlotHold.id, SlotHold.starts_at, SlotHold.hours).where(
        SlotHold.centre_id == centre_id,
        SlotHold.starts_at >= since,
        SlotHold.starts_at < until,
        SlotHold.expires_at > now,
    )
    for hold_id, starts_at, hours in session.execute(holds):
        day = plan.day_of(starts_at)
        if hold_id != besides.hold_id and day is not None:
            day.promised += hours
