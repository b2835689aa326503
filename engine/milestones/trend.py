"""How one figure of the funnel went from week to week or from month to month."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, exists, func, literal, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.milestones.comparison import Share
from engine.milestones.drilldown import UnknownFigure
from engine.milestones.filters import AnySelect, Counting, FunnelFilter
from engine.milestones.models import Episode, EpisodeMilestone
from engine.milestones.plan import MilestonePlan


class Measure(StrEnum):
    """What a curve shows of a milestone or, for `RATIO`, of a ratio."""

    COUNT = "count"  # reached (touched: an optional one, and any by event date), of all opened
    CONVERSION = "conversion"  # to the next mandatory milestone; not by event date
    RATIO = "ratio"


@dataclass(frozen=True)
class Curve:
    """A measure and the milestone or ratio it is of."""

    measure: Measure
    name: str


def count_trend(
    session: Session, plan: MilestonePlan, filters: FunnelFilter, curve: Curve, borders: Sequence[datetime]
) -> tuple[Share, ...]:
    """The curve for each stretch from a border up to, not with, the next. One statement.

    In a cohort the stretch is that of the episode's opening, by event date that of the entry into the milestone, or
    into the base of the ratio. `borders` ascend and take the place of the filter's period. A count is the part;
    its whole is that of all opened, or by event date the count itself.
    Raises UnknownFigure when the plan or the counting knows no such curve.
    """
    moment, whole, part = _conditions(plan, filters.counting, curve)
    stretch = case(*[(moment < border, place) for place, border in enumerate(borders[1:-1])], else_=len(borders) - 2)
    if len(borders) == 2:
        stretch = literal(0)  # type: ignore[assignment]  # there is nothing to tell apart
    period = replace(filters, since=borders[0], until=borders[-1])
    statement: AnySelect = select(stretch.label("stretch"), _number(whole), _number(part)).select_from(Episode)
    if filters.counting is Counting.EVENT_DATE:
        milestone = _dated(plan, curve)
        statement = statement.join(EpisodeMilestone, EpisodeMilestone.episode_id == Episode.id)
        statement = statement.where(EpisodeMilestone.milestone == milestone)
    statement = period.limit(statement, plan.process_key).group_by("stretch")
    found = {place: Share(parts or 0, wholes or 0) for place, wholes, parts in session.execute(statement)}
    return tuple(found.get(place, Share(0, 0)) for place in range(len(borders) - 1))


def curves_of(plan: MilestonePlan, counting: Counting) -> tuple[Curve, ...]:
    """Every curve that can be drawn, in the order of the plan."""
    counts = [Curve(Measure.COUNT, name) for name in plan.milestones]
    steps = [Curve(Measure.CONVERSION, name) for name in plan.mandatory[:-1]] if counting is Counting.COHORT else []
    return (*counts, *steps, *(Curve(Measure.RATIO, ratio.name) for ratio in plan.ratios))


Moment = InstrumentedAttribute[datetime]
Conditions = tuple[Moment, ColumnElement[bool], ColumnElement[bool]]


def _conditions(plan: MilestonePlan, counting: Counting, curve: Curve) -> Conditions:
    """What decides the stretch, who belongs to the whole and who of them to the part."""
    if curve not in curves_of(plan, counting):
        raise UnknownFigure("funnel_figure_unknown", figure=curve.measure, milestone=curve.name)
    dated = counting is Counting.EVENT_DATE
    moment: Moment = EpisodeMilestone.first_at if dated else Episode.opened_at
    ratio = plan.ratio(curve.name) if curve.measure is Measure.RATIO else None
    if ratio:
        base = true() if dated else _touched(ratio.base)
        return moment, base, base & _touched(ratio.part)
    if dated:
        return moment, true(), true()
    rank = plan.rank(curve.name)
    here = Episode.highest_rank >= rank if rank else _touched(curve.name)
    if curve.measure is Measure.CONVERSION:
        return moment, here, Episode.highest_rank > rank
    return moment, true(), here


def _dated(plan: MilestonePlan, curve: Curve) -> str:
    ratio = plan.ratio(curve.name) if curve.measure is Measure.RATIO else None
    return ratio.base if ratio else curve.name


def _touched(milestone: str) -> ColumnElement[bool]:
    row = aliased(EpisodeMilestone)
    return exists().where(row.episode_id == Episode.id, row.milestone == milestone)


def _number(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return cast(func.sum(case((condition, 1), else_=0)), Integer)
