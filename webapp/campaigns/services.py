"""The acts of a campaign, from its goal to its conclusion. None commits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from webapp.campaigns import figures, reaching, segments, texts
from webapp.campaigns.figures import Figures
from webapp.campaigns.models import (
    SUBJECT,
    Campaign,
    CampaignChannel,
    CampaignCost,
    CampaignMessage,
    CampaignStatus,
    CampaignType,
    Exclusion,
    GoalMetric,
    Repeat,
    Segment,
)
from webapp.core import audit
from webapp.core.errors import Conflict, NotFound, RuleViolation
from webapp.inquiries.models import AdvertisingSpend, SpendDepartment, TrackingNumber
from webapp.kit.phones import read_phone

SOURCE = "mailing"  # whoever dials the number of a campaign came by our own mailing
CODE = re.compile(r"[A-ZА-ЯЁ0-9][A-ZА-ЯЁ0-9-]{1,39}")
LONGEST_PERIOD = timedelta(days=366)


@dataclass(frozen=True)
class Goal:
    """What a campaign is for (M1)."""

    name: str
    code: str
    type: CampaignType
    metric: GoalMetric
    value: int
    starts_on: date
    ends_on: date
    product: str = ""
    hypothesis: str = ""
    department: SpendDepartment | None = None


def get_campaign(session: Session, campaign_id: int) -> Campaign:
    """With its messages, costs and segment. NotFound: campaign_unknown."""
    campaign = session.scalar(
        select(Campaign)
        .where(Campaign.id == campaign_id)
        .options(selectinload(Campaign.messages), selectinload(Campaign.costs), selectinload(Campaign.segment))
    )
    if campaign is None:
        raise NotFound("campaign_unknown", f"There is no campaign {campaign_id}.")
    return campaign


def find_by_key(session: Session, business_key: str) -> Campaign | None:
    """The campaign of a case; None while its case has no record yet."""
    prefix, _, number = business_key.rpartition(":")
    return get_campaign(session, int(number)) if prefix == SUBJECT and number.isdigit() else None


def get_by_key(session: Session, business_key: str) -> Campaign:
    """NotFound: campaign_unknown."""
    campaign = find_by_key(session, business_key)
    if campaign is None:
        raise NotFound("campaign_unknown", f"{business_key} is no campaign.")
    return campaign


def record_goal(
    session: Session,
    campaign: Campaign | None,
    goal: Goal,
    *,
    owner_id: int | None,
    centre_id: int | None,
    now: datetime,
) -> Campaign:
    """M1. RuleViolation: period_reversed, period_too_long, code_invalid; Conflict: code_taken."""
    code = " ".join(goal.code.split()).upper()
    if not CODE.fullmatch(code):
        raise RuleViolation("code_invalid", f"{code} is no code.")
    taken = select(Campaign.id).where(Campaign.code == code)
    if session.scalar(taken if campaign is None else taken.where(Campaign.id != campaign.id)) is not None:
        raise Conflict("code_taken", f"Another campaign has the code {code}.", typed=code)
    if campaign is not None and campaign.status.answers_count and code != campaign.code:
        raise Conflict("code_fixed", "The code is out in the world.", known=campaign.code)
    if goal.ends_on < goal.starts_on:
        raise RuleViolation("period_reversed", "The period ends before it begins.")
    if goal.ends_on - goal.starts_on > LONGEST_PERIOD:
        raise RuleViolation("period_too_long", "A campaign lasts a year at most.")
    if campaign is None:
        campaign = Campaign(created_at=now, owner_id=owner_id, centre_id=centre_id, messages=[], costs=[])
        session.add(campaign)
    campaign.name, campaign.code, campaign.type = goal.name, code, goal.type
    campaign.department = goal.department
    campaign.goal_metric, campaign.goal_value = goal.metric, goal.value
    campaign.starts_on, campaign.ends_on = goal.starts_on, goal.ends_on
    campaign.product, campaign.hypothesis = goal.product, goal.hypothesis
    session.flush()
    return campaign


def choose_segment(
    session: Session,
    campaign: Campaign,
    *,
    segment_id: int,
    exclusions: Sequence[Exclusion],
    control_percent: int,
    window_days: int,
    now: datetime,
) -> int:
    """M2; how many are meant. RuleViolation: segment_empty, segment_unknown."""
    segment = session.get(Segment, segment_id)
    if segment is None or segment.archived:
        raise RuleViolation("segment_unknown", f"There is no segment {segment_id}.")
    campaign.segment_id, campaign.segment, campaign.approved_rule = segment.id, segment, None
    campaign.leave_out(exclusions)
    campaign.control_percent, campaign.window_days = control_percent, window_days
    size = segments.count(session, reaching.audience(segment, campaign, now))
    if not size:
        raise RuleViolation("segment_empty", "Nobody is left in the segment.", name=segment.name)
    campaign.expected_audience = size
    return size


def write_messages(session: Session, campaign: Campaign, rows: Sequence[Mapping[str, Any]]) -> None:
    """M3. RuleViolation: channel_twice, mail_incomplete, gap_unknown, phone_invalid; Conflict: number_taken."""
    messages: list[CampaignMessage] = []
    for position, row in enumerate(rows):
        channel = CampaignChannel(row["channel"])
        if any(each.channel is channel for each in messages):
            raise RuleViolation("channel_twice", f"{channel} stands twice.")
        message = CampaignMessage(
            channel=channel,
            position=position,
            subject_ru=row.get("subject_ru") or "",
            text_ru=row.get("text_ru") or "",
            subject_en=row.get("subject_en") or "",
            text_en=row.get("text_en") or "",
            tracking_number=_number(session, campaign, row.get("tracking_number") or ""),
            utm=row.get("utm") or "",
            unit_cost=row.get("unit_cost") or Decimal(0),
        )
        _check_texts(message)
        messages.append(message)
    campaign.messages = []
    session.flush()
    campaign.messages = messages
    session.flush()


def _check_texts(message: CampaignMessage) -> None:
    written = (message.subject_ru, message.text_ru, message.subject_en, message.text_en)
    if message.channel is CampaignChannel.EMAIL and not all(written):
        raise RuleViolation("mail_incomplete", "A mail has subject and text in both languages.")
    wrong = [gap for text in written for gap in texts.unknown_gaps(text)]
    if wrong:
        known = ", ".join(f"{{{gap}}}" for gap in texts.GAPS)
        raise RuleViolation("gap_unknown", f"Nobody can fill {wrong}.", typed=", ".join(wrong), known=known)


def _number(session: Session, campaign: Campaign, typed: str) -> str:
    if not typed:
        return ""
    try:
        number = read_phone(typed).number
    except ValueError as error:
        raise RuleViolation("phone_invalid", f"{typed} is no phone number.", typed=typed) from error
    known = session.get(TrackingNumber, number)
    if known is not None and known.campaign != campaign.code:
        raise Conflict("number_taken", f"{number} stands in another advert.", number=number)
    return number


def plan_budget(
    session: Session,
    campaign: Campaign,
    lines: Sequence[Mapping[str, Any]],
    *,
    response_percent: Decimal,
    sale_percent: Decimal,
    expected_margin: Decimal,
    margin_percent: Decimal,
    now: datetime,
) -> Figures:
    """M4; what is expected of it."""
    campaign.costs = []
    session.flush()
    campaign.costs = [
        CampaignCost(
            position=position,
            item=line["item"],
            contractor=line.get("contractor") or "",
            planned=line.get("planned") or Decimal(0),
        )
        for position, line in enumerate(lines)
    ]
    campaign.response_percent, campaign.sale_percent = response_percent, sale_percent
    campaign.expected_margin, campaign.margin_percent = expected_margin, margin_percent
    if campaign.segment is not None:
        campaign.expected_audience = segments.count(session, reaching.audience(campaign.segment, campaign, now))
    campaign.move_to(CampaignStatus.WAITING)
    session.flush()
    return plan_of(campaign)


def plan_of(campaign: Campaign) -> Figures:
    """What the campaign is to bring by its own percentages."""
    return figures.planned(
        audience=campaign.expected_audience,
        response_percent=Decimal(campaign.response_percent or 0),
        sale_percent=Decimal(campaign.sale_percent or 0),
        expected_margin=Decimal(campaign.expected_margin or 0),
        costs=sum((line.planned for line in campaign.costs), Decimal(0)),
        unit_cost=sum((message.unit_cost for message in campaign.messages), Decimal(0)),
    )


def decide(session: Session, campaign: Campaign, decision: str, *, actor_id: int | None, now: datetime) -> None:
    """M5: approved, returned to work, or rejected. An approved one keeps its rule and gets its numbers registered."""
    campaign.decided_by, campaign.decided_at = actor_id, now
    if decision == "approved":
        campaign.move_to(CampaignStatus.APPROVED)
        segment = campaign.segment
        campaign.approved_rule = segment.rule if segment is not None and segment.frozen_at is None else None
        for message in campaign.messages:
            if message.tracking_number and session.get(TrackingNumber, message.tracking_number) is None:
                session.add(
                    TrackingNumber(
                        number=message.tracking_number,
                        source_code=SOURCE,
                        campaign=campaign.code,
                        centre_id=campaign.centre_id,
                    )
                )
    else:
        campaign.move_to(CampaignStatus.PREPARING if decision == "returned" else CampaignStatus.REJECTED)
        campaign.approved_rule = None
        campaign.closed_at = now if decision == "rejected" else None
    session.flush()
    _audit(session, campaign, decision, actor_id, now)


def set_actual_costs(
    session: Session,
    campaign: Campaign,
    actual: Mapping[int, tuple[Decimal | None, str]],
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """What the lines of the budget came to, with the invoice, by the id of the line."""
    for line in campaign.costs:
        if line.id in actual:
            line.actual, line.invoice = actual[line.id]
    session.flush()
    _tell_spend(session, campaign, actor_id=actor_id, now=now)
    _audit(session, campaign, "costs", actor_id, now)


def _tell_spend(session: Session, campaign: Campaign, *, actor_id: int, now: datetime) -> None:
    """What the campaign has cost so far stands among the advertising spend, once, so that the funnel counts it."""
    known = select(AdvertisingSpend).where(
        AdvertisingSpend.campaign == campaign.code, AdvertisingSpend.source_code == SOURCE
    )
    row = session.scalars(known.order_by(AdvertisingSpend.id)).first()
    amount = sum((line.actual for line in campaign.costs if line.actual is not None), Decimal(0))
    if not amount:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = AdvertisingSpend(source_code=SOURCE, campaign=campaign.code, centre_id=campaign.centre_id)
        session.add(row)
    row.department = campaign.department
    row.from_day, row.to_day, row.amount, row.note = campaign.starts_on, campaign.ends_on, amount, campaign.name
    row.recorded_by, row.recorded_at = actor_id, now


def conclude(
    session: Session, campaign: Campaign, *, conclusion: str, repeat: Repeat, actor_id: int | None, now: datetime
) -> None:
    """M9."""
    campaign.conclusion, campaign.repeat, campaign.closed_at = conclusion, repeat, now
    campaign.move_to(CampaignStatus.FINISHED)
    _audit(session, campaign, "finished", actor_id, now)


def _audit(session: Session, campaign: Campaign, what: str, actor_id: int | None, now: datetime) -> None:
    audit.record(
        session, action=f"campaigns.campaign.{what}", subject=campaign.business_key, actor_id=actor_id, now=now
    )


def has_mail(campaign: Campaign) -> bool:
    """Whether the campaign writes to its recipients."""
    return any(message.channel is CampaignChannel.EMAIL for message in campaign.messages)
