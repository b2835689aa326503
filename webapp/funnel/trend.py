"""The course of one figure by weeks or months of the chosen period, with the cases behind each point."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.store import Definition
from engine.milestones.comparison import Share
from engine.milestones.drilldown import Figure
from engine.milestones.filters import Counting, FunnelFilter
from engine.milestones.models import Episode
from engine.milestones.plan import MilestonePlan
from engine.milestones.trend import Curve, Measure, count_trend, curves_of
from webapp.core.clock import now
from webapp.core.formats import format_day
from webapp.core.i18n import current_language, current_zone
from webapp.funnel.address import Asked
from webapp.funnel.labels import Labels, find_labels
from webapp.funnel.tables import Column, Kind, Table, Value
from webapp.kit.periods import PeriodName

MOST_POINTS = 160  # about three years by week; longer periods are shown by month
WEEKS_UP_TO = timedelta(days=190)


class Step(StrEnum):
    """The stretch of one point."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Point:
    """One stretch, cut by the period at its ends. `query` is the address of the cases behind the part."""

    first: date
    last: date
    share: Share
    query: Mapping[str, object]
    whole_query: Mapping[str, object] | None


@dataclass(frozen=True)
class TrendPage:
    """A curve with what else could be drawn. `is_share`: its values are parts of a whole, else counts."""

    asked: Asked
    labels: Labels
    step: Step
    curve: Curve
    title: str
    choices: Mapping[str, str]  # value in the address: what it is called
    points: tuple[Point, ...]

    @property
    def is_share(self) -> bool:
        return self.curve.measure is not Measure.COUNT

    @property
    def what(self) -> str:
        return word_of(self.curve)

    def values(self) -> list[float | None]:
        """For the picture: per cent or counts."""
        return [_value(point.share, self.is_share) for point in self.points]


def load_trend(
    session: Session, asked: Asked, definition: Definition, filters: FunnelFilter, *, what: str, step: str
) -> TrendPage:
    """Two statements for the figures. A curve that does not exist here becomes the first one of the process."""
    plan, labels = definition.plan, find_labels(session, definition, asked.owners)
    choices = {word_of(curve): _title(curve, plan, labels) for curve in curves_of(plan, asked.counting)}
    curves = {word_of(curve): curve for curve in curves_of(plan, asked.counting)}
    curve = curves.get(what) or next(iter(curves.values()))
    first, last = _days(session, asked, plan)
    chosen = _step(step, first, last)
    stretches = list(cut(first, last, chosen))
    borders = [_midnight(day, current_zone()) for day, _ in stretches]
    borders.append(_midnight(last + timedelta(days=1), current_zone()))
    shares = count_trend(session, plan, filters, curve, borders) if stretches else ()
    points = tuple(
        _point(asked, curve, plan, begin, end, share) for (begin, end), share in zip(stretches, shares, strict=True)
    )
    return TrendPage(asked, labels, chosen, curve, choices[word_of(curve)], choices, points)


def cut(first: date, last: date, step: Step) -> Iterator[tuple[date, date]]:
    """First and last day of every week (from Monday) or month that touches the period, cut by its ends."""
    begin = first
    while begin <= last:
        if step is Step.WEEK:
            following = begin + timedelta(days=7 - begin.weekday())
        else:
            following = (begin.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield begin, min(following - timedelta(days=1), last)
        begin = following


def word_of(curve: Curve) -> str:
    """How the address says it: conversion.contact."""
    return f"{curve.measure}.{curve.name}"


def trend_table(page: TrendPage) -> Table:
    """The points, typed for a spreadsheet."""
    columns = [Column(_("From"), Kind.DAY), Column(_("Up to and with"), Kind.DAY)]
    rows: list[list[Value]]
    if page.is_share:
        columns += [Column(page.title, Kind.SHARE), Column(_("Part")), Column(_("Of"))]
        columns += [Column(_("95 % from"), Kind.SHARE), Column(_("95 % to"), Kind.SHARE)]
        rows = [
            [
                point.first,
                point.last,
                point.share.value,
                point.share.part,
                point.share.whole,
                *((point.share.low, point.share.high) if point.share.whole else (None, None)),
            ]
            for point in page.points
        ]
    else:
        columns.append(Column(page.title))
        rows = [[point.first, point.last, point.share.part] for point in page.points]
    return Table(_("Trend"), columns, rows)


def picture_of(page: TrendPage) -> Mapping[str, object]:
    """What the browser draws: names of the stretches, values and, of shares, the band."""
    shares = [point.share for point in page.points]
    return {
        "title": page.title,
        "share": page.is_share,
        "names": [stretch_name(point, page.step) for point in page.points],
        "values": page.values(),
        "low": [round(100 * each.low, 2) if each.whole else None for each in shares] if page.is_share else [],
        "high": [round(100 * each.high, 2) if each.whole else None for each in shares] if page.is_share else [],
        "language": current_language(),
    }


def stretch_name(point: Point, step: Step) -> str:
    """Its first day; a month by its name."""
    language, zone = current_language(), current_zone()
    if step is Step.WEEK:
        return format_day(point.first, language, zone, "short")
    return f"{point.first:%m.%Y}"


def _value(share: Share, is_share: bool) -> float | None:
    if not is_share:
        return share.part
    return None if share.value is None else round(100 * share.value, 2)


def _title(curve: Curve, plan: MilestonePlan, labels: Labels) -> str:
    if curve.measure is Measure.RATIO:
        return labels.ratio(curve.name)
    if curve.measure is Measure.COUNT:
        return labels.milestone(curve.name)
    following = plan.mandatory[plan.rank(curve.name)]
    return f"{labels.milestone(curve.name)} → {labels.milestone(following)}"


def _days(session: Session, asked: Asked, plan: MilestonePlan) -> tuple[date, date]:
    """The days of the period up to today; it does not begin before the first case."""
    today = now().astimezone(current_zone()).date()
    last = min(asked.period.last or today, today)
    opened = session.scalar(select(func.min(Episode.opened_at)).where(Episode.process_key == plan.process_key))
    earliest = opened.astimezone(current_zone()).date() if opened else last
    return max(asked.period.first or earliest, earliest), last


def _step(word: str, first: date, last: date) -> Step:
    wanted = Step(word) if word in set(Step) else Step.WEEK if last - first <= WEEKS_UP_TO else Step.MONTH
    too_many = wanted is Step.WEEK and (last - first).days > 7 * MOST_POINTS
    return Step.MONTH if too_many else wanted


def _point(asked: Asked, curve: Curve, plan: MilestonePlan, first: date, last: date, share: Share) -> Point:
    own = {"period": PeriodName.OWN.value, "from": first.isoformat(), "to": last.isoformat(), "at": curve.name}
    part, whole = _figures(curve, plan, asked.counting)
    return Point(
        first,
        last,
        share,
        asked.parameters(**own, figure=part.value),
        asked.parameters(**own, figure=whole.value) if whole else None,
    )


def _figures(curve: Curve, plan: MilestonePlan, counting: Counting) -> tuple[Figure, Figure | None]:
    match curve.measure:
        case Measure.RATIO:
            return Figure.RATIO_PART, Figure.RATIO_BASE
        case Measure.CONVERSION:
            return Figure.CONVERTED, Figure.REACHED
        case _:
            reached = counting is Counting.COHORT and plan.rank(curve.name)
            return (Figure.REACHED if reached else Figure.TOUCHED), None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
