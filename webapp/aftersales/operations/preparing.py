"""Between the booking and the day of the visit (C03, C04)."""

from typing import Any

from engine.operations import Context, Effect, having
from webapp.aftersales import letters
from webapp.aftersales.models import VisitStatus
from webapp.aftersales.operations.changing import call_off, move
from webapp.aftersales.operations.common import NO_ANSWER, note, operations, unanswered, visit_of
from webapp.customers.models import InteractionChannel

MOST_CALLS = 2  # nobody answered so often: he is written to


@operations.register
def record_parts(
    context: Context, *, outcome: str, parts: list[dict[str, Any]] | None = None, comment: str | None = None
) -> dict[str, object]:
    """Note which parts are there and which are not."""
    note(context, visit_of(context), "parts", outcome, comment, channel=InteractionChannel.NOTE)
    return {}


@operations.register
def record_preparation(
    context: Context, *, outcome: str, missing: str | None = None, comment: str | None = None
) -> dict[str, object]:
    """Note whether the visit is prepared."""
    text = "\n".join(filter(None, (missing, comment)))
    note(context, visit_of(context), "preparation", outcome, text, channel=InteractionChannel.NOTE)
    return {}


@operations.register
def record_new_time(
    context: Context,
    *,
    outcome: str,
    slot: str | None = None,
    reason: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the new time when something is missing. It is our doing, so no cancellation is late."""
    visit = visit_of(context)
    if outcome == "moved":
        move(context, visit, slot)
    elif outcome == "cancelled":
        call_off(context, visit, by_us=True)
    note(context, visit, "delay", reason or outcome, comment, next_at=visit.starts_at if outcome == "moved" else None)
    return {}


@operations.register
def record_reminder(
    context: Context,
    *,
    outcome: str,
    slot: str | None = None,
    reason: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the answer to the reminder of the day before. Answers `retry`, and `late` when he cancelled."""
    visit = visit_of(context)
    late = False
    retry = outcome == NO_ANSWER and unanswered(context, "day_before", since=visit.booked_at) + 1 < MOST_CALLS
    if outcome == "confirmed":
        visit.status = VisitStatus.CONFIRMED
    elif outcome == "moved":
        move(context, visit, slot)
    elif outcome == "cancelled":
        late = call_off(context, visit)
    note(context, visit, "day_before", reason or outcome, comment, next_at=visit.starts_at)
    return {"retry": retry, "late": late}


@operations.register
@having(Effect.SENDS)
def write_day_before(context: Context) -> dict[str, object]:
    """Write to the customer the day before. Nobody reached him by phone; answers `sent`: false without an address."""
    visit = visit_of(context)
    sent = letters.write_day_before(context.session, visit, now=context.now)
    note(context, visit, "day_before", "written" if sent else "no_address", None, channel=InteractionChannel.EMAIL)
    return {"sent": sent}
