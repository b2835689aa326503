"""What the cases of a funnel brought: the money that the slices know of them, summed by the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import CTE, and_, distinct, func, or_, select
from sqlalchemy.orm import Session, aliased

from engine.instances.models import ProcessInstance
from engine.milestones.filters import AnySelect, Counting, FunnelFilter
from engine.milestones.models import Episode, EpisodeDimension
from webapp.core.permissions import RowScope
from webapp.core.workflow import money_of_cases

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Money:
    """Of `cases` that brought anything; the gross profit is that of the `known` entries among `entries`."""

    cases: int = 0
    entries: int = 0
    known: int = 0
    revenue: Decimal = NOTHING
    profit: Decimal | None = None

    @classmethod
    def of(cls, parts: Iterable["Money"]) -> "Money":
        """All parts together."""
        every = list(parts)
        profits = [each.profit for each in every if each.profit is not None]
        return cls(
            sum(each.cases for each in every),
            sum(each.entries for each in every),
            sum(each.known for each in every),
            sum((each.revenue for each in every), NOTHING),
            sum(profits, NOTHING) if profits else None,
        )

    @property
    def whole_profit(self) -> Decimal | None:
        """The gross profit when it is known of all that came in; else None."""
        return self.profit if self.entries and self.known == self.entries else None


def sum_money(
    session: Session, process_key: str, filters: FunnelFilter, reach: RowScope, *, by: str
) -> tuple[Money, Mapping[str | None, Money]]:
    """All that the episodes brought, and that apart by the values of the dimension `by` (None: not stated).

    One statement. In a cohort it is the money of its episodes until now; by event date that which came in in the
    period, of whatever episodes. Money belongs to the episode of its case that was the latest when it came in.
    `reach` are the rows of whose money the reader may know.
    """
    known = money_of_cases()
    if known is None:
        return Money(), {}
    money = _of_instances(known)
    stated = aliased(EpisodeDimension)
    statement: AnySelect = (
        select(
            stated.value,
            func.count(distinct(Episode.instance_id)),
            func.count(),
            func.count(money.c.profit),
            func.sum(money.c.revenue),
            func.sum(money.c.profit),
        )
        .select_from(Episode)
        .join(money, money.c.instance_id == Episode.instance_id)
        .outerjoin(stated, and_(stated.episode_id == Episode.id, stated.name == by))
        .group_by(stated.value)
    )
    statement = _limit(_of_its_episode(statement, money), money, process_key, filters)
    statement = reach.limit(statement, owner=Episode.owner_id, scope=Episode.scope_id)
    groups = {
        value: Money(cases, entries, known, Decimal(revenue or 0), None if profit is None else Decimal(profit))
        for value, cases, entries, known, revenue, profit in session.execute(statement)
    }
    return Money.of(groups.values()), groups


def revenue_of(session: Session, business_keys: Iterable[str]) -> Mapping[str, Decimal]:
    """What each of these cases brought in all, by business key; those that brought nothing are missing."""
    money, keys = money_of_cases(), sorted(set(business_keys))
    if money is None or not keys:
        return {}
    statement = (
        select(money.c.business_key, func.sum(money.c.revenue))
        .where(money.c.business_key.in_(keys))
        .group_by(money.c.business_key)
    )
    return {key: Decimal(revenue or 0) for key, revenue in session.execute(statement)}


def _of_instances(money: CTE) -> CTE:
    """The same by the number of the case, found by its key: the few that brought anything, not all that there are."""
    paid = (
        select(ProcessInstance.id.label("instance_id"), money.c.at, money.c.revenue, money.c.profit)
        .select_from(money)
        .join(ProcessInstance, ProcessInstance.business_key == money.c.business_key)
    )
    return paid.cte("paid").prefix_with("MATERIALIZED")


def _of_its_episode(statement: AnySelect, money: CTE) -> AnySelect:
    """The latest episode when the money came in; the first one for money from before it."""
    following = aliased(Episode)
    begun = or_(Episode.number == 1, Episode.opened_at <= money.c.at)
    next_one = and_(following.instance_id == Episode.instance_id, following.number == Episode.number + 1)
    statement = statement.outerjoin(following, next_one)
    return statement.where(begun, or_(following.id.is_(None), following.opened_at > money.c.at))


def _limit(statement: AnySelect, money: CTE, process_key: str, filters: FunnelFilter) -> AnySelect:
    if filters.counting is Counting.COHORT:
        return filters.limit(statement, process_key)
    everything = replace(filters, counting=Counting.COHORT, since=None, until=None)
    statement = everything.limit(statement, process_key)
    if filters.since is not None:
        statement = statement.where(money.c.at >= filters.since)
    return statement if filters.until is None else statement.where(money.c.at < filters.until)
