"""What the milestones of a funnel cost, and which source pays: specification 6.3 and 6.9.

Spend counts by accrual days: what falls on the days of the period up to today. It is not kept by person, state or
model, so a funnel that is narrowed by these has no cost. A milestone costs the spend divided by the cases that
reached it; an optional one, and any by event date, by those that touched it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy.orm import Session

from engine.milestones.filters import FunnelFilter
from engine.milestones.funnel import MilestoneFigures, count_touched_by_value
from engine.milestones.plan import MilestonePlan
from webapp.core.clock import now
from webapp.core.i18n import current_zone
from webapp.core.permissions import RowScope
from webapp.funnel.address import Asked
from webapp.funnel.labels import Labels
from webapp.funnel.money import Money
from webapp.inquiries.accrual import KOPECK, NOTHING, share_out
from webapp.inquiries.spending import paid_sources, spend_by_source

SOURCE = "source"  # the dimension by which spend and money are set against each other


@dataclass(frozen=True)
class SourceLine:
    """One source: who touched the chosen milestones, what was spent on it, what came of it. None: not known.

    `value` is "" for cases without a source, and None for spend for all paid sources that could not be shared out.
    """

    value: str | None
    label: str
    touched: tuple[int, ...]
    spend: Decimal
    money: Money | None

    @property
    def costs(self) -> tuple[Decimal | None, ...]:
        """Of one case at each of the milestones; None where there is none, or nothing was spent."""
        return tuple(per_case(self.spend, number) for number in self.touched)

    @property
    def conversion(self) -> float | None:
        """From the first of the milestones to the last."""
        return self.touched[-1] / self.touched[0] if self.touched[0] else None

    @property
    def margin(self) -> Decimal | None:
        """The gross profit, when it is known of all that came in; nothing came in: nothing."""
        if self.money is None:
            return None
        return self.money.whole_profit if self.money.entries else NOTHING

    @property
    def roi(self) -> Decimal | None:
        """(margin - spend) / spend; None when nothing was spent, or the margin is not known."""
        margin = self.margin
        return (margin - self.spend) / self.spend if margin is not None and self.spend else None


@dataclass(frozen=True)
class Costs:
    """What was spent in the period, on one case of each milestone, and by source with the milestones of its columns."""

    spend: Decimal
    per_milestone: Mapping[str, Decimal | None]
    milestones: tuple[str, ...]
    lines: tuple[SourceLine, ...]
    total: SourceLine


def has_cost(asked: Asked) -> bool:
    """Whether the spend can be set against the cases of this filter."""
    return not (asked.owners or asked.state or asked.outcomes or set(asked.dimensions) - {SOURCE})


def find_costs(
    session: Session,
    plan: MilestonePlan,
    filters: FunnelFilter,
    asked: Asked,
    labels: Labels,
    rows: Iterable[MilestoneFigures],
    money: Mapping[str | None, Money] | None,
    *,
    reach: RowScope,
) -> Costs:
    """Three statements. `money` is by source, None when the reader may not know it."""
    every_source = replace(filters, dimensions={})
    touched = count_touched_by_value(session, plan, every_source, SOURCE)
    today = now().astimezone(current_zone()).date()
    spent = spend_by_source(
        session,
        reach,
        since=asked.period.first,
        until=min(asked.period.last or today, today),
        centre_ids=[scope or None for scope in asked.scopes] if asked.scopes else None,
    )
    milestones = _columns(plan)
    spend, rest = _shared_out(spent, touched, milestones[0], paid_sources(session))
    chosen = asked.dimensions.get(SOURCE)
    sources = [value for value in dict.fromkeys([*touched, *spend]) if not chosen or (value or "") in chosen]

    def line(value: str | None) -> SourceLine:
        counted = touched.get(value, Counter())
        numbers = tuple(counted[name] for name in milestones)
        brought = None if money is None else money.get(value, Money())
        return SourceLine(value or "", labels.value(SOURCE, value), numbers, spend.get(value, NOTHING), brought)

    lines = sorted((line(value) for value in sources), key=lambda each: (-each.spend, -each.touched[0], each.label))
    if rest and not chosen:
        none = tuple(0 for _ in milestones)
        lines.append(SourceLine(None, "", none, rest, None if money is None else Money()))
    total = _total(lines, milestones)
    each = {row.milestone: per_case(total.spend, _number(row)) for row in rows}
    return Costs(total.spend, each, milestones, tuple(lines), total)


def per_case(spend: Decimal, cases: int) -> Decimal | None:
    """In kopecks; None for nobody, or when nothing was spent."""
    return (spend / cases).quantize(KOPECK, ROUND_HALF_UP) if cases and spend else None


def _columns(plan: MilestonePlan) -> tuple[str, ...]:
    """Where it begins, the milestone after it, and the last one that everybody has to come to."""
    last = plan.mandatory[-1:] or plan.milestones[-1:]
    return tuple(dict.fromkeys([*plan.milestones[:2], *last]))


def _number(row: MilestoneFigures) -> int:
    return row.touched if row.reached is None else row.reached


def _shared_out(
    spent: Mapping[str | None, Decimal],
    touched: Mapping[str | None, Counter[str]],
    first: str,
    paid: frozenset[str],
) -> tuple[dict[str | None, Decimal], Decimal]:
    """Direct spend and, by the cases of each paid source, what was for all of them; and what nobody can bear."""
    spend = {source: amount for source, amount in spent.items() if source is not None}
    for_all = spent.get(None, NOTHING)
    shares = share_out(for_all, {source: counted[first] for source, counted in touched.items() if source in paid})
    borne: dict[str | None, Decimal] = dict(spend.items())
    for source, share in shares.items():
        borne[source] = borne.get(source, NOTHING) + share
    return borne, NOTHING if shares else for_all


def _total(lines: Iterable[SourceLine], milestones: tuple[str, ...]) -> SourceLine:
    every = list(lines)
    touched = tuple(sum(line.touched[place] for line in every) for place, _ in enumerate(milestones))
    brought = [line.money for line in every if line.money is not None]
    money = Money.of(brought) if brought else None
    return SourceLine(None, "", touched, sum((line.spend for line in every), NOTHING), money)
