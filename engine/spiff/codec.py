"""Stores a case's tree as a few positional rows and reads it back; the specs are not part of it.

A state is `[format, completed, [scope, …]]`, outer scopes before inner; a scope is `[host guid | null, [row, …]]`;
a row is `[spec name, state, index of the parent row, guid]`, followed by internal data and local data if there are
any. Tasks of a scope stand after their parents. Values keep their type: Decimal, dates and durations are tagged.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import orjson
from SpiffWorkflow.util.task import TaskState

from engine.spiff.errors import UnreadableState
from engine.spiff.formats import FORMAT, lift
from engine.spiff.script_engine import ExpressionEvaluator
from engine.spiff.tree import CaseTask, CaseTree, Scope

TAG = "$"


def dump_tree(tree: CaseTree) -> bytes:
    """The bytes of a compacted tree."""
    scopes = [[scope.parent_task_id, _rows(scope)] for scope in tree.scopes()]
    return orjson.dumps([FORMAT, tree.completed, scopes])


def load_tree(state: bytes, specs: Mapping[str, Any], root: str, evaluator: ExpressionEvaluator) -> CaseTree:
    """The tree of a stored state. Raises UnreadableState if it does not fit these specs."""
    try:
        version, completed, scopes = stored = orjson.loads(state)
    except ValueError as problem:
        raise UnreadableState(f"not a state: {problem}") from problem
    if version != FORMAT:
        _, completed, scopes = lift(stored)
    tree = CaseTree(specs[root], specs, evaluator)
    tree.completed = completed
    _restore(tree, scopes[0][1])
    for host_guid, rows in scopes[1:]:
        host = tree.find(host_guid)
        inside = specs.get(getattr(host.task_spec, "spec", "")) if host is not None else None
        if host is None or inside is None:
            raise UnreadableState(f"no element holds the scope {host_guid}")
        _restore(Scope(inside, host, tree), rows)
    return tree


def _rows(scope: Any) -> list[list[object]]:
    index: dict[str | None, int | None] = {None: None}
    rows: list[list[object]] = []
    for task in scope.tasks.values():
        index[task.id] = len(rows)
        row = [task.task_spec.name, task._state, index[task._parent], task.id]
        if task.data:
            row.append(pack(task.internal_data))
            row.append(pack(task.data))
        elif task.internal_data:
            row.append(pack(task.internal_data))
        rows.append(row)
    return rows


def _restore(scope: Any, rows: list[list[Any]]) -> None:
    tasks: list[CaseTask] = []
    queue = scope.top_workflow.queue
    for name, state, parent, guid, *more in rows:
        spec = scope.spec.task_specs.get(name)
        if spec is None:
            raise UnreadableState(f"the process has no element {name}")
        task = CaseTask(scope, spec, None if parent is None else tasks[parent], state, guid)
        task.triggered = spec.is_instance
        if more:
            task.internal_data = unpack(more[0])
            if len(more) > 1:
                task.data = unpack(more[1])
        if state == TaskState.READY and not spec.manual:
            queue.append(task)
        tasks.append(task)
    scope.task_tree = tasks[0]


def pack(value: Any) -> Any:
    """A JSON value from which `unpack` makes the same value of the same type again."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dict):
        packed = {key: pack(entry) for key, entry in value.items()}
        return {TAG: ["dict", packed]} if TAG in packed else packed
    if isinstance(value, list | tuple):
        return [pack(entry) for entry in value]
    if isinstance(value, Decimal):
        return {TAG: ["decimal", str(value)]}
    if isinstance(value, datetime):
        return {TAG: ["datetime", value.isoformat()]}
    if isinstance(value, date):
        return {TAG: ["date", value.isoformat()]}
    if isinstance(value, time):
        return {TAG: ["time", value.isoformat()]}
    if isinstance(value, timedelta):
        return {TAG: ["duration", [value.days, value.seconds, value.microseconds]]}
    raise TypeError(f"a case does not keep {type(value).__name__}: {value!r}")


def unpack(value: Any) -> Any:
    """The value that was packed."""
    if isinstance(value, list):
        return [unpack(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    if TAG not in value:
        return {key: unpack(entry) for key, entry in value.items()}
    kind, content = value[TAG]
    if kind == "dict":
        return {key: unpack(entry) for key, entry in content.items()}
    if kind == "duration":
        return timedelta(*content)
    return _READERS[kind](content)


_READERS: dict[str, Any] = {
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}
