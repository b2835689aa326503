"""What the drawing of an event may do. An operation finds the event of its case and calls one service."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.operations import Context, Effect, having
from webapp.campaigns import working
from webapp.campaigns.events import guests, inviting, planning
from webapp.campaigns.events.planning import Brief, Expectations
from webapp.campaigns.models import Event, EventType, MessageKind, Repeat
from webapp.campaigns.operations import APPROVE, CHANGE, RECEIVE, holds, may, operations
from webapp.core.errors import RuleViolation

__all__ = ["operations"]  # those of campaigns, with those of events

BY_MAIL = "mail"


def _event(context: Context) -> Event:
    return planning.get_by_key(context.session, context.case.business_key)


@operations.register
def record_event(
    context: Context,
    *,
    name: str,
    type: str,  # the field's name
    goal: str,
    place: str,
    starts_at: datetime,
    capacity: Decimal,
    last_day: date | None = None,
    responsible: str | None = None,
    campaign: str | None = None,
) -> dict[str, object]:
    """Open the event's record, or correct it. From now on the case goes by the key of the record.

    Answers `day_begins` and `day_ends`, between which guests are received, and `receiver`, who receives them.
    """
    if not holds(context, CHANGE):
        raise RuleViolation("event_not_yours", "This person does not lead events.")
    brief = Brief(
        name=name,
        type=EventType(type),
        goal=goal,
        place=place,
        starts_at=starts_at,
        capacity=int(capacity),
        last_day=last_day,
        responsible_id=int(responsible) if responsible else None,
        campaign_id=int(campaign) if campaign else None,
    )
    if brief.responsible_id is not None and not may(context, brief.responsible_id, RECEIVE):
        raise RuleViolation("receiver_not_entitled", "This colleague may not receive guests.")
    event = planning.record_event(
        context.session,
        planning.find_by_key(context.session, context.case.business_key),
        brief,
        owner_id=context.case.owner_id,
        centre_id=context.case.scope_id,
        now=context.now,
    )
    context.case.set_business_key(event.business_key)
    return {
        "event_id": event.id,
        "day_begins": planning.day_begins(context.session, event),
        "day_ends": planning.day_ends(context.session, event),
        "receiver": event.responsible_id,
    }


@operations.register
def choose_guests(
    context: Context,
    *,
    way: str,
    segment: str | None = None,
    subject_ru: str | None = None,
    text_ru: str | None = None,
    subject_en: str | None = None,
    text_en: str | None = None,
) -> dict[str, object]:
    """Choose whom the event invites and how. Answers `audience`: how many the segment holds now."""
    event = _event(context)
    typed = {"subject_ru": subject_ru, "text_ru": text_ru, "subject_en": subject_en, "text_en": text_en}
    inviting.write_message(context.session, event, MessageKind.INVITATION, typed if way == BY_MAIL else None)
    chosen = int(segment) if segment else None
    return {"audience": planning.choose_segment(context.session, event, chosen, now=context.now)}


@operations.register
def plan_event_budget(
    context: Context,
    *,
    expected_guests: Decimal,
    expected_contacts: Decimal,
    expected_sales: Decimal,
    expected_margin: Decimal,
    margin_percent: Decimal,
    planned_income: Decimal | None = None,
    costs: list[dict[str, Any]] | None = None,
    materials: list[dict[str, Any]] | None = None,
) -> dict[str, object]:
    """Keep the event's budget and what is expected. Answers `cost`, and `roi` in per cent."""
    expected = Expectations(
        guests=int(expected_guests),
        contacts=int(expected_contacts),
        sales=int(expected_sales),
        margin=expected_margin,
        percent=margin_percent,
        income=planned_income or Decimal(0),
    )
    plan = planning.plan_budget(context.session, _event(context), costs or [], materials or [], expected)
    return {"cost": plan.cost, "roi": plan.roi}


@operations.register
def record_event_decision(
    context: Context, *, decision: str, rework: str | None = None, comment: str | None = None
) -> dict[str, object]:
    """Note the decision on the event. Only who may decide about campaigns, or stands in for such a person."""
    if not holds(context, APPROVE):
        raise RuleViolation("approval_not_yours", "This person may not decide about events.")
    planning.decide(context.session, _event(context), decision, actor_id=context.actor_id, now=context.now)
    return {}


@operations.register
def plan_event_work(context: Context, *, tasks: list[dict[str, Any]] | None = None) -> dict[str, object]:
    """Give out the tasks of the preparation. Answers `given`: how many."""
    given = working.give_tasks(
        context.session, _event(context), tasks or [], actor_id=context.actor_id, now=context.now
    )
    return {"given": given}


@operations.register
@having(Effect.SENDS)
def begin_inviting(context: Context) -> dict[str, object]:
    """Write down the guests of the segment. The beats send the mails; answers `invited`: how many are on the list."""
    return {"invited": guests.invite_segment(context.session, _event(context), now=context.now)}


@operations.register
def close_confirmations(context: Context, *, comment: str | None = None) -> dict[str, object]:
    """Close the list of guests. Answers `expected`: how many places are taken."""
    return {"expected": guests.places_taken(context.session, _event(context))}


@operations.register
def close_event_day(context: Context, *, outcome: str, comment: str | None = None) -> dict[str, object]:
    """End the day of the event. Answers `came`, `no_shows`, and `counts_until`, when its window closes."""
    if not holds(context, RECEIVE):
        raise RuleViolation("reception_not_yours", "This person does not receive guests.")
    event = _event(context)
    came, no_shows = guests.close_day(context.session, event, actor_id=context.actor_id, now=context.now)
    return {
        "came": came,
        "no_shows": no_shows,
        "counts_until": planning.counting_ends(context.session, event),
    }


@operations.register
def settle_event(
    context: Context,
    *,
    costs: list[dict[str, Any]] | None = None,
    materials: list[dict[str, Any]] | None = None,
    actual_income: Decimal | None = None,
) -> dict[str, object]:
    """Sum up what the event cost and used. Answers `cost`."""
    cost = planning.settle(
        context.session,
        _event(context),
        costs or [],
        materials or [],
        actual_income or Decimal(0),
        actor_id=context.actor_id,
        now=context.now,
    )
    return {"cost": cost}


@operations.register
@having(Effect.SENDS)
def thank_guests(
    context: Context,
    *,
    outcome: str,
    subject_ru: str | None = None,
    text_ru: str | None = None,
    subject_en: str | None = None,
    text_en: str | None = None,
    person: str | None = None,
    until: datetime | None = None,
    title: str | None = None,
) -> dict[str, object]:
    """Thank those who came. By mail, or by a colleague to whom the task is given."""
    event = _event(context)
    if outcome == BY_MAIL:
        typed = {"subject_ru": subject_ru, "text_ru": text_ru, "subject_en": subject_en, "text_en": text_en}
        inviting.write_message(context.session, event, MessageKind.THANKS, typed)
    elif person and until and title:
        task = {"title": title, "person": person, "until": until}
        working.give_tasks(context.session, event, [task], actor_id=context.actor_id, now=context.now)
    return {}


@operations.register
def stop_event(context: Context, *, reason: str | None = None) -> dict[str, object]:
    """Stop the event and take back the open tasks. Answers `stopped`: to how many nothing will go."""
    event = _event(context)
    working.take_back_tasks(context.session, event, reason or event.name, now=context.now)
    return {"stopped": inviting.stop(context.session, event, actor_id=context.actor_id, now=context.now)}


@operations.register
def record_event_result(context: Context, *, outcome: str, conclusion: str, repeat: str) -> dict[str, object]:
    """Close the event with what was learnt."""
    planning.conclude(
        context.session,
        _event(context),
        conclusion=conclusion,
        repeat=Repeat(repeat),
        actor_id=context.actor_id,
        now=context.now,
    )
    return {}
