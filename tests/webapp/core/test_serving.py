"""The web server and the scheduler start, are watched and stop together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from webapp.core.serving import PortTaken, answers, end, free_port, keep_running

FOR_EVER = [sys.executable, "-c", "import time; time.sleep(600)"]
FAILING = [sys.executable, "-c", "raise SystemExit(3)"]
ENDING = [sys.executable, "-c", "pass"]
STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "w").close()
time.sleep(600)
"""


def taken_port() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def run(*commands: list[str], when_ready: Callable[[], None] = lambda: None) -> int:
    return keep_running(commands, environment=os.environ, is_ready=lambda: True, when_ready=when_ready)


def test_a_port_that_was_asked_for_and_is_taken_is_refused() -> None:
    with taken_port() as listener, pytest.raises(PortTaken, match="is taken"):
        free_port("127.0.0.1", listener.getsockname()[1])


def test_without_a_wish_a_taken_port_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with taken_port() as listener:
        monkeypatch.setattr("webapp.core.serving.FIRST_PORT", listener.getsockname()[1])

        assert free_port("127.0.0.1") != listener.getsockname()[1]


def test_a_port_at_which_nobody_listens_does_not_answer() -> None:
    assert not answers("127.0.0.1", free_port("127.0.0.1"))


def test_a_companion_starts_when_all_is_ready_and_may_end(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    writes = [sys.executable, "-c", f"open({str(trace)!r}, 'w').close()"]

    threading.Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
    status = keep_running(
        [FOR_EVER],
        environment=os.environ,
        is_ready=lambda: True,
        when_ready=lambda: None,
        companions=[writes],
    )

    assert (status, trace.exists()) == (0, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_both_and_counts_as_success(number: signal.Signals) -> None:
    before = signal.getsignal(number)

    status = run(FOR_EVER, FOR_EVER, when_ready=lambda: os.kill(os.getpid(), number))

    assert status == 0
    assert children_of_this_process() == []
    assert signal.getsignal(number) is before


@pytest.mark.parametrize(("command", "status"), [(FAILING, 3), (ENDING, 1)])
def test_when_one_ends_by_itself_the_other_is_stopped_and_the_failure_told(command: list[str], status: int) -> None:
    assert run(FOR_EVER, command) == status
    assert children_of_this_process() == []


def test_readiness_is_told_once_and_only_when_it_is_there() -> None:
    asked: list[float] = []
    told: list[int] = []

    def is_ready() -> bool:
        asked.append(time.monotonic())
        return len(asked) == 3

    def when_ready() -> None:
        told.append(len(asked))
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()

    keep_running([FOR_EVER], environment=os.environ, is_ready=is_ready, when_ready=when_ready)

    assert told == [3]


def test_a_process_that_will_not_end_is_killed(tmp_path: Path) -> None:
    deaf = tmp_path / "deaf"
    child = subprocess.Popen([sys.executable, "-c", STUBBORN, str(deaf)], process_group=0)
    while not deaf.exists():
        time.sleep(0.02)

    end([child], grace=0.1)

    assert child.returncode == -signal.SIGKILL


def children_of_this_process() -> list[str]:
    listed = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
    return [pid for pid in listed if "sleep(600)" in Path(f"/proc/{pid}/cmdline").read_text()]
