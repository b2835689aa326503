"""What the drawing of a campaign may do. An operation finds the campaign of its case and calls one service."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.operations import Context, Effect, OperationSet, having
from webapp.campaigns import sending, services, working
from webapp.campaigns.models import Campaign, CampaignType, Exclusion, GoalMetric, Repeat
from webapp.campaigns.services import Goal
from webapp.core.errors import RuleViolation
from webapp.inquiries.models import SpendDepartment
from webapp.staff.identity import Person
from webapp.staff.models import User

APPROVE, CHANGE, RECEIVE = "campaigns.approve", "campaigns.change", "campaigns.receive"

operations = OperationSet("campaigns")


def _campaign(context: Context) -> Campaign:
    return services.get_by_key(context.session, context.case.business_key)


@operations.register
def record_goal(
    context: Context,
    *,
    name: str,
    code: str,
    type: str,  # the field's name
    goal_metric: str,
    goal_value: Decimal,
    starts_on: date,
    ends_on: date,
    product: str | None = None,
    hypothesis: str | None = None,
    department: str | None = None,
) -> dict[str, object]:
    """Open the campaign's record, or correct it. From now on the case goes by the key of the record."""
    if not holds(context, CHANGE):
        raise RuleViolation("campaign_not_yours", "This person does not lead campaigns.")
    goal = Goal(
        name=name,
        code=code,
        type=CampaignType(type),
        metric=GoalMetric(goal_metric),
        value=int(goal_value),
        starts_on=starts_on,
        ends_on=ends_on,
        product=product or "",
        hypothesis=hypothesis or "",
        department=SpendDepartment(department) if department in set(SpendDepartment) else None,
    )
    campaign = services.record_goal(
        context.session,
        services.find_by_key(context.session, context.case.business_key),
        goal,
        owner_id=context.case.owner_id,
        centre_id=context.case.scope_id,
        now=context.now,
    )
    context.case.set_business_key(campaign.business_key)
    return {"campaign_id": campaign.id}


@operations.register
def choose_segment(
    context: Context,
    *,
    segment: str,
    window_days: Decimal,
    exclude: list[str] | None = None,
    control_percent: Decimal | None = None,
) -> dict[str, object]:
    """Choose whom the campaign is for. Answers `audience`: how many they are now."""
    size = services.choose_segment(
        context.session,
        _campaign(context),
        segment_id=int(segment),
        exclusions=[Exclusion(each) for each in exclude or ()],
        control_percent=int(control_percent or 0),
        window_days=int(window_days),
        now=context.now,
    )
    return {"audience": size}


@operations.register
def write_content(context: Context, *, channels: list[dict[str, Any]]) -> dict[str, object]:
    """Keep what the campaign says by each channel. Answers `unit_cost`: what one contact costs."""
    campaign = _campaign(context)
    services.write_messages(context.session, campaign, channels)
    return {"unit_cost": sum((message.unit_cost for message in campaign.messages), Decimal(0))}


@operations.register
def plan_budget(
    context: Context,
    *,
    response_percent: Decimal,
    sale_percent: Decimal,
    expected_margin: Decimal,
    margin_percent: Decimal,
    lines: list[dict[str, Any]] | None = None,
) -> dict[str, object]:
    """Keep the campaign's budget and what is expected. Answers `cost`, and `roi` in per cent."""
    plan = services.plan_budget(
        context.session,
        _campaign(context),
        lines or [],
        response_percent=response_percent,
        sale_percent=sale_percent,
        expected_margin=expected_margin,
        margin_percent=margin_percent,
        now=context.now,
    )
    return {"cost": plan.cost, "roi": plan.roi}


@operations.register
def record_decision(
    context: Context, *, decision: str, rework: str | None = None, comment: str | None = None
) -> dict[str, object]:
    """Note the decision on the campaign. Only who may decide about campaigns, or stands in for such a person."""
    if not holds(context, APPROVE):
        raise RuleViolation("approval_not_yours", "This person may not decide about campaigns.")
    services.decide(context.session, _campaign(context), decision, actor_id=context.actor_id, now=context.now)
    return {}


@operations.register
def plan_work(context: Context, *, send_at: datetime, tasks: list[dict[str, Any]] | None = None) -> dict[str, object]:
    """Keep the hour of sending and give out the tasks. Answers `given`: how many."""
    campaign = _campaign(context)
    campaign.send_at = send_at
    given = working.give_tasks(context.session, campaign, tasks or [], actor_id=context.actor_id, now=context.now)
    return {"given": given}


@operations.register
@having(Effect.SENDS)
def begin_sending(context: Context) -> dict[str, object]:
    """Write down the recipients of the campaign. Answers `recipients`, `controls`, and `answers_until`."""
    begun = sending.begin(context.session, _campaign(context), now=context.now)
    return {"recipients": begun.recipients, "controls": begun.controls, "answers_until": begun.answers_until}


@operations.register
def stop_campaign(context: Context, *, reason: str | None = None) -> dict[str, object]:
    """Stop the campaign and take back the open tasks. Answers `stopped`: to how many nothing will go."""
    campaign = _campaign(context)
    working.take_back_tasks(context.session, campaign, reason or campaign.name, now=context.now)
    return {"stopped": sending.stop(context.session, campaign, actor_id=context.actor_id, now=context.now)}


@operations.register
def record_result(context: Context, *, outcome: str, conclusion: str, repeat: str) -> dict[str, object]:
    """Close the campaign with what was learnt."""
    services.conclude(
        context.session,
        _campaign(context),
        conclusion=conclusion,
        repeat=Repeat(repeat),
        actor_id=context.actor_id,
        now=context.now,
    )
    return {}


def holds(context: Context, permission: str) -> bool:
    """Whether whoever acts has the right, or stands in for somebody who has. The system may do everything."""
    return context.actor_id is None or may(context, context.actor_id, permission)


def may(context: Context, user_id: int, permission: str) -> bool:
    """The same of this person."""
    acting = _person(context, user_id)
    people = [acting, *(_person(context, each) for each in sorted(acting.circle.represented))]
    return any(each.scope_of(permission) is not None for each in people)


def _person(context: Context, user_id: int) -> Person:
    return Person(context.session.get_one(User, user_id), context.session, context.now)
