"""Random logs of cases as the engine could have written them, stored beside the instances they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from engine import case_data
from engine.analytics.digests import DIGEST
from engine.analytics.fold import StepEvent
from engine.analytics.following import PROGRESS
from engine.analytics.rows import EVENT, INSTANCE, PATH, VISIT
from engine.definitions.models import ProcessDefinition
from engine.history.recording import DEVIATION, Deviation
from engine.instances.models import InstanceStatus
from tests.engine.world import World, end, flows, form, process, user_task

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
STEPS = ("call", "visit", "sign")
NEWER = ("phone", "visit", "sign")  # the second version calls a step otherwise
PEOPLE = (None, 1, 2)
Kind = tuple[str, str | None, dict[str, object], int | None]  # kind, element, payload, actor


def drawing(*steps: str) -> str:
    line = ["begun", *steps, "done"]
    return process(
        '<bpmn:startEvent id="begun"/>',
        *(user_task(step) for step in steps),
        end("done", outcome="won"),
        flows(*(f"{a} > {b}" for a, b in pairwise(line))),
    )


def publish(world: World) -> tuple[int, int]:
    """Two versions of `sale`; their ids."""
    world.deploy(drawing(*STEPS), form("test/name", "name"))
    world.deploy(drawing(*NEWER), form("test/name", "name"))
    with world.database.read() as session:
        first, second = session.scalars(select(ProcessDefinition.id).order_by(ProcessDefinition.version)).all()
    return first, second


@dataclass
class _Script:
    """One case while its log is thought up."""

    chance: Random
    versions: tuple[int, int]
    tasks: list[int]  # numbers that are given to tasks, shared by all cases
    version: int = 0
    at: datetime = START
    opened: bool = False
    closed: bool = False
    open: dict[int, str] = field(default_factory=dict)
    postponed: dict[int, list[int]] = field(default_factory=dict)
    withdrawn: dict[int, str] = field(default_factory=dict)  # by the last migration

    def command(self, seq: int) -> list[Kind]:
        """What happens next, in one transaction."""
        self.at += timedelta(minutes=self.chance.choice([0, 1, 30, 600, 5000]))
        if not self.opened:
            self.opened = True
            return [("case_opened", None, {"owner": 1, "scope": 7}, 1), self._create("call")]
        acts = [self._begin, self._end, self._end, self._hold, self._hold, self._sleep, self._place]
        acts += [self._withdraw, self._migrate, self._close]
        return self.chance.choice(acts)(seq)

    def _create(self, element: str) -> Kind:
        task = self.tasks[0] = self.tasks[0] + 1
        names = STEPS if self.version == 0 else NEWER
        element = element if element in names else names[0]
        self.open[task] = element
        due = None if self.chance.random() < 0.4 else self.at + timedelta(hours=self.chance.choice([1, 20]))
        return ("task_created", element, {"task": task, "assignee": self.chance.choice(PEOPLE), "due": due}, None)

    def _begin(self, seq: int) -> list[Kind]:
        names = STEPS if self.version == 0 else NEWER
        return [self._create(self.chance.choice(names)) for _ in range(self.chance.choice([1, 1, 2]))]

    def _any(self) -> int | None:
        return self.chance.choice(list(self.open)) if self.open else None

    def _end(self, seq: int) -> list[Kind]:
        task = self._any()
        if task is None:
            return self._begin(seq)
        element, more = self.open.pop(task), dict[str, object]()
        if self.chance.random() < 0.3:
            return [("task_skipped", element, {"task": task, "reason": "r"}, self.chance.choice(PEOPLE))]
        if self.chance.random() < 0.3:
            more["late_by"] = timedelta(minutes=3)
        if self.chance.random() < 0.3:
            more[DEVIATION] = Deviation.STRANGER.value
        done: list[Kind] = [("task_completed", element, {"task": task, **more}, self.chance.choice(PEOPLE))]
        if self.chance.random() < 0.3:
            done.append(("lines_left_out", element, {"task": task, "reason": "r"}, 1))
        return [*done, *(self._begin(seq) if self.chance.random() < 0.7 else [])]

    def _hold(self, seq: int) -> list[Kind]:
        task = self._any()
        if task is None:
            return []
        element = self.open[task]
        choices: list[Kind] = [
            ("task_claimed", element, {"task": task}, 2),
            ("task_released", element, {"task": task, "from": 2}, 2),
            ("task_delegated", element, {"task": task, "to": 1, "due": self.at + timedelta(hours=5)}, 2),
            ("reminded", element, {"task": task}, None),
        ]
        return [self.chance.choice(choices)]

    def _sleep(self, seq: int) -> list[Kind]:
        task = self._any()
        if task is None:
            return []
        element, stack = self.open[task], self.postponed.setdefault(task, [])
        if stack and self.chance.random() < 0.4:
            return [("task_recalled", element, {"task": task, "undoes": stack.pop()}, 1)]
        if self.chance.random() < 0.4:
            return [("task_woken", element, {"task": task}, None)]
        stack.append(seq)
        asleep = self.chance.choice([None, self.at + timedelta(days=1)])
        before = {"due": self.chance.choice([None, self.at - timedelta(hours=1)]), "sleeps_until": asleep}
        payload: dict[str, object] = {"task": task, "until": self.at + timedelta(days=2), "before": before}
        if len(stack) > 2:
            payload[DEVIATION] = Deviation.POSTPONED.value
        return [("task_postponed", element, payload, 1)]

    def _place(self, seq: int) -> list[Kind]:
        return [("case_moved", None, {"owner": self.chance.choice(PEOPLE), "scope": self.chance.choice([7, 8])}, 1)]

    def _withdraw(self, seq: int) -> list[Kind]:
        task = self._any()
        if task is None:
            return []
        element = self.open.pop(task)
        why = self.chance.choice(["offer", "moved", "nothing"])
        cancelled: Kind = ("task_cancelled", element, {"task": task}, None)
        if why == "offer":
            return [("offer_taken", "refuse", {"task": task, "from": element, DEVIATION: "offer"}, 2), cancelled]
        return [("step_moved", "sign", {"to": "sign"}, 9), cancelled] if why == "moved" else [cancelled]

    def _migrate(self, seq: int) -> list[Kind]:
        back = self.version == 1
        old, new = (NEWER, STEPS) if back else (STEPS, NEWER)
        payload: dict[str, object] = {"from": 1, "to": 2, "migration": 5, "renamed": {"sale": {old[0]: new[0]}}}
        self.version = 1 - self.version
        self.open = {task: new[0] if element == old[0] else element for task, element in self.open.items()}
        if back and self.withdrawn:
            self.open.update(self.withdrawn)
            self.withdrawn = {}
            return [("definition_changed", None, {**payload, "undone": True}, 9)]
        told: list[Kind] = [("definition_changed", None, payload, 9)]
        task = self._any()
        if task is not None and not back and self.chance.random() < 0.6:
            element = self.open.pop(task)
            self.withdrawn = {task: old[0] if element == new[0] else element}
            told += [("task_cancelled", element, {"task": task}, 9), self._create("sign")]
        return told

    def _close(self, seq: int) -> list[Kind]:
        if self.chance.random() < 0.5:
            return []
        if self.closed:
            self.closed = False
            return [("case_reopened", None, {"owner": 2}, 9), self._create("visit")]
        self.closed = True
        ended: list[Kind] = []
        task = self._any()
        if task is not None and self.chance.random() < 0.5:
            ended.append(("task_completed", self.open.pop(task), {"task": task}, 1))
        ended.append(("case_closed", "done", {"outcome": self.chance.choice(["won", "lost", "refused"])}, None))
        if self.chance.random() < 0.7:
            ended += [("task_cancelled", element, {"task": task}, None) for task, element in self.open.items()]
            self.open = {}
        return ended


def random_log(
    chance: Random, versions: tuple[int, int], *, commands: int, first_task: int
) -> list[tuple[int, StepEvent]]:
    """(case, event) in the order of the log; three cases mix."""
    tasks = [first_task]
    scripts = [_Script(chance, versions, tasks) for _ in range(3)]
    log: list[tuple[int, StepEvent]] = []
    for number in range(commands):
        case = chance.randrange(len(scripts))
        script = scripts[case]
        for kind, element, payload, actor in script.command(len(log) + 1):
            definition_id = versions[script.version]
            event = StepEvent(len(log) + 1, definition_id, kind, element, actor, script.at, f"c{number}", payload)
            log.append((case, event))
    return log


def clear(session: Session) -> None:
    """No case, no event, no figure."""
    for table in (VISIT, PATH, DIGEST, PROGRESS, EVENT, INSTANCE):
        session.execute(delete(table))


def store_cases(session: Session, versions: tuple[int, int], number: int) -> list[int]:
    """Instances without a past; their ids."""
    made = []
    for _ in range(number):
        values: dict[str, Any] = {
            "definition_id": versions[0],
            "process_key": "sale",
            "business_key": "deal:1",
            "status": InstanceStatus.ACTIVE,
            "state": b"",
            "started_at": START,
            "rev": 0,
        }
        made.append(session.scalars(insert(INSTANCE).returning(INSTANCE.c.id), [values]).one())
    return made


def store_events(session: Session, cases: Sequence[int], log: Sequence[tuple[int, StepEvent]]) -> None:
    """Append to the log; the numbers are those of the events."""
    session.execute(
        insert(EVENT),
        [
            {
                "seq": event.seq,
                "instance_id": cases[case],
                "definition_id": event.definition_id,
                "kind": str(event.kind),
                "element": event.element,
                "actor_id": event.actor_id,
                "at": event.at,
                "payload": case_data.dump(event.payload) if event.payload else "",
                "command_key": event.command_key,
                "ordinal": event.seq,
            }
            for case, event in log
        ],
    )


def events_of(log: Sequence[tuple[int, StepEvent]], case: int) -> list[StepEvent]:
    """The events of one case."""
    return [event for of, event in log if of == case]
