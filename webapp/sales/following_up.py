"""Following a worksheet up: rounds of contacts by the plan, until something comes of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.core.errors import RuleViolation
from webapp.sales import queries
from webapp.sales.follow_up_plan import Attempt, NextContact, OpeningHours, is_lost, plan_next
from webapp.sales.models import FollowUpContact, FollowUpRound, Worksheet


def plan_follow_up(session: Session, worksheet: Worksheet, *, hours: OpeningHours, now: datetime) -> NextContact:
    """The next contact; begins a round when none is open."""
    found = queries.find_open_round(session, worksheet.id) or begin_round(session, worksheet, now=now)
    return plan_next(
        temperature=worksheet.temperature(now),
        began=found.began_at,
        attempts=_attempts(found),
        extra=found.extra,
        agreed=found.agreed_at,
        now=now,
        hours=hours,
    )


def begin_round(
    session: Session, worksheet: Worksheet, *, now: datetime, agreed: datetime | None = None
) -> FollowUpRound:
    """Follow up from now; an earlier round ends. RuleViolation: next_contact_in_past."""
    _require_future(agreed, now)
    end_round(session, worksheet, now=now)
    begun = FollowUpRound(worksheet_id=worksheet.id, began_at=now, agreed_at=agreed, contacts=[])
    session.add(begun)
    session.flush()
    return begun


def end_round(session: Session, worksheet: Worksheet, *, now: datetime) -> None:
    """Something came of it, or it is over."""
    if found := queries.find_open_round(session, worksheet.id):
        found.ended_at = now


def record_contact(
    session: Session,
    worksheet: Worksheet,
    *,
    reached: bool,
    reason_used: str,
    objection: str,
    agreed: datetime | None,
    zone: str,
    now: datetime,
) -> bool:
    """Note a contact; returns whether the customer counts as lost now. RuleViolation: next_contact_in_past."""
    _require_future(agreed, now)
    found = queries.find_open_round(session, worksheet.id) or begin_round(session, worksheet, now=now)
    found.contacts.append(FollowUpContact(at=now, reached=reached, reason_used=reason_used, objection=objection))
    found.agreed_at = agreed
    session.flush()
    return not reached and is_lost(_attempts(found), zone)


def allow_more(session: Session, worksheet: Worksheet, *, agreed: datetime, now: datetime) -> None:
    """The head wants one more contact, at this time. RuleViolation: next_contact_in_past."""
    _require_future(agreed, now)
    found = queries.find_open_round(session, worksheet.id) or begin_round(session, worksheet, now=now)
    found.extra += 1
    found.agreed_at = agreed


def _attempts(found: FollowUpRound) -> list[Attempt]:
    return [Attempt(contact.at, contact.reached) for contact in found.contacts]


def _require_future(agreed: datetime | None, now: datetime) -> None:
    if agreed is not None and agreed <= now:
        raise RuleViolation("next_contact_in_past", "The next contact lies in the future.")
