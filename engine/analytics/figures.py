"""The figures of every step of a process in a period: what the analytics page and the heat map are drawn from.

Whole months come from the digests and the rest of the period from the visits themselves, so a year of 100,000
cases costs hardly more than a month. By person there are no digests: then all come from the visits.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, false, func, or_, select, true
from sqlalchemy.orm import Session

from engine.analytics import histogram
from engine.analytics.digests import COUNTS, DIGEST, ENDINGS, TIMES, Tally, first_moment, month_of, read
from engine.analytics.rows import VISIT

AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=14), timedelta(days=30))
V = VISIT.c


class Clock(StrEnum):
    """How time is counted."""

    CALENDAR = "calendar"
    OPEN = "open"  # working hours alone


@dataclass(frozen=True)
class Reach:
    """What a reader may see: the cases of these owners, and all of these centres."""

    owners: frozenset[int]
    scopes: frozenset[int]


@dataclass(frozen=True)
class StepFilter:
    """The process, the period (half-open) and what else narrows the visits. None: no restriction.

    A None among `scopes` or `people` stands for "nobody's". `people`: who did the step or has it.
    """

    process_key: str
    since: datetime | None = None
    until: datetime | None = None
    definitions: frozenset[int] | None = None
    scopes: frozenset[int | None] | None = None
    people: frozenset[int | None] | None = None
    reach: Reach | None = None

    def previous_period(self) -> "StepFilter | None":
        """The same on the period of equal length just before; None when the period is not bounded."""
        if self.since is None or self.until is None:
            return None
        return replace(self, since=self.since - (self.until - self.since), until=self.since)

    def condition(self, columns: Any) -> ColumnElement[bool]:
        """All but the period, on visits (or, without people, on anything that names process, version and centre)."""
        parts: list[ColumnElement[bool]] = [columns.process_key == self.process_key]
        if self.definitions is not None:
            parts.append(columns.definition_id.in_(sorted(self.definitions)))
        if self.scopes is not None:
            parts.append(_one_of(columns.scope_id, self.scopes))
        if self.people is not None:
            parts.append(_one_of(columns.person_id, self.people))
        if self.reach is not None and "owner_id" in columns:
            own = columns.owner_id.in_(sorted(self.reach.owners))
            parts.append(or_(own, columns.scope_id.in_(sorted(self.reach.scopes))) if self.reach.scopes else own)
        return and_(*parts)

    def during(self, moment: Any) -> ColumnElement[bool]:
        parts: list[ColumnElement[bool]] = [moment.is_not(None)]
        if self.since is not None:
            parts.append(moment >= self.since)
        if self.until is not None:
            parts.append(moment < self.until)
        return and_(*parts)


@dataclass(frozen=True)
class Standing:
    """Who is at a step now. `ages`: by the borders in `AGES`, the last is older than all of them."""

    open: int = 0
    overdue: int = 0
    ages: tuple[int, ...] = (0,) * (len(AGES) + 1)


@dataclass(frozen=True)
class StepFigures:
    """One step in a period. `entered` and `again` count what began in it, all else what ended in it; `now` is now.

    Quantiles are of a histogram (2.5 % at most beside the exact ones).
    """

    element: str
    tally: Tally = field(default_factory=Tally)
    now: Standing = Standing()
    clock: Clock = Clock.CALENDAR

    @property
    def entered(self) -> int:
        return self.tally["entered"]

    @property
    def again(self) -> int:
        """Entries of cases that had been here before."""
        return self.tally["again"]

    @cached_property
    def ended(self) -> int:
        return sum(self.tally[name] for name in ENDINGS.values())

    @property
    def overdue(self) -> float | None:
        """The share that ended too late, of those that had to end at some time."""
        return self.tally["overdue"] / self.tally["due"] if self.tally["due"] else None

    @property
    def by_hand(self) -> int:
        """Moved to another step by hand, or because another version does not have this one."""
        return self.tally["moved"] + self.tally["withdrawn"]

    def waiting(self, share: float) -> int | None:
        """Seconds that this share of the visits waited at most until somebody had them."""
        return histogram.quantile(self.tally.time(self._name("waiting")), share)

    def working(self, share: float) -> int | None:
        """Seconds that this share of the visits was with somebody at most, sleep left out."""
        return histogram.quantile(self.tally.time(self._name("working")), share)

    def timed(self, name: str) -> int:
        """How many visits a quantile is of."""
        return histogram.total(self.tally.time(self._name(name)))

    def _name(self, name: str) -> str:
        return name if self.clock is Clock.CALENDAR else f"{name}_open"


def count_steps(
    session: Session, filters: StepFilter, *, now: datetime, clock: Clock = Clock.CALENDAR
) -> dict[str, StepFigures]:
    """The figures of every step that was visited in the period or is open now. Two to nine statements."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    times = [name for name in TIMES if name.endswith("_open") == (clock is Clock.OPEN)]
    for part, condition in _parts(filters):
        if condition is None:
            _read_digests(session, part, tallies)
        else:
            _read_visits(session, part, condition, times, tallies)
    standing = _stand(session, filters, now)
    return {
        element: StepFigures(element, tallies[element], standing.get(element, Standing()), clock)
        for element in sorted({*tallies, *standing})
    }


def _parts(filters: StepFilter) -> Iterator[tuple[StepFilter, ColumnElement[bool] | None]]:
    """How the period is put together: from digests (no condition), or from visits with a condition."""
    reach = filters.reach
    if filters.people is not None or (reach is not None and not reach.scopes):
        yield filters, filters.condition(V)
        return
    scopes = filters.scopes
    if reach is not None:
        whole = frozenset(reach.scopes) if scopes is None else frozenset(reach.scopes & scopes)
        elsewhere = V.scope_id.is_(None) | V.scope_id.not_in(sorted(reach.scopes))
        own = replace(filters, reach=Reach(reach.owners, frozenset()))
        yield own, own.condition(V) & elsewhere
        scopes = whole
    within = replace(filters, scopes=scopes, reach=None)
    first = None if within.since is None else _month_from(within.since)
    last = None if within.until is None else month_of(within.until)
    if first is not None and last is not None and first >= last:
        yield within, within.condition(V)
        return
    begin = None if first is None else first_moment(first)
    end = None if last is None else first_moment(last)
    yield replace(within, since=begin, until=end), None
    if begin is not None and within.since != begin:
        yield replace(within, until=begin), within.condition(V)
    if end is not None and within.until != end:
        yield replace(within, since=end), within.condition(V)


def _month_from(moment: datetime) -> int:
    """The first month that begins at this moment or later."""
    month = month_of(moment)
    return month if first_moment(month) == moment else month + 1


def _read_digests(session: Session, filters: StepFilter, tallies: Mapping[str, Tally]) -> None:
    columns = DIGEST.c
    parts = [filters.condition(columns)]
    if filters.since is not None:
        parts.append(columns.month >= month_of(filters.since))
    if filters.until is not None:
        parts.append(columns.month < month_of(filters.until))
    wanted = [columns[name] for name in (*COUNTS, *TIMES)]
    for element, *values in session.connection().execute(select(columns.element, *wanted).where(*parts)):
        tallies[element].add(read(values))


def _read_visits(
    session: Session,
    filters: StepFilter,
    condition: ColumnElement[bool],
    times: Sequence[str],
    tallies: Mapping[str, Tally],
) -> None:
    connection = session.connection()
    entered = select(V.element, func.count(), _number(V.round > 1)).where(condition, filters.during(V.entered_at))
    for element, number, again in connection.execute(entered.group_by(V.element)):
        tally = tallies[element]
        tally.counts[0] += number
        tally.counts[1] += again
    numbers = {name: _number(V.ended == how) for how, name in ENDINGS.items()}
    numbers |= {"due": _number(V.due_at.is_not(None)), "deviations": cast(func.sum(V.deviations), Integer)}
    numbers |= {name: _number(V[name].is_(true())) for name in ("overdue", "dropped", "migrated")}
    of_ended = and_(condition, filters.during(V.ended_at))
    for element, *values in connection.execute(
        select(V.element, *numbers.values()).where(of_ended).group_by(V.element)
    ):
        for name, value in zip(numbers, values, strict=True):
            tallies[element].counts[COUNTS.index(name)] += value
    for name in times:
        place = V[f"{name}_bin"]
        statement: Select[*tuple[Any, ...]] = select(V.element, place, func.count()).where(of_ended, place.is_not(None))
        for element, bin_number, number in connection.execute(statement.group_by(V.element, place)):
            tallies[element].times[TIMES.index(name)] += histogram.one(bin_number, number)


def _stand(session: Session, filters: StepFilter, now: datetime) -> dict[str, Standing]:
    borders = [now - age for age in AGES]
    younger = [V.entered_at > border for border in borders]
    ages = [_number(younger[0])]
    ages += [_number(and_(V.entered_at <= a, V.entered_at > b)) for a, b in pairwise(borders)]
    ages.append(_number(V.entered_at <= borders[-1]))
    overdue = _number(V.due_at < now)
    statement = select(V.element, func.count(), overdue, *ages).where(filters.condition(V), V.ended_at.is_(None))
    return {
        element: Standing(number, late, tuple(by_age))
        for element, number, late, *by_age in session.connection().execute(statement.group_by(V.element))
    }


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.sum(case((condition, 1), else_=0)), Integer)


def _one_of(column: Any, values: frozenset[int | None]) -> ColumnElement[bool]:
    named = column.in_(sorted(value for value in values if value is not None)) if values - {None} else false()
    return or_(column.is_(None), named) if None in values else named
