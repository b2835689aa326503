"""From the first answer to the guest in the showroom (S01 to S03)."""

from datetime import datetime

from engine.operations import Context
from webapp.customers.models import Answer, DataBasis, InteractionChannel, PreferredChannel, Sex
from webapp.inquiries.campaigns import code_of
from webapp.inquiries.models import InterestType, Purpose
from webapp.sales import following_up, queries, services, visits
from webapp.sales.models import AppointmentStatus, LostReason
from webapp.sales.operations.common import YES, agree_visit, note, opening_hours, operations, take_over, worksheet_of
from webapp.sales.services import PersonAnswers


@operations.register
def plan_visit(context: Context) -> dict[str, object]:
    """Work out the times around the visit. When it is to be confirmed, and from when the guest is missing."""
    plan = visits.plan_visit(context.session, worksheet_of(context), hours=opening_hours(context), now=context.now)
    return {
        "visit_at": plan.visit_at,
        "confirm_by": plan.confirm_by,
        "missed_at": plan.missed_at,
        "here": plan.here,
    }


@operations.register
def record_first_answer(
    context: Context,
    *,
    outcome: str,
    visit_at: datetime | None = None,
    first_name: str | None = None,
    last_name: str | None = None,
    phone: str | None = None,
    sex: str | None = None,
    source: str | None = None,
    campaign: str | None = None,
    purpose: str | None = None,
    interest_model: str | None = None,
    interest_type: str | None = None,
    preferred_channel: str | None = None,
    pd_basis: str | None = None,
    consent_marketing: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the first talk. Who it is, what he wants, whether he comes; answers `campaign`: its code if it is ours."""
    session, worksheet = context.session, worksheet_of(context)
    answers = PersonAnswers(
        first_name=first_name,
        last_name=last_name,
        phone=phone,
        sex=Sex(sex) if sex else None,
        preferred_channel=PreferredChannel(preferred_channel) if preferred_channel else None,
        data_basis=DataBasis(pd_basis) if pd_basis else None,
        advertising=Answer(consent_marketing) if consent_marketing else None,
    )
    services.record_person(session, worksheet, answers, actor_id=context.actor_id, now=context.now)
    services.record_interest(
        session,
        worksheet,
        source_code=source,
        campaign=code_of(session, campaign or ""),
        purpose=Purpose(purpose) if purpose else None,
        model_code=interest_model,
        interest_type=InterestType(interest_type) if interest_type else None,
    )
    if outcome == "visit_agreed" and visit_at is not None:
        agree_visit(context, worksheet, visit_at)
    elif outcome == "wrong_department":
        services.lose(worksheet, LostReason.INVALID_CONTACT)
    elif outcome == "duplicate":
        services.lose(worksheet, LostReason.DUPLICATE)
    note(context, worksheet, "worksheet.first_answer", outcome, comment, next_at=visit_at)
    return {"campaign": worksheet.campaign or None}


@operations.register
def record_confirmation(
    context: Context,
    *,
    outcome: str,
    new_visit_at: datetime | None = None,
    who_comes: list[str] | None = None,
    prepare: list[str] | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note what the customer said about the visit. Answers `retry`: another call still fits."""
    worksheet = take_over(context)
    retry = False
    if outcome == "moved" and new_visit_at is not None:
        agree_visit(context, worksheet, new_visit_at)
    elif outcome == "confirmed":
        visits.confirm_visit(context.session, worksheet, companions=who_comes or [], prepare=prepare or [])
    elif outcome == "cancelled":
        visits.call_off(context.session, worksheet, AppointmentStatus.CANCELLED)
    else:
        retry = visits.note_unanswered_call(context.session, worksheet, now=context.now)
    note(context, worksheet, "worksheet.confirmation", outcome, comment, next_at=new_visit_at)
    return {"retry": retry}


@operations.register
def record_welcome(
    context: Context,
    *,
    outcome: str,
    new_visit_at: datetime | None = None,
    first_visit: str | None = None,
    purpose: str | None = None,
    companions: int | None = None,
    arrived_on: str | None = None,
    source: str | None = None,
    handed_to: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note who came and to whom he was handed over. Answers `needs_by`: when his needs are to be known."""
    session, worksheet = context.session, worksheet_of(context)
    if outcome == "moved" and new_visit_at is not None:
        agree_visit(context, worksheet, new_visit_at)
    elif outcome == "not_coming":
        visits.call_off(session, worksheet, AppointmentStatus.CANCELLED)
    if outcome in {"moved", "not_coming"}:
        note(context, worksheet, "worksheet.welcome", outcome, comment, next_at=new_visit_at)
        return {}
    appointed = queries.find_open_appointment(session, worksheet.id) is not None
    if handed_to:
        services.hand_over(session, worksheet, int(handed_to))
        context.case.set_owner(worksheet.manager_id)
    services.record_interest(
        session, worksheet, source_code=source, campaign="", purpose=None, model_code=None, interest_type=None
    )
    visits.receive_guest(
        session,
        worksheet,
        purpose=Purpose(purpose) if purpose else worksheet.purpose,
        first=first_visit == YES,
        companions=companions or 0,
        arrived_on=arrived_on or "",
        looked_only=outcome == "look_only",
        handed_to=worksheet.manager_id,
        actor_id=context.actor_id,
        now=context.now,
    )
    if outcome == "look_only":
        services.lose(worksheet, LostReason.INVALID_CONTACT)
    note(context, worksheet, "worksheet.welcome", outcome, comment, channel=InteractionChannel.VISIT)
    return {"needs_by": visits.needs_due(appointed=appointed, hours=opening_hours(context), now=context.now)}


@operations.register
def record_absentee_call(
    context: Context,
    *,
    outcome: str,
    visit_at: datetime | None = None,
    next_contact_at: datetime | None = None,
    reason: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note why the guest did not come and what was agreed instead."""
    worksheet = take_over(context)
    visits.call_off(context.session, worksheet, AppointmentStatus.MISSED)
    if outcome == "visit_agreed" and visit_at is not None:
        agree_visit(context, worksheet, visit_at)
    elif next_contact_at is not None:
        following_up.begin_round(context.session, worksheet, now=context.now, agreed=next_contact_at)
    note(context, worksheet, "worksheet.absentee_call", reason or outcome, comment, next_at=visit_at or next_contact_at)
    return {}
