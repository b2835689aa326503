"""The acts of an event, from its brief to its conclusion; the guests stand in `guests`. None commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.campaigns import segments
from webapp.campaigns.events import money
from webapp.campaigns.figures import Figures
from webapp.campaigns.models import (
    EVENT_SUBJECT,
    Campaign,
    Event,
    EventCost,
    EventMaterial,
    EventStatus,
    EventType,
    Repeat,
    Segment,
)
from webapp.core import audit
from webapp.core.config import settings
from webapp.core.errors import Conflict, NotFound, RuleViolation
from webapp.core.workflow import engine
from webapp.inquiries.models import AdvertisingSpend
from webapp.staff.models import Centre

SOURCE = "event"
LONGEST = timedelta(days=31)
COUNTED = timedelta(days=60)  # what guests buy within it is counted (specification §3.4)
HALTED = "event.halted"
DAY_ENDS = time(20)  # when whoever receives the guests is reminded to close the day


@dataclass(frozen=True)
class Brief:
    """What an event is to be. `starts_at` is aware; `last_day` None: it takes one day."""

    name: str
    type: EventType
    goal: str
    place: str
    starts_at: datetime
    capacity: int
    last_day: date | None = None
    responsible_id: int | None = None
    campaign_id: int | None = None


def find_by_key(session: Session, business_key: str) -> Event | None:
    """The event of a case; None while its case has no record."""
    prefix, _, number = business_key.partition(":")
    if prefix != EVENT_SUBJECT or not number.isdigit():
        return None
    return session.scalar(
        select(Event)
        .where(Event.id == int(number))
        .options(
            selectinload(Event.messages),
            selectinload(Event.costs),
            selectinload(Event.materials),
            joinedload(Event.segment),
            joinedload(Event.campaign),
            joinedload(Event.centre),
        )
    )


def get_by_key(session: Session, business_key: str) -> Event:
    """NotFound: event_unknown."""
    event = find_by_key(session, business_key)
    if event is None:
        raise NotFound("event_unknown", f"{business_key} is no event.")
    return event


def zone_of(session: Session, event: Event) -> ZoneInfo:
    """The zone in which its days begin and end."""
    centre = session.get(Centre, event.centre_id) if event.centre_id else None
    return ZoneInfo(centre.time_zone if centre else settings().time_zone)


def day_begins(session: Session, event: Event) -> datetime:
    """From when on guests are received."""
    return datetime.combine(event.first_day, time(), zone_of(session, event))


def day_ends(session: Session, event: Event) -> datetime:
    """When the last day is over for whoever received the guests."""
    return datetime.combine(event.last_day, DAY_ENDS, zone_of(session, event))


def counting_ends(session: Session, event: Event) -> datetime:
    """When the window closes in which purchases of guests are counted."""
    return datetime.combine(event.counts_until + timedelta(days=1), time(), zone_of(session, event))


def record_event(
    session: Session,
    event: Event | None,
    brief: Brief,
    *,
    owner_id: int | None,
    centre_id: int | None,
    now: datetime,
) -> Event:
    """Open the record, or correct it.

    RuleViolation: event_in_past, event_ends_early, event_too_long, campaign_unknown; Conflict:
    event_day_fixed, event_over.
    """
    is_new = event is None
    if event is None:
        event = Event(created_at=now, owner_id=owner_id, centre_id=centre_id, messages=[], costs=[], materials=[])
        event.status = EventStatus.PREPARING
    else:
        event.move_to(event.status)
    first_day = brief.starts_at.astimezone(zone_of(session, event)).date()
    last_day = brief.last_day or first_day
    if last_day < first_day:
        raise RuleViolation("event_ends_early", "The event ends before it begins.")
    if last_day - first_day > LONGEST:
        raise RuleViolation("event_too_long", "An event lasts a month at most.")
    moved = is_new or (event.starts_at, event.last_day) != (brief.starts_at, last_day)
    if moved and event.decided_at is not None and event.status not in (EventStatus.PREPARING, EventStatus.WAITING):
        raise Conflict("event_day_fixed", "The day has been approved.", day=event.first_day.isoformat())
    if moved and brief.starts_at <= now:
        raise RuleViolation("event_in_past", "An event is planned for the future.")
    if brief.campaign_id is not None and session.get(Campaign, brief.campaign_id) is None:
        raise RuleViolation("campaign_unknown", f"There is no campaign {brief.campaign_id}.")
    event.name, event.type, event.goal, event.place = brief.name, brief.type, brief.goal, brief.place
    event.starts_at, event.first_day, event.last_day = brief.starts_at, first_day, last_day
    event.counts_until = last_day + COUNTED
    event.capacity, event.campaign_id = brief.capacity, brief.campaign_id
    event.responsible_id = brief.responsible_id or event.owner_id
    session.add(event)
    session.flush()
    return event


def choose_segment(session: Session, event: Event, segment_id: int | None, *, now: datetime) -> int:
    """Whom it invites beside those who are put on the list by hand; how many they are now.

    RuleViolation: segment_unknown, segment_empty.
    """
    event.segment_id, event.segment, event.expected_invited = None, None, 0
    if segment_id is not None:
        segment = session.get(Segment, segment_id)
        if segment is None or segment.archived:
            raise RuleViolation("segment_unknown", f"There is no segment {segment_id}.")
        size = segments.count(session, segments.members(segment, now))
        if not size:
            raise RuleViolation("segment_empty", "Nobody is in the segment.", name=segment.name)
        event.segment_id, event.segment, event.expected_invited = segment.id, segment, size
    session.flush()
    return event.expected_invited


@dataclass(frozen=True)
class Expectations:
    """What an event is to bring. `margin`: of one sale; `income`: of tickets and sponsors."""

    guests: int
    contacts: int
    sales: int
    margin: Decimal
    percent: Decimal
    income: Decimal


def plan_budget(
    session: Session,
    event: Event,
    costs: Sequence[Mapping[str, Any]],
    materials: Sequence[Mapping[str, Any]],
    expected: Expectations,
) -> Figures:
    """What it takes and costs, and what is expected of it; then it waits for the decision."""
    event.costs, event.materials = [], []
    session.flush()
    event.costs = [
        EventCost(
            position=position,
            item=line["item"],
            contractor=line.get("contractor") or "",
            planned=line.get("planned") or Decimal(0),
        )
        for position, line in enumerate(costs)
    ]
    event.materials = [
        EventMaterial(
            position=position,
            item=line["item"],
            planned=int(line.get("planned") or 0),
            unit_cost=line.get("unit_cost") or Decimal(0),
        )
        for position, line in enumerate(materials)
    ]
    event.expected_guests, event.expected_contacts = expected.guests, expected.contacts
    event.expected_sales, event.expected_margin = expected.sales, expected.margin
    event.margin_percent, event.planned_income = expected.percent, expected.income
    event.move_to(EventStatus.WAITING)
    session.flush()
    return money.plan_of(event)


def decide(session: Session, event: Event, decision: str, *, actor_id: int | None, now: datetime) -> None:
    """Approved, returned to work, or rejected."""
    event.decided_by, event.decided_at = actor_id, now
    if decision == "approved":
        event.move_to(EventStatus.APPROVED)
    else:
        event.move_to(EventStatus.PREPARING if decision == "returned" else EventStatus.REJECTED)
        event.closed_at = now if decision == "rejected" else None
    _audit(session, event, decision, actor_id, now)


def settle(
    session: Session,
    event: Event,
    costs: Sequence[Mapping[str, Any]],
    materials: Sequence[Mapping[str, Any]],
    income: Decimal,
    *,
    actor_id: int | None,
    now: datetime,
) -> Decimal:
    """What the lines came to and what was used; what it cost. A line that was not planned is added with a plan of 0.

    A planned line that is missing came to nothing. RuleViolation: material_unbalanced.
    """
    left = list(event.costs)
    for line in costs:
        known = next((each for each in left if each.item == line["item"]), None)
        if known is None:
            known = EventCost(position=len(event.costs), item=line["item"], contractor="", planned=Decimal(0))
            event.costs.append(known)
        else:
            left.remove(known)
        known.actual = line.get("actual") or Decimal(0)
    for each in left:
        each.actual = Decimal(0)
    _settle_materials(event, materials)
    event.actual_income = income
    session.flush()
    spent = money.spent(event)
    _tell_spend(session, event, spent, actor_id=actor_id, now=now)
    _audit(session, event, "settled", actor_id, now)
    return spent


def _settle_materials(event: Event, materials: Sequence[Mapping[str, Any]]) -> None:
    left = list(event.materials)
    for line in materials:
        used, returned = int(line.get("used") or 0), int(line.get("returned") or 0)
        known = next((each for each in left if each.item == line["item"]), None)
        if known is None:
            known = EventMaterial(
                position=len(event.materials),
                item=line["item"],
                planned=0,
                unit_cost=line.get("unit_cost") or Decimal(0),
            )
            event.materials.append(known)
        else:
            left.remove(known)
            if used + returned > known.planned:
                raise RuleViolation("material_unbalanced", "More than was taken.", item=known.item, taken=known.planned)
        known.used, known.returned = used, returned
    for each in left:
        each.used, each.returned = 0, each.planned


def _tell_spend(session: Session, event: Event, spent: Decimal, *, actor_id: int | None, now: datetime) -> None:
    """What the event cost stands among the advertising spend, once, so that the funnel counts it."""
    row = session.get(AdvertisingSpend, event.spend_id) if event.spend_id else None
    if not spent:
        if row is not None:
            session.delete(row)
        event.spend_id = None
        return
    if row is None:
        row = AdvertisingSpend(source_code=SOURCE, centre_id=event.centre_id)
        session.add(row)
    row.campaign = event.campaign.code if event.campaign else ""
    row.department = event.campaign.department if event.campaign else None
    row.from_day, row.to_day, row.amount, row.note = event.first_day, event.last_day, spent, event.name
    row.recorded_by, row.recorded_at = actor_id, now
    session.flush()
    event.spend_id = row.id


def conclude(
    session: Session, event: Event, *, conclusion: str, repeat: Repeat, actor_id: int | None, now: datetime
) -> None:
    """What was learnt."""
    event.conclusion, event.repeat, event.closed_at = conclusion, repeat, now
    event.move_to(EventStatus.FINISHED)
    _audit(session, event, "finished", actor_id, now)


def call_off(session: Session, event: Event, reason: str, *, actor_id: int, now: datetime) -> None:
    """End it from its page: its case stops what is not sent. Conflict: event_over, event_not_waiting."""
    event.move_to(event.status)
    payload = {"reason": reason}
    heard = engine().correlate_message(session, HALTED, event.business_key, payload, actor_id=actor_id, now=now)
    if heard is None:
        raise Conflict("event_not_waiting", "The case of the event does not wait for it.")


def _audit(session: Session, event: Event, what: str, actor_id: int | None, now: datetime) -> None:
    audit.record(session, action=f"campaigns.event.{what}", subject=event.business_key, actor_id=actor_id, now=now)
