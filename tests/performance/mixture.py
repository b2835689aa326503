"""What the people of a dealer ask for in one busy half minute: pages, steps, calls of the API, notices."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.human_tasks.models import HumanTask, TaskState
from tests.performance.load import Shot
from tests.performance.peopled import SESSION, House, Words
from tests.reliability.people import Browser
from webapp.api.tokens import issue_token
from webapp.staff.models import User

SHARES = {
    "my day": 20,
    "case": 20,
    "list": 12,
    "search": 12,
    "customer card": 8,
    "step": 10,
    "API": 10,
    "notices": 8,
}  # of a hundred requests
SELLERS = ("n1", "n2", "n3", "n4", "s1", "s2", "s3", "s4")
OTHERS = ("director", "head.north", "head.south", "call1", "advisor", "advisor2")
CALLERS = ("director", "head.north", "n1")  # programs, with the rights of these people
STEP = "follow_up_call"  # the step most people wait at; whoever is not reached is called again
NOT_REACHED = {"outcome": "not_reached", "reached": "busy"}


@dataclass(frozen=True)
class Person:
    """Somebody at work: what his browser sends, and the open cases he has something to do in."""

    id: int
    headers: dict[str, str]
    token: str
    cases: Sequence[int]


class Mixture:
    """Makes requests in the right shares, each person about his own work."""

    def __init__(self, house: House, port: int, *, now: datetime, seed: int = 1) -> None:
        self._dice = Random(seed)
        with house.database.read() as session:
            self._words = Words.read(session, 400, seed)
            users = {name: house.find(session, name) for name in (*SELLERS, *OTHERS)}
            self._people = {name: _signed_in(house, session, user, port) for name, user in users.items()}
            self._steps = _open_steps(session, [self._people[name] for name in SELLERS])
        self._dice.shuffle(self._steps)
        with house.database.write() as session:
            self._callers = [
                issue_token(
                    session, house.find(session, name), name="load", days=1, read_only=True, actor_id=1, now=now
                ).secret
                for name in CALLERS
            ]
        self._makers: dict[str, Callable[[], Shot]] = {
            "my day": lambda: self._page("my day", "/diary/"),
            "case": self._case,
            "list": self._list,
            "search": lambda: self._page("search", f"/search?q={quote(self._word())}"),
            "customer card": self._card,
            "step": self._step,
            "API": self._call,
            "notices": lambda: self._page("notices", "/diary/notifications/recent"),
        }

    def shots(self, number: int) -> list[Shot]:
        kinds = self._dice.choices(list(SHARES), list(SHARES.values()), k=number)
        return [self._makers[kind]() for kind in kinds]

    def _page(self, kind: str, path: str, names: Sequence[str] = (*SELLERS, *OTHERS)) -> Shot:
        return Shot(kind, path, self._people[self._dice.choice(names)].headers)

    def _case(self) -> Shot:
        name = self._dice.choice([name for name, person in self._people.items() if person.cases])
        return self._page("case", f"/cases/{self._dice.choice(self._people[name].cases)}", (name,))

    def _list(self) -> Shot:
        page = self._dice.choice((1, 1, 1, 2, 3))
        path = self._dice.choice(("/cases?state=open", "/cases?state=closed", "/customers?kind=", "/cars?brand="))
        return self._page("list", f"{path}&page={page}")

    def _card(self) -> Shot:
        name = self._dice.choice(SELLERS)
        return self._page(
            "customer card", f"/customers/{self._dice.choice(self._words.whose[self._people[name].id])}", (name,)
        )

    def _word(self) -> str:
        words = self._words
        return self._dice.choice(
            self._dice.choice((words.families, words.parts, words.phones, words.vins, words.plates))
        )

    def _step(self) -> Shot:
        person, task = self._steps.pop()
        values = {**NOT_REACHED, "csrf_token": person.token, "command_key": f"load-{task}"}
        return Shot("step", f"/tasks/{task}/complete", person.headers, values, fine=(302,))

    def _call(self) -> Shot:
        path = self._dice.choice(
            ("tasks", "cases", "customers", f"customers?q={quote(self._dice.choice(self._words.families))}")
        )
        return Shot("API", f"/api/v1/{path}", {"Authorization": f"Bearer {self._dice.choice(self._callers)}"})


def _signed_in(house: House, session: Session, user: User, port: int) -> Person:
    browser = Browser(port)
    browser.cookie = f"{SESSION}={house.cookie(user)}"
    page = browser.ask("GET", "/profile").text
    browser.hang_up()
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    cases = select(HumanTask.instance_id).where(HumanTask.assignee_id == user.id, HumanTask.state == TaskState.OPEN)
    found = session.scalars(cases.order_by(HumanTask.id).limit(500)).all()
    return Person(user.id, {"Cookie": browser.cookie, "Accept": "text/html"}, token, found)


def _open_steps(session: Session, people: Sequence[Person]) -> list[tuple[Person, int]]:
    by_id = {each.id: each for each in people}
    wanted = select(HumanTask.assignee_id, HumanTask.id).where(
        HumanTask.element == STEP, HumanTask.state == TaskState.OPEN, HumanTask.assignee_id.in_(by_id)
    )
    return [(by_id[person], task) for person, task in session.execute(wanted)]
