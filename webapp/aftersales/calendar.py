"""What the calendar of a centre shows: the bars of its resources, and how much of a day is promised."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.aftersales import capacity
from webapp.aftersales.models import (
    AWAITED,
    BayType,
    Occupancy,
    ResourceKind,
    ServiceJob,
    ServiceResource,
    ServiceVisit,
    SlotHold,
    VisitReason,
    VisitStatus,
)
from webapp.aftersales.plan import Plan
from webapp.kit.identifiers import format_plate
from webapp.staff.models import User
from webapp.vehicles.models import CustomerCar

LIFTS = frozenset({BayType.LIFT2, BayType.LIFT4})
LONG_BAR, SHORT_BAR = timedelta(hours=1), timedelta(minutes=30)  # between them there is room for a few digits


@dataclass(frozen=True)
class Bar:
    """One stretch of one resource. `tone`: ok, bad, hold or nothing. `visit_id` None: a hold of `holder`."""

    resource_id: int
    starts_at: datetime
    ends_at: datetime
    visit_id: int | None
    who: str
    what: str
    plate: str
    tone: str
    movable: bool
    holder: str = ""
    comes_at: datetime | None = None  # when the customer comes, before the work in the bay begins

    @property
    def title(self) -> str:
        """A bar of half an hour has room for the digits of the plate alone, one of a quarter for nothing."""
        if self.ends_at - self.starts_at < SHORT_BAR:
            return "\N{NO-BREAK SPACE}"  # an empty bar would lose its height
        if self.ends_at - self.starts_at < LONG_BAR:
            digits = "".join(sign for sign in self.plate[:6] if sign.isdigit())
            return digits or self.who[:3]
        return ", ".join(filter(None, (self.who, self.what)))


@dataclass(frozen=True)
class Load:
    """Hours of a day: all of them, those promised, and those kept for visits without booking."""

    name: str
    whole: Decimal
    booked: Decimal
    kept: Decimal

    @property
    def free(self) -> Decimal:
        return max(self.whole - self.booked - self.kept, Decimal(0))

    @property
    def booked_width(self) -> Decimal:
        """Share in per cent for the drawing, with one place."""
        return self._width(self.booked)

    @property
    def kept_width(self) -> Decimal:
        return min(self._width(self.kept), 100 - self.booked_width)

    def _width(self, part: Decimal) -> Decimal:
        return min((part / self.whole * 100).quantize(Decimal("0.1")), Decimal(100)) if self.whole else Decimal(0)


def day_bounds(day: date, days: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From midnight of a day to midnight so many days later, by the clocks of the centre."""
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=days), time(), zone)


def list_bars(
    session: Session, centre_id: int, since: datetime, until: datetime, *, language: str, now: datetime
) -> list[Bar]:
    """What stands on the calendar of a centre, by resource and time; expired holds do not."""
    rows = session.execute(
        select(Occupancy.resource_id, Occupancy.quarter, Occupancy.visit_id, Occupancy.hold_id)
        .join(ServiceResource, ServiceResource.id == Occupancy.resource_id)
        .where(ServiceResource.centre_id == centre_id, Occupancy.quarter >= since, Occupancy.quarter < until)
        .order_by(Occupancy.resource_id, Occupancy.quarter)
    ).all()
    visits = _visits(session, {row.visit_id for row in rows if row.visit_id is not None})
    holds = _holds(session, {row.hold_id for row in rows if row.hold_id is not None}, now)
    names = _job_names(session, visits.values(), language)
    plates = _plates(session, visits.values())
    bars = []
    for owner, quarters in groupby(_stretches(rows), key=lambda each: each[0]):
        resource, visit_id, hold_id, _ = owner
        moments = [quarter for _, quarter in quarters]
        start, end = moments[0], moments[-1] + capacity.QUARTER
        if visit_id is not None:
            visit = visits[visit_id]
            bars.append(_bar(visit, resource, start, end, names, plates.get(visit.car_id or 0, "")))
        elif hold_id in holds:
            holder = holds[hold_id]
            bars.append(Bar(resource, start, end, None, holder, "", "", "hold", movable=False, holder=holder))
    return bars


def list_loads(plan: Plan, day: date, names: Mapping[str, str]) -> list[Load]:
    """The technicians' hours, the lifts and the receptions of a day; `names` by "work", "lifts" and "receptions"."""
    known = plan.days[day]
    if not known.quarters:
        return []
    loads = [Load(names["work"], plan.whole_hours, known.promised, max(plan.whole_hours - known.bookable, Decimal(0)))]
    groups = (("lifts", [each for each in plan.bays if each.bay_type in LIFTS]), ("receptions", plan.receptions))
    for key, resources in groups:
        if not resources:
            continue
        whole = Decimal(len(resources) * len(known.quarters)) / capacity.QUARTERS_PER_HOUR
        taken = sum((each.id, quarter) in plan.taken for each in resources for quarter in known.quarters)
        loads.append(Load(names[key], whole, Decimal(taken) / capacity.QUARTERS_PER_HOUR, whole * plan.hours.reserve))
    return loads


def _stretches(
    rows: Iterable[tuple[int, datetime, int | None, int | None]],
) -> Iterable[tuple[tuple[int, int | None, int | None, int], datetime]]:
    """Each quarter with whose it is and the number of the unbroken stretch to which it belongs."""
    stretch, before = 0, None
    for resource, quarter, visit_id, hold_id in rows:
        if before != (resource, visit_id, hold_id, quarter - capacity.QUARTER):
            stretch += 1
        before = (resource, visit_id, hold_id, quarter)
        yield (resource, visit_id, hold_id, stretch), quarter


def _bar(
    visit: ServiceVisit,
    resource: int,
    start: datetime,
    end: datetime,
    names: Mapping[str, str],
    plate: str,
) -> Bar:
    what = next((names[code] for code in visit.jobs if code in names), "")
    return Bar(
        resource,
        start,
        end,
        visit.id,
        visit.customer.last_name or visit.customer.name,
        what,
        plate,
        _tone(visit),
        movable=visit.status in AWAITED,
        comes_at=visit.starts_at,
    )


def _tone(visit: ServiceVisit) -> str:
    if visit.repeat_repair or VisitReason.WARRANTY.value in visit.reasons:
        return "bad"
    return "" if visit.status in {VisitStatus.BOOKED, VisitStatus.REQUESTED} else "ok"


def _visits(session: Session, ids: set[int]) -> dict[int, ServiceVisit]:
    statement = select(ServiceVisit).where(ServiceVisit.id.in_(ids)).options(joinedload(ServiceVisit.customer))
    return {visit.id: visit for visit in session.scalars(statement)}


def _holds(session: Session, ids: set[int], now: datetime) -> dict[int, str]:
    statement = select(SlotHold.id, User.name).join(User, User.id == SlotHold.held_by)
    found = session.execute(statement.where(SlotHold.id.in_(ids), SlotHold.expires_at > now))
    return {row.id: row.name for row in found}


def _job_names(session: Session, visits: Iterable[ServiceVisit], language: str) -> dict[str, str]:
    codes = {code for visit in visits for code in visit.jobs}
    found = session.scalars(select(ServiceJob).where(ServiceJob.code.in_(codes)))
    return {job.code: job.name_in(language) for job in found}


def _plates(session: Session, visits: Iterable[ServiceVisit]) -> dict[int, str]:
    ids = {visit.car_id for visit in visits if visit.car_id is not None}
    found = session.execute(select(CustomerCar.id, CustomerCar.plate).where(CustomerCar.id.in_(ids)))
    return {car: format_plate(plate) for car, plate in found}


def rows_of(resources: Sequence[ServiceResource], kinds: Sequence[ResourceKind]) -> list[ServiceResource]:
    """The lines of the calendar: of these kinds, in their order."""
    return [each for each in resources if each.kind in kinds]
