"""Acts on the live tree that no drawing foresees: withdraw a token, put one somewhere, open the sub-processes around.

Call them between two steps, when everything waits, and `run` afterwards. Nothing here asks whether an act makes
sense; `engine.spiff.moving` does. What guards a token goes with it: the boundary events of an activity, the other
events behind an event-based gateway, all instances of a loop, everything inside a sub-process.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.spiff.events import BoundaryEvent
from engine.spiff.gateways import CAME_FROM, EventGateway
from engine.spiff.parser import CompiledProcess
from engine.spiff.script_engine import ExpressionEvaluator
from engine.spiff.tree import CaseTask, CaseTree, Scope


@dataclass(frozen=True)
class Token:
    """Where a case stands: something open, something awaited, an arrival at a join, a sub-process, a loop.

    `guid` names the live task. `element` and `path` are as in Passed; of an event-based gateway it is the gateway,
    of a loop the looped element. `arrived_from`: it waits at the join `element` for the others.
    """

    guid: str
    element: str
    path: tuple[str, ...]
    arrived_from: str | None = None


def tokens_in(scope: Any) -> Iterator[Token]:
    """The tokens of one level, what is inside its sub-processes not counted."""
    seen: set[str] = set()
    for task in list(scope.tasks.values()):
        if not task.alive or task.triggered or _waits_on_boundary(task):
            continue
        stands = task
        if _behind_gateway(task):
            stands = task.parent
            if stands.id in seen:
                continue
            seen.add(stands.id)
        came = task.internal_data.get(CAME_FROM)
        arrived = scope.spec.task_specs[came].element or None if isinstance(came, str) else None
        yield Token(task.id, stands.task_spec.element or "", scope.path, arrived)


def whole(task: CaseTask) -> CaseTask:
    """The token that a live task is part of: the loop of an instance, the activity under a boundary event."""
    if task.triggered:
        return whole(task.parent)
    if _waits_on_boundary(task):
        host: CaseTask = next(each for each in task.parent.children if not isinstance(each.task_spec, BoundaryEvent))
        return host
    return task


def withdraw(task: CaseTask) -> None:
    """Take a token away with everything that belongs to it. Its level may be left without any: put one there, then."""
    token = whole(task)
    token.cancel()
    guard = token.parent
    if guard is None or not guard.task_spec.guards:
        return
    if isinstance(guard.task_spec, EventGateway):
        for sibling in guard.children:
            sibling.cancel()
    else:
        guard.task_spec.child_left(guard, token)


def put(scope: Any, element: str) -> None:
    """Let a token arrive at an element of this level, as if it had come along a flow."""
    specs = scope.spec.task_specs
    spec = specs.get(f"{element}(boundary)") or specs[element]
    arriving = scope.task_tree._add_child(spec)
    spec._update(arriving)


def put_at_join(scope: Any, join: str, source: str) -> None:
    """Let one of the tokens that a join waits for have come already."""
    arrival = scope.task_tree._add_child(scope.spec.task_specs[join], TaskState.WAITING)
    arrival.internal_data[CAME_FROM] = source
    arrival.data = dict(scope.task_tree.data)


def enter(scope: Any, host: str) -> Scope:
    """Open a sub-process or a call of this level, with what waits on its boundary, and no token in it yet."""
    specs = scope.spec.task_specs
    split = specs.get(f"{host}(boundary)")
    parent = scope.task_tree
    if split is not None:
        parent = parent._add_child(split, TaskState.COMPLETED)
        split._inherit(parent)
    spec = specs[host]
    holder = parent._add_child(spec, TaskState.STARTED)
    spec._inherit(holder)
    tree = scope.top_workflow
    inside = Scope(tree.subprocess_specs[spec.spec], holder, tree)
    _begin_empty(inside, holder)
    for event in split.outputs if split is not None else ():
        if event is not spec:
            event._update(parent._add_child(event))
    return inside


def empty_tree(compiled: CompiledProcess, evaluator: ExpressionEvaluator) -> CaseTree:
    """A case without any token."""
    tree = CaseTree(compiled.specs[compiled.process_id], compiled.specs, evaluator)
    _begin_empty(tree, None)
    return tree


def empty(tree: CaseTree) -> None:
    """Withdraw everything: the case has ended."""
    tree.cancel()
    tree.queue.clear()
    tree.completed = True


def _begin_empty(scope: Any, holder: CaseTask | None) -> None:
    scope.task_tree = CaseTask(scope, scope.spec.start, None, TaskState.COMPLETED)
    if holder is not None:
        scope.task_tree.data = dict(holder.data)


def _waits_on_boundary(task: CaseTask) -> bool:
    return isinstance(task.task_spec, BoundaryEvent) and task._state == TaskState.WAITING


def _behind_gateway(task: CaseTask) -> bool:
    return task.parent is not None and isinstance(task.parent.task_spec, EventGateway)
