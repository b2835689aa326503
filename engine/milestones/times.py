"""How long cases take from one milestone to another."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Float, Integer, SQLColumnExpression, String, and_, case, cast, column, func, select, values
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from engine.milestones.filters import Counting, FunnelFilter
from engine.milestones.models import Episode, EpisodeMilestone
from engine.milestones.plan import MilestonePlan

Step = tuple[str, str]  # from, to


@dataclass(frozen=True)
class StepTime:
    """Time from the first entry of one milestone to the first entry of another.

    `cases` episodes entered both in this order. `median` is the mean of the two middle values when
    their number is even; `p90` the smallest value that at least 90 % do not exceed. `censored`: episodes
    that entered the first, not the second, and are still open, so that their time is not known yet.
    """

    cases: int
    median: timedelta | None
    p90: timedelta | None
    censored: int


class seconds_between(FunctionElement[float]):  # noqa: N801  # reads as the SQL function it becomes
    """Seconds from the first to the second timestamp, on either database."""

    type = Float()
    inherit_cache = True

    def __init__(self, start: SQLColumnExpression[Any], end: SQLColumnExpression[Any]) -> None:
        super().__init__(start, end)


@compiles(seconds_between, "sqlite")
def _on_sqlite(element: seconds_between, compiler: SQLCompiler, **options: object) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"((julianday({end}) - julianday({start})) * 86400.0)"


@compiles(seconds_between, "postgresql")
def _on_postgresql(element: seconds_between, compiler: SQLCompiler, **options: object) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM ({end} - {start})) AS DOUBLE PRECISION)"


def steps_of(plan: MilestonePlan) -> list[Step]:
    """The steps that a funnel shows: into each milestone from the mandatory one before it."""
    return [(before, milestone) for milestone in plan.milestones if (before := plan.before(milestone))]


def measure_times(
    session: Session, plan: MilestonePlan, filters: FunnelFilter, steps: Iterable[Step]
) -> dict[Step, StepTime]:
    """Times of the cohort's episodes for each of the steps. One statement for all of them."""
    wanted = list(dict.fromkeys(steps))
    if not wanted:
        return {}
    step = values(column("source", String), column("target", String), name="step").data(wanted).cte("step")
    first, second = aliased(EpisodeMilestone), aliased(EpisodeMilestone)
    took = case((second.first_seq > first.first_seq, seconds_between(first.first_at, second.first_at)))
    waits = and_(second.episode_id.is_(None), Episode.outcome.is_(None))
    measured = (
        replace(filters, counting=Counting.COHORT)
        .limit(
            select(step.c.source, step.c.target, took.label("took"), case((waits, 1), else_=0).label("waits"))
            .select_from(Episode)
            .join(first, first.episode_id == Episode.id)
            .join(step, step.c.source == first.milestone)
            .outerjoin(second, and_(second.episode_id == Episode.id, second.milestone == step.c.target)),
            plan.process_key,
        )
        .subquery()
    )
    apart = (measured.c.source, measured.c.target)
    known = measured.c.took.is_not(None)
    numbered = select(
        measured,
        func.count(measured.c.took).over(partition_by=apart).label("cases"),
        func.row_number().over(partition_by=(*apart, known), order_by=measured.c.took).label("place"),
    ).subquery()
    place, cases = numbered.c.place, numbered.c.cases
    middle = place.in_([(cases + 1) // 2, (cases + 2) // 2])
    statement = select(
        numbered.c.source,
        numbered.c.target,
        func.max(cases),
        func.avg(case((middle, numbered.c.took))),
        func.max(case((place == (9 * cases + 9) // 10, numbered.c.took))),
        cast(func.sum(numbered.c.waits), Integer),
    ).group_by(numbered.c.source, numbered.c.target)
    found = {
        (source, target): StepTime(cases, _duration(median), _duration(p90), censored)
        for source, target, cases, median, p90, censored in session.execute(statement)
    }
    return {pair: found.get(pair, StepTime(0, None, None, 0)) for pair in wanted}


def _duration(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=round(seconds, 3))
