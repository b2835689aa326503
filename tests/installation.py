"""Real web servers and schedulers over one database, as an installation has them, for tests that must see several.

As a module (`python -m tests.installation web|scheduler`) it is one of these processes: the application with the clock
of the test, which stands in a file.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from flask import Flask

from engine.clock import Clock
from tests.clocks import FollowingClock
from tests.settings import FOR_BROWSERS
from webapp.app import create_app
from webapp.core import scheduler
from webapp.core.serving import answers

WANTED = "TEST_PROCESSES"  # "2+2": two web processes and two schedulers serve the browser tests, on PostgreSQL
GIVEN = "TEST_PROCESS_SETTINGS"
START_SECONDS = 120
HOST = "127.0.0.1"


def wanted() -> tuple[int, int] | None:
    """How many web processes and schedulers the browser tests shall have; None: all in this process."""
    text = os.environ.get(WANTED, "")
    if not text:
        return None
    web, schedulers = text.split("+")
    return int(web), int(schedulers)


@dataclass
class Processes:
    """What runs. All web processes share one port: the system hands each connection to one of them."""

    environment: Mapping[str, str]
    port: int
    web: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    schedulers: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start_web(self, port: int | None = None) -> None:
        """One more web server; on a port of its own if a test must know whom it asks."""
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "tests.installation:web()",
            "--bind",
            f"{HOST}:{port or self.port}",
        ]
        command += ["--reuse-port", "--worker-class", "gthread", "--threads", "40", "--graceful-timeout", "2"]
        command += ["--log-level", "warning", "--no-control-socket", "--keep-alive", "75"]  # as nginx keeps it
        self.web.append(self._start(command))

    def start_scheduler(self) -> None:
        self.schedulers.append(self._start([sys.executable, "-m", "tests.installation", "scheduler"]))

    def await_all(self, *ports: int) -> None:
        """Until each answers."""
        deadline = time.monotonic() + START_SECONDS
        for port in ports or (self.port,):
            while not answers(HOST, port):
                dead = [each.args for each in (*self.web, *self.schedulers) if each.poll() is not None]
                if dead or time.monotonic() > deadline:
                    raise RuntimeError(f"a process did not start: {dead or port}")
                time.sleep(0.1)

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """Without a word, as a machine that loses its power, with the workers that it has."""
        self.tell(process, signal.SIGKILL)
        process.wait()

    @staticmethod
    def tell(process: "subprocess.Popen[bytes]", what: signal.Signals) -> None:
        """A signal to the process and its workers, for instance that they stand still."""
        os.killpg(process.pid, what)

    def end(self) -> None:
        for process in (*self.web, *self.schedulers):
            if process.poll() is None:
                self.kill(process)

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, env=self.environment, process_group=0)


@contextmanager
def installed(clock: Path, settings: Mapping[str, object], *, web: int, schedulers: int) -> Iterator[Processes]:
    """So many of each, until the block ends. `clock`: the file that MovingClock writes; settings must be JSON."""
    given = orjson.dumps({"clock": str(clock), "settings": dict(settings)}).decode()
    processes = Processes({**os.environ, GIVEN: given}, unused_port())
    try:
        for _ in range(web):
            processes.start_web()
        for _ in range(schedulers):
            processes.start_scheduler()
        if web:
            processes.await_all()
        yield processes
    finally:
        processes.end()


def unused_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def web() -> Flask:
    """The application of such a process, for gunicorn."""
    given = orjson.loads(os.environ[GIVEN])
    clock: Clock = FollowingClock(Path(given["clock"]))
    return create_app({**FOR_BROWSERS, **given["settings"]}, application_clock=clock)


if __name__ == "__main__" and sys.argv[1:] == ["scheduler"]:
    scheduler.run_forever(web())
