"""A small world for the engine: a few people, a few operations, and drawings written in short."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import Database
from engine.errors import BusinessError
from engine.history.models import HistoryEvent
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.commands import StepResult
from engine.kernel import Kernel
from engine.operations import Context, OperationSet
from engine.runtime import Engine

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday, noon in Moscow
SELLER, OTHER_SELLER, HEAD = 1, 2, 9
CENTRE = 7

operations = OperationSet("test")


class Breakdown(Exception):
    """What a service that is out of order raises."""


BROKEN: set[str] = set()


@operations.register
def record(context: Context, *, name: str) -> dict[str, object]:
    """Keep a name."""
    if "record" in BROKEN:
        raise Breakdown("the record office is closed")
    if name == "forbidden":
        raise BusinessError("name_forbidden", "This name is forbidden.")
    return {"recorded": name.upper()}


@operations.register
def keep_secret(context: Context, *, secret: str = "") -> dict[str, object]:
    """Take a personal field; only the fact is returned."""
    return {"secret_note": "SECRET KEPT"} if secret else {}


@operations.register
def count(context: Context, *, step: int = 1) -> dict[str, object]:
    """Count in the case."""
    if "count" in BROKEN:
        raise Breakdown("cannot count")
    return {"total": step}


@dataclass
class SmallStaff:
    """Two sellers and a head; OTHER_SELLER may be the deputy of SELLER."""

    deputies: dict[int, list[int]] = field(default_factory=dict)

    def roles(self) -> frozenset[str]:
        return frozenset({"seller", "head_of_sales"})

    def head_of(self, user_id: int, scope_id: int | None) -> int | None:
        if "head_of" in BROKEN:
            raise Breakdown("nobody knows who leads whom")
        return HEAD if user_id != HEAD else None

    def members(self, role: str, scope_id: int | None) -> Sequence[int]:
        return {"seller": [SELLER, OTHER_SELLER], "head_of_sales": [HEAD]}[role]

    def represented_by(self, user_id: int, at: datetime) -> Sequence[int]:
        return self.deputies.get(user_id, [])


seller = Actor(SELLER, roles=frozenset({("seller", CENTRE)}))
other_seller = Actor(OTHER_SELLER, roles=frozenset({("seller", CENTRE)}))
head = Actor(HEAD, roles=frozenset({("head_of_sales", CENTRE)}), supervises=frozenset({CENTRE}))


class World:
    """An engine over a database, with a clock that is moved by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.staff = SmallStaff()
        self.kernel = Kernel(operations=operations.operations, directory=lambda _: self.staff)
        self.engine = Engine(self.kernel)
        self.now = NOW
        self.commands = 0
        BROKEN.clear()

    def deploy(self, *texts: str) -> Any:
        files = {f"{number}.{_kind(text)}": text.encode() for number, text in enumerate(texts)}
        with self.database.write() as session:
            return self.engine.deploy(session, files, actor_id=None, now=self.now)

    def start(self, key: str = "sale", payload: Mapping[str, object] | None = None) -> StepResult:
        with self.database.write() as session:
            return self.engine.start(
                session,
                key,
                business_key="deal:1",
                payload=payload or {},
                actor_id=SELLER,
                now=self.now,
                scope_id=CENTRE,
                owner_id=SELLER,
            )

    def command_key(self) -> str:
        self.commands += 1
        return f"command-{self.commands}"

    def complete(
        self, element: str, *, actor: Actor = seller, key: str | None = None, zone: tzinfo = UTC, **values: object
    ) -> StepResult:
        with self.database.write() as session:
            return self.engine.complete(
                session,
                self.task(element).id,
                values,
                actor=actor,
                reading=Reading(now=self.now, zone=zone),
                command_key=key or self.command_key(),
            )

    def offer(self, element: str, boundary: str, *, actor: Actor = seller, **values: object) -> StepResult:
        with self.database.write() as session:
            return self.engine.take_offer(
                session,
                self.task(element).id,
                boundary,
                values,
                actor=actor,
                reading=Reading(now=self.now),
                command_key=self.command_key(),
            )

    def advance(self, by: timedelta) -> None:
        self.now += by
        self.engine.tick(self.database, lambda: self.now)

    def task(self, element: str) -> HumanTask:
        """The newest task of an element, open or not."""
        with self.database.read() as session:
            found = session.scalars(
                select(HumanTask).where(HumanTask.element == element).order_by(HumanTask.id.desc()).limit(1)
            ).one()
            session.expunge_all()
            return found

    def open_elements(self) -> list[str]:
        with self.database.read() as session:
            statement = select(HumanTask.element).where(HumanTask.state == TaskState.OPEN).order_by(HumanTask.id)
            return list(session.scalars(statement))

    def events(self, *kinds: str) -> list[HistoryEvent]:
        with self.database.read() as session:
            found = session.scalars(
                select(HistoryEvent)
                .where(HistoryEvent.kind.in_(kinds) if kinds else HistoryEvent.kind.is_not(None))
                .order_by(HistoryEvent.seq)
            ).all()
            session.expunge_all()
            return list(found)


def _kind(text: str) -> str:
    if text.startswith("{"):
        return "form"
    return "dmn" if "/spec/DMN/" in text else "bpmn"


def form(key: str, *fields: Mapping[str, Any] | str) -> str:
    """A form; a bare text is a required text field of that key."""
    components = [
        {"type": "textfield", "key": item, "label": item, "validate": {"required": True}}
        if isinstance(item, str)
        else item
        for item in fields
    ]
    return orjson.dumps({"id": key, "type": "default", "schemaVersion": 19, "components": components}).decode()


def choice(key: str, *values: str) -> dict[str, Any]:
    """A required radio field."""
    options = [{"label": value, "value": value} for value in values]
    return {"type": "radio", "key": key, "label": key, "values": options, "validate": {"required": True}}


def properties(**values: str) -> str:
    items = "".join(f'<zeebe:property name="{name}" value="{value}"/>' for name, value in values.items())
    return f"<zeebe:properties>{items}</zeebe:properties>"


def user_task(
    element: str, form_key: str = "test/name", *, assignee: str = "=case.owner", role: str = "seller", **more: str
) -> str:
    texts = {"prompt": f"Do {element}", **more}
    return (
        f'<bpmn:userTask id="{element}" name="{element}"><bpmn:extensionElements><zeebe:userTask/>'
        f'<zeebe:formDefinition formId="{form_key}"/>'
        f'<zeebe:assignmentDefinition assignee="{assignee}" candidateGroups="{role}"/>'
        f"{properties(**texts)}</bpmn:extensionElements></bpmn:userTask>"
    )


def milestone(element: str, name: str) -> str:
    return (
        f'<bpmn:intermediateThrowEvent id="{element}" name="{name}"><bpmn:extensionElements>'
        f"{properties(milestone=name)}</bpmn:extensionElements></bpmn:intermediateThrowEvent>"
    )


def end(element: str, **values: str) -> str:
    return (
        f'<bpmn:endEvent id="{element}"><bpmn:extensionElements>{properties(**values)}'
        f"</bpmn:extensionElements></bpmn:endEvent>"
    )


def flows(*pairs: str) -> str:
    """`"a > b"`, `"a > b : x = 1"` and `"a > b default"`-less flows, one per text, ids f1, f2 …"""
    parts = []
    for number, pair in enumerate(pairs, 1):
        route, _, condition = pair.partition(" : ")
        source, _, target = route.partition(" > ")
        text = condition.replace("<", "&lt;").replace(">", "&gt;")
        inner = (
            f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">={text}</bpmn:conditionExpression>'
            if condition
            else ""
        )
        parts.append(
            f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
        )
    return "".join(parts)


def process(*parts: str, key: str = "sale", messages: Sequence[str] = (), **values: str) -> str:
    """A BPMN file with one process; `messages` are declared under ids of their own names."""
    declared = "".join(f'<bpmn:message id="message_{name}" name="{name}"/>' for name in messages)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions '
        'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="test">'
        f'{declared}<bpmn:process id="{key}" name="{key}" isExecutable="true">'
        f"<bpmn:extensionElements>{properties(**values)}</bpmn:extensionElements>{''.join(parts)}"
        "</bpmn:process></bpmn:definitions>"
    )


def rows(session: Session, table: Any) -> list[Any]:
    return list(session.scalars(select(table)))
