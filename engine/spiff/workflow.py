"""CaseWorkflow: one live case, seen from outside the library."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.errors import UnknownTask
from engine.spiff.codec import dump_tree, load_tree
from engine.spiff.compaction import compact
from engine.spiff.errors import StepBudgetExceeded
from engine.spiff.moving import Move, MovePlan
from engine.spiff.parser import CompiledProcess
from engine.spiff.script_engine import ExpressionEvaluator
from engine.spiff.surgery import Token, empty, empty_tree, tokens_in
from engine.spiff.tree import CaseTask, CaseTree, Passed

COMPACT_EVERY = 250  # tasks passed within one run


@dataclass(frozen=True)
class OpenTask:
    """Something a person has to do. `local` holds the loop counter and the item of an instance."""

    guid: str
    element: str
    path: tuple[str, ...]
    local: Mapping[str, object]


@dataclass(frozen=True)
class TimerWait:
    """Something that happens by itself at `due_at` (aware, UTC)."""

    guid: str
    element: str
    path: tuple[str, ...]
    due_at: datetime


@dataclass(frozen=True)
class MessageWait:
    """Something that happens when a message comes; `host` is the element that a boundary event sits on."""

    guid: str
    element: str
    path: tuple[str, ...]
    message: str
    boundary: bool
    host: str | None


class CaseWorkflow:
    """One live case; used by one thread at a time.

    After an exception from `run`, `complete` or `fire_message` the object is in the middle of a step: drop it and
    load the stored state again.
    """

    def __init__(self, compiled: CompiledProcess, tree: CaseTree) -> None:
        self._compiled = compiled
        self._tree = tree

    @classmethod
    def start(
        cls, compiled: CompiledProcess, evaluator: ExpressionEvaluator, *, start_element: str | None = None
    ) -> "CaseWorkflow":
        """A new case with its token on the start; `run` moves it. The start event counts as having happened."""
        if start_element not in (None, compiled.start_element):
            raise ValueError(f"{compiled.process_id} does not start at {start_element}")
        tree = CaseTree(compiled.specs[compiled.process_id], compiled.specs, evaluator)
        tree.begin({})
        return cls(compiled, tree)

    @classmethod
    def load(cls, compiled: CompiledProcess, state: bytes, evaluator: ExpressionEvaluator) -> "CaseWorkflow":
        """The case as it was dumped. Raises UnreadableState if the state does not fit the process."""
        return cls(compiled, load_tree(state, compiled.specs, compiled.process_id, evaluator))

    @classmethod
    def resume(
        cls, compiled: CompiledProcess, evaluator: ExpressionEvaluator, element: str, path: tuple[str, ...] = ()
    ) -> "CaseWorkflow":
        """A case that is taken up at an element; `run` moves it. Raises MoveRefused."""
        tree = empty_tree(compiled, evaluator)
        Move(compiled, tree, None, element, path).carry_out()
        return cls(compiled, tree)

    def dump(self) -> bytes:
        """The state to store; everything finished is dropped first. Call it after `run`."""
        compact(self._tree)
        return dump_tree(self._tree)

    @property
    def tree(self) -> CaseTree:
        """The tree itself, for the other modules of this package."""
        return self._tree

    @property
    def evaluator(self) -> ExpressionEvaluator:
        return self._tree.evaluator

    @evaluator.setter
    def evaluator(self, evaluator: ExpressionEvaluator) -> None:
        self._tree.use(evaluator)

    def run(self, *, budget: int = 2000) -> list[Passed]:
        """Fire what is due and move everything that moves by itself; what was passed since the last run, in order.

        Raises StepBudgetExceeded, NoMatchingFlow, UncaughtBpmnError and whatever the evaluator raises.
        """
        tree, left = self._tree, budget
        while True:
            while tree.queue:
                task = tree.queue.popleft()
                if task._state != TaskState.READY:
                    continue
                left -= 1
                if left < 0:
                    raise StepBudgetExceeded(budget, task.task_spec.element)
                task.run()
                if left % COMPACT_EVERY == 0:
                    compact(tree)
            if not tree.settle() and not self._fire_due():
                passed, tree.passed = tree.passed, []
                return passed

    def complete(self, guid: str, local: Mapping[str, object] | None = None) -> None:
        """Complete an open task; `local` is seen by what directly follows it. Then call `run`."""
        task = self._tree.find(guid)
        if task is None or task._state != TaskState.READY or not task.task_spec.manual:
            raise UnknownTask("unknown_task", f"no open task {guid}", guid=guid)
        if local:
            task.data = {**task.data, **local}
        task.run()

    def fire_message(self, guid: str) -> None:
        """A message has come for exactly this waiting event. Then call `run`."""
        task = self._tree.find(guid)
        if task is None or _message(task) is None:
            raise UnknownTask("unknown_task", f"nothing waits for a message as {guid}", guid=guid)
        task.task_spec.fire(task)

    def tokens(self) -> list[Token]:
        """Where the case stands, outer levels first; what can be moved."""
        return [token for scope in self._tree.scopes() for token in tokens_in(scope)]

    def plan_move(self, guid: str, element: str, path: tuple[str, ...] = ()) -> MovePlan:
        """What moving a token to an element would do. Raises MoveRefused."""
        return Move(self._compiled, self._tree, guid, element, path).plan

    def move(self, guid: str, element: str, path: tuple[str, ...] = ()) -> MovePlan:
        """Move a token to an element of the same process. Then call `run`. Raises MoveRefused, and nothing is done."""
        return Move(self._compiled, self._tree, guid, element, path).carry_out()

    def cancel(self) -> None:
        """Withdraw everything: nothing is open or awaited any more."""
        empty(self._tree)

    def open_tasks(self) -> list[OpenTask]:
        """The tasks that wait for a person."""
        return [
            OpenTask(task.id, task.task_spec.element, task.path, dict(task.data))
            for task in self._tree.all_tasks()
            if task._state == TaskState.READY and task.task_spec.manual
        ]

    def timer_waits(self) -> list[TimerWait]:
        """What waits for a time: catch and boundary events, events behind a gateway, the next turn of cycles."""
        return [TimerWait(task.id, task.task_spec.element, task.path, due_at) for due_at, task in _timers(self._tree)]

    def message_waits(self) -> list[MessageWait]:
        """What waits for a message."""
        waits = []
        for task in self._tree.all_tasks():
            message = _message(task)
            if message is not None:
                facts = self._compiled.element(task.path, task.task_spec.element)
                waits.append(
                    MessageWait(task.id, facts.id, task.path, message, facts.kind == "boundaryEvent", facts.host)
                )
        return waits

    def completed(self) -> bool:
        """Whether no token is left."""
        return self._tree.completed

    def depth(self) -> int:
        """The number of tasks on the longest way from the root, through sub-processes and calls."""
        depths: dict[str, int] = {}
        for scope in self._tree.scopes():
            outer = depths[scope.parent_task_id] if scope.parent_task_id else 0
            for task in scope.tasks.values():
                depths[task.id] = 1 + (depths[task._parent] if task._parent else outer)
        return max(depths.values())

    def task_count(self) -> int:
        """The number of tasks in the tree, finished ones included as far as they are kept."""
        return sum(len(scope.tasks) for scope in self._tree.scopes())

    def is_consistent(self) -> bool:
        """Whether the library finds in its tree exactly the active tasks that stand in the scopes."""
        active = TaskState.READY | TaskState.WAITING
        standing = sum(bool(task._state & active) for task in self._tree.all_tasks())
        return len(self._tree.get_tasks(state=active)) == standing

    def _fire_due(self) -> bool:
        """Fire the timer that is due first, if any is due."""
        now = self._tree.evaluator.now
        due = [(due_at, task) for due_at, task in _timers(self._tree) if due_at <= now]
        if due:
            task = min(due, key=lambda pair: pair[0])[1]
            task.task_spec.fire(task)
        return bool(due)


def _timers(tree: CaseTree) -> list[tuple[datetime, Any]]:
    """The waiting timers with their due time."""
    found = []
    for task in tree.all_tasks():
        if task._state == TaskState.WAITING:
            timer = getattr(task.task_spec, "timer", None)
            due_at = timer.due_at(task) if timer is not None else None
            if due_at is not None:
                found.append((due_at, task))
    return found


def _message(task: CaseTask) -> str | None:
    """The name of the message that a task waits for."""
    spec = task.task_spec
    if task._state == TaskState.WAITING and getattr(spec, "event_kind", None) == "messageEventDefinition":
        return spec.event_name  # type: ignore[no-any-return]
    return None
