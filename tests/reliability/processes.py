"""The real processes of an installation, started so that a restart costs a fork: gunicorn, and the scheduler.

A nursery imports the application once. The web process is gunicorn with the application preloaded: its master forks a
worker whenever one has died. Orders say how the n-th process dies; what kills itself leaves a note with the moment.
"""

import ctypes
import logging
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy import event

from engine.clock import Clock, SystemClock
from engine.database import Database
from tests.reliability import seeded_bugs
from tests.reliability.failpoints import Failpoint, watch_answers, watch_database
from tests.reliability.installation import Installation
from webapp.core import scheduler

THREADS = 12
ANSWERED_BEFORE = 60.0  # seconds within which anything has to have started
DUE_ROWS, OUTGOING = "due rows", "outgoing messages"
PAUSE = timedelta(milliseconds=200)  # between two beats
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class RunningClock:
    """Runs from a moment on, `speed` times as fast as the machine's, and alike in all processes."""

    start: datetime
    speed: int = 1
    begun: datetime = field(default_factory=lambda: SystemClock().now())

    def now(self) -> datetime:
        return self.start + (SystemClock().now() - self.begun) * self.speed


@dataclass(frozen=True)
class Order:
    """How a process dies: at the n-th passage of a failpoint, or by a kill from outside after so many seconds."""

    failpoint: str = ""
    passage: int = 0
    after: float = 0.0
    sends: signal.Signals = signal.SIGKILL

    def __str__(self) -> str:
        return f"{self.failpoint} ({self.passage})" if self.failpoint else f"any moment ({self.after:.3f} s)"


@dataclass(frozen=True)
class Plan:
    """What the processes are to be: orders by number, a bug of tests.reliability.seeded_bugs, further settings.

    `workers` and `threads` are the web server's; `jobs` are what a scheduler does, by a clock of its own.
    """

    orders: Sequence[Order] = ()
    bug: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)
    workers: int = 1
    pages_file: str = ""  # says how many pages the SQLite file may have, at every moment anew
    jobs: Sequence[str] = (DUE_ROWS, OUTGOING)
    clock: Clock = field(default_factory=SystemClock)

    def order(self, number: int) -> Order:
        return self.orders[number] if number < len(self.orders) else Order()


class Notes:
    """Lines that processes leave in a file: each is written whole, or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, line: str) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, f"{line}\n".encode())
        os.close(descriptor)

    def lines(self) -> list[str]:
        return self.path.read_text().splitlines() if self.path.exists() else []


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    """gunicorn as `marshrut run` starts it, on a socket that is given."""

    def __init__(self, made: Installation, plan: Plan, listener: socket.socket, started: Notes, died: Notes) -> None:
        self._made, self._plan, self._listener, self._started, self._died = made, plan, listener, started, died
        self._number = -1
        self._app: Flask | None = None
        super().__init__()

    def load_config(self) -> None:
        chosen = {
            "bind": f"fd://{self._listener.fileno()}",
            "worker_class": "gthread",
            "workers": self._plan.workers,
            "threads": THREADS,
            "preload_app": True,
            "graceful_timeout": 1,
            "keepalive": 15,
            "loglevel": "critical",
            "control_socket_disable": True,
            "pre_fork": lambda server, worker: self._count(),
            "post_fork": lambda server, worker: self._arm(),
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        if self._app is None:
            self._app = self._made.application(**self._plan.settings)
            _warm_up(self._app)
        return self._app

    def _count(self) -> None:
        self._number += 1

    def _arm(self) -> None:
        order = self._plan.order(self._number)
        app = self.load()
        if self._plan.pages_file:
            limit_pages(app.extensions["database"], Path(self._plan.pages_file))
        if order.failpoint:
            failpoint = Failpoint(order.failpoint, order.passage, self._died.write, order.sends)
            watch_database(app.extensions["database"], failpoint)
            app.wsgi_app = watch_answers(app.wsgi_app, failpoint)
        self._started.write(f"{self._number} {os.getpid()}")


def _warm_up(app: Flask) -> None:
    """Read the templates and drawings once, so that a worker that was just forked has them. No connection survives."""
    client = app.test_client()
    client.get("/sign-in")
    with app.app_context():
        opened: Database = app.extensions["database"]
        with opened.read() as session:
            for definition in app.extensions["workflow"].store.live(session):
                app.extensions["workflow"].store.get(session, definition.id)
        opened.dispose()


def limit_pages(database: Database, said_in: Path) -> None:
    """A disk that is full as soon as the file has so many pages."""

    def limit(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {int(said_in.read_text())}")

    event.listen(database.engine, "checkout", limit)


def _begin(plan: Plan) -> None:
    ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a beat is longer than its pause is meant so here
    if plan.bug:
        seeded_bugs.plant(plan.bug)


def _serve(made: Installation, plan: Plan, folder: Path, pipe: Connection) -> None:
    _begin(plan)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    pipe.send(listener.getsockname()[1])
    _Gunicorn(made, plan, listener, Notes(folder / "started"), Notes(folder / "died")).run()


def _beat(made: Installation, plan: Plan, folder: Path, number: int) -> None:
    """The scheduler as `marshrut scheduler` runs it, with a shorter pause between its beats."""
    _begin(plan)
    app = made.application(clock=plan.clock, **plan.settings)
    order = plan.order(number)
    if order.failpoint:
        note = Notes(folder / "died").write
        watch_database(app.extensions["database"], Failpoint(order.failpoint, order.passage, note, order.sends))
    jobs = scheduler.jobs_of(app)
    jobs[:] = [replace(job, every=PAUSE) for job in jobs if job.name in plan.jobs]
    scheduler.run_forever(app)


class WebServer:
    """gunicorn at work on an installation; its workers die as ordered."""

    def __init__(self, made: Installation, plan: Plan, folder: Path) -> None:
        self._started, self._died = Notes(folder / "started"), Notes(folder / "died")
        here, there = processes.Pipe()
        self._process = processes.Process(target=_serve, args=(made, plan, folder, there), daemon=False)
        self._process.start()
        if not here.poll(ANSWERED_BEFORE):
            raise TimeoutError("the web server did not start")
        self.port: int = here.recv()

    def workers(self) -> list[int]:
        """Process ids of all workers there have been, in order."""
        return [int(line.split()[1]) for line in self._started.lines()]

    def await_worker(self, number: int) -> int:
        """The process id of the n-th worker, as soon as it is forked."""
        return await_that(lambda: (self.workers()[number : number + 1] or [0])[0], f"worker {number}")

    def deaths(self) -> list[float]:
        """Moments of the monotonic clock at which workers killed themselves."""
        return [float(line.split()[0]) for line in self._died.lines()]

    def stop(self) -> None:
        """End it with everything it has started."""
        self._process.terminate()
        self._process.join(5)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()


@contextmanager
def serving(made: Installation, plan: Plan, folder: Path) -> Iterator[WebServer]:
    """A web server until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    server = WebServer(made, plan, folder)
    try:
        yield server
    finally:
        server.stop()


class Schedulers:
    """Scheduler processes beside each other, each started by a plan and with the next number."""

    def __init__(self, made: Installation, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._made, self._folder, self._number = made, folder, 0
        self._running: list[Any] = []
        self._died = Notes(folder / "died")

    def start(self, plan: Plan) -> Any:
        """The process, and by its number the order that it has."""
        started = processes.Process(target=_beat, args=(self._made, plan, self._folder, self._number))
        started.start()
        self._number += 1
        self._running.append(started)
        return started

    def signals(self) -> int:
        """How many have come to their failpoint."""
        return len(self._died.lines())

    def stop(self) -> None:
        for each in self._running:
            each.kill()
        for each in self._running:
            each.join()


@contextmanager
def scheduling(made: Installation, folder: Path) -> Iterator[Schedulers]:
    """Schedulers that end with the block."""
    schedulers = Schedulers(made, folder)
    try:
        yield schedulers
    finally:
        schedulers.stop()


def await_that(question: Callable[[], Any], what: str, seconds: float = ANSWERED_BEFORE, pause: float = 0.003) -> Any:
    """Ask until the answer is true; returns it. TimeoutError names what was waited for."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := question():
            return found
        time.sleep(pause)
    raise TimeoutError(f"waited {seconds:.0f} s for {what}")
