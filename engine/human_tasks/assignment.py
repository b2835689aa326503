"""Who may do a task: the person it is for, his deputy, anybody of the role while nobody has claimed it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from engine.errors import NotAllowed


class StaffDirectory(Protocol):
    """What the engine asks the application about people."""

    def roles(self) -> frozenset[str]: ...
    def head_of(self, user_id: int, scope_id: int | None) -> int | None: ...
    def members(self, role: str, scope_id: int | None) -> Sequence[int]: ...
    def represented_by(self, user_id: int, at: datetime) -> Sequence[int]: ...


@dataclass(frozen=True)
class Actor:
    """Who acts: roles per scope (scope None: everywhere), the absent people served, and scopes under supervision."""

    user_id: int | None
    roles: frozenset[tuple[str, int | None]] = frozenset()
    represents: frozenset[int] = frozenset()
    supervises: frozenset[int | None] = field(default_factory=frozenset)  # None in it: all scopes

    def has_role(self, role: str, scope_id: int | None) -> bool:
        return (role, scope_id) in self.roles or (role, None) in self.roles

    def supervises_scope(self, scope_id: int | None) -> bool:
        return None in self.supervises or scope_id in self.supervises


class Assigned(Protocol):
    """What is known of a task wherever it was read."""

    @property
    def id(self) -> int: ...
    @property
    def assignee_id(self) -> int | None: ...
    @property
    def candidate_role(self) -> str: ...
    @property
    def scope_id(self) -> int | None: ...


def may_serve(actor: Actor, task: Assigned) -> bool:
    """May this person complete the task?"""
    if actor.supervises_scope(task.scope_id):
        return True
    if task.assignee_id is None:
        return actor.has_role(task.candidate_role, task.scope_id)
    return task.assignee_id == actor.user_id or task.assignee_id in actor.represents


def may_take(actor: Actor, task: Assigned, offered_to: Collection[str], *, owner_id: int | None) -> bool:
    """May this person take an offer around the task?

    Whoever may do the task, when the drawing keeps it for nobody. Else who owns the case, whosever the task is, and
    of those who may do it the roles that the drawing names and who supervises them.
    """
    if not offered_to:
        return may_serve(actor, task)
    if owner_id is not None and (owner_id == actor.user_id or owner_id in actor.represents):
        return True
    named = actor.supervises_scope(task.scope_id) or any(actor.has_role(role, task.scope_id) for role in offered_to)
    return named and may_serve(actor, task)


class Done(Assigned, Protocol):
    """What is known of a task that has been completed."""

    @property
    def completed_by(self) -> int | None: ...


def may_correct(actor: Actor, task: Done) -> bool:
    """May this person correct the answers: whoever gave them, his deputy, the role of the step, and who supervises."""
    if actor.supervises_scope(task.scope_id) or actor.has_role(task.candidate_role, task.scope_id):
        return True
    return task.completed_by is not None and (
        task.completed_by == actor.user_id or task.completed_by in actor.represents
    )


def require_service(actor: Actor, task: Assigned) -> None:
    """Raise NotAllowed unless this person may complete the task."""
    if not may_serve(actor, task):
        raise NotAllowed("task_not_yours", f"Task {task.id} belongs to somebody else.", task_id=task.id)
