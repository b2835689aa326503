"""Clocks for tests that go on by themselves and can be moved: in this process, and in others that look at a file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.clock import SettableClock


class MovingClock(SettableClock):
    """Goes on by itself, like the browser's, and can be moved. With a file, other processes go along."""

    def __init__(self, start: datetime, shared: Path | None = None) -> None:
        self._shared = shared
        super().__init__(start)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def set(self, moment: datetime) -> None:
        self._move(moment - datetime.now(UTC))

    def advance(self, by: timedelta) -> datetime:
        self._move(self._ahead + by)
        return self.now()

    @property
    def ahead(self) -> timedelta:
        """Of the machine's clock."""
        return self._ahead

    def _move(self, ahead: timedelta) -> None:
        self._ahead = ahead
        if self._shared is not None:
            written = self._shared.with_suffix(".new")
            written.write_text(repr(ahead.total_seconds()))
            written.replace(self._shared)


class FollowingClock:
    """The clock of another process's test: the machine's, as far ahead as the file says."""

    def __init__(self, shared: Path) -> None:
        self._shared = shared

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self._shared.read_text()))
