"""Keeps only the tasks that the engine can still look at, so that a long case costs no more than a young one.

Kept in every scope: the root, every task that is not finished, and a finished task that guards a waiting child (an
activity with boundary events, an event-based gateway). A live task whose parent goes is hung under the root: who came
before does not matter any more, because joins remember where their tokens came from. What happened is told by our
own log, not by this tree.
"""

from typing import Any

from engine.spiff.tree import LIVE, CaseTree


def compact(tree: CaseTree) -> None:
    """Drop everything finished from all scopes; call it when nothing can run by itself any more."""
    for scope in tree.scopes():
        _compact_scope(scope)


def _compact_scope(scope: Any) -> None:
    tasks = scope.tasks
    root = scope.task_tree
    live = [task for task in tasks.values() if task._state & LIVE]
    keep = {root.id, *(task.id for task in live)}
    for task in live:
        parent = tasks.get(task._parent)
        if parent is not None and parent.task_spec.guards:
            keep.add(parent.id)
    if len(keep) == len(tasks):
        return
    scope.tasks = {guid: task for guid, task in tasks.items() if guid in keep}
    for task in scope.tasks.values():
        task._children = []
    for task in scope.tasks.values():
        if task is root:
            continue
        if task._parent not in keep:
            task._parent = root.id
        scope.tasks[task._parent]._children.append(task.id)
