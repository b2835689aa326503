"""The product's own step through the same guided model, with everything a step does: diary, reminders, escalation,
form validation, an operation that writes a record, history, milestones, the command's answer; synchronous=FULL."""

from datetime import timedelta
from pathlib import Path

from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import make_database
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import CaseData
from engine.persistence import Base
from tests.engine.world import CENTRE, NOW, SELLER, World, form, milestone, seller
from tests.performance.guided import BPMN, drawing

ZEEBE = "http://camunda.org/schema/zeebe/1.0"
FORM = form(
    "test/name",
    "name",
    {"type": "number", "key": "price", "label": "Price", "validate": {"required": True}},
    {"type": "textarea", "key": "comment", "label": "Comment", "validate": {"maxLength": 500}},
)


class Product:
    """Steps through the guided model by `Engine.complete`, one durable transaction each."""

    def __init__(self, path: Path, *, live_cases: int | None = None) -> None:
        self.database = make_database(f"sqlite:///{path}")
        Base.metadata.create_all(self.database.engine)
        self.world = World(self.database)
        if live_cases is not None:
            self.world.kernel.live_cases._size = live_cases
        self.world.deploy(guided_drawing(), FORM)
        self.waiting: list[int] = []
        self.count = 0

    def step(self) -> None:
        with self.database.write() as session:
            if not self.waiting:
                self.waiting = list(self._start(session))
            self.count += 1
            result = self.world.engine.complete(
                session,
                self.waiting.pop(0),
                {"name": "anna", "price": "1 500 000", "comment": "asked for the payment over five years"},
                actor=seller,
                reading=Reading(now=self.world.now),
                command_key=f"measured-{self.count}",
            )
            self.world.now += timedelta(seconds=1)
        self.waiting += result.next_tasks

    def _start(self, session: Session) -> tuple[int, ...]:
        started = self.world.engine.start(
            session,
            "guided",
            business_key=f"deal:{self.count}",
            payload={"source": "radio"},
            actor_id=SELLER,
            now=NOW,
            scope_id=CENTRE,
            owner_id=SELLER,
        )
        return tuple(started.next_tasks)

    def open_tasks(self) -> int:
        with self.database.read() as session:
            return len(session.scalars(select(HumanTask.id).where(HumanTask.state == TaskState.OPEN)).all())

    def documents(self) -> int:
        with self.database.read() as session:
            return len(session.scalars(select(CaseData.instance_id)).all())

    def close(self) -> None:
        self.database.close()


def guided_drawing() -> str:
    """The guided model with prompts, forms, roles, due times and milestones, conditions in FEEL."""
    root = etree.fromstring(drawing())
    for task in root.iter(f"{{{BPMN}}}userTask"):
        task.insert(0, etree.fromstring(_details(task.get("id", ""))))
    for condition in root.iter(f"{{{BPMN}}}conditionExpression"):
        condition.text = "=" + (condition.text or "").replace("'", '"').replace("==", ".name =")
        condition.text = condition.text.replace(" .name", ".name")
    for timer in root.iter(f"{{{BPMN}}}timeDuration"):
        timer.text = "P30D"
    process = root.find(f"{{{BPMN}}}process")
    assert process is not None
    process.insert(0, etree.fromstring(_extension(milestones="contact, presentation, offer, paid, delivered")))
    for number, (name, before) in enumerate({"contact": "ask_2", "presentation": "drive", "offer": "agree_1"}.items()):
        _insert_milestone(process, name, before, number)
    return etree.tostring(root).decode()


def _insert_milestone(process: etree._Element, name: str, before: str, number: int) -> None:
    flow = next(each for each in process.iter(f"{{{BPMN}}}sequenceFlow") if each.get("targetRef") == before)
    event = milestone(f"reached_{name}", name).replace("<bpmn:", "<bpmn:", 1)
    wrapped = f'<x xmlns:bpmn="{BPMN}" xmlns:zeebe="{ZEEBE}">{event}</x>'
    process.append(etree.fromstring(wrapped)[0])
    flow.set("targetRef", f"reached_{name}")
    onward = etree.SubElement(process, f"{{{BPMN}}}sequenceFlow")
    onward.set("id", f"onward_{number}")
    onward.set("sourceRef", f"reached_{name}")
    onward.set("targetRef", before)


def _details(name: str) -> str:
    texts = {
        "prompt": f"Do {name} as agreed.",
        "due": "PT4H",
        "reminders": "-PT30M, PT0S",
        "escalate": "150% min PT1H max P1D to head",
        "onComplete": "test.record",
    }
    inner = (
        f'<formDefinition xmlns="{ZEEBE}" formId="test/name"/>'
        f'<assignmentDefinition xmlns="{ZEEBE}" assignee="=case.owner" candidateGroups="seller"/>'
    )
    return _extension(inner, **texts)


def _extension(inner: str = "", **values: str) -> str:
    items = "".join(f'<property name="{name}" value="{value}"/>' for name, value in values.items())
    return (
        f'<extensionElements xmlns="{BPMN}">{inner}<properties xmlns="{ZEEBE}">{items}</properties></extensionElements>'
    )
