"""Pretended people: an owner, one person for every role of the live directory, and a head of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

OWNER: Final = 1
HEAD: Final = 2
FIRST_OF_ROLE: Final = 101


@dataclass(frozen=True)
class PretendedStaff:
    """A recorded run must not depend on who works here, and no real person is told of anything."""

    names: frozenset[str]

    def roles(self) -> frozenset[str]:
        return self.names

    def head_of(self, user_id: int, scope_id: int | None) -> int | None:
        return None if user_id == HEAD else HEAD

    def members(self, role: str, scope_id: int | None) -> Sequence[int]:
        return [self.person(role)] if role in self.names else []

    def represented_by(self, user_id: int, at: datetime) -> Sequence[int]:
        return ()

    def person(self, role: str) -> int:
        return FIRST_OF_ROLE + sorted(self.names).index(role) if role in self.names else HEAD
