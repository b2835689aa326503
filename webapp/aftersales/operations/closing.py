"""The car goes back, and how the customer likes it (C11, C13, C14)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.operations import Context
from webapp.aftersales import recommending, visiting
from webapp.aftersales.models import VisitStatus
from webapp.aftersales.operations.common import (
    NO_ANSWER,
    YES,
    local_day,
    note,
    opening_hours,
    operations,
    unanswered,
    visit_of,
)
from webapp.aftersales.visit_times import noon_after
from webapp.aftersales.visiting import Wish
from webapp.core.errors import RuleViolation
from webapp.customers.models import InteractionChannel
from webapp.customers.services import get_customer
from webapp.staff.queries import find_head
from webapp.vehicles.services import get_car

MOST_CALLS = 3
UNHAPPY_UP_TO = 3


@operations.register
def record_return(context: Context, *, comment: str | None = None) -> dict[str, object]:
    """Note that the car is washed and its papers are ready."""
    visit = visit_of(context)
    visit.status = VisitStatus.READY
    note(context, visit, "return", "car_ready", comment, channel=InteractionChannel.NOTE)
    return {}


@operations.register
def record_ready_call(
    context: Context, *, outcome: str, pick_up_at: datetime | None = None, comment: str | None = None
) -> dict[str, object]:
    """Note that the customer knows his car is ready."""
    note(context, visit_of(context), "ready_call", outcome, comment, next_at=pick_up_at)
    return {}


@operations.register
def record_handover(
    context: Context,
    *,
    next_service_on: date,
    next_service_km: int | None = None,
    recommendations: list[dict[str, Any]] | None = None,
    quick_score: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the handover of the car. Recommendations are dated, the next service is agreed."""
    visit = visit_of(context)
    if next_service_on <= local_day(context):
        raise RuleViolation("next_service_in_past", "The next service lies ahead.")
    for row in recommendations or []:
        recommending.recommend(context.session, visit, row["what"], by=row.get("by"))
    recommending.agree_next_service(context.session, visit, on=next_service_on, km=next_service_km)
    result = f"score_{quick_score}" if quick_score else "handed_over"
    note(context, visit, "handover", result, comment, channel=InteractionChannel.VISIT)
    return {}


@operations.register
def conclude_visit(context: Context) -> dict[str, object]:
    """Conclude the visit. The car is back and paid for."""
    visiting.end_visit(context.session, visit_of(context), VisitStatus.DONE, now=context.now)
    return {}


@operations.register
def plan_follow_up(context: Context, *, days: int) -> dict[str, object]:
    """Work out when to call after the visit. Answers `call_at`: noon so many days later."""
    visit = visit_of(context)
    closed = visit.closed_at or context.now
    return {"call_at": noon_after(closed, days, hours=opening_hours(context))}


@operations.register
def record_follow_up(
    context: Context,
    *,
    outcome: str,
    fixed_first_time: str | None = None,
    score_reception: str | None = None,
    score_work: str | None = None,
    score_time: str | None = None,
    score_overall: str | None = None,
    problem: str | None = None,
    problem_text: str | None = None,
    opinion: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note how the car runs. Answers `again` with `again_at`, `complaint` with `lowest_score` and the `head`."""
    visit = visit_of(context)
    scores = [int(each) for each in (score_reception, score_work, score_time, score_overall) if each]
    low = bool(scores) and min(scores) <= UNHAPPY_UP_TO
    complaint = outcome == "answered" and (low or fixed_first_time == "no" or problem == YES)
    again = outcome == NO_ANSWER and unanswered(context, "follow_up") + 1 < MOST_CALLS
    text = "\n".join(filter(None, (problem_text, opinion, comment)))
    note(context, visit, "follow_up", f"score_{min(scores)}" if scores else outcome, text)
    head = find_head(context.session, visit.advisor_id, visit.centre_id) if complaint and visit.advisor_id else None
    return {
        "again": again,
        "again_at": noon_after(context.now, 1, hours=opening_hours(context)) if again else None,
        "complaint": complaint,
        "lowest_score": min(scores, default=None),
        "head": head,
    }


@operations.register
def record_complaint(
    context: Context,
    *,
    outcome: str,
    severity: str,
    cause: str,
    measure: str,
    satisfied: str,
    invite_back: str | None = None,
    invite_words: str | None = None,
    cost: Decimal | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note what was done about the complaint."""
    note(context, visit_of(context), "complaint", outcome, "\n".join(filter(None, (measure, comment))))
    return {}


@operations.register
def invite_back(context: Context, *, words: str | None = None) -> dict[str, object]:
    """Open another visit to put the work right. It is linked to this one; answers `visit`, its key.

    Told again it opens no other while that one is not over. The advisor of the visit books it; where he has left,
    those who book.
    """
    visit = visit_of(context)
    known = visiting.find_repeat(context.session, visit)
    if known is not None:
        return {"visit": known.business_key}
    session = context.session
    wish = Wish(
        customer=get_customer(session, visit.customer_id),
        centre_id=visit.centre_id,
        car=get_car(session, visit.car_id) if visit.car_id else None,
        called=False,
        words=words or visit.customer_words,
        reasons=tuple(visit.reasons),
        repeats=visit,
        taken_by=visiting.active_advisor(session, visit),
    )
    return {"visit": visiting.open_visit(session, wish, actor_id=context.actor_id, now=context.now).business_key}
