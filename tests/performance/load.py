"""Requests that come when they come, from a process of their own.

`python -m tests.performance.load plan.json heard.json`. The load is open: nobody waits for an answer before the next
request is due, and a wait counts from the moment at which the request was due, so a server that falls behind is not
spared. A connection that the server has closed meanwhile is opened anew once, as browsers do.
"""

import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import orjson

AT_ONCE = 150  # requests in flight: more than the threads of two servers
PATIENCE = 120.0  # seconds; whoever waits longer has no answer
NO_ANSWER = 0


@dataclass(frozen=True)
class Shot:
    """One request. With `values` a form is sent."""

    kind: str
    path: str
    headers: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict)
    fine: Sequence[int] = (200,)  # statuses that are no error


@dataclass(frozen=True)
class Heard:
    """What came of a shot. `status` 0: no answer. `seconds` since it was due; `at` when it was answered."""

    kind: str
    path: str
    status: int
    fine: bool
    seconds: float
    at: float


def shoot(port: int, shots: Sequence[Shot], rate: float) -> list[Heard]:
    """All of them, `rate` a second."""
    heard: list[Heard] = []
    turn, begins = count(), time.monotonic() + 1

    def work() -> None:
        connection: HTTPConnection | None = None
        while (number := next(turn)) < len(shots):
            shot, due = shots[number], begins + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            status = NO_ANSWER
            for attempt in (connection, None):
                connection = attempt or HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
                try:
                    status = _ask(connection, shot)
                    break
                except (OSError, HTTPException):
                    connection.close()
                    if attempt is None:
                        connection = None
                        break
            now = time.monotonic()
            heard.append(Heard(shot.kind, shot.path, status, status in shot.fine, now - due, now - begins))

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return heard


def _ask(connection: HTTPConnection, shot: Shot) -> int:
    if shot.values:
        headers = {**shot.headers, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", shot.path, urlencode(shot.values), headers)
    else:
        connection.request("GET", shot.path, headers=dict(shot.headers))
    answer = connection.getresponse()
    answer.read()
    return answer.status


def write_plan(path: Path, port: int, shots: Sequence[Shot], rate: float) -> None:
    path.write_bytes(orjson.dumps({"port": port, "rate": rate, "shots": [asdict(each) for each in shots]}))


def read_heard(path: Path) -> list[Heard]:
    return [Heard(**each) for each in orjson.loads(path.read_bytes())]


if __name__ == "__main__":
    plan = orjson.loads(Path(sys.argv[1]).read_bytes())
    found = shoot(plan["port"], [Shot(**each) for each in plan["shots"]], plan["rate"])
    Path(sys.argv[2]).write_bytes(orjson.dumps([asdict(each) for each in found]))
