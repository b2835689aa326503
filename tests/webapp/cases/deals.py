"""A small sale with milestones on the real engine: a call, a presentation, an offer; it can be refused."""

import re
from datetime import datetime, timedelta
from itertools import count

from flask import Flask
from sqlalchemy import select

from engine.database import Database
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import ProcessInstance
from engine.runtime import Engine
from tests.engine.world import choice, end, flows, form, milestone, process, properties, user_task
from tests.webapp.staff.factories import NOW
from webapp.staff.models import Centre, User

STEP = {"role": "sales_manager", "due": "P1D"}
DEAL = process(
    '<bpmn:startEvent id="begun"/>',
    '<bpmn:subProcess id="work" name="Work">'
    + '<bpmn:startEvent id="work_begun"/><bpmn:exclusiveGateway id="came" default="f5"/>'
    + user_task("call", "test/call", **STEP, **{"name.ru": "Звонок"})
    + user_task("show", "test/name", **STEP, **{"name.ru": "Показ"})
    + user_task("offer", "test/name", **STEP, **{"name.ru": "Предложение"})
    + milestone("seen", "seen")
    + milestone("offered", "offered")
    + end("work_done")
    + flows(
        "work_begun > call",
        "call > came",
        'came > seen : call.outcome = "came"',
        "seen > show",
        "came > show",
        "show > offer",
        "offer > offered",
        "offered > work_done",
    )
    + "</bpmn:subProcess>",
    '<bpmn:boundaryEvent id="refused" name="Refused" attachedToRef="work"><bpmn:extensionElements>'
    + properties(offer="true", form="test/refused")
    + '</bpmn:extensionElements><bpmn:messageEventDefinition messageRef="message_refused"/></bpmn:boundaryEvent>',
    end("won", outcome="won"),
    end("gone", outcome="refused"),
    '<bpmn:sequenceFlow id="g1" sourceRef="begun" targetRef="work"/>'
    '<bpmn:sequenceFlow id="g2" sourceRef="work" targetRef="won"/>'
    '<bpmn:sequenceFlow id="g3" sourceRef="refused" targetRef="gone"/>',
    key="deal",
    messages=("refused",),
    milestones="seen?, offered",
    dimensions="source: =begun.source",
)
FORMS = (form("test/call", choice("outcome", "away", "came")), form("test/refused", "why"), form("test/name", "name"))


class Deals:
    """Opens deals of this process and leads them on."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.engine: Engine = app.extensions["workflow"]
        self.database: Database = app.extensions["database"]
        self._numbers = count(1)
        texts = {"deal.bpmn": DEAL, **{f"{number}.form": text for number, text in enumerate(FORMS)}}
        with app.app_context(), self.database.write() as session:
            files = {name: text.encode() for name, text in texts.items()}
            self.engine.deploy(session, files, actor_id=None, now=NOW)

    def open(
        self, owner: User, *, centre: Centre | None = None, source: str = "site", now: datetime = NOW, key: str = ""
    ) -> int:
        """A deal whose first step waits; the number of its case."""
        with self.app.app_context(), self.database.write() as session:
            return self.engine.start(
                session,
                "deal",
                business_key=key or f"deal:{next(self._numbers)}",
                payload={"source": source},
                actor_id=None,
                now=now,
                scope_id=centre.id if centre else None,
                owner_id=owner.id,
            ).instance_id

    def open_late(self, owner: User, *, centre: Centre | None = None) -> int:
        return self.open(owner, centre=centre, now=NOW - timedelta(days=3))

    def complete(self, instance_id: int, **values: object) -> None:
        """Do the open step."""
        task = self.task(instance_id)
        with self.app.app_context(), self.database.write() as session:
            self.engine.complete(
                session,
                task.id,
                values,
                actor=Actor(task.assignee_id, supervises=frozenset({None})),
                reading=Reading(now=NOW),
                command_key=f"deal-{task.id}",
            )

    def task(self, instance_id: int) -> HumanTask:
        with self.database.read() as session:
            found = session.scalars(
                select(HumanTask).where(HumanTask.instance_id == instance_id, HumanTask.state == TaskState.OPEN)
            ).one()
            session.expunge_all()
            return found

    def owner(self, instance_id: int) -> int | None:
        with self.database.read() as session:
            return session.scalar(select(ProcessInstance.owner_id).where(ProcessInstance.id == instance_id))


def shown(page: str) -> list[str]:
    """Numbers of the cases of a list or board, as they stand."""
    return re.findall(r'id="case-(\d+)"', page)
