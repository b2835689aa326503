"""The definition of the funnel, transcribed literally and quadratically: the oracle of these tests.

It looks at whole logs again and again and shares nothing with the product but the events and the
plan's order. Every figure is a set of episodes, or a list of numbers, written as its sentence says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.milestones.fold import LoggedEvent

OPENINGS = ("case_opened", "case_reopened")


@dataclass(frozen=True)
class Rules:
    """The plan in the words of the definition."""

    mandatory: tuple[str, ...]
    optional: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...] = ()

    def name(self, event: LoggedEvent) -> str:
        return dict(self.aliases).get(event.milestone or "", event.milestone or "")


@dataclass(frozen=True)
class Run:
    """One episode: its opening event first, its closing event last if it was closed."""

    events: tuple[LoggedEvent, ...]
    earlier: tuple["Run", ...]
    rules: Rules

    @property
    def case(self) -> int:
        return self.events[0].instance_id

    @property
    def number(self) -> int:
        return len(self.earlier) + 1

    @property
    def opened(self) -> LoggedEvent:
        return self.events[0]

    @property
    def closed(self) -> LoggedEvent | None:
        return self.events[-1] if self.events[-1].kind == "case_closed" else None

    @property
    def outcome(self) -> str | None:
        return str(self.closed.payload.get("outcome") or "ended") if self.closed else None

    @property
    def state(self) -> str:
        return {None: "open", "won": "won"}.get(self.outcome, "lost")

    def entries(self, milestone: str) -> list[LoggedEvent]:
        return [event for event in self.entered if self.rules.name(event) == milestone]

    @property
    def entered(self) -> list[LoggedEvent]:
        """Entries that were not taken back afterwards."""
        return [event for event in self.events if event.kind == "milestone_entered" and self._holds(event)]

    def _holds(self, entry: LoggedEvent, until: int | None = None) -> bool:
        return not any(
            event.kind == "milestone_taken_back"
            and self.rules.name(event) == self.rules.name(entry)
            and event.seq > entry.seq
            and (until is None or event.seq <= until)
            for event in self.events
        )

    @property
    def touched(self) -> set[str]:
        return {self.rules.name(event) for event in self.entered}

    @property
    def highest(self) -> int:
        """h(e), with ranks from 1."""
        return max((rank for rank, name in enumerate(self.rules.mandatory, 1) if name in self.touched), default=0)

    @property
    def last(self) -> str | None:
        """The latest entry, unless it was taken back: then, of those left at that moment, the latest first entry."""
        last: str | None = None
        for event in self.events:
            if event.kind == "milestone_entered":
                last = self.rules.name(event)
            elif event.kind == "milestone_taken_back" and self.rules.name(event) == last:
                firsts: dict[str, int] = {}
                for entry in self.events:
                    if (
                        entry.kind == "milestone_entered"
                        and entry.seq < event.seq
                        and self._holds(entry, until=event.seq)
                    ):
                        firsts.setdefault(self.rules.name(entry), entry.seq)
                last = max(firsts, key=lambda name: firsts[name], default=None)
        return last

    def placed(self, key: str, *, before: int | None = None) -> object:
        """`owner` or `scope`: what the latest opening or move of this or an earlier run said."""
        said = [
            event.payload[key]
            for run in (*self.earlier, self)
            for event in run.events
            if event.kind in (*OPENINGS, "case_moved") and key in event.payload
            if before is None or event.seq < before
        ]
        return said[-1] if said else None

    @property
    def dimensions(self) -> dict[str, str]:
        """The latest value of each name; the reason of an outcome only if this run said it."""
        latest: dict[str, object] = {}
        for run in (*self.earlier, self):
            for event in run.events:
                said = dict(event.payload.get("dimensions", {}))  # type: ignore[call-overload]
                if event.kind == "case_closed" and event.payload.get("reason") is not None:
                    said["outcome_reason"] = event.payload["reason"]
                if run is not self:
                    said.pop("outcome_reason", None)
                latest |= said
        return {name: str(value) for name, value in latest.items() if value is not None}


def runs_of(log: Iterable[LoggedEvent], rules: Rules) -> list[Run]:
    """Cut each case at `open` and `reopen`; a run ends at its first `close`."""
    ordered = sorted(log, key=lambda event: event.seq)
    runs: list[Run] = []
    for case in sorted({event.instance_id for event in ordered}):
        trace = [event for event in ordered if event.instance_id == case]
        starts = [place for place, event in enumerate(trace) if event.kind in OPENINGS]
        for start, end in zip(starts, [*starts[1:], len(trace)], strict=False):
            segment = trace[start:end]
            closings = [place for place, event in enumerate(segment) if event.kind == "case_closed"]
            segment = segment[: closings[0] + 1] if closings else segment
            earlier = tuple(run for run in runs if run.case == case)
            runs.append(Run(tuple(segment), earlier, rules))
    return runs


def stray_events(log: Iterable[LoggedEvent], rules: Rules) -> list[LoggedEvent]:
    """Enters and closes outside every run."""
    log = list(log)
    inside = {event.seq for run in runs_of(log, rules) for event in run.events}
    return [event for event in log if event.kind in ("milestone_entered", "case_closed") and event.seq not in inside]


def touched(runs: Iterable[Run], milestone: str) -> list[Run]:
    return [run for run in runs if milestone in run.touched]


def reached(runs: Iterable[Run], rank: int) -> list[Run]:
    return [run for run in runs if run.highest >= rank]


def skipped(runs: Iterable[Run], rank: int) -> list[Run]:
    return [run for run in runs if run.rules.mandatory[rank - 1] not in run.touched and run.highest > rank]


def standing(runs: Iterable[Run], rank: int, state: str) -> list[Run]:
    return [run for run in runs if run.highest == rank and run.state == state]


def current(runs: Iterable[Run], milestone: str) -> list[Run]:
    return [run for run in runs if run.state == "open" and run.last == milestone]


def rework(runs: Iterable[Run], milestone: str) -> int:
    return sum(max(0, len(run.entries(milestone)) - 1) for run in runs)


def entered_between(runs: Iterable[Run], milestone: str, since: datetime, until: datetime) -> list[Run]:
    """By event date: the first entry lies in the period."""
    return [run for run in touched(runs, milestone) if since <= run.entries(milestone)[0].at < until]


def ratio(runs: Iterable[Run], part: str, base: str) -> tuple[int, int]:
    """Of the episodes that touched the base, those that touched the part too; and how many touched the base."""
    with_base = touched(runs, base)
    return len([run for run in with_base if part in run.touched]), len(with_base)


def times(runs: Iterable[Run], source: str, target: str) -> list[timedelta]:
    """first(target) - first(source) where both were entered in that order, in ascending order."""
    return sorted(
        run.entries(target)[0].at - run.entries(source)[0].at
        for run in runs
        if {source, target} <= run.touched and run.entries(target)[0].seq > run.entries(source)[0].seq
    )


def censored(runs: Iterable[Run], source: str, target: str) -> list[Run]:
    return [run for run in runs if source in run.touched and target not in run.touched and run.state == "open"]


def median(ascending: list[timedelta]) -> timedelta | None:
    if not ascending:
        return None
    middle = len(ascending) // 2
    if len(ascending) % 2:
        return ascending[middle]
    return (ascending[middle - 1] + ascending[middle]) / 2


def ninetieth(ascending: list[timedelta]) -> timedelta | None:
    """The smallest value that at least 90 % of the values do not exceed."""
    for value in ascending:
        if 10 * len([other for other in ascending if other <= value]) >= 9 * len(ascending):
            return value
    return None
