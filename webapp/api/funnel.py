"""The funnel of one process: the figures of its page, by the same definitions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, validate

from engine.errors import UnknownDefinition
from engine.milestones.filters import Counting, State
from engine.milestones.funnel import DimensionTally
from engine.milestones.times import StepTime
from webapp.api.case_shapes import NOBODY_TOO
from webapp.api.reading import Query
from webapp.api.resource import Resource, listed, one_of, words
from webapp.api.shapes import day
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.i18n import current_zone
from webapp.core.permissions import current_scope, require
from webapp.funnel.address import Asked
from webapp.funnel.choosing import find_measured
from webapp.funnel.queries import FunnelPage, load_page
from webapp.kit.periods import PeriodName, period_of

resource = Resource("funnel", _l("Funnel"))


class FunnelQuery(Query):
    """What part of the cases is counted; `dimension` is written `source:website`, without a value: not stated."""

    counting = one_of(Counting, load_default=Counting.COHORT.value)
    period = one_of(PeriodName, load_default=PeriodName.LAST_30_DAYS.value)
    since = day(
        load_default=None,
        metadata={"description": _l("The first day, with the period own.")},
    )
    until = day(
        load_default=None,
        metadata={"description": _l("The last day, with the period own.")},
    )
    centre = listed(NOBODY_TOO)
    owner = listed(NOBODY_TOO)
    dimension = listed(
        fields.String(
            validate=validate.Regexp(
                r"^[A-Za-z_][A-Za-z0-9_]{0,59}:[^\x00]{0,120}\Z", error=_l("Write it as name:value.")
            )
        ),
        20,
    )
    state = one_of(State, load_default=None)
    outcome = listed(words(60), 20)


class BarOut(Schema):
    """One milestone. What does not exist by event date, or for an optional milestone, is null."""

    milestone = fields.String(required=True)
    title = fields.String(required=True)
    rank = fields.Integer(required=True)
    touched = fields.Integer(required=True)
    reached = fields.Integer(required=True, allow_none=True)
    skipped = fields.Integer(required=True, allow_none=True)
    conversion = fields.Float(required=True, allow_none=True)
    current = fields.Integer(required=True, allow_none=True)
    open_here = fields.Integer(required=True, allow_none=True)
    lost_here = fields.Integer(required=True, allow_none=True)
    won_here = fields.Integer(required=True, allow_none=True)
    rework = fields.Integer(required=True, allow_none=True)
    median_seconds = fields.Float(required=True, allow_none=True)


class ValueOut(Schema):
    """Cases of the cohort with one value of one dimension."""

    dimension = fields.String(required=True)
    value = fields.String(required=True)
    cases = fields.Integer(required=True)
    won = fields.Integer(required=True)
    lost = fields.Integer(required=True)


class MoneyOut(Schema):
    """What the cases brought, as far as the caller may know."""

    cases = fields.Integer(required=True)
    revenue = fields.String(required=True)
    profit = fields.String(required=True, allow_none=True)


class FunnelOut(Schema):
    """The figures of a period. `money` is null for who may not know it."""

    process = fields.String(required=True)
    counting = fields.String(required=True)
    since = fields.Date(required=True, allow_none=True)
    until = fields.Date(required=True, allow_none=True)
    opened = fields.Integer(required=True, allow_none=True)
    milestones = fields.List(fields.Nested(BarOut), required=True)
    dimensions = fields.List(fields.Nested(ValueOut), required=True)
    weak_link = fields.String(required=True, allow_none=True)
    money = fields.Nested(MoneyOut, required=True, allow_none=True)


@resource.read(
    "/funnel/<process>", FunnelOut, query=FunnelQuery, summary=_l("The funnel of a process, as its page shows it")
)
@require("funnel.see")
def show_funnel(asked: Mapping[str, Any], process: str) -> dict[str, Any]:
    """A fixed number of statements, however many cases there are."""
    measured = find_measured(session())
    if process not in measured:
        raise UnknownDefinition("process_unknown", f"Process {process} has no funnel.", process=process)
    wanted = _asked(asked, process)
    page = load_page(session(), wanted, measured[process], measured, current_scope("funnel.see"))
    return {
        "process": process,
        "counting": wanted.counting.value,
        "since": wanted.period.first,
        "until": wanted.period.last,
        "opened": page.cohort.opened if page.cohort else None,
        "milestones": _bars(page),
        "dimensions": _values(page),
        "weak_link": page.weak.milestone if page.weak else None,
        "money": page.money,
    }


def _asked(asked: Mapping[str, Any], process: str) -> Asked:
    """The same filter as the address of the page."""
    today: date = now().astimezone(current_zone()).date()
    dimensions: dict[str, tuple[str, ...]] = {}
    for each in asked["dimension"]:
        name, _, value = each.partition(":")
        dimensions[name] = (*dimensions.get(name, ()), value)
    return Asked(
        process=process,
        counting=Counting(asked["counting"]),
        period=period_of(PeriodName(asked["period"]), today, asked["since"], asked["until"]),
        scopes=tuple(asked["centre"]),
        owners=tuple(asked["owner"]),
        dimensions=dimensions,
        state=State(asked["state"]) if asked["state"] else None,
        outcomes=tuple(asked["outcome"]),
    )


def _bars(page: FunnelPage) -> list[dict[str, Any]]:
    names = BarOut().fields.keys() - {"title", "median_seconds"}
    return [
        {
            **{name: getattr(bar.figures, name) for name in names},
            "title": bar.label,
            "median_seconds": _seconds(bar.time),
        }
        for bar in page.bars
    ]


def _seconds(time: StepTime | None) -> float | None:
    median = time.median if time else None
    return median.total_seconds() if median is not None else None


def _values(page: FunnelPage) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for tally in page.dimensions:
        if tally.matches:
            _add(found, tally)
    return [found[key] for key in sorted(found)]


def _add(found: dict[tuple[str, str], dict[str, Any]], tally: DimensionTally) -> None:
    empty = {"dimension": tally.name, "value": tally.value, "cases": 0, "won": 0, "lost": 0}
    row = found.setdefault((tally.name, tally.value), empty)
    row["cases"] += tally.episodes
    row["won"] += tally.episodes if tally.outcome == "won" else 0
    row["lost"] += tally.episodes if tally.outcome not in (None, "won") else 0
