"""Named points at which a process kills itself: around every write, the commit and the answer.

They hang on the database and on the WSGI interface from outside; the product knows nothing of them.
"""

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from engine.database import Database

WRITTEN = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)", re.I)
TABLES_OF_A_STEP = (
    "human_task",
    "due_row",
    "process_instance",
    "case_data",
    "history_event",
    "episode",
    "episode_milestone",
    "outbox",
    "message_subscription",
    "command",
)
OF_A_STEP = (
    "human_task",
    "due_row",
    "process_instance",
    "case_data",
    "history_event",
    "episode",
    "episode_milestone",
    "outbox",
    "message_subscription",
    "command",
)
TABLES_OF_A_BEAT = ("due_row", "history_event", "notification", "outbox", "heartbeat")
OF_A_STEP = (
    "request begun",
    *(f"before {table}" for table in TABLES_OF_A_STEP),
    "before savepoint",
    "before release",
    "before commit",
    "after commit",
    "before commit with command",
    "after commit with command",
    "answer ready",
    "answer half sent",
)
OF_DUE_ROWS = ("before due_row", "before history_event", "before notification", "before commit", "after commit")
OF_SENDING = ("before outbox", "before commit", "after commit", "before heartbeat")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class Failpoint:
    """Dies at the `passage`-th time that this point is passed; `note` hears of it in the last moment.

    With another signal it is stopped there, and goes on when somebody wakes it.
    """

    name: str
    passage: int
    note: Callable[[str], None] = lambda _: None
    sends: signal.Signals = signal.SIGKILL

    def passed(self, name: str) -> None:
        if name != self.name:
            return
        self.passage -= 1
        if self.passage == 0:
            self.note(f"{time.monotonic()} {name}")
            os.kill(os.getpid(), self.sends)
            time.sleep(0.01)  # the signal comes before this ends


def watch_database(database: Database, failpoint: Failpoint) -> None:
    """Pass the points around writes and commits; a commit also under the name of each table that it makes durable."""
    unit = threading.local()

    def before_statement(*given: Any) -> None:
        statement: str = given[2]
        if found := WRITTEN.match(statement):
            unit.tables = {*getattr(unit, "tables", ()), found[1]}
            failpoint.passed(f"before {found[1]}")
        elif statement.startswith("SAVEPOINT"):
            failpoint.passed("before savepoint")
        elif statement.startswith("RELEASE"):
            failpoint.passed("before release")

    event.listen(database.engine, "before_cursor_execute", before_statement)
    units = (
        database.engine,
        database.bind(write=True),
        database.bind(write=False),
    )  # each may have a dialect of its own
    dialect: Any = database.engine.dialect
    commit, rollback = dialect.do_commit, dialect.do_rollback

    def do_commit(connection: Any) -> None:
        written = ["", *(f" with {table}" for table in sorted(getattr(unit, "tables", ())))]
        unit.tables = ()
        for name in written:
            failpoint.passed(f"before commit{name}")
        commit(connection)
        for name in written:
            failpoint.passed(f"after commit{name}")

    def do_rollback(connection: Any) -> None:
        unit.tables = ()
        rollback(connection)

    for each in units:
        told: Any = each.dialect
        told.do_rollback, told.do_commit = do_rollback, do_commit


def watch_answers(application: Application, failpoint: Failpoint) -> Application:
    """Pass the points around requests that change something."""

    def watched(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            return application(environ, start_response)
        failpoint.passed("request begun")
        answer = application(environ, start_response)
        failpoint.passed("answer ready")
        return _halved(answer, failpoint)

    return watched


def _halved(answer: Iterable[bytes], failpoint: Failpoint) -> Iterator[bytes]:
    """The same bytes in two halves, with a point between them; closed after them, as a server does."""
    try:
        whole = b"".join(answer)
        yield whole[: len(whole) // 2]
        failpoint.passed("answer half sent")
        yield whole[len(whole) // 2 :]
    finally:
        if close := getattr(answer, "close", None):
            close()
