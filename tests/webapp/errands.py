"""Two small processes on the real engine, for pages that show tasks: an errand for one person, a lead for a role."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import Database
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.runtime import Engine
from tests.engine.world import end, flows, form, process, user_task
from tests.webapp.staff.factories import NOW
from webapp.staff.models import Centre, User

ERRAND = process(
    '<bpmn:startEvent id="begun"/>',
    user_task(
        "call_back",
        "test/name",
        assignee="=begun.to",
        role="sales_manager",
        due="=begun.due",
        reminders="-PT30M, PT0S",
        escalate="PT1H to head",
        skip="allowed",
        prompt="Ask first. Then offer two times.",
        **{"name.ru": "Перезвонить", "prompt.ru": "Сначала спросите. Затем предложите два времени."},
    ),
    end("done", outcome="won"),
    flows("begun > call_back", "call_back > done"),
    key="errand",
)
LEAD = process(
    '<bpmn:startEvent id="begun"/>',
    user_task("first_answer", "test/name", assignee="=null", role="call_operator", due="PT10M"),
    end("done", outcome="won"),
    flows("begun > first_answer", "first_answer > done"),
    key="lead",
)
FORMS = (form("test/name", "name"),)


class Errands:
    """Opens cases and lets time pass, as the application's own engine does it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.engine: Engine = app.extensions["workflow"]
        self.database: Database = app.extensions["database"]
        self._numbers = count(1)
        with app.app_context(), self.database.write() as session:
            files = {"errand.bpmn": ERRAND, "lead.bpmn": LEAD, "name.form": FORMS[0]}
            encoded = {name: text.encode() for name, text in files.items()}
            self.engine.deploy(session, encoded, actor_id=None, now=NOW)

    def open(
        self,
        to: User | None,
        *,
        due: datetime | None = None,
        owner: User | None = None,
        centre: Centre | None = None,
        key: str = "errand",
        now: datetime = NOW,
        business_key: str = "",
    ) -> HumanTask:
        """A case whose only task is due at the moment; returns the task."""
        number = next(self._numbers)
        responsible = owner or to
        with self.app.app_context(), self.database.write() as session:
            result = self.engine.start(
                session,
                key,
                business_key=business_key or f"test:{number}",
                payload={"to": None if to is None else to.id, "due": due or NOW + timedelta(hours=1)},
                actor_id=None,
                now=now,
                scope_id=None if centre is None else centre.id,
                owner_id=None if responsible is None else responsible.id,
            )
            return self._detached(session, result.next_tasks[0])

    def open_late(self, to: User | None, *, owner: User | None = None, centre: Centre | None = None) -> HumanTask:
        """A case of yesterday whose only task is late for an hour."""
        late, yesterday = NOW - timedelta(hours=1), NOW - timedelta(days=1)
        return self.open(to, due=late, owner=owner, centre=centre, now=yesterday)

    def complete(self, task: HumanTask, by: User, *, now: datetime) -> None:
        with self.app.app_context(), self.database.write() as session:
            self.engine.complete(
                session,
                task.id,
                {"name": "Ada"},
                actor=Actor(by.id, supervises=frozenset({None})),
                reading=Reading(now=now),
                command_key=f"done-{task.id}",
            )

    def act(self, deed: Callable[[Session, Engine], object]) -> None:
        """Something on the engine in a transaction of its own."""
        with self.app.app_context(), self.database.write() as session:
            deed(session, self.engine)

    def tick(self, now: datetime) -> None:
        """Carry out everything that is due by then."""
        with self.app.app_context():
            self.engine.tick(self.database, lambda: now)

    def task(self, task_id: int) -> HumanTask:
        with self.database.read() as session:
            return self._detached(session, task_id)

    def open_tasks(self) -> list[HumanTask]:
        with self.database.read() as session:
            found = list(session.scalars(select(HumanTask).where(HumanTask.state == TaskState.OPEN)))
            session.expunge_all()
            return found

    @staticmethod
    def _detached(session: Session, task_id: int) -> HumanTask:
        task = session.get_one(HumanTask, task_id)
        session.expunge(task)
        return task
