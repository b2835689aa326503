"""What advertising costs: recorded for days, sources and centres, and asked for by period."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.core import audit
from webapp.core.errors import NotFound, RuleViolation
from webapp.core.permissions import RowScope, ScopeKind
from webapp.inquiries.accrual import NOTHING, accrued
from webapp.inquiries.models import AdvertisingSpend, Source
from webapp.staff.models import Centre

LONGEST = 731  # days of one entry: two years; a longer one is a slip of the keyboard
LARGEST = Decimal("999999999.99")


@dataclass(frozen=True)
class SpendFacts:
    """What somebody enters. Days included; without a source for all paid ones, without a centre for the group."""

    from_day: date
    to_day: date
    amount: Decimal
    source_code: str | None = None
    campaign: str = ""
    centre_id: int | None = None
    note: str = ""


def record_spend(
    session: Session, facts: SpendFacts, *, reach: RowScope, actor_id: int | None, now: datetime
) -> AdvertisingSpend:
    """Write a new entry. RuleViolation: spend_reversed, spend_too_long, spend_amount, spend_centre, source_unknown."""
    _check(session, facts, reach)
    spend = AdvertisingSpend(recorded_by=actor_id, recorded_at=now, **vars(facts))
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
    for name, value in vars(facts).items():
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


def spend_by_source(
    session: Session,
    reach: RowScope,
    *,
    since: date | None,
    until: date | None,
    centre_ids: Collection[int | None] | None = None,
) -> dict[str | None, Decimal]:
    """What accrued on the days from `since` to `until`, by source; None: for all paid sources. One statement.

    `centre_ids` narrows it to these centres; what is for the whole group counts without such a choice, or for None.
    """
    statement = select(
        AdvertisingSpend.source_code, AdvertisingSpend.from_day, AdvertisingSpend.to_day, AdvertisingSpend.amount
    ).where(_meets(since, until))
    statement = reach.limit(statement, owner=AdvertisingSpend.recorded_by, scope=AdvertisingSpend.centre_id)
    if centre_ids is not None:
        named = AdvertisingSpend.centre_id.in_(sorted(each for each in centre_ids if each is not None))
        statement = statement.where(or_(named, AdvertisingSpend.centre_id.is_(None)) if None in centre_ids else named)
    found: defaultdict[str | None, Decimal] = defaultdict(Decimal)
    for source, first, last, amount in session.execute(statement):
        found[source] += accrued(amount, first, last, since, until)
    return dict(found)


def paid_sources(session: Session) -> frozenset[str]:
    """Codes of the sources that cost money, also those no longer on offer."""
    return frozenset(session.scalars(select(Source.code).where(Source.paid)))


def _meets(since: date | None, until: date | None) -> ColumnElement[bool]:
    begins = AdvertisingSpend.from_day <= (until or date.max)
    return begins & (AdvertisingSpend.to_day >= (since or date.min))


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
        centre=spend.centre_id,
        from_day=spend.from_day,
        to_day=spend.to_day,
        amount=spend.amount,
    )
