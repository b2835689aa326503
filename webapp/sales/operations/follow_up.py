"""Following up a customer without a decision (S09)."""

from datetime import datetime

from engine.operations import Context
from webapp.sales import following_up, services
from webapp.sales.models import LostReason
from webapp.sales.operations.common import agree_visit, check, note, opening_hours, operations, take_over, worksheet_of
from webapp.sales.operations.tables import LEAD_TEMPERATURE, temperature_of
from webapp.sales.temperature import Horizon, Temperature


@operations.register
def plan_follow_up(context: Context) -> dict[str, object]:
    """Work out the next contact by the plan. Answers `next_at`, `attempt` and `exhausted`."""
    planned = following_up.plan_follow_up(
        context.session, worksheet_of(context), hours=opening_hours(context), now=context.now
    )
    return {"next_at": planned.at, "attempt": planned.attempt, "exhausted": planned.exhausted}


@operations.asking(**LEAD_TEMPERATURE)
def record_follow_up(
    context: Context,
    *,
    outcome: str,
    reached: str | None = None,
    next_contact_at: datetime | None = None,
    visit_at: datetime | None = None,
    reason_used: str | None = None,
    objection: str | None = None,
    objection_answer: str | None = None,
    horizon: str | None = None,
    temperature: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note a follow-up contact. Answers `limit_reached`: five times in a row nobody answered."""
    session, worksheet = context.session, take_over(context)
    lost = following_up.record_contact(
        session,
        worksheet,
        reached=outcome != "not_reached",
        reason_used=reason_used or "",
        objection=objection or "",
        agreed=next_contact_at,
        zone=opening_hours(context).zone,
        now=context.now,
    )
    if horizon:
        worksheet.horizon = Horizon(horizon)
        worksheet.temperature_by_horizon = temperature_of(context, worksheet.horizon)
    if temperature:
        services.set_temperature(worksheet, Temperature(temperature), now=context.now)
    if outcome == "visit_agreed" and visit_at is not None:
        agree_visit(context, worksheet, visit_at)
    if lost:
        services.lose(worksheet, LostReason.NO_ANSWER)
    if lost or outcome in {"visit_agreed", "ready", "appraisal"}:
        following_up.end_round(session, worksheet, now=context.now)
    text = "\n".join(filter(None, (objection_answer, comment)))
    note(context, worksheet, "worksheet.follow_up", reached or outcome, text, next_at=visit_at or next_contact_at)
    return {"limit_reached": lost}


@operations.register
def record_follow_up_review(
    context: Context,
    *,
    decision: str,
    next_contact_at: datetime | None = None,
    instruction: str | None = None,
    lost_reason: str | None = None,
) -> dict[str, object]:
    """Note whether the head goes on with a customer. His plan of contacts is used up."""
    session, worksheet = context.session, worksheet_of(context)
    if decision == "give_up":
        services.lose(worksheet, LostReason(lost_reason or LostReason.NO_ANSWER))
        following_up.end_round(session, worksheet, now=context.now)
    elif next_contact_at is not None:
        following_up.allow_more(session, worksheet, agreed=next_contact_at, now=context.now)
    check(context, worksheet, instruction)
    return {}
