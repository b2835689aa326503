"""The fold: the log of one case becomes its visits of steps and its way. The one definition of these figures.

Pure and single-pass, over the events of one case in the order of their numbers. Only the order of `seq` counts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from engine.history.recording import EventKind, deviation_in
from engine.milestones.fold import ENDED, WON

NO_PAYLOAD: Mapping[str, object] = MappingProxyType({})

RELEVANT = frozenset(
    {
        EventKind.CASE_OPENED,
        EventKind.CASE_REOPENED,
        EventKind.CASE_CLOSED,
        EventKind.CASE_MOVED,
        EventKind.TASK_CREATED,
        EventKind.TASK_CLAIMED,
        EventKind.TASK_RELEASED,
        EventKind.TASK_DELEGATED,
        EventKind.TASK_POSTPONED,
        EventKind.TASK_WOKEN,
        EventKind.TASK_RECALLED,
        EventKind.TASK_SKIPPED,
        EventKind.TASK_COMPLETED,
        EventKind.TASK_CANCELLED,
        EventKind.LINES_LEFT_OUT,
        EventKind.OFFER_TAKEN,
        EventKind.DEFINITION_CHANGED,
        EventKind.STEP_MOVED,
        EventKind.CASE_RESTARTED,
    }
)


class End(StrEnum):
    """How a visit of a step ended."""

    COMPLETED = "completed"
    SKIPPED = "skipped"
    LEFT = "left"  # by a button of the step that leads elsewhere
    CANCELLED = "cancelled"  # the drawing withdrew it: a time, a message, a parallel way
    MOVED = "moved"  # by hand, to another step
    MIGRATED = "migrated"  # another version does not have it, and the case went on elsewhere


class Mode(StrEnum):
    """What becomes of a step's time."""

    WAITING = "waiting"  # nobody has it
    WORKING = "working"  # somebody has it
    ASLEEP = "asleep"  # postponed


@dataclass(frozen=True, slots=True)
class StepEvent:
    """One event of a case as the fold reads it."""

    seq: int
    definition_id: int
    kind: str
    element: str | None
    actor_id: int | None
    at: datetime
    command_key: str
    payload: Mapping[str, object] = field(default_factory=lambda: NO_PAYLOAD)


@dataclass(slots=True)
class Visit:
    """A case at one step, from its beginning until it was done or withdrawn, as far as the log goes."""

    task_id: int
    element: str
    definition_id: int
    round: int  # 1: the case is here for the first time; steps that begin together are of one round
    entered_at: datetime
    scope_id: int | None  # of the case, when the step ended or as it is now
    owner_id: int | None
    person_id: int | None  # who did it, or has it
    due_at: datetime | None
    ended_at: datetime | None = None
    ended: End | None = None
    overdue: bool = False  # it ended after it was due
    dropped: bool = False  # the case was lost at this step
    migrated: bool = False  # it went over to another version
    deviations: int = 0
    spans: list[tuple[Mode, datetime, datetime]] = field(default_factory=list)
    mode: Mode = field(init=False)
    since: datetime = field(init=False)
    postponed: list[tuple[int, datetime | None, datetime | None, bool]] = field(default_factory=list)
    before: tuple[str, int] = ("", 0)  # element and definition before the last change of version

    def __post_init__(self) -> None:
        self.mode, self.since = self.held_mode(), self.entered_at

    def turn(self, mode: Mode, at: datetime) -> None:
        """From now on the time is of this kind."""
        if at > self.since:
            self.spans.append((self.mode, self.since, at))
        self.mode, self.since = mode, max(at, self.since)

    def end(self, how: End, at: datetime) -> None:
        self.turn(self.mode, at)
        self.ended, self.ended_at = how, at
        self.overdue = self.due_at is not None and at > self.due_at

    def held_mode(self) -> Mode:
        return Mode.WAITING if self.person_id is None else Mode.WORKING


@dataclass(slots=True)
class _Command:
    """What has to be known of the events of one command, which are of one transaction."""

    key: str = ""
    migration: object = None
    moved: bool = False
    lost: bool = False
    acted_on: Visit | None = None
    offered: set[int] = field(default_factory=set)
    withdrawn: list[Visit] = field(default_factory=list)


class CaseFold:
    """Folds the events of one case in their order."""

    def __init__(self) -> None:
        self.visits: dict[int, Visit] = {}
        self.opened_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.outcome: str | None = None
        self.definition_id = 0
        self.scope_id: int | None = None
        self.owner_id: int | None = None
        self._open: dict[int, Visit] = {}
        self._done: list[Visit] = []
        self._last: Visit | None = None  # the one that ended last
        self._created: dict[str, list[str]] = {}  # element -> commands that began it
        self._migrations: dict[int, object] = {}  # task -> the migration that withdrew it
        self._command = _Command()

    def feed(self, event: StepEvent) -> None:
        """Take the next event; kinds that do not concern steps change nothing."""
        if event.command_key != self._command.key:
            self.settle()
            self._command = _Command(event.command_key)
        self.definition_id = event.definition_id
        handle = _HANDLERS.get(event.kind)
        if handle is not None:
            handle(self, event)

    def settle(self) -> None:
        """The last command is over: at which step was the case lost, if it was?"""
        command = self._command
        if command.lost:
            last = [self._last] if self._last is not None else []
            for visit in [command.acted_on] if command.acted_on else command.withdrawn or last:
                visit.dropped = True
            command.lost = False

    def way(self) -> list[str]:
        """The steps that were done or skipped, in the order of their ends; one repeated at once is named once."""
        found: list[str] = []
        for visit in self._done:
            if not found or found[-1] != visit.element:
                found.append(visit.element)
        return found

    def _begin(self, event: StepEvent) -> None:
        if event.kind == EventKind.CASE_OPENED and self.opened_at is None:
            self.opened_at = event.at
        self.closed_at = self.outcome = None
        self._place(event)

    def _close(self, event: StepEvent) -> None:
        if self.closed_at is None:
            self.closed_at, self.outcome = event.at, str(event.payload.get("outcome") or ENDED)
            self._command.lost = self.outcome != WON

    def _place(self, event: StepEvent) -> None:
        if "owner" in event.payload:
            self.owner_id = _number(event.payload["owner"])
        if "scope" in event.payload:
            self.scope_id = _number(event.payload["scope"])
        for visit in self._open.values():
            visit.owner_id, visit.scope_id = self.owner_id, self.scope_id

    def _create(self, event: StepEvent) -> None:
        task_id, element = _number(event.payload.get("task")), event.element
        if task_id is None or element is None:
            return
        began = self._created.setdefault(element, [])
        if not began or began[-1] != event.command_key:
            began.append(event.command_key)
        person, due = _number(event.payload.get("assignee")), _moment(event.payload.get("due"))
        visit = Visit(
            task_id, element, event.definition_id, len(began), event.at, self.scope_id, self.owner_id, person, due
        )
        self.visits[task_id] = self._open[task_id] = visit

    def _claim(self, event: StepEvent) -> None:
        self._hold(event, event.actor_id)

    def _release(self, event: StepEvent) -> None:
        self._hold(event, None)

    def _delegate(self, event: StepEvent) -> None:
        visit = self._hold(event, _number(event.payload.get("to")), awake=True)
        if visit is not None and "due" in event.payload:
            visit.due_at = _moment(event.payload["due"])

    def _hold(self, event: StepEvent, person: int | None, *, awake: bool = False) -> Visit | None:
        visit = self._opened(event)
        if visit is not None:
            visit.person_id = person
            asleep = visit.mode is Mode.ASLEEP and not awake
            visit.turn(Mode.ASLEEP if asleep else visit.held_mode(), event.at)
        return visit

    def _postpone(self, event: StepEvent) -> None:
        visit = self._opened(event)
        if visit is None:
            return
        before = event.payload.get("before")
        known = before if isinstance(before, Mapping) else {}
        deviates = self._deviates(visit, event)
        due, asleep = _moment(known.get("due", visit.due_at)), _moment(known.get("sleeps_until"))
        visit.postponed.append((event.seq, due, asleep, deviates))
        visit.due_at = _moment(event.payload.get("until"))
        visit.turn(Mode.ASLEEP, event.at)

    def _recall(self, event: StepEvent) -> None:
        visit = self._opened(event)
        if visit is None or not visit.postponed:
            return
        _, visit.due_at, asleep, deviates = visit.postponed.pop()
        visit.deviations -= deviates
        visit.turn(Mode.ASLEEP if asleep and asleep > event.at else visit.held_mode(), event.at)

    def _wake(self, event: StepEvent) -> None:
        visit = self._opened(event)
        if visit is not None:
            visit.turn(visit.held_mode(), event.at)

    def _leave_out(self, event: StepEvent) -> None:
        visit = self.visits.get(_number(event.payload.get("task")) or 0)
        if visit is not None:
            self._deviates(visit, event)

    def _offer(self, event: StepEvent) -> None:
        visit = self._opened(event)
        if visit is not None:
            self._command.acted_on = visit
            self._command.offered.add(visit.task_id)
            self._deviates(visit, event)
            if event.actor_id is not None:
                visit.person_id = event.actor_id if visit.person_id is None else visit.person_id

    def _complete(self, event: StepEvent) -> None:
        self._finish(event, End.COMPLETED)

    def _skip(self, event: StepEvent) -> None:
        self._finish(event, End.SKIPPED)

    def _finish(self, event: StepEvent, how: End) -> None:
        visit = self._opened(event)
        if visit is None:
            return
        visit.end(how, event.at)
        if how is End.COMPLETED:
            visit.overdue = "late_by" in event.payload
        if event.actor_id is not None:
            visit.person_id = event.actor_id
        self._deviates(visit, event)
        self._command.acted_on = visit
        self._done.append(visit)
        self._last = visit
        del self._open[visit.task_id]

    def _cancel(self, event: StepEvent) -> None:
        visit = self._opened(event)
        if visit is None:
            return
        command = self._command
        if visit.task_id in command.offered:
            how = End.LEFT
        elif command.migration is not None:
            how = End.MIGRATED
            self._migrations[visit.task_id] = command.migration
            visit.element, visit.definition_id = visit.before  # it ended on the version that it stood on
        elif command.moved:
            how = End.MOVED
        else:
            how = End.CANCELLED
        visit.end(how, event.at)
        command.withdrawn.append(visit)
        self._last = visit
        del self._open[visit.task_id]

    def _change(self, event: StepEvent) -> None:
        migration, renamed = event.payload.get("migration"), _renamed(event.payload)
        if event.payload.get("undone"):
            self._bring_back(migration, event.at)
        for visit in self._open.values():
            visit.before = (visit.element, visit.definition_id)
            visit.element, visit.definition_id = renamed.get(visit.element, visit.element), event.definition_id
            visit.migrated |= migration is not None
        for old, new in renamed.items():
            if old in self._created:
                self._created[new] = self._created.pop(old)
        self._command.migration = migration

    def _bring_back(self, migration: object, at: datetime) -> None:
        """An undone migration gives back the very steps that it withdrew; they went on meanwhile."""
        for task_id, by in list(self._migrations.items()):
            if by == migration:
                visit = self._open[task_id] = self.visits[task_id]
                visit.ended = visit.ended_at = None
                visit.overdue = visit.dropped = False
                visit.turn(visit.mode, at)
                del self._migrations[task_id]

    def _move(self, event: StepEvent) -> None:
        self._command.moved = True

    def _opened(self, event: StepEvent) -> Visit | None:
        """The open visit that an event is about; an old log does not say which: then the oldest at this step."""
        task_id = _number(event.payload.get("task"))
        if task_id is not None:
            return self._open.get(task_id)
        return next((visit for visit in self._open.values() if visit.element == event.element), None)

    def _deviates(self, visit: Visit, event: StepEvent) -> bool:
        is_one = deviation_in(EventKind(event.kind), event.payload) is not None
        visit.deviations += is_one
        return is_one


_HANDLERS: Mapping[str, Callable[["CaseFold", StepEvent], None]] = {
    EventKind.CASE_OPENED: CaseFold._begin,
    EventKind.CASE_REOPENED: CaseFold._begin,
    EventKind.CASE_CLOSED: CaseFold._close,
    EventKind.CASE_MOVED: CaseFold._place,
    EventKind.TASK_CREATED: CaseFold._create,
    EventKind.TASK_CLAIMED: CaseFold._claim,
    EventKind.TASK_RELEASED: CaseFold._release,
    EventKind.TASK_DELEGATED: CaseFold._delegate,
    EventKind.TASK_POSTPONED: CaseFold._postpone,
    EventKind.TASK_WOKEN: CaseFold._wake,
    EventKind.TASK_RECALLED: CaseFold._recall,
    EventKind.TASK_SKIPPED: CaseFold._skip,
    EventKind.TASK_COMPLETED: CaseFold._complete,
    EventKind.TASK_CANCELLED: CaseFold._cancel,
    EventKind.LINES_LEFT_OUT: CaseFold._leave_out,
    EventKind.OFFER_TAKEN: CaseFold._offer,
    EventKind.DEFINITION_CHANGED: CaseFold._change,
    EventKind.STEP_MOVED: CaseFold._move,
    EventKind.CASE_RESTARTED: CaseFold._move,
}


def fold_case(events: Iterable[StepEvent]) -> CaseFold:
    """A case from its first event to its last."""
    fold = CaseFold()
    for event in events:
        fold.feed(event)
    fold.settle()
    return fold


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _renamed(payload: Mapping[str, object]) -> dict[str, str]:
    """Old ids of steps and what the new version calls them, of all processes at once: the log notes no path."""
    renamed = payload.get("renamed")
    found: dict[str, str] = {}
    if isinstance(renamed, Mapping):
        for pairs in renamed.values():
            found.update(pairs)
    return found
