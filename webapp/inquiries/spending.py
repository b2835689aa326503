"""What advertising costs: recorded for days, sources, campaigns, departments and centres."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from webapp.core import audit
from webapp.core.errors import NotFound, RuleViolation
from webapp.core.permissions import RowScope, ScopeKind
from webapp.inquiries.accrual import NOTHING
from webapp.inquiries.campaigns import code_of
from webapp.inquiries.models import AdvertisingSpend, Source, SpendDepartment
from webapp.staff.models import Centre

LONGEST = 731  # days of one entry: two years; a longer one is a slip of the keyboard
LARGEST = Decimal("999999999.99")


@dataclass(frozen=True)
class SpendFacts:
    """What somebody enters. Days included; without a source for all paid ones, without a centre for the group.

    Without a department for both. A campaign is named by its code, in capitals or not.
    """

    from_day: date
    to_day: date
    amount: Decimal
    source_code: str | None = None
    campaign: str = ""
    department: SpendDepartment | None = None
    centre_id: int | None = None
    note: str = ""


def record_spend(
    session: Session, facts: SpendFacts, *, reach: RowScope, actor_id: int | None, now: datetime
) -> AdvertisingSpend:
    """Write a new entry. RuleViolation: spend_reversed, spend_too_long, spend_amount, spend_centre, source_unknown."""
    _check(session, facts, reach)
    spend = AdvertisingSpend(recorded_by=actor_id, recorded_at=now, **_values(session, facts))
    session.add(spend)
    session.flush()
    _note(session, "recorded", spend, actor_id, now)
    return spend


def change_spend(
    session: Session,
    spend: AdvertisingSpend,
    facts: SpendFacts,
    *,
    reach: RowScope,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Put an entry right; refuses as `record_spend` does."""
    _check(session, facts, reach)
    for name, value in _values(session, facts).items():
        setattr(spend, name, value)
    _note(session, "changed", spend, actor_id, now)


def delete_spend(session: Session, spend: AdvertisingSpend, *, actor_id: int | None, now: datetime) -> None:
    """Take an entry away; the audit keeps what it said."""
    _note(session, "deleted", spend, actor_id, now)
    session.delete(spend)


def get_spend(session: Session, spend_id: int, reach: RowScope) -> AdvertisingSpend:
    """NotFound: spend_unknown, also for one out of reach."""
    spend = session.get(AdvertisingSpend, spend_id)
    if spend is None or not reach.covers(spend.recorded_by, spend.centre_id):
        raise NotFound("spend_unknown", f"There is no spend {spend_id}.")
    return spend


def list_spend(
    session: Session, reach: RowScope, *, limit: int, offset: int = 0
) -> tuple[Sequence[AdvertisingSpend], int, Decimal]:
    """A page of the entries within reach, the latest days first, with the number and the sum of all."""
    mine = reach.condition(owner=AdvertisingSpend.recorded_by, scope=AdvertisingSpend.centre_id)
    number, total = session.execute(select(func.count(), func.sum(AdvertisingSpend.amount)).where(mine)).one()
    rows = session.scalars(
        select(AdvertisingSpend)
        .where(mine)
        .options(joinedload(AdvertisingSpend.source))
        .order_by(AdvertisingSpend.to_day.desc(), AdvertisingSpend.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return rows.all(), number, total or NOTHING


def _values(session: Session, facts: SpendFacts) -> dict[str, object]:
    return {**vars(facts), "campaign": code_of(session, facts.campaign)}


def _check(session: Session, facts: SpendFacts, reach: RowScope) -> None:
    if facts.to_day < facts.from_day:
        raise RuleViolation("spend_reversed", "The last day lies before the first.")
    if (facts.to_day - facts.from_day).days >= LONGEST:
        raise RuleViolation("spend_too_long", f"At most {LONGEST} days.", days=LONGEST)
    if not Decimal(0) < facts.amount <= LARGEST:
        raise RuleViolation("spend_amount", "An amount is more than nothing.", most=LARGEST)
    if facts.source_code is not None and session.get(Source, facts.source_code) is None:
        raise RuleViolation("source_unknown", f"There is no source {facts.source_code}.")
    if reach.kind is not ScopeKind.GROUP and facts.centre_id not in reach.held_in | reach.centre_ids:
        raise RuleViolation("spend_centre", "The centre is not within reach.")
    if facts.centre_id is not None and session.get(Centre, facts.centre_id) is None:
        raise RuleViolation("spend_centre", f"There is no centre {facts.centre_id}.")


def _note(session: Session, done: str, spend: AdvertisingSpend, actor_id: int | None, now: datetime) -> None:
    audit.record(
        session,
        action=f"inquiries.spend.{done}",
        subject=f"inquiries.spend:{spend.id}",
        actor_id=actor_id,
        now=now,
        source=spend.source_code,
        campaign=spend.campaign,
        department=spend.department,
        centre=spend.centre_id,
        from_day=spend.from_day,
        to_day=spend.to_day,
        amount=spend.amount,
    )
