"""Live engine objects between steps: taken out when a case is loaded, put back only after its commit."""

import threading
from collections import OrderedDict

from sqlalchemy import event
from sqlalchemy.orm import Session

from engine.spiff.workflow import CaseWorkflow

_PENDING = "engine.live_cases"


class LiveCases:
    """The most recently used cases of this process, each with the revision it corresponds to.

    A hit needs the revision that the database row has now, so another process
    may change a case at any time. Not more than a cache: everything works with size 0.
    """

    def __init__(self, size: int = 512) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._cases: OrderedDict[int, tuple[int, int, CaseWorkflow]] = OrderedDict()
        self.hits = self.misses = 0  # since the start, for monitors

    def take(self, instance_id: int, definition_id: int, rev: int) -> CaseWorkflow | None:
        """Remove and return the live object if it is of this revision; nobody else can get it meanwhile."""
        with self._lock:
            known = self._cases.pop(instance_id, None)
            fits = known is not None and known[:2] == (definition_id, rev)
            self.hits += fits
            self.misses += not fits
        return known[2] if known is not None and fits else None

    def keep_after_commit(
        self, session: Session, instance_id: int, definition_id: int, rev: int, workflow: CaseWorkflow
    ) -> None:
        """Put it back once the session has really committed; forget it when it rolls back."""
        session.info.setdefault(_PENDING, []).append((self, instance_id, (definition_id, rev, workflow)))

    def forget(self, session: Session) -> None:
        """A step of this session was undone: nothing of it may be kept."""
        session.info.pop(_PENDING, None)

    def _put(self, instance_id: int, entry: tuple[int, int, CaseWorkflow]) -> None:
        with self._lock:
            self._cases[instance_id] = entry
            self._cases.move_to_end(instance_id)
            while len(self._cases) > self._size:
                self._cases.popitem(last=False)


@event.listens_for(Session, "after_commit")
def _put_back(session: Session) -> None:
    if session.in_nested_transaction():  # SQLAlchemy tells of a released savepoint as well: nothing is durable yet
        return
    for cases, instance_id, entry in session.info.pop(_PENDING, ()):
        cases._put(instance_id, entry)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_PENDING, None)
