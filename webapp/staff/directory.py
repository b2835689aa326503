"""The engine's view of the staff: who holds a role, who is the head, who stands in for whom."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.staff import queries
from webapp.staff.roles import BY_NAME


class StaffDirectory:
    """Answers from the staff tables, in the session of the step (engine.human_tasks.assignment.StaffDirectory)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def roles(self) -> frozenset[str]:
        return frozenset(BY_NAME)

    def head_of(self, user_id: int, scope_id: int | None) -> int | None:
        return queries.find_head(self._session, user_id, scope_id)

    def members(self, role: str, scope_id: int | None) -> list[int]:
        return queries.find_members(self._session, role, scope_id)

    def represented_by(self, user_id: int, at: datetime) -> list[int]:
        return sorted(queries.find_represented(self._session, user_id, at))
