"""The engine's view of the staff: who holds a role, who is the head, who stands in for whom."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.staff import queries
from webapp.staff.roles import BY_NAME


class StaffDirectory:
    """Answers the engine (engine.human_tasks.assignment.StaffDirectory) from the staff tables as last committed."""

    def __init__(self, read: Callable[[], AbstractContextManager[Session]]) -> None:
        self._read = read

    def roles(self) -> frozenset[str]:
        return frozenset(BY_NAME)

    def head_of(self, user_id: int, scope_id: int | None) -> int | None:
        with self._read() as session:
            return queries.find_head(session, user_id, scope_id)

    def members(self, role: str, scope_id: int | None) -> list[int]:
        with self._read() as session:
            return queries.find_members(session, role, scope_id)

    def represented_by(self, user_id: int, at: datetime) -> list[int]:
        with self._read() as session:
            return sorted(queries.find_represented(session, user_id, at))
