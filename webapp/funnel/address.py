"""The address of the funnel page is its filter: read from the query, written into links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from engine.milestones.drilldown import Figure
from engine.milestones.filters import Counting, FunnelFilter, State, Visibility
from webapp.core.forms import number, read_day
from webapp.core.requests import page_number
from webapp.kit.periods import Period, PeriodName, period_of

Word = TypeVar("Word", Counting, Figure, State, PeriodName)

NOBODY = 0  # the owner or centre of cases that have none
DIMENSION = "d."  # before a dimension's name; an empty value stands for "not stated"
BY_OWNER, BY_SCOPE = "owner", "centre"


@dataclass(frozen=True)
class Asked:
    """What a page of the funnel is asked for. An empty tuple or text: no restriction, or the default."""

    process: str
    counting: Counting
    period: Period
    scopes: tuple[int, ...] = ()
    owners: tuple[int, ...] = ()
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    state: State | None = None
    outcomes: tuple[str, ...] = ()
    at: str = ""  # the milestone in focus
    by: str = BY_OWNER
    figure: Figure | None = None
    page: int = 1

    def filters(self, zone: ZoneInfo, visible: Visibility) -> FunnelFilter:
        """The same for the engine."""
        return FunnelFilter(
            since=self.period.since(zone),
            until=self.period.until(zone),
            scopes=frozenset(scope or None for scope in self.scopes) if self.scopes else None,
            owners=frozenset(owner or None for owner in self.owners) if self.owners else None,
            dimensions={name: frozenset(value or None for value in values) for name, values in self.dimensions.items()},
            state=self.state,
            outcomes=frozenset(self.outcomes) if self.outcomes else None,
            counting=self.counting,
            visible=visible,
        )

    def parameters(self, **changes: object) -> dict[str, object]:
        """The query of an address with the same filter, but for the changes; defaults are left out.

        Changes are named as in the query (`centre`, `person`, `d.source` …); None takes one away.
        """
        own = self.period.name is PeriodName.OWN
        query: dict[str, object] = {
            "process": self.process,
            "counting": self.counting.value if self.counting is not Counting.COHORT else None,
            "period": self.period.name.value if self.period.name is not PeriodName.LAST_30_DAYS else None,
            "from": self.period.first.isoformat() if own and self.period.first else None,
            "to": self.period.last.isoformat() if own and self.period.last else None,
            "centre": list(self.scopes),
            "person": list(self.owners),
            **{f"{DIMENSION}{name}": list(values) for name, values in self.dimensions.items()},
            "state": self.state.value if self.state else None,
            "outcome": list(self.outcomes),
            "at": self.at,
            "by": self.by if self.by != BY_OWNER else None,
        }
        return {name: value for name, value in (query | changes).items() if value not in (None, "", [])}

    def toggled(self, name: str, value: int | str) -> dict[str, object]:
        """The query with one value of a list added, or taken away if it is there."""
        values = self.dimensions.get(name.removeprefix(DIMENSION), ())
        chosen: list[int | str] = [*{"centre": self.scopes, "person": self.owners}.get(name, values)]
        changed = [each for each in chosen if each != value] if value in chosen else [*chosen, value]
        return self.parameters(**{name: changed})


def read_address(query: MultiDict[str, str], *, process: str, today: date) -> Asked:
    """What the query asks for; what cannot be understood is taken for not said."""
    name = _word(PeriodName, query.get("period")) or PeriodName.LAST_30_DAYS
    dimensions = {key.removeprefix(DIMENSION): tuple(query.getlist(key)) for key in query if key.startswith(DIMENSION)}
    return Asked(
        process=process,
        counting=_word(Counting, query.get("counting")) or Counting.COHORT,
        period=period_of(name, today, read_day(query.get("from")), read_day(query.get("to"))),
        scopes=tuple(query.getlist("centre", type=number)),
        owners=tuple(query.getlist("person", type=number)),
        dimensions=dimensions,
        state=_word(State, query.get("state")),
        outcomes=tuple(query.getlist("outcome")),
        at=query.get("at", ""),
        by=query.get("by", BY_OWNER),
        figure=_word(Figure, query.get("figure")),
        page=page_number(query),
    )


def _word(kind: type[Word], text: str | None) -> Word | None:
    return kind(text) if text in set(kind) else None
