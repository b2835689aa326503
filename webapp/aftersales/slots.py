"""Free slots: when a bay, an advisor and the hours of the day are all free for a visit."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from engine.timers.calendars import calendar_for
from webapp.aftersales import capacity
from webapp.aftersales.models import BayType
from webapp.aftersales.plan import NOTHING, Besides, Day, Plan, read_plan
from webapp.aftersales.slot import Slot
from webapp.aftersales.workshop import CALENDAR

SEARCHED_DAYS = 60
WINDOW_DAYS = 4  # read at once; most searches end in the first window
SPAN_DAYS = 7  # the longest work goes on over so many days
APART = timedelta(hours=2)


def find_free_slots(
    session: Session,
    *,
    centre_id: int,
    bay_type: BayType,
    hours: Decimal,
    since: datetime,
    advisor_id: int | None = None,
    limit: int,
    now: datetime,
    express: bool = False,
    waits: bool = False,
    apart: bool = False,
    besides: Besides = NOTHING,
) -> Sequence[Slot]:
    """The next free slots, one for each time, in order of time.

    `advisor_id`: only with him (user id); `waits`: the customer stays in the lounge. `apart`: times that differ
    enough to choose between. `besides`: whose own quarters count as free.
    RuleViolation: workshop_missing.
    """
    found = _search(
        session,
        Slot(capacity.next_quarter(max(since, now)), 0, advisor_id or 0, hours, express),
        centre_id=centre_id,
        bay_type=bay_type,
        waits=waits,
        besides=besides,
        now=now,
    )
    return list(islice(_spread(found) if apart else found, limit))


def _spread(slots: Iterator[Slot]) -> Iterator[Slot]:
    last: datetime | None = None
    for slot in slots:
        if last is None or slot.starts_at - last >= APART:
            yield slot
            last = slot.starts_at


def _search(
    session: Session,
    wanted: Slot,
    *,
    centre_id: int,
    bay_type: BayType,
    waits: bool,
    besides: Besides,
    now: datetime,
) -> Iterator[Slot]:
    zone = ZoneInfo(calendar_for(session, CALENDAR, centre_id).zone)
    first = wanted.starts_at.astimezone(zone).date()
    for begin in range(0, SEARCHED_DAYS, WINDOW_DAYS):
        since = first + timedelta(days=begin)
        plan = read_plan(session, centre_id, since, WINDOW_DAYS + SPAN_DAYS, now=now, besides=besides)
        for number in range(WINDOW_DAYS):
            day = plan.days[since + timedelta(days=number)]
            if not day.has_room(wanted.hours):
                continue
            for quarter in day.quarters:
                if quarter < wanted.starts_at:
                    continue
                slot = _fit(plan, day, replace(wanted, starts_at=quarter), bay_type, waits=waits)
                if slot is not None:
                    yield slot


def _fit(plan: Plan, day: Day, wanted: Slot, bay_type: BayType, *, waits: bool) -> Slot | None:
    """The slot at this time with the bay and the advisor that suit best; None: something is not free."""
    reception = plan.reception_of(wanted)
    if any(quarter not in day.quarters for quarter in reception):
        return None
    if plan.receptions and not any(plan.is_free(each.id, reception) for each in plan.receptions):
        return None
    work = plan.work_of(wanted)
    if not work:
        return None
    advisors = [
        each
        for each in plan.advisors
        if wanted.advisor_id in (0, each.user_id)
        and plan.is_free(each.id, reception)
        and not (waits and plan.waits(each.user_id or 0, work))
    ]
    if not advisors:
        return None
    bays = [each for each in plan.bays if each.serves(bay_type) and plan.is_free(each.id, work)]
    if not bays:
        return None
    bay = min(bays, key=lambda each: (each.bay_type is not bay_type, each.position, each.id))
    advisor = min(advisors, key=lambda each: (plan.load_of(each, day), each.position, each.id))
    return replace(wanted, bay_id=bay.id, advisor_id=advisor.user_id or 0)
