"""The address of the page of steps is its filter: read from the query, written into links."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from engine.analytics.drilldown import Figure
from engine.analytics.figures import Clock, Reach, StepFilter
from webapp.core.forms import number, read_day
from webapp.core.permissions import RowScope, ScopeKind
from webapp.core.requests import page_number
from webapp.funnel.step_order import COLUMNS, UP
from webapp.kit.periods import Period, PeriodName, period_of

CLOSE = "close"  # the curve until a case is closed


@dataclass(frozen=True)
class StepsAsked:
    """What the page is asked for. An empty tuple or text, or 0: no restriction, or the default."""

    process: str
    period: Period
    version: int = 0
    scopes: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    clock: Clock = Clock.CALENDAR
    curve: str = CLOSE  # or the milestone from which time is counted
    figure: Figure = Figure.ENTERED
    at: str = ""
    order: str = ""  # a column of webapp.funnel.step_order, with a minus for the least first; as drawn
    page: int = 1

    def filters(self, zone: ZoneInfo, reach: RowScope, definition_id: int | None) -> StepFilter:
        """The same for the engine, within what the reader may see."""
        return StepFilter(
            self.process,
            since=self.period.since(zone),
            until=self.period.until(zone),
            definitions=None if definition_id is None else frozenset({definition_id}),
            scopes=frozenset(self.scopes) if self.scopes else None,
            people=frozenset(self.people) if self.people else None,
            reach=None if reach.kind is ScopeKind.GROUP else Reach(reach.owner_ids, reach.centre_ids),
        )

    def parameters(self, **changes: object) -> dict[str, object]:
        """The query of an address with the same filter, but for the changes; defaults are left out."""
        own = self.period.name is PeriodName.OWN
        query: dict[str, object] = {
            "process": self.process,
            "version": str(self.version) if self.version else None,
            "period": self.period.name.value if self.period.name is not PeriodName.LAST_30_DAYS else None,
            "from": self.period.first.isoformat() if own and self.period.first else None,
            "to": self.period.last.isoformat() if own and self.period.last else None,
            "centre": list(self.scopes),
            "person": list(self.people),
            "hours": self.clock.value if self.clock is Clock.OPEN else None,
            "order": self.order or None,
            "curve": self.curve if self.curve != CLOSE else None,
        }
        return {name: value for name, value in (query | changes).items() if value not in (None, "", [])}

    def ordered(self, column: str) -> dict[str, object]:
        """The query for a click on the head of a column: the most first, then the least, then as drawn."""
        following = {column: UP + column, UP + column: None}
        return self.parameters(order=following.get(self.order, column))

    def toggled(self, name: str, value: int) -> dict[str, object]:
        """The query with one centre or person added, or taken away if it is there."""
        chosen = self.scopes if name == "centre" else self.people
        kept = [each for each in chosen if each != value]
        return self.parameters(**{name: kept if value in chosen else [*kept, value]})


def _order(typed: str) -> str:
    return typed if typed.removeprefix(UP) in COLUMNS else ""


def read_steps_asked(query: MultiDict[str, str], *, process: str, today: date) -> StepsAsked:
    """What the query asks for; what cannot be understood is taken for not said."""
    period, figure = query.get("period", ""), query.get("figure", "")
    name = PeriodName(period) if period in set(PeriodName) else PeriodName.LAST_30_DAYS
    return StepsAsked(
        process=process,
        period=period_of(name, today, read_day(query.get("from")), read_day(query.get("to"))),
        version=query.get("version", 0, type=number),
        scopes=tuple(query.getlist("centre", type=number)),
        people=tuple(query.getlist("person", type=number)),
        clock=Clock.OPEN if query.get("hours") == Clock.OPEN else Clock.CALENDAR,
        curve=query.get("curve", CLOSE),
        figure=Figure(figure) if figure in set(Figure) else Figure.ENTERED,
        at=query.get("at", ""),
        order=_order(query.get("order", "")),
        page=page_number(query),
    )
