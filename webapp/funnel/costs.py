"""What the milestones of a funnel cost, and which source or campaign pays: specification 6.3, 6.9 and 6.21.

Spend counts by accrual days: what falls on the days of the period up to today, for the department whose cases the
funnel shows. It is not kept by person, state or model, so a funnel that is narrowed by these has no cost. A milestone
costs the spend divided by the cases that reached it; an optional one, and any by event date, by those that touched it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.definitions.store import Definition
from engine.milestones.filters import FunnelFilter
from engine.milestones.funnel import MilestoneFigures, count_touched_by_value
from engine.milestones.plan import MilestonePlan
from webapp.core.clock import now
from webapp.core.i18n import current_zone
from webapp.core.permissions import RowScope
from webapp.funnel.address import BY_OWNER, Asked
from webapp.funnel.labels import Labels
from webapp.funnel.money import Money
from webapp.inquiries.accrual import KOPECK, NOTHING, share_out
from webapp.inquiries.models import SpendDepartment
from webapp.inquiries.spent import SpendBy, find_spend, paid_sources

DEPARTMENTS = {"sales": SpendDepartment.SALES, "aftersales": SpendDepartment.SERVICE}  # by the slice of the cases


@dataclass(frozen=True)
class CostLine:
    """One source or campaign: who touched the chosen milestones, what was spent on it, what came of it.

    None: not known. `value` is "" for cases without a source or campaign, and None for spend for all paid sources that
    could not be shared out.
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
    """What was spent in the period, on one case of each milestone, and by source or campaign.

    `milestones` are the columns of the lines. `common`: the part of the spend that is this department's share of what
    was spent for both; `elsewhere`: what of the chosen counts in the funnel of the other one.
    """

    by: SpendBy
    department: SpendDepartment | None  # None: everything counts, for nobody knows whose cases these are
    shared: bool  # with other processes for the same records
    spend: Decimal
    common: Decimal
    elsewhere: Decimal
    per_milestone: Mapping[str, Decimal | None]
    milestones: tuple[str, ...]
    lines: tuple[CostLine, ...]
    total: CostLine


def spend_dimension(asked: Asked, definition: Definition) -> SpendBy | None:
    """The dimension by which spend and money are set against each other; None: these cases declare neither.

    By campaign where one is chosen, or the page compares them; else by source.
    """
    declared = definition.model.dimensions
    by_campaign = SpendBy.CAMPAIGN in asked.dimensions or (
        asked.by == SpendBy.CAMPAIGN and SpendBy.SOURCE not in asked.dimensions
    )
    if by_campaign and SpendBy.CAMPAIGN in declared:
        return SpendBy.CAMPAIGN
    return SpendBy.SOURCE if SpendBy.SOURCE in declared else None


def in_the_way(asked: Asked, by: SpendBy, labels: Labels) -> list[str]:
    """The filters, in words, by which spend is not kept; with one of them a case has no cost.

    A campaign is paid for as a whole: whom it brought by which source, the spend does not tell.
    """
    named = [labels.dimension(name) for name in asked.dimensions if name != by]
    if asked.owners:
        named.append(labels.grouping(BY_OWNER))
    if asked.state:
        named.append(_("State"))
    if asked.outcomes:
        named.append(_("Outcome"))
    return named


def find_costs(
    session: Session,
    definition: Definition,
    measured: Mapping[str, Definition],
    filters: FunnelFilter,
    asked: Asked,
    labels: Labels,
    rows: Iterable[MilestoneFigures],
    money: Mapping[str | None, Money] | None,
    *,
    by: SpendBy,
    reach: RowScope,
) -> Costs:
    """Three statements, two by campaign. `money` is by the same dimension, None when the reader may not know it.

    Processes for the same records, as those of the workshop are, share the spend by the cases of each.
    """
    plan, zone = definition.plan, current_zone()
    beside = _beside(definition, measured)
    every = count_touched_by_value(session, plan, replace(filters, dimensions={}), by, beside=beside)
    touched = every.get(plan.process_key, {})
    today = now().astimezone(zone).date()
    department = DEPARTMENTS.get(_subject(definition).partition(".")[0])
    spent = find_spend(
        session,
        reach,
        by=by,
        since=asked.period.first,
        until=min(asked.period.last or today, today),
        zone=zone,
        centre_ids=[scope or None for scope in asked.scopes] if asked.scopes else None,
        department=department,
    )
    milestones = _columns(plan)
    begun = {key: {value: counted[milestones[0]] for value, counted in found.items()} for key, found in every.items()}
    part_of = _Parts(plan.process_key, begun)
    spend = {value: part_of(amount, value) for value, amount in spent.parts.items()}
    rest = NOTHING
    if by is SpendBy.SOURCE:
        spend.pop(None, None)
        for_all = spent.parts.get(None, NOTHING)
        shares = part_of.by_value(for_all, paid_sources(session))
        rest = for_all if shares is None else NOTHING
        for value, share in (shares or {}).items():
            spend[value] = spend.get(value, NOTHING) + share
    chosen = asked.dimensions.get(by)

    def counts(value: str | None) -> bool:
        return not chosen or (value or "") in chosen

    def line(value: str | None) -> CostLine:
        counted = touched.get(value, Counter())
        numbers = tuple(counted[name] for name in milestones)
        brought = None if money is None else money.get(value, Money())
        return CostLine(value or "", labels.value(by, value), numbers, spend.get(value, NOTHING), brought)

    lines = [line(value) for value in dict.fromkeys([*touched, *spend]) if counts(value)]
    lines.sort(key=lambda each: (-each.spend, -each.touched[0], each.label))
    if rest and not chosen:
        none = tuple(0 for _ in milestones)
        lines.append(CostLine(None, "", none, rest, None if money is None else Money()))
    total = _total(lines, milestones)
    return Costs(
        by=by,
        department=department,
        shared=bool(beside),
        spend=total.spend,
        common=sum((part_of(amount, value) for value, amount in spent.common.items() if counts(value)), NOTHING),
        elsewhere=sum((amount for value, amount in spent.elsewhere.items() if counts(value)), NOTHING),
        per_milestone={row.milestone: per_case(total.spend, _number(row)) for row in rows},
        milestones=milestones,
        lines=tuple(lines),
        total=total,
    )


def per_case(spend: Decimal, cases: int) -> Decimal | None:
    """In kopecks; None for nobody, or when nothing was spent."""
    return (spend / cases).quantize(KOPECK, ROUND_HALF_UP) if cases and spend else None


def _columns(plan: MilestonePlan) -> tuple[str, ...]:
    """Where it begins, the milestone after it, and the last one that everybody has to come to."""
    last = plan.mandatory[-1:] or plan.milestones[-1:]
    return tuple(dict.fromkeys([*plan.milestones[:2], *last]))


def _number(row: MilestoneFigures) -> int:
    return row.touched if row.reached is None else row.reached


def _subject(definition: Definition) -> str:
    return definition.model.properties.get("subject", "")


def _beside(definition: Definition, measured: Mapping[str, Definition]) -> list[str]:
    """The other processes for the same records, by the same milestones."""
    subject, first = _subject(definition), definition.plan.milestones[0]
    return [
        key
        for key, each in measured.items()
        if subject and key != definition.key and _subject(each) == subject and each.plan.milestones[0] == first
    ]


@dataclass(frozen=True)
class _Parts:
    """How spend is shared by processes: by the cases of the value that began in each, else by all that began there."""

    own: str
    begun: Mapping[str, Mapping[str | None, int]]

    def __call__(self, amount: Decimal, value: str | None) -> Decimal:
        """The part of the own process; the whole where nobody came to any."""
        of_value = {key: numbers.get(value, 0) for key, numbers in self.begun.items()}
        shares = share_out(amount, of_value) or share_out(amount, {k: sum(n.values()) for k, n in self.begun.items()})
        return shares.get(self.own, NOTHING) if shares else amount

    def by_value(self, amount: Decimal, values: Collection[str]) -> dict[str | None, Decimal] | None:
        """What is for all of these values, by the cases of each; None where none of them had any."""
        pairs = {
            (key, value): number
            for key, numbers in self.begun.items()
            for value, number in numbers.items()
            if value in values
        }
        shares = share_out(amount, pairs)
        return {value: share for (key, value), share in shares.items() if key == self.own} if shares else None


def _total(lines: Iterable[CostLine], milestones: tuple[str, ...]) -> CostLine:
    every = list(lines)
    touched = tuple(sum(line.touched[place] for line in every) for place, _ in enumerate(milestones))
    brought = [line.money for line in every if line.money is not None]
    money = Money.of(brought) if brought else None
    return CostLine(None, "", touched, sum((line.spend for line in every), NOTHING), money)
