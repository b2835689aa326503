"""The address of a heat map is what it shows: read from the query, written into links."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from engine.analytics.figures import Clock
from webapp.core.forms import number, read_day, read_number
from webapp.kit.periods import Period, PeriodName, period_of
from webapp.studio.heat.measures import MEASURES, Measure

FIRST = "now"
BEFORE, YEAR, OWN = "before", "year", "own"  # what may stand beside; else the number of a person
Query = dict[str, object]


@dataclass(frozen=True)
class Asked:
    """What the page is asked for. An empty tuple or text, or 0: no restriction, or the default."""

    key: str
    measure: Measure
    period: Period
    version: int = 0
    part: str = ""  # a called process whose drawing is shown
    scopes: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    clock: Clock = Clock.CALENDAR
    beside: str = ""
    other: Period | None = None  # as typed, for OWN

    @property
    def other_person(self) -> int | None:
        return read_number(self.beside)

    @property
    def second(self) -> "Asked | None":
        """The same for what stands beside it; None when nothing does. What is now has no period to compare."""
        if self.other_person is not None:
            return replace(self, people=(self.other_person,), beside="")
        period = {BEFORE: self.period.before(), YEAR: self.period.year_before(), OWN: self.other}.get(self.beside)
        if period is None or not self.measure.has_period:
            return None
        return replace(self, period=period, beside="", other=None)

    def parameters(self, **changes: object) -> Query:
        """The address of the page with the same filter, but for the changes; defaults are left out."""
        query: Query = {
            "key": self.key,
            "by": self.measure.name if self.measure.name != FIRST else None,
            "part": self.part,
            "beside": self.beside,
            **(_days(self.other, "from2", "to2") if self.beside == OWN and self.other else {}),
            **self._filter(),
        }
        return _said(query | changes)

    def toggled(self, name: str, value: int) -> Query:
        """The address with one centre or person added, or taken away if it is there."""
        chosen = self.scopes if name == "centre" else self.people
        kept = [each for each in chosen if each != value]
        return self.parameters(**{name: kept if value in chosen else [*kept, value]})

    def steps(self, **more: object) -> Query:
        """The query of the page of steps, and of its lists, with the same filter."""
        return _said({"process": self.key, **self._filter(), **more})

    def way_back(self) -> str:
        """This map as a query: the lists that it opens lead back by it."""
        query = self.parameters(by=self.measure.name)
        return urlencode({name: value for name, value in query.items() if name != "key"}, doseq=True)

    def _filter(self) -> Query:
        return {
            "version": self.version or None,
            "period": self.period.name.value if self.period.name is not PeriodName.LAST_30_DAYS else None,
            **(_days(self.period, "from", "to") if self.period.name is PeriodName.OWN else {}),
            "centre": list(self.scopes),
            "person": list(self.people),
            "hours": self.clock.value if self.clock is Clock.OPEN else None,
        }


def read_asked(query: MultiDict[str, str], *, key: str, today: date) -> Asked:
    """What the query asks for; what cannot be understood is taken for not said."""
    name, beside = query.get("period", ""), query.get("beside", "")
    typed = period_of(PeriodName.OWN, today, read_day(query.get("from2")), read_day(query.get("to2")))
    return Asked(
        key=key,
        measure=MEASURES.get(query.get("by", FIRST), MEASURES[FIRST]),
        period=period_of(
            PeriodName(name) if name in set(PeriodName) else PeriodName.LAST_30_DAYS,
            today,
            read_day(query.get("from")),
            read_day(query.get("to")),
        ),
        version=query.get("version", 0, type=number),
        part=query.get("part", ""),
        scopes=tuple(query.getlist("centre", type=number)),
        people=tuple(query.getlist("person", type=number)),
        clock=Clock.OPEN if query.get("hours") == Clock.OPEN else Clock.CALENDAR,
        beside=beside if beside in (BEFORE, YEAR, OWN) or (read_number(beside) or 0) > 0 else "",
        other=typed if typed.first or typed.last else None,
    )


def _days(period: Period, first: str, last: str) -> Query:
    return {
        first: period.first.isoformat() if period.first else None,
        last: period.last.isoformat() if period.last else None,
    }


def _said(query: Query) -> Query:
    return {name: value for name, value in query.items() if value not in (None, "", [])}
