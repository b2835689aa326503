"""The care after the handover (S20 to S24)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.operations import Context, Effect, having
from webapp.customers import consents
from webapp.customers.models import InteractionChannel
from webapp.customers.services import get_customer
from webapp.sales import aftercare
from webapp.sales.aftercare import SurveyAnswers
from webapp.sales.aftercare_plan import Occasion, call_again, noon_of
from webapp.sales.operations.common import YES, note, opening_hours, operations, worksheet_of

NOT_REACHED = "not_reached"


@operations.register
@having(Effect.SENDS)
def send_thanks(context: Context) -> dict[str, object]:
    """Thank the customer by mail. Answers `sent`: false when his card has no address."""
    worksheet = worksheet_of(context)
    sent = aftercare.send_thanks(context.session, worksheet, now=context.now)
    if sent:
        note(context, worksheet, "aftercare.thanks", "written", None, channel=InteractionChannel.EMAIL)
    return {"sent": sent}


@operations.register
def record_thanks_call(context: Context, *, outcome: str, comment: str | None = None) -> dict[str, object]:
    """Note that the customer was thanked by phone. Answers `again_at`."""
    return _note_call(context, "aftercare.thanks", outcome, comment)


@operations.register
def record_next_day_call(
    context: Context,
    *,
    outcome: str,
    mood: str | None = None,
    questions: str | None = None,
    problem: str | None = None,
    problem_text: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note how the first day with the car went. Answers `again_at`, and `complaint`: somebody must look into it."""
    text = "\n".join(filter(None, (problem_text, questions, comment)))
    return {**_note_call(context, "aftercare.next_day", outcome, text), "complaint": problem == YES}


@operations.register
def record_survey(
    context: Context,
    *,
    outcome: str,
    score_greeting: str | None = None,
    score_competence: str | None = None,
    score_paperwork: str | None = None,
    score_delivery: str | None = None,
    score_promises: str | None = None,
    score_overall: str | None = None,
    test_drive_offered: str | None = None,
    nps: str | None = None,
    opinion: str | None = None,
    may_publish: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Keep the answers to the survey. Answers `csi`, `complaint` and `again_at`."""
    answer = _note_call(context, "aftercare.survey", outcome, "\n".join(filter(None, (opinion, comment))))
    if outcome != "answered" or nps is None:
        return {**answer, "complaint": False}
    given = {
        "greeting": score_greeting,
        "competence": score_competence,
        "paperwork": score_paperwork,
        "delivery": score_delivery,
        "promises": score_promises,
        "overall": score_overall,
    }
    answers = SurveyAnswers(
        scores={question: int(score) for question, score in given.items() if score},
        nps=int(nps),
        test_drive_offered=None if test_drive_offered is None else test_drive_offered == YES,
        opinion=opinion or "",
        may_publish=may_publish == YES,
    )
    csi, unhappy = aftercare.record_survey(
        context.session, worksheet_of(context), answers, actor_id=context.actor_id, now=context.now
    )
    return {**answer, "csi": csi, "complaint": unhappy}


@operations.register
def record_complaint(
    context: Context,
    *,
    outcome: str,
    severity: str,
    cause: str,
    measure: str,
    satisfied: str,
    cost: Decimal | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note what was done about what the customer was unhappy with."""
    text = "\n".join(filter(None, (measure, comment)))
    note(context, worksheet_of(context), "aftercare.complaint", outcome, text)
    return {}


@operations.register
def record_month_call(
    context: Context,
    *,
    outcome: str,
    mileage: Decimal | None = None,
    mood: str | None = None,
    accessories_wish: str | None = None,
    referrals: list[Any] | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the call after a month. Who was recommended and agreed becomes an inquiry; answers `recommended`."""
    text = "\n".join(filter(None, (accessories_wish, comment)))
    recommended = aftercare.register_referrals(
        context.session, worksheet_of(context), referrals or [], actor_id=context.actor_id, now=context.now
    )
    return {**_note_call(context, "aftercare.month", outcome, text), "recommended": recommended}


@operations.register
def plan_reminder(
    context: Context, *, after: date | None = None, service_settled: bool | None = None
) -> dict[str, object]:
    """Work out what to call about next. Answers `occasion`, its `day`, and `at`: noon of it.

    `service_settled`: nobody needs to be reminded of the first service any more.
    """
    found = aftercare.plan_reminder(
        context.session, worksheet_of(context), after=after, service_settled=service_settled is True
    )
    if found is None:
        return {"occasion": Occasion.NONE.value, "day": after, "at": context.now}
    return {
        "occasion": found.occasion.value,
        "day": found.day,
        "at": max(noon_of(found.day, opening_hours(context)), context.now),
    }


@operations.register
def check_reminder(context: Context, *, occasion: str) -> dict[str, object]:
    """Ask whether the customer may be called about it now. Answers `allowed`."""
    allowed = aftercare.may_call_about(context.session, worksheet_of(context), Occasion(occasion), now=context.now)
    return {"allowed": allowed}


@operations.register
def record_anniversary(
    context: Context,
    *,
    outcome: str,
    mileage: Decimal | None = None,
    still_owns: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the congratulation on the car's anniversary. Answers `again_at`, and `gone`: the car is no longer his."""
    return {**_note_call(context, "aftercare.anniversary", outcome, comment), "gone": still_owns == "no"}


@operations.register
def record_ending_call(
    context: Context, *, outcome: str, wish: str | None = None, comment: str | None = None
) -> dict[str, object]:
    """Note what the customer does about what ends soon. Answers `again_at`."""
    return _note_call(context, "aftercare.ending", wish or outcome, comment)


@operations.register
def record_service_reminder(
    context: Context,
    *,
    outcome: str,
    wish: str | None = None,
    wished_day: date | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note what becomes of the first service. A wish for an appointment goes to the service department.

    Answers `again_at`, and `settled`: there is nothing more to remind of.
    """
    if wish == "book" and wished_day is not None:
        aftercare.ask_for_service(
            context.session,
            worksheet_of(context),
            wished_day=wished_day,
            comment=comment or "",
            actor_id=context.actor_id,
            now=context.now,
        )
    noted = _note_call(context, "aftercare.service", wish or outcome, comment)
    return {**noted, "settled": wish is not None and wish != "later"}


@operations.register
def record_congratulation(context: Context, *, outcome: str, comment: str | None = None) -> dict[str, object]:
    """Note the congratulation on the birthday. Answers `again_at`."""
    return _note_call(context, "aftercare.birthday", outcome, comment)


@operations.register
def record_tradein_proposal(
    context: Context,
    *,
    outcome: str,
    interest_model: str | None = None,
    mileage: Decimal | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the answer to the trade-in proposal. Interest opens a new worksheet; answers `again_at`."""
    answer = _note_call(context, "aftercare.trade_in", outcome, comment)
    if outcome == "positive":
        aftercare.open_repeat_purchase(
            context.session,
            worksheet_of(context),
            model_code=interest_model,
            comment=comment or "",
            actor_id=context.actor_id,
            now=context.now,
        )
    return answer


@operations.register
def record_no_contact(
    context: Context, *, reason: str, withdraws_consent: str, comment: str | None = None
) -> dict[str, object]:
    """Note that the customer wants no more calls. Withdraws his consent to advertising if he says so."""
    worksheet = worksheet_of(context)
    if withdraws_consent == YES:
        customer = get_customer(context.session, worksheet.customer_id)
        consents.decline_advertising(context.session, customer, actor_id=context.actor_id, now=context.now)
    note(context, worksheet, "aftercare.no_contact", reason, comment)
    return {}


def _note_call(context: Context, subject: str, outcome: str, comment: str | None) -> dict[str, object]:
    """Note a call. `again_at`: when it is tried again; empty when somebody was reached, or after three attempts."""
    session, worksheet = context.session, worksheet_of(context)
    again_at: datetime | None = None
    if outcome == NOT_REACHED:
        earlier = aftercare.count_unanswered(session, context.case.business_key, subject, now=context.now)
        again_at = call_again(earlier + 1, now=context.now, hours=opening_hours(context))
    note(context, worksheet, subject, outcome, comment, next_at=again_at)
    return {"again_at": again_at}
