"""Server-sent events: how many notifications are unread, and the topics a page listens to (webapp.core.live).

A stream holds a thread but neither a request context nor a database session: it asks in a short reading
unit every few seconds. A fourth tab of a person gets no stream until one of the others is closed.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.database import Database
from engine.errors import DatabaseBusy
from webapp.core.live import ReadState
from webapp.diary.models import Notification

NOTIFICATIONS = "notifications"
STREAMS_PER_PERSON = 3
POLL_SECONDS = 3.0
HEARTBEAT_SECONDS = 15.0
LIFETIME_SECONDS = 3600.0  # the page connects again: rights and sessions are looked at anew


class Streams:
    """How many streams each person has open in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: Counter[int] = Counter()

    def enter(self, user_id: int) -> bool:
        """Take a place; False when the person has all of his."""
        with self._lock:
            if self._open[user_id] >= STREAMS_PER_PERSON:
                return False
            self._open[user_id] += 1
            return True

    def leave(self, user_id: int) -> None:
        with self._lock:
            self._open[user_id] -= 1
            if self._open[user_id] <= 0:
                del self._open[user_id]

    def count(self, user_id: int) -> int:
        with self._lock:
            return self._open[user_id]


class EventStream:
    """The answer's body. Its place is given back when the server closes it, also before the first event."""

    def __init__(
        self,
        database: Database,
        streams: Streams,
        user_id: int,
        *,
        topics: Mapping[str, ReadState] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._streams = streams
        self._user_id = user_id
        self._topics = topics or {}
        self._sleep = sleep
        self._clock = clock
        self._events = self._tell()
        self._left = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            return next(self._events)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if not self._left:
            self._left = True
            self._streams.leave(self._user_id)

    def _tell(self) -> Iterator[str]:
        started = spoken = self._clock()
        known = self._state() or {NOTIFICATIONS: (0, 0)}
        yield _event(NOTIFICATIONS, known[NOTIFICATIONS])
        while self._clock() - started < LIFETIME_SECONDS:
            self._sleep(POLL_SECONDS)
            if self._database.closed:
                return
            found = self._state() or known
            changed = [topic for topic, state in found.items() if state != known.get(topic)]
            if changed:
                known, spoken = found, self._clock()
                yield from (_event(topic, found[topic]) for topic in changed)
            elif self._clock() - spoken >= HEARTBEAT_SECONDS:
                spoken = self._clock()
                yield ": still here\n\n"

    def _state(self) -> dict[str, object] | None:
        """What is compared, by topic; None when the database is busy: the next beat asks again."""
        try:
            with self._database.read() as session:
                topics = {name: read(session) for name, read in self._topics.items()}
                return {NOTIFICATIONS: read_state(session, self._user_id), **topics}
        except DatabaseBusy:
            return None


def read_state(session: Session, user_id: int) -> tuple[int, int]:
    """How many notifications are unread, and the newest of them."""
    statement = select(func.count(), func.coalesce(func.max(Notification.id), 0)).where(
        Notification.user_id == user_id, Notification.read_at.is_(None)
    )
    unread, newest = session.execute(statement).one()
    return unread, newest


def _event(topic: str, state: object) -> str:
    """Notifications come with their figures; of a topic the page hears that something has changed."""
    figures: dict[str, object] = {}
    if topic == NOTIFICATIONS and isinstance(state, tuple):
        figures = dict(zip(("unread", "newest"), state, strict=True))
    return f"data: {json.dumps({'type': topic, **figures})}\n\n"
