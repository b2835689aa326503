"""Segments: kept, frozen, counted and shown, whatever their rule asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, insert, literal, select
from sqlalchemy.orm import Session, joinedload

from webapp.campaigns.models import Campaign, CampaignStatus, Segment, SegmentMember
from webapp.campaigns.rules.compiling import Moment, who_fits
from webapp.campaigns.rules.tree import Node, RuleInvalid, dump, parse
from webapp.core import audit
from webapp.core.config import settings
from webapp.core.errors import Conflict, NotFound, RuleViolation
from webapp.core.permissions import RowScope
from webapp.customers.models import Customer, CustomerPhone, Interaction

SAMPLE = 20


@dataclass(frozen=True)
class SampleRow:
    """One of the customers of a segment, to see whether the rule means what was meant."""

    id: int
    name: str
    phone: str
    last_contact: datetime | None


def moment_at(now: datetime) -> Moment:
    """When rules are asked: the day is that of the dealer's zone."""
    return Moment(now, now.astimezone(ZoneInfo(settings().time_zone)).date())


def get_segment(session: Session, segment_id: int, *, scope: RowScope) -> Segment:
    """NotFound: segment_unknown."""
    segment = session.scalar(
        select(Segment)
        .where(Segment.id == segment_id, scope.condition(owner=Segment.owner_id, scope=Segment.centre_id))
        .options(joinedload(Segment.owner), joinedload(Segment.centre))
    )
    if segment is None:
        raise NotFound("segment_unknown", f"There is no segment {segment_id}.")
    return segment


def list_segments(session: Session, *, scope: RowScope) -> Sequence[Segment]:
    """Those in use, by name."""
    statement = select(Segment).where(~Segment.archived).options(joinedload(Segment.owner))
    limited = scope.limit(statement, owner=Segment.owner_id, scope=Segment.centre_id)
    return session.scalars(limited.order_by(Segment.name, Segment.id)).all()


def save_segment(
    session: Session,
    segment: Segment | None,
    *,
    name: str,
    note: str,
    rule: Node,
    centre_id: int | None,
    actor_id: int,
    now: datetime,
) -> Segment:
    """Write a new or a changed segment. Conflict: segment_frozen."""
    if segment is None:
        segment = Segment(owner_id=actor_id, centre_id=centre_id, created_at=now, rule=dump(rule))
        session.add(segment)
    elif segment.frozen_at is not None and segment.tree != rule:
        raise Conflict("segment_frozen", "The members of a frozen segment do not change.")
    segment.name, segment.note, segment.rule, segment.changed_at = name, note, dump(rule), now
    session.flush()
    audit.record(session, action="campaigns.segment.saved", subject=_subject(segment), actor_id=actor_id, now=now)
    return segment


def count_approved(session: Session, segment: Segment) -> int:
    """Campaigns that were approved with another rule than it has now, and have not written to anybody yet."""
    approved = session.scalars(
        select(Campaign).where(Campaign.segment_id == segment.id, Campaign.status == CampaignStatus.APPROVED)
    )
    return sum(campaign.approved_rule is not None and campaign.rule != segment.tree for campaign in approved)


def freeze(session: Session, segment: Segment, *, actor_id: int, now: datetime) -> int:
    """Keep the customers of this moment; how many they are. Conflict: segment_frozen."""
    if segment.frozen_at is not None:
        raise Conflict("segment_frozen", "The segment has been frozen before.")
    fitting = who_fits(segment.tree, moment_at(now)).subquery()
    session.execute(
        insert(SegmentMember).from_select(["segment_id", "customer_id"], select(literal(segment.id), fitting.c.id))
    )
    segment.frozen_at = segment.changed_at = now
    session.flush()
    audit.record(session, action="campaigns.segment.frozen", subject=_subject(segment), actor_id=actor_id, now=now)
    return count(session, members(segment, now))


def archive(session: Session, segment: Segment, *, actor_id: int, now: datetime) -> None:
    """Take it out of the lists; campaigns that have it keep it."""
    segment.archived, segment.changed_at = True, now
    audit.record(session, action="campaigns.segment.archived", subject=_subject(segment), actor_id=actor_id, now=now)


def members(segment: Segment, now: datetime) -> Select[int]:
    """Ids of its customers: those of the day it was frozen, or whoever fits now."""
    if segment.frozen_at is not None:
        return select(SegmentMember.customer_id).where(SegmentMember.segment_id == segment.id)
    return who_fits(segment.tree, moment_at(now))


def count(session: Session, ids: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def sample(session: Session, ids: Select[int], *, scope: RowScope, limit: int = SAMPLE) -> list[SampleRow]:
    """Some of them by name, as far as the person may see customers."""
    last = (
        select(func.max(Interaction.at)).where(Interaction.customer_id == Customer.id).correlate(Customer)
    ).scalar_subquery()
    statement = (
        select(Customer, CustomerPhone.number, last)
        .outerjoin(CustomerPhone, (CustomerPhone.customer_id == Customer.id) & (CustomerPhone.position == 0))
        .where(Customer.id.in_(ids))
        .order_by(Customer.sort_name, Customer.id)
        .limit(limit)
    )
    rows = session.execute(scope.limit(statement, owner=Customer.owner_id, scope=Customer.centre_id))
    return [SampleRow(customer.id, customer.list_name, number or "", at) for customer, number, at in rows]


def read_rule(text: str) -> Node:
    """RuleViolation: rule_invalid."""
    try:
        return parse(text)
    except RuleInvalid as error:
        raise RuleViolation("rule_invalid", str(error)) from error


def _subject(segment: Segment) -> str:
    return f"campaigns.segment:{segment.id}"
