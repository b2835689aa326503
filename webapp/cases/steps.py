"""The list of steps on a case page: done, here, not needed, to come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine import case_data
from engine.definitions.coming import may_come
from engine.definitions.model import Element
from engine.definitions.reaching import Place
from engine.definitions.store import Definition
from engine.human_tasks.assignment import Actor, may_correct, may_serve, may_take
from engine.human_tasks.models import HumanTask, TaskState, path_of
from webapp.cases.queries import CaseRecord

_STATES = {TaskState.COMPLETED: "done", TaskState.SKIPPED: "skip", TaskState.CANCELLED: "skip"}
WHEN_ACTIVE = "when active"  # value of the property stepList: a step that is not announced before it is reached
ANNOUNCED = "announced"  # its value on a call: the called process is announced as one step


@dataclass(frozen=True)
class StepView:
    """One line of the list. `state`: done, here, side (open, but not the one shown), skip, todo."""

    element: str
    name: str
    state: str
    task_id: int | None = None
    at: datetime | None = None
    by: int | None = None
    due: datetime | None = None
    late: bool = False
    rounds: int = 1
    reason: str = ""
    mine: bool = False
    correctable: bool = False
    planned: timedelta | None = None  # from the beginning to when it was due as it began, all rounds together
    taken: timedelta | None = None  # from the beginning until it was done, or until now

    @property
    def is_longer(self) -> bool:
        """Has it taken longer than the drawing allows?"""
        return self.planned is not None and self.taken is not None and self.taken > self.planned


@dataclass(frozen=True)
class PlanAndFact:
    """How the steps that are done went by the plan, all together; steps without a due time do not count."""

    planned: timedelta
    taken: timedelta
    in_time: int
    done: int


def sum_up(steps: Sequence[StepView]) -> PlanAndFact | None:
    """None when no step with a due time is done yet."""
    done = [step for step in steps if step.state == "done" and step.planned is not None and step.taken is not None]
    if not done:
        return None
    planned = sum((step.planned for step in done if step.planned), timedelta())
    taken = sum((step.taken for step in done if step.taken), timedelta())
    return PlanAndFact(planned, taken, sum(not step.is_longer for step in done), len(done))


def list_steps(
    case: CaseRecord, shown: HumanTask | None, actor: Actor, *, language: str, now: datetime
) -> list[StepView]:
    """Steps that have been visited in the order of their first visit, then those the drawing announces."""
    reasons = _reasons_of_deviations(case)
    visited: dict[str, list[HumanTask]] = {}
    for task in case.tasks:
        if task.state is not TaskState.CANCELLED or task.id in reasons:
            visited.setdefault(task.element, []).append(task)
    due = _first_due(case)
    views = [_visited(case, rounds, shown, actor, language, now, reasons, due) for rounds in visited.values()]
    if not case.is_open:
        return views
    reached = visited.keys() | {step for task in case.tasks for step in path_of(task.path)}
    ahead = _ahead(case)
    return views + [
        StepView(element.id, element.name.in_language(language), "todo")
        for element in case.definition.model.elements.values()
        if element.id not in reached and element.id in ahead and _is_announced(element)
    ]


def _ahead(case: CaseRecord) -> Collection[str]:
    """Elements of the case's own drawing that may still come; all of them while nobody has to do anything."""
    if not case.open_tasks:
        return case.definition.model.elements.keys()
    net = case.definition.net
    found = may_come(net, [Place(path_of(task.path), task.element) for task in case.open_tasks])
    return {place.element for place in found if net.model_at(place.path) is net.model}


def _is_announced(element: Element) -> bool:
    """Steps are, unless the drawing says otherwise; a called process stands as one step when the drawing wants it."""
    listed = element.properties.get("stepList")
    return listed == ANNOUNCED if element.tag == "callActivity" else element.is_user_task and listed != WHEN_ACTIVE


def _visited(
    case: CaseRecord,
    rounds: list[HumanTask],
    shown: HumanTask | None,
    actor: Actor,
    language: str,
    now: datetime,
    reasons: dict[int, str],
    due: dict[int, datetime],
) -> StepView:
    task = next((each for each in rounds if each.state is TaskState.OPEN), rounds[-1])
    state = _STATES.get(task.state, "side")
    if shown is not None and task.id == shown.id:
        state = "here"
    # one that begins after its moment, as after a move back, has no time to keep
    kept = [each for each in rounds if each.id in due and due[each.id] > each.created_at]
    timed = [each for each in kept if each.state in (TaskState.OPEN, TaskState.COMPLETED)]
    return StepView(
        element=task.element,
        name=case.element(task).name.in_language(language),
        state=state,
        task_id=task.id if task.state is TaskState.OPEN else None,
        at=task.completed_at,
        by=task.completed_by or task.assignee_id,
        due=task.due_at,
        late=task.state is TaskState.OPEN and task.due_at is not None and task.due_at < now,
        rounds=len(rounds),
        reason=reasons.get(task.id, ""),
        mine=task.state is TaskState.OPEN and may_serve(actor, task),
        correctable=_is_correctable(case, task, actor),
        planned=sum((due[each.id] - each.created_at for each in timed), timedelta()) if timed else None,
        taken=sum(((each.completed_at or now) - each.created_at for each in timed), timedelta()) if timed else None,
    )


def _first_due(case: CaseRecord) -> dict[int, datetime]:
    """When each step was due as it began, by the id of its task: postponing does not change the plan."""
    created = [case_data.load(each.payload) for each in case.events if each.kind == "task_created" and each.payload]
    return {int(each["task"]): each["due"] for each in created if isinstance(each.get("due"), datetime)}


def offers_to(definition: Definition, task: HumanTask, actor: Actor, *, owner_id: int | None) -> list[Element]:
    """The buttons around a step that this person may press."""
    offers = definition.offers_at(task.element, path_of(task.path))
    return [each for each in offers if may_take(actor, task, each.offered_to, owner_id=owner_id)]


def _is_correctable(case: CaseRecord, task: HumanTask, actor: Actor) -> bool:
    answered = case.is_open and task.element in case.document and case.has_now(task) and not _is_in_call(case, task)
    return answered and not case.element(task).is_final and may_correct(actor, task)


def _is_in_call(case: CaseRecord, task: HumanTask) -> bool:
    """Does the step belong to a called process?"""
    _, calls = case.definition.place(path_of(task.path))
    return bool(calls)


def _reasons_of_deviations(case: CaseRecord) -> dict[int, str]:
    """Why a step was marked as not needed, or left by a button that is a deviation, by the id of its task."""
    reasons = {}
    for event in case.events:
        if event.kind in {"task_skipped", "offer_taken"} and event.payload:
            payload = case_data.load(event.payload)
            if event.kind == "task_skipped" or payload.get("deviation"):
                reason = payload.get("reason") or payload.get("values", {}).get("reason")
                reasons[int(payload["task"])] = str(reason or "")
    return reasons


def done_elements(case: CaseRecord) -> tuple[set[str], set[str]]:
    """Ids for the diagram: elements that have been passed, and those where a token is."""
    here = {task.element for task in case.open_tasks}
    done = {event.element for event in case.events if event.element and event.kind in _PASSED} - here
    return done, here


_PASSED = {"case_opened", "task_completed", "task_skipped", "milestone_entered", "offer_taken", "timer_fired",
           "operation_called", "decision_made", "message_received", "message_sent", "case_closed"}  # fmt: skip
