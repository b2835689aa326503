"""Where a test run stands: what is open and awaited, what has happened, and what would have been done outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.definitions.model import Element
from engine.definitions.reaching import Place
from engine.definitions.store import Definition
from engine.history.recording import EventKind
from engine.human_tasks.forms import Form
from engine.sandbox.coverage import Coverage
from engine.sandbox.outside import Call
from engine.sandbox.refusals import Refusal
from engine.timers.models import DueKind

UTC_ZONE: Final = ZoneInfo("UTC")


@dataclass(frozen=True)
class Told:
    """Somebody who would be told of an open step: a reminder, or an escalation to `target`."""

    kind: DueKind
    at: datetime
    target: str = ""


@dataclass(frozen=True)
class OpenStep:
    """A step that waits for a person, with everything its page needs."""

    place: Place
    element: Element
    form: Form | None
    role: str
    of_owner: bool  # it is the owner's, not anybody's of the role
    created_at: datetime
    due_at: datetime | None
    told: Sequence[Told]
    offers: Sequence[Element]
    known: Mapping[str, Any]  # what the form's expressions see


@dataclass(frozen=True)
class Awaited:
    """An element that waits for a message of this name."""

    place: Place
    element: Element
    message: str


@dataclass(frozen=True)
class Planned:
    """A timer that runs, and when it fires."""

    at: datetime
    element: Element | None


@dataclass(frozen=True)
class Happening:
    """One event of the log, and by which act (from 1) it came."""

    act: int
    at: datetime
    kind: EventKind
    element: Element | None
    milestone: str | None
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Sent:
    """A message that would leave through the outbox."""

    act: int
    channel: str
    recipient: str
    body: str


@dataclass(frozen=True)
class Standing:
    """Where a script has led. `done`: how many acts went well; `refusal`: why the next one did not."""

    definition: Definition
    now: datetime | None = None
    zone: ZoneInfo = UTC_ZONE  # of the process's calendar: what is typed without one is meant in it
    done: int = 0
    refusal: Refusal | None = None
    begun: bool = False
    ended_at: datetime | None = None
    outcome: str | None = None
    milestones: tuple[str, ...] = ()
    document: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[OpenStep, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    timers: tuple[Planned, ...] = ()
    next_due: datetime | None = None
    trail: tuple[Happening, ...] = ()
    calls: tuple[Call, ...] = ()
    sent: tuple[Sent, ...] = ()
    passed: tuple[tuple[str, ...], ...] = ()  # by act: what the token left behind, as "call/step"
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def is_open(self) -> bool:
        return self.begun and self.ended_at is None

    def step(self, element: str, path: str = "") -> OpenStep | None:
        """An open step of this element; `path` chooses among several."""
        found = [each for each in self.steps if each.place.element == element]
        return next((each for each in found if not path or "/".join(each.place.path) == path), None)
