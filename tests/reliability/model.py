"""A case with two branches as a plain model: what each act does, and whether it is refused.

An act is one entry of ACTS: what it does to the product, and the same in the words of the model. A further kind of
act, such as moving a case to another version, is a further entry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import case_data
from engine.errors import BusinessError
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import CaseData, InstanceStatus, ProcessInstance
from tests.engine.world import NOW, World, choice, flows, form, other_seller, process, seller, user_task

BRANCHES = ("left", "right")
ACTORS = {"anna": seller, "boris": other_seller}
AGAIN, ENOUGH = "again", "enough"
OK = "done"

_step = {"form_key": "model/step", "assignee": "=null", "due": "PT1H", "reminders": "PT0S"}
DRAWING = process(
    '<bpmn:startEvent id="begun"/><bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/>',
    user_task("left", **_step),
    user_task("right", **_step),
    '<bpmn:exclusiveGateway id="left_more" default="left_done"/>',
    '<bpmn:exclusiveGateway id="right_more" default="right_done"/>',
    '<bpmn:endEvent id="end"/>',
    flows("begun > split", "split > left", "split > right", "left > left_more", "right > right_more"),
    '<bpmn:sequenceFlow id="left_done" sourceRef="left_more" targetRef="join"/>',
    '<bpmn:sequenceFlow id="right_done" sourceRef="right_more" targetRef="join"/>',
    *(
        f'<bpmn:sequenceFlow id="{branch}_again" sourceRef="{branch}_more" targetRef="{branch}">'
        f'<bpmn:conditionExpression xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:type="bpmn:tFormalExpression">={branch}.outcome = "{AGAIN}"</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>"
        for branch in BRANCHES
    ),
    '<bpmn:sequenceFlow id="over" sourceRef="join" targetRef="end"/>',
    key="model",
)
FORM = form("model/step", "text", choice("outcome", AGAIN, ENOUGH))


@dataclass(frozen=True)
class Act:
    """What somebody wants, of the step that his page shows: the `page`-th of its branch, from 0."""

    kind: str
    branch: str = "left"
    actor: str = "anna"
    text: str = ""
    more: bool = True
    page: int = 0


@dataclass(frozen=True)
class Branch:
    """One side of the case: how many steps are done, whether one is open, and whose it is."""

    done: int = 0
    is_open: bool = True
    assignee: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Model:
    """The case as it should be."""

    branches: Mapping[str, Branch] = field(default_factory=lambda: {name: Branch() for name in BRANCHES})

    @property
    def is_over(self) -> bool:
        return not any(branch.is_open for branch in self.branches.values())

    def changed(self, branch: str, **changes: Any) -> "Model":
        return Model({**self.branches, branch: replace(self.branches[branch], **changes)})


Outcome = tuple[str, Model]


@dataclass(frozen=True)
class Kind:
    """One kind of act, twice: on the product, and on the model, which also says the code of a refusal."""

    product: Callable[[World, Session, "Case", Act], object]
    model: Callable[[Model, Act], Outcome]


@dataclass
class Case:
    """A running case, and the tasks of its branches as the pages showed them, the newest last."""

    number: int
    tasks: dict[str, list[int]]

    def task(self, act: Act) -> int:
        shown = self.tasks[act.branch]
        return shown[min(act.page, len(shown) - 1)]


def _actor(act: Act) -> Actor:
    return ACTORS[act.actor]


def _complete(world: World, session: Session, case: Case, act: Act) -> object:
    values = {"text": act.text, "outcome": AGAIN if act.more else ENOUGH}
    key = f"{case.task(act)}-{act.text}"
    return world.engine.complete(
        session, case.task(act), values, actor=_actor(act), reading=Reading(now=NOW), command_key=key
    )


def _completed(model: Model, act: Act) -> Outcome:
    branch = model.branches[act.branch]
    if not branch.is_open or act.page != branch.done:
        return "task_closed", model
    if branch.assignee not in ("", act.actor):
        return "task_not_yours", model
    return OK, model.changed(act.branch, done=branch.done + 1, is_open=act.more, assignee="", answer=act.text)


def _claimed(model: Model, act: Act) -> Outcome:
    branch = model.branches[act.branch]
    if not branch.is_open or act.page != branch.done:
        return "task_closed", model
    if branch.assignee not in ("", act.actor):
        return "task_claimed", model
    return OK, model.changed(act.branch, assignee=act.actor)


def _released(model: Model, act: Act) -> Outcome:
    branch = model.branches[act.branch]
    if not branch.is_open or act.page != branch.done:
        return "task_closed", model
    if branch.assignee not in ("", act.actor):
        return "task_not_yours", model
    return OK, model.changed(act.branch, assignee="")


def _delegated(model: Model, act: Act) -> Outcome:
    branch = model.branches[act.branch]
    if not branch.is_open or act.page != branch.done:
        return "task_closed", model
    if branch.assignee not in ("", act.actor):
        return "task_not_yours", model
    return OK, model.changed(act.branch, assignee=_other(act))


def _corrected(model: Model, act: Act) -> Outcome:
    branch = model.branches[act.branch]
    if not branch.done:
        return "answer_unknown", model
    if model.is_over:
        return "case_closed", model
    return OK, model.changed(act.branch, answer=act.text)


def _other(act: Act) -> str:
    return next(name for name in ACTORS if name != act.actor)


ACTS: Mapping[str, Kind] = {
    "complete": Kind(_complete, _completed),
    "claim": Kind(
        lambda world, session, case, act: world.engine.claim(session, case.task(act), actor=_actor(act), now=NOW),
        _claimed,
    ),
    "release": Kind(
        lambda world, session, case, act: world.engine.release(session, case.task(act), actor=_actor(act), now=NOW),
        _released,
    ),
    "delegate": Kind(
        lambda world, session, case, act: world.engine.delegate(
            session,
            case.task(act),
            to=ACTORS[_other(act)].user_id or 0,
            comment="",
            actor=_actor(act),
            now=NOW,
        ),
        _delegated,
    ),
    "correct": Kind(
        lambda world, session, case, act: world.engine.correct_answer(
            session,
            case.number,
            act.branch,
            {"text": act.text},
            reason="",
            actor=_actor(act),
            reading=Reading(now=NOW),
        ),
        _corrected,
    ),
}


def carry_out(world: World, case: Case, act: Act) -> str:
    """On the product, in a transaction of its own: OK, or the code of the refusal."""
    try:
        with world.database.write() as session:
            ACTS[act.kind].product(world, session, case, act)
    except BusinessError as refusal:
        return refusal.code
    return OK


def imagine(model: Model, act: Act) -> Outcome:
    """On the model."""
    return ACTS[act.kind].model(model, act)


def observe(world: World, case: Case) -> Model:
    """The case as the tables tell it; notes the tasks that pages show now."""
    people = {actor.user_id: name for name, actor in ACTORS.items()}
    with world.database.read() as session:
        found = session.get_one(ProcessInstance, case.number)
        document = case_data.load(session.get_one(CaseData, case.number).document)
        tasks = session.scalars(
            select(HumanTask).where(HumanTask.instance_id == case.number).order_by(HumanTask.id)
        ).all()
        log = session.scalars(
            select(HistoryEvent.element).where(
                HistoryEvent.instance_id == case.number, HistoryEvent.kind == EventKind.TASK_COMPLETED.value
            )
        ).all()
    branches = {}
    for name in BRANCHES:
        own = [task for task in tasks if task.element == name]
        newest = own[-1]
        is_open = newest.state is TaskState.OPEN
        answer = document.get(name, {}).get("text", "")
        assignee = people[newest.assignee_id] if is_open and newest.assignee_id else ""
        branches[name] = Branch(list(log).count(name), is_open, assignee, answer)
        case.tasks[name] = [task.id for task in own]
    seen = Model(branches)
    assert seen.is_over == (found.status is InstanceStatus.COMPLETED)
    return seen
