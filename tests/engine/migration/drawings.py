"""A sale in two versions, and what a test needs to take its cases from one to the other."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import select

from engine.definitions.models import ProcessDefinition
from engine.instances.models import ProcessInstance
from engine.migration import runs
from engine.migration.models import CaseStage, MigratedCase, Migration
from tests.engine.world import SELLER, World, choice, end, flows, form, process, user_task

START = '<bpmn:startEvent id="begun"/>'
NAME_FORM = form("test/name", "name")
MOOD_FORM = form("test/mood", choice("mood", "good", "bad"))


def drawing(*parts: str, **values: str) -> str:
    return process(START, *parts, end("done", outcome="won"), **values)


def line(*tasks: str, drawn: str = "") -> str:
    """Steps one after another; `drawn`: what stands there besides."""
    steps = ["begun", *tasks, "done"]
    return drawing(
        *(user_task(task) for task in tasks),
        drawn,
        flows(*(f"{a} > {b}" for a, b in pairwise(steps))),
    )


def timer(element: str, host: str, after: str, *, interrupting: bool = True) -> str:
    return (
        f'<bpmn:boundaryEvent id="{element}" attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}">'
        f"<bpmn:timerEventDefinition><bpmn:timeDuration>{after}</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:boundaryEvent>"
    )


def message(element: str, host: str, name: str) -> str:
    return (
        f'<bpmn:boundaryEvent id="{element}" attachedToRef="{host}">'
        f'<bpmn:messageEventDefinition messageRef="message_{name}"/></bpmn:boundaryEvent>'
    )


class Migrations:
    """Plans, applies and undoes migrations in a world, batch by batch as the scheduler would."""

    def __init__(self, world: World) -> None:
        self.world = world

    def version(self, number: int, key: str = "sale") -> int:
        with self.world.database.read() as session:
            wanted = select(ProcessDefinition.id).where(
                ProcessDefinition.key == key, ProcessDefinition.version == number
            )
            return session.scalars(wanted).one()

    def plan(self, pairs: Mapping[str, str] | None = None, *, old: int = 1, new: int = 2, key: str = "sale") -> int:
        with self.world.database.write() as session:
            planned = runs.plan(
                session,
                self.world.kernel,
                from_id=self.version(old, key),
                to_id=self.version(new, key),
                pairs={key: dict(pairs or {})},
                note="",
                actor_id=SELLER,
                now=self.world.now,
            )
            migration_id = planned.id
        self.run()
        return migration_id

    def apply(self, migration_id: int) -> None:
        with self.world.database.write() as session:
            runs.apply(session, session.get_one(Migration, migration_id), now=self.world.now)
        self.run()

    def undo(self, migration_id: int) -> None:
        with self.world.database.write() as session:
            runs.undo(session, session.get_one(Migration, migration_id), now=self.world.now)
        self.run()

    def run(self) -> None:
        """Every batch, as the scheduler brings them."""
        runs.carry_on(self.world.database.write, self.world.kernel, lambda: self.world.now)

    def found(self, migration_id: int) -> list[tuple[CaseStage, str, str]]:
        """Stage, code and element of each case."""
        with self.world.database.read() as session:
            rows = session.scalars(
                select(MigratedCase).where(MigratedCase.migration_id == migration_id).order_by(MigratedCase.instance_id)
            )
            return [(row.stage, row.code, row.element) for row in rows]

    def versions(self) -> list[int]:
        """The versions that the cases are in, by age of the case."""
        with self.world.database.read() as session:
            rows = session.scalars(
                select(ProcessDefinition.version)
                .join(ProcessInstance, ProcessInstance.definition_id == ProcessDefinition.id)
                .order_by(ProcessInstance.id)
            )
            return list(rows)


HOUR = timedelta(hours=1)
