"""How people, cases and records are called in an export: by pseudonyms, unless somebody may see who they are."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engine.history.recording import EventKind

CASE, TASK, PERSON, CENTRE = "case", "task", "person", "centre"
Name = Callable[[str, object], str]  # (kind, number or key) -> what stands in the file


@dataclass(frozen=True)
class Pseudonyms:
    """The same thing has the same pseudonym under one key; without the key nobody comes back from it.

    64 bits: among ten million things two share one with a chance of one to three hundred thousand.
    """

    key: bytes

    @classmethod
    def of(cls, secret: str, salt: bytes) -> "Pseudonyms":
        """`salt`: another one for each export, so that nobody can lay two files side by side."""
        return cls(hmac.digest(secret.encode(), b"marshrut export " + salt, "sha256"))

    def __call__(self, kind: str, number: object) -> str:
        return f"{kind}-{hmac.digest(self.key, f'{kind} {number}'.encode(), 'sha256')[:8].hex()}"


@dataclass(frozen=True)
class CaseObject:
    """Something a case is about, such as a customer or a car: what the slices say of a business key."""

    kind: str
    number: int


@dataclass(frozen=True)
class Speech:
    """What the application knows of the things in the log. `name` decides whether they can be recognised.

    `step`: what an element of a definition is called. `dimensions`: those that may leave; a value of None: the values
    are people. `objects`: what cases are about, by business key.
    """

    name: Name
    step: Callable[[Session, int, str], str]
    dimensions: Mapping[str, str | None] = field(default_factory=dict)
    objects: Callable[[Session, Sequence[str]], Mapping[str, Sequence[CaseObject]]] = lambda session, keys: {}

    def activity(self, session: Session, definition_id: int, element: str | None, kind: str) -> str:
        """What happened: the step's name, or the kind of what concerns the case as a whole."""
        return self.step(session, definition_id, element) if element else kind.replace("_", " ").capitalize()

    def dimension(self, name: str, value: str) -> str | None:
        """The value as it may leave; None: not at all."""
        if name not in self.dimensions:
            return None
        return self.name(PERSON, value) if self.dimensions[name] is None else value


# the transitions of the standard lifecycle, where they are true; what only happens is complete at once
TRANSITIONS: Mapping[str, str] = {
    EventKind.TASK_CREATED: "schedule",
    EventKind.TASK_CLAIMED: "assign",
    EventKind.TASK_DELEGATED: "reassign",
    EventKind.TASK_RELEASED: "unknown",
    EventKind.TASK_POSTPONED: "suspend",
    EventKind.TASK_WOKEN: "resume",
    EventKind.TASK_RECALLED: "resume",
    EventKind.TASK_SKIPPED: "manualskip",
    EventKind.TASK_CANCELLED: "withdraw",
    EventKind.REMINDED: "unknown",
    EventKind.ESCALATED: "unknown",
    EventKind.ANSWER_CORRECTED: "unknown",
}


def transition_of(kind: str) -> str:
    return TRANSITIONS.get(kind, "complete")
