"""Clients as browsers are: they sign in once, go through cases, repeat what was not answered, and note everything."""

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from itertools import count
from random import Random
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.reliability import drill
from tests.reliability.installation import PASSWORD
from webapp.cases.starting import ERRAND

START, COMPLETE = "start", "complete"
BOTH = (drill.KEY, ERRAND)  # processes
PATIENCE = 120.0  # seconds in which a request must be answered, restarts included; a busy machine is no failure
LATER = "2030-06-03T12:00"
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
TASK = re.compile(r"/tasks/(\d+)/complete")


@dataclass(frozen=True)
class Request:
    """One attempt at a command. `status` 0: there came no answer."""

    person: int
    kind: str  # START or COMPLETE
    key: str
    task: int
    sent_at: float
    answered_at: float
    status: int
    location: str = ""
    text: str = ""  # of the letter that this step owes
    said: str = ""  # on the page that puts it off

    @property
    def accepted(self) -> bool:
        return self.status == 302


class Answer(NamedTuple):
    """What came back. A refusal for the moment says when to ask again."""

    status: int
    location: str
    text: str
    retry_after: str = ""


@dataclass
class Journal:
    """Everything that was asked for and answered, by all clients."""

    requests: list[Request] = field(default_factory=list)

    def note(self, request: Request) -> None:
        self.requests.append(request)  # atomic: lists need no lock here

    def answered_after(self, moment: float) -> float | None:
        """When the first request was answered with success after this moment."""
        found = [each.answered_at for each in self.requests[-400:] if each.accepted and each.answered_at > moment]
        return min(found, default=None)


class Lost(Exception):
    """A client could not go on: what it met is part of the finding."""


class Browser:
    """One person's connection and cookie."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""
        self._connection: HTTPConnection | None = None

    def ask(self, method: str, path: str, values: Mapping[str, str] | None = None) -> Answer:
        """OSError or HTTPException when no whole answer came."""
        body = urlencode(values) if values is not None else None
        headers = {"Cookie": self.cookie, "Accept": "text/html"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection = self._connection or HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            self._connection = connection
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException):
            self.hang_up()
            raise
        self._keep_cookie(answer)
        told = answer.headers
        return Answer(answer.status, told.get("Location", ""), text, told.get("Retry-After", ""))

    def ask_again(self, method: str, path: str, values: Mapping[str, str] | None = None) -> Answer:
        """The same for what may be asked any number of times."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self.ask(method, path, values)
            except (OSError, HTTPException):
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)

    def hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _keep_cookie(self, answer: HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or ():
            if line.startswith("session="):
                self.cookie = line.partition(";")[0]


class Client:
    """A person who works without pause until told to stop."""

    def __init__(self, number: int, person: int, port: int, journal: Journal, seed: int) -> None:
        self.number, self.person, self.journal = number, person, journal
        self.browser = Browser(port)
        self._dice = Random(seed * 1000 + number)
        self._keys: Iterator[str] = (f"{seed}-{number}-{n}" for n in count(1))
        self._token = ""
        self.keeps_alive = True

    def sign_in(self) -> None:
        page = self.browser.ask_again("GET", "/sign-in").text
        email = f"seller{self.number}@example.com"
        values = {"csrf_token": self._token_of(page), "email": email, "password": PASSWORD}
        answer = self.browser.ask_again("POST", "/sign-in", values)
        if answer.status != 302:
            raise Lost(f"{email} could not sign in: {answer.status}")

    def twin(self) -> "Client":
        """The same person in another window."""
        other = Client(self.number, self.person, self.browser.port, self.journal, 0)
        other.browser.cookie, other._token = self.browser.cookie, self._token
        return other

    def work(self, stopping: threading.Event, processes: Sequence[str] = BOTH) -> None:
        """Case after case, of the processes in turn."""
        for turn in count(self.number):
            if stopping.is_set():
                return
            process = processes[turn % len(processes)]
            task = self.start(process)
            rounds = self._dice.randint(2, 5)
            while task and not stopping.is_set():
                rounds -= 1
                task = self._errand(task, rounds) if process == ERRAND else self._drill(task, rounds)

    def start(self, process: str) -> int:
        """Begin a case; returns its first task."""
        if not self._token:
            self._token = self._token_of(self.browser.ask_again("GET", "/cases/start").text)
        key = next(self._keys)
        values = {"process": process, "subject": f"Reliability {key}", "command_key": key}
        accepted = self.command(START, "/cases/start", key, values)
        self._steps = 0
        page = self.browser.ask_again("GET", urlsplit(accepted.location).path).text
        if not (found := TASK.search(page)):
            raise Lost(f"{accepted.location} shows no step")
        return int(found[1])

    def complete(self, task: int, values: Mapping[str, str], *, key: str = "", text: str = "") -> Request:
        """Complete a step, until there is an answer."""
        key = key or next(self._keys)
        return self.command(
            COMPLETE, f"/tasks/{task}/complete", key, {**values, "command_key": key}, task=task, text=text
        )

    def command(
        self, kind: str, path: str, key: str, values: Mapping[str, str], *, task: int = 0, text: str = ""
    ) -> Request:
        """Send it again and again with its key until it is answered; each attempt is noted."""
        until = time.monotonic() + PATIENCE
        while True:
            noted = self.attempt(kind, path, key, values, task=task, text=text)
            if noted.accepted:
                return noted
            if noted.status and noted.status != 503:
                raise Lost(f"{kind} {key} of task {task} was answered with {noted.status}")
            if time.monotonic() > until:
                raise Lost(f"{kind} {key} of task {task} was not answered")
            time.sleep(0.01)

    def attempt(
        self, kind: str, path: str, key: str, values: Mapping[str, str], *, task: int = 0, text: str = ""
    ) -> Request:
        """Send it once."""
        sent = time.monotonic()
        try:
            answer = self.browser.ask("POST", path, {**values, "csrf_token": self._token})
        except (OSError, HTTPException):
            answer = Answer(0, "", "")
        if answer.status == 503 and not answer.retry_after:
            raise Lost(f"{kind} {key} was put off and not told until when")
        if not self.keeps_alive:
            self.browser.hang_up()
        said = answer.text if answer.status == 503 else ""
        noted = Request(
            self.person, kind, key, task, sent, time.monotonic(), answer.status, answer.location, text, said
        )
        self.journal.note(noted)
        return noted

    def _errand(self, task: int, rounds: int) -> int:
        """Hand out the errand to oneself, ask for more time a few times, and be done."""
        self._steps += 1
        if self._steps == 1:
            values = {"person": str(self.person), "until": LATER}
        elif rounds > 0:
            values = {"outcome": "more_time", "reason": "Busy", "new_time": LATER}
        else:
            values = {"outcome": "done", "result": "Finished"}
        return _next_task(self.complete(task, values))

    def _drill(self, task: int, rounds: int) -> int:
        key = next(self._keys)
        values = drill.answer(key, drill.AGAIN if rounds > 0 else drill.ENOUGH)
        return _next_task(self.complete(task, values, key=key, text=key))

    @staticmethod
    def _token_of(page: str) -> str:
        found = TOKEN.search(page)
        if found is None:
            raise Lost("a page without a form")
        return found[1]


def _next_task(answered: Request) -> int:
    """The task to which the answer leads; 0 when the case is done."""
    return int(parse_qs(urlsplit(answered.location).query).get("task", ["0"])[0])
