"""A case with two branches as a plain model: what each act does, and whether it is refused.

An act is one entry of ACTS: what it does to the product, and the same in the words of the model.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import case_data
from engine.definitions.models import ProcessDefinition
from engine.errors import BusinessError, NotAllowed
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.case import load_by_id
from engine.instances.models import CaseData, InstanceStatus, ProcessInstance
from engine.migration.cases import CaseGone, move
from engine.migration.mapping import Change
from engine.repair.acts import Act as Repair
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
NEXT_DRAWING = DRAWING.replace(
    '<bpmn:sequenceFlow id="over" sourceRef="join" targetRef="end"/>',
    '<bpmn:intermediateThrowEvent id="nearly"/>'
    '<bpmn:boundaryEvent id="late" attachedToRef="left" cancelActivity="false"><bpmn:timerEventDefinition>'
    "<bpmn:timeDuration>P30D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    '<bpmn:endEvent id="told"/><bpmn:sequenceFlow id="late_told" sourceRef="late" targetRef="told"/>'
    '<bpmn:sequenceFlow id="over" sourceRef="join" targetRef="nearly"/>'
    '<bpmn:sequenceFlow id="at_last" sourceRef="nearly" targetRef="end"/>',
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
    anew: int = 0  # how often somebody began the open step anew
    is_open: bool = True
    assignee: str = ""
    answer: str = ""

    @property
    def newest(self) -> int:
        """The number of the step that is open, from 0."""
        return self.done + self.anew


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
    if not branch.is_open or act.page != branch.newest:
        return "task_closed", model
    if branch.assignee not in ("", act.actor):
        return "task_not_yours", model
    return OK, model.changed(act.branch, done=branch.done + 1, is_open=act.more, assignee="", answer=act.text)


def _claimed(model: Model, act: Act) -> Outcome:
    branch = model.branches[act.branch]
    if not branch.is_open or act.page != branch.newest:
        return "task_closed", model
    if branch.assignee not in ("", act.actor):
        return "task_claimed", model
    return OK, model.changed(act.branch, assignee=act.actor)


def _released(model: Model, act: Act) -> Outcome:
    branch = model.branches[act.branch]
    if not branch.is_open or act.page != branch.newest:
        return "task_closed", model
    if branch.assignee not in ("", act.actor):
        return "task_not_yours", model
    return OK, model.changed(act.branch, assignee="")


def _delegated(model: Model, act: Act) -> Outcome:
    branch = model.branches[act.branch]
    if not branch.is_open or act.page != branch.newest:
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


def _begin_anew(world: World, session: Session, case: Case, act: Act) -> object:
    """Move the token of a branch from its step to the same step."""
    task = session.get_one(HumanTask, case.task(act))
    repair = Repair(act.text, ACTORS[act.actor].user_id, NOW, f"anew-{task.id}-{act.text}")
    return world.engine.repair.move(session, case.number, task.task_guid, act.branch, (), repair)


def _begun_anew(model: Model, act: Act) -> Outcome:
    branch = model.branches[act.branch]
    if model.is_over:
        return "case_closed", model
    if not branch.is_open or act.page != branch.newest:
        return "token_unknown", model
    return OK, model.changed(act.branch, anew=branch.anew + 1, assignee="")


def _take_over(world: World, session: Session, case: Case, act: Act) -> object:
    """Move the case to the version of the drawing that it is not in."""
    load_by_id(session, world.kernel, case.number)  # the lock first: which version it is in must not change any more
    session.expire_all()
    here = session.get_one(ProcessInstance, case.number).definition_id
    wanted = select(ProcessDefinition.id).where(ProcessDefinition.key == "model", ProcessDefinition.id != here)
    old, new = (world.engine.store.get(session, each) for each in (here, session.scalars(wanted).one()))
    try:
        with session.begin_nested():
            return move(session, world.kernel, Change(old, new), case.number, migration_id=0, actor_id=None, now=NOW)
    except CaseGone:
        raise NotAllowed("case_closed", "") from None


def _taken_over(model: Model, act: Act) -> Outcome:
    return ("case_closed" if model.is_over else OK), model


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
    "begin anew": Kind(_begin_anew, _begun_anew),
    "take over": Kind(_take_over, _taken_over),
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
        anew = sum(task.state is TaskState.CANCELLED for task in own)
        branches[name] = Branch(list(log).count(name), anew, is_open, assignee, answer)
        case.tasks[name] = [task.id for task in own]
    seen = Model(branches)
    assert seen.is_over == (found.status is InstanceStatus.COMPLETED)
    return seen
