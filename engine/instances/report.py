"""What a step did, as its listeners and its caller see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.history.recording import EventDraft
from engine.spiff import Passed


@dataclass(frozen=True)
class OpenedTask:
    """A human task that the step created."""

    id: int
    element: str
    assignee_id: int | None
    candidate_role: str
    due_at: datetime | None


@dataclass(frozen=True)
class StepReport:
    """One step of one case."""

    instance_id: int
    definition_id: int
    process_key: str
    business_key: str
    scope_id: int | None
    owner_id: int | None
    events: Sequence[EventDraft]
    numbers: Sequence[int]  # of the events in the log
    opened: Sequence[OpenedTask]
    outcome: str | None  # of the case, when the step closed it
    actor_id: int | None
    passed: Sequence[Passed] = ()  # elements that the token left behind, in their order
