"""R12 and R16: many at one task, and some who send too much; one is accepted, and nobody else is held up."""

import statistics
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.reliability import drill
from tests.reliability.installation import Installation
from tests.reliability.invariants import violations
from tests.reliability.people import COMPLETE, Client, Request
from tests.reliability.processes import Plan
from tests.reliability.test_database_trouble import Desk, desk

pytestmark = pytest.mark.reliability
MEGABYTE = 1 << 20
TOO_MUCH = {
    "a body of 40 MB": ("application/octet-stream", 40 * MEGABYTE, b""),
    "a form of 4 MB": ("application/x-www-form-urlencoded", 0, b"text=" + b"x" * (4 * MEGABYTE)),
    "a file of 30 MB": (
        "multipart/form-data; boundary=edge",
        0,
        b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'
        + b"x" * (30 * MEGABYTE)
        + b"\r\n--edge--\r\n",
    ),
    "a form of 5,000 parts": (
        "multipart/form-data; boundary=edge",
        0,
        b'--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 5000 + b"--edge--\r\n",
    ),
}
MEASURED = 40  # steps with and without the others
NOT_HELD_UP = 3.0  # of the usual time: refusing costs something too


def crowd(seat: Desk, people: int, keys: list[str]) -> list[Request]:
    """So many submit the open step at the same moment."""
    begin = threading.Barrier(people)
    client = seat.client

    def submit(number: int) -> Request:
        one = client.twin()
        begin.wait(60)
        key = keys[number % len(keys)]
        values = {**drill.answer(keys[0], drill.AGAIN), "command_key": key}
        try:
            return one.attempt(COMPLETE, f"/tasks/{seat.task}/complete", key, values, task=seat.task)
        finally:
            one.browser.hang_up()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(submit, range(people)))


@pytest.mark.parametrize("people", [2, 8, 50])
def test_of_many_who_complete_one_task_one_is_accepted(people: int, installation: Installation, tmp_path: Path) -> None:
    plan = Plan(workers=1 if installation.url.startswith("sqlite") else 2)
    with desk(installation, tmp_path / "web", plan) as seat:
        answers = crowd(seat, people, [f"crowd-{number}" for number in range(people)])

        assert Counter(each.status for each in answers) == {302: 1, 409: people - 1}
        assert violations(installation, seat.client.journal) == []


def test_many_copies_of_one_submit_get_one_answer(installation: Installation, tmp_path: Path) -> None:
    with desk(installation, tmp_path / "web") as seat:
        answers = crowd(seat, 20, ["twenty times"])

        assert {each.status for each in answers} == {302}
        assert len({each.location for each in answers}) == 1
        assert violations(installation, seat.client.journal) == []


@pytest.mark.parametrize("what", TOO_MUCH)
def test_too_much_is_refused(what: str, sqlite_installation: Installation, tmp_path: Path) -> None:
    with desk(sqlite_installation, tmp_path / "web") as seat:
        assert send_too_much(seat.client, seat.task, what) in (413, 0)  # 0: the server hung up, as it may
        seat.step()


def test_who_sends_too_much_holds_up_nobody(sqlite_installation: Installation, tmp_path: Path) -> None:
    """Rounds of steps alone and steps beside them, in turn."""
    alone: list[float] = []
    beside: list[float] = []
    with desk(sqlite_installation, tmp_path / "web") as seat:
        for turn in range(4):
            stopping = threading.Event()
            flood = threading.Thread(target=_flood, args=(seat.client, seat.task, stopping))
            if turn % 2:
                flood.start()
            for _ in range(MEASURED // 2):
                begun = time.monotonic()
                seat.step()
                (beside if turn % 2 else alone).append(time.monotonic() - begun)
            stopping.set()
            if turn % 2:
                flood.join()

        assert violations(sqlite_installation, seat.client.journal) == []
    usual, held_up = statistics.median(alone), statistics.median(beside)
    print(f"a step: {usual * 1000:.0f} ms alone, {held_up * 1000:.0f} ms beside oversize requests")  # noqa: T201
    assert held_up < NOT_HELD_UP * usual


def send_too_much(client: Client, task: int, what: str) -> int:
    """The status of the refusal; 0 when there came none."""
    kind, announced, body = TOO_MUCH[what]
    connection = HTTPConnection("127.0.0.1", client.browser.port, timeout=60)
    try:
        connection.putrequest("POST", f"/tasks/{task}/complete")
        for name, value in {"Cookie": client.browser.cookie, "Content-Type": kind}.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(announced or len(body)))
        connection.endheaders()
        with suppress(OSError):  # the answer may come before all is sent
            connection.send(body)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def _flood(client: Client, task: int, stopping: threading.Event) -> None:
    while not stopping.is_set():
        for what in TOO_MUCH:
            send_too_much(client, task, what)
