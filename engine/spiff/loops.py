"""Loops and multi-instance: a container task whose children are the instances of one element.

The container keeps only counters: how many instances there are (`total`, None for a standard loop), how many were
begun and left. Each instance sees `loopCounter` (from 1) and, with a collection, its item.
"""

from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from engine.spiff.errors import UnusableLoop
from engine.spiff.specs import FlowElement
from engine.spiff.tree import CaseTask

MAX_INSTANCES = 1000  # one element may not flood a case
TOTAL, BEGUN, LEFT, ITEMS = "total", "begun", "left", "items"


class _Repeated(FlowElement, LoopTask):
    """A container; `instance` is the spec of what is repeated, `condition` FEEL without the leading "="."""

    repeats = True

    def __init__(self, process: Any, name: str, *, condition: str | None = None, **library: Any) -> None:
        super().__init__(process, name, **library)
        self.condition = condition
        self.task_spec = f"{name}(instance)"

    def _begin_instance(self, my_task: CaseTask, local: dict[str, object]) -> None:
        counters = my_task.internal_data
        counters[BEGUN] = counters[BEGUN] + 1  # type: ignore[operator]
        instance = my_task._add_child(self._wf_spec.task_specs[self.task_spec], TaskState.FUTURE)
        instance.triggered = True
        instance.data = {**local, "loopCounter": counters[BEGUN]}
        instance.task_spec._update(instance)

    def _holds(self, my_task: CaseTask, local: dict[str, object]) -> bool:
        evaluator = my_task.workflow.top_workflow.evaluator
        return self.condition is not None and evaluator.evaluate(self.condition, local, my_task.path) is True


class StandardLoop(_Repeated):
    """Repeats while its condition is true, at most `maximum` times; tests before or after each round."""

    def __init__(
        self, process: Any, name: str, *, maximum: int | None = None, test_before: bool = False, **library: Any
    ) -> None:
        super().__init__(process, name, **library)
        self.maximum = maximum
        self.test_before = test_before

    def _update_hook(self, my_task: CaseTask) -> bool:
        self._inherit(my_task)
        my_task.internal_data.update({BEGUN: 0})
        if self.test_before and not self._goes_on(my_task):
            return True
        my_task._set_state(TaskState.STARTED)
        self._begin_instance(my_task, {})
        return False

    def instance_left(self, my_task: CaseTask, instance: CaseTask) -> None:
        if self._goes_on(my_task):
            self._begin_instance(my_task, {})
        else:
            my_task._ready()

    def _goes_on(self, my_task: CaseTask) -> bool:
        rounds: Any = my_task.internal_data[BEGUN]
        if rounds >= (MAX_INSTANCES if self.maximum is None else self.maximum):
            return False
        return self.condition is None or self._holds(my_task, {**my_task.data, "loopCounter": rounds})


class MultiInstance(_Repeated):
    """One instance per item of a collection, or a given number; ends early when its condition becomes true."""

    def __init__(
        self,
        process: Any,
        name: str,
        *,
        sequential: bool,
        cardinality: str | None = None,
        collection: str | None = None,
        item: str | None = None,
        **library: Any,
    ) -> None:
        super().__init__(process, name, **library)
        self.sequential = sequential
        self.cardinality = cardinality
        self.collection = collection
        self.item = item

    def _update_hook(self, my_task: CaseTask) -> bool:
        self._inherit(my_task)
        items = self._items(my_task)
        total = len(items)
        my_task.internal_data.update({TOTAL: total, BEGUN: 0, LEFT: 0})
        if not total:
            return True
        my_task._set_state(TaskState.STARTED)
        if self.sequential:
            if self.item is not None:
                my_task.internal_data[ITEMS] = items
            self._begin_instance(my_task, self._local(items[0]))
        else:
            for item in items:
                self._begin_instance(my_task, self._local(item))
        return False

    def instance_left(self, my_task: CaseTask, instance: CaseTask) -> None:
        counters: dict[str, Any] = my_task.internal_data
        counters[LEFT] += 1
        if counters[LEFT] == counters[TOTAL] or self._ends_early(my_task, instance):
            for child in my_task.children:
                child.cancel()
            my_task._ready()
        elif self.sequential:
            items = counters.get(ITEMS)
            self._begin_instance(my_task, self._local(items[counters[BEGUN]]) if items else {})

    def _ends_early(self, my_task: CaseTask, instance: CaseTask) -> bool:
        counters: dict[str, Any] = my_task.internal_data
        numbers = {
            "numberOfInstances": counters[TOTAL],
            "numberOfActiveInstances": counters[BEGUN] - counters[LEFT],
            "numberOfCompletedInstances": counters[LEFT],
        }
        return self._holds(my_task, {**instance.data, **numbers})

    def _local(self, item: object) -> dict[str, object]:
        return {} if self.item is None else {self.item: item}

    def _items(self, my_task: CaseTask) -> list[object]:
        evaluator = my_task.workflow.top_workflow.evaluator
        local = dict(my_task.data)
        if self.collection is not None:
            items = evaluator.evaluate(self.collection, local, my_task.path)
            if not isinstance(items, list) or len(items) > MAX_INSTANCES:
                raise UnusableLoop(self.element or "", items)
            return items
        count = evaluator.evaluate(self.cardinality, local, my_task.path)
        if (
            isinstance(count, bool)
            or not isinstance(count, int | float | Decimal)
            or not 0 <= count <= MAX_INSTANCES
            or count != int(count)
        ):
            raise UnusableLoop(self.element or "", count)
        return list(range(int(count)))
