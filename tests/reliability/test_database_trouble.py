"""R7 and R8: the database is locked, gives way, loses its connections or has no space; then a step waits or is put off.

Whoever is put off is told until when, repeats it with the same key, and has done it once.
"""

import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, select, text, update

from engine.instances.models import CaseData, ProcessInstance
from tests.reliability import drill
from tests.reliability.conftest import BOTH
from tests.reliability.installation import Installation
from tests.reliability.invariants import violations
from tests.reliability.people import Client, Journal, Request
from tests.reliability.processes import Plan, await_that, serving

pytestmark = pytest.mark.reliability
FULL = "The disk of the server is full"
TERMINATE_WAITING = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
PAUSES = [1, pytest.param(5, marks=pytest.mark.long), pytest.param(30, marks=pytest.mark.long)]


@dataclass
class Desk:
    """One person at his step, in a real web process."""

    made: Installation
    client: Client
    task: int
    steps: Iterator[int] = field(default_factory=lambda: iter(range(1000)))

    def step(self) -> Request:
        """Do the step of the drill that is open, and see the next one open."""
        key = f"step-{next(self.steps)}"
        done = self.client.complete(self.task, drill.answer(key, drill.AGAIN), key=key, text=key)
        self.task = int(done.location.partition("task=")[2].partition("&")[0])
        return done

    def statuses(self) -> set[int]:
        return {each.status for each in self.client.journal.requests}


@contextmanager
def desk(made: Installation, folder: Path, plan: Plan | None = None) -> Iterator[Desk]:
    """Somebody has begun a case of the drill."""
    with made.opened() as opened:
        people = opened.people()
    with serving(made, plan or Plan(), folder) as server:
        client = Client(0, people["seller0@example.com"], server.port, Journal(), seed=1)
        try:
            client.sign_in()
            yield Desk(made, client, client.start(drill.KEY))
        finally:
            client.browser.hang_up()


def beside(work: Callable[[], Any]) -> "Future[Any]":
    """The work in a thread of its own, on its way."""
    pool = ThreadPoolExecutor(1)
    begun = pool.submit(work)
    pool.shutdown(wait=False)
    time.sleep(0.4)
    return begun


@contextmanager
def locked(made: Installation) -> Iterator[None]:
    """Somebody else writes and does not come to an end: the whole file, or the case."""
    if made.url.startswith("sqlite"):
        connection = sqlite3.connect(make_url(made.url).database or "", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
        connection.close()
        return
    stranger = create_engine(made.url)
    with stranger.begin() as held:
        held.execute(select(ProcessInstance.id).with_for_update())
        yield
    stranger.dispose()


@pytest.mark.parametrize("seconds", PAUSES)
def test_a_step_waits_for_a_lock_or_is_put_off(seconds: int, installation: Installation, tmp_path: Path) -> None:
    with desk(installation, tmp_path / "web") as seat:
        seat.step()
        with locked(installation):
            waiting = beside(seat.step)
            time.sleep(seconds)
            assert not waiting.done()
        waiting.result()
        seat.step()

        assert seat.statuses() <= {302, 503}
        assert violations(installation, seat.client.journal) == []


@pytest.mark.postgresql
def test_whom_a_deadlock_chooses_is_put_off(postgresql_installation: Installation, tmp_path: Path) -> None:
    with desk(postgresql_installation, tmp_path / "web") as seat:
        stranger = create_engine(postgresql_installation.url)
        with stranger.begin() as held:
            held.execute(text("SET LOCAL deadlock_timeout = '20s'"))  # the other notices it first
            held.execute(update(CaseData).values(document=CaseData.document))
            waiting = beside(seat.step)
            held.execute(select(ProcessInstance.id).with_for_update())  # it has this and wants what we have
            await_that(lambda: 503 in seat.statuses(), "a refusal")
        stranger.dispose()
        waiting.result()

        assert seat.statuses() == {302, 503}
        assert violations(postgresql_installation, seat.client.journal) == []


@pytest.mark.postgresql
def test_who_loses_his_connection_is_put_off(postgresql_installation: Installation, tmp_path: Path) -> None:
    with desk(postgresql_installation, tmp_path / "web") as seat:
        seat.step()
        stranger = create_engine(postgresql_installation.url, isolation_level="AUTOCOMMIT")
        with locked(postgresql_installation):
            waiting = beside(seat.step)
            with stranger.connect() as administrator:
                await_that(lambda: administrator.scalar(TERMINATE_WAITING), "a step that waits")
                await_that(lambda: 503 in seat.statuses(), "a refusal")
        stranger.dispose()
        waiting.result()
        seat.step()

        assert seat.statuses() == {302, 503}
        assert violations(postgresql_installation, seat.client.journal) == []


def test_a_full_disk_says_so_keeps_what_was_done_and_heals(sqlite_installation: Installation, tmp_path: Path) -> None:
    """The file may have no more pages than it has: what SQLite says then is what it says of a full disk."""
    allowed = tmp_path / "pages"
    allowed.write_text("1000000")
    with desk(sqlite_installation, tmp_path / "web", Plan(pages_file=str(allowed))) as seat:
        seat.step()
        _fill_until_refused(seat, full=lambda: allowed.write_text("1"), room=lambda: allowed.write_text("1000000"))


@pytest.mark.long
@pytest.mark.parametrize("database", BOTH)
def test_a_disk_that_is_really_full(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A small file system in memory, and a stone that fills it."""
    disk = Path(tempfile.mkdtemp(prefix="disk-", dir="/tmp"))  # the server of the database must reach it
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"a file system can be mounted by root only: {mounted.stderr.decode().strip()}")
    try:
        made = _on_disk(database, request, disk)
        stone = disk / "stone"
        with desk(made, tmp_path / "web") as seat:
            seat.step()
            _fill_until_refused(seat, full=lambda: _fill(stone), room=stone.unlink)
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)
        disk.rmdir()


def _on_disk(database: str, request: pytest.FixtureRequest, disk: Path) -> Installation:
    made: Installation = request.getfixturevalue(f"{database}_installation")
    if database == "sqlite":
        target = disk / "marshrut.db"
        target.write_bytes(Path(make_url(made.url).database or "").read_bytes())
        return Installation(f"sqlite:///{target}", made.folder)
    subprocess.run(["chown", "postgres", disk], check=True)
    url = make_url(made.url)
    administrator = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.execute(text(f"CREATE TABLESPACE small LOCATION '{disk}'"))
        connection.execute(text(f"ALTER DATABASE {url.database} SET TABLESPACE small"))
    administrator.dispose()
    return made


def _fill(stone: Path) -> None:
    with stone.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def _fill_until_refused(seat: Desk, *, full: Callable[[], object], room: Callable[[], object]) -> None:
    """People go on until the disk is full; they are told so; with room again they go on where they were."""
    full()
    with ThreadPoolExecutor(1) as pool:
        stopping = threading.Event()

        def work() -> None:
            while not stopping.is_set():
                seat.step()

        working = pool.submit(work)
        try:
            await_that(lambda: any(FULL in each.said for each in seat.client.journal.requests), "the refusal", 50)
        finally:
            stopping.set()
            room()
        working.result()
    seat.step()

    assert seat.statuses() == {302, 503}
    assert violations(seat.made, seat.client.journal) == []
