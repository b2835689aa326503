"""Around an agreed time: when to confirm it, when the guest counts as missing (specification §1.3, S02, S03, S18)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.sales.follow_up_plan import OpeningHours

CALL_DAY_BEFORE = time(17)
CONFIRM_SAME_DAY = timedelta(hours=2)
CALL_AGAIN = timedelta(hours=1)
LATE_AFTER = timedelta(minutes=30)
GREET_WITHIN = timedelta(minutes=5)
WALK_IN_GONE_AFTER = timedelta(hours=2)


@dataclass(frozen=True)
class VisitPlan:
    """`here`: the guest is in the showroom now. `missed_at`: from then on he counts as not come."""

    visit_at: datetime
    confirm_by: datetime
    missed_at: datetime
    here: bool


def plan_agreed(visit_at: datetime, *, calls: int, now: datetime, hours: OpeningHours) -> VisitPlan:
    """The day before at 17:00; two hours before when that has passed; an hour later after a call that nobody took."""
    day_before = _evening_before(visit_at, hours)
    earliest = now + CALL_AGAIN if calls else now
    best = next((moment for moment in (day_before, visit_at - CONFIRM_SAME_DAY) if moment > earliest), earliest)
    confirm_by = min(hours.next_open(best), visit_at)
    return VisitPlan(visit_at, max(confirm_by, now), visit_at + LATE_AFTER, here=False)


def plan_walk_in(*, now: datetime) -> VisitPlan:
    """The guest stands here: greeted within minutes, gone if nobody has noted anything for two hours."""
    return VisitPlan(now + GREET_WITHIN, now, now + WALK_IN_GONE_AFTER, here=True)


def may_call_again(visit_at: datetime, *, now: datetime) -> bool:
    """Whether another confirmation call still fits before the visit."""
    return now + CALL_AGAIN < visit_at


def call_before_handover(handover_at: datetime, *, now: datetime, hours: OpeningHours) -> datetime | None:
    """The day before at 17:00, or when the centre opens after that. None when it is too late for a call."""
    evening = _evening_before(handover_at, hours)
    if evening <= now:
        return None
    call_at = hours.next_open(evening)
    return call_at if call_at < handover_at else None


def _evening_before(at: datetime, hours: OpeningHours) -> datetime:
    zone = ZoneInfo(hours.zone)
    return datetime.combine(at.astimezone(zone).date() - timedelta(days=1), CALL_DAY_BEFORE, zone).astimezone(UTC)
