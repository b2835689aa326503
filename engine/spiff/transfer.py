"""Takes a live case over to another version of its process: every waiting token is put where a mapping says.

The new tree is built from the waiting tokens of the old one. What keeps its kind of waiting keeps its identity (guid,
due time, loop counters), so that the rows beside the state stay what they are; everything else arrives at its new
element as a token does.
"""

from math import inf
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.spiff.events import BoundaryEvent, BoundarySplit, StartEvent
from engine.spiff.gateways import CAME_FROM, EventGateway, InclusiveGateway, ParallelGateway
from engine.spiff.obstacles import ElementMapping, NotTransferable, Obstacle
from engine.spiff.parser import CompiledProcess
from engine.spiff.places import ahead_of, chains, kind_of, process_of
from engine.spiff.script_engine import ExpressionEvaluator
from engine.spiff.specs import SubProcess
from engine.spiff.surgery import enter, put
from engine.spiff.tree import CaseTask, CaseTree, Scope
from engine.spiff.workflow import CaseWorkflow

JOINS = (ParallelGateway, InclusiveGateway)


def transfer(
    workflow: CaseWorkflow, compiled: CompiledProcess, mapping: ElementMapping, evaluator: ExpressionEvaluator
) -> CaseWorkflow:
    """The case in the other version; the given object stays as it is. Call `run` on the answer.

    Raises NotTransferable, and whatever the evaluator raises for a timer that begins to wait.
    """
    return CaseWorkflow(compiled, _Transfer(workflow.tree, compiled, mapping, evaluator).run())


class _Transfer:
    """One taking over; collects all obstacles before it gives up."""

    def __init__(
        self, old: CaseTree, compiled: CompiledProcess, mapping: ElementMapping, evaluator: ExpressionEvaluator
    ) -> None:
        self.old = old
        self.compiled = compiled
        self.mapping = mapping
        self.chains = chains(compiled)
        self.obstacles: dict[Obstacle, None] = {}
        self.tree = CaseTree(compiled.specs[compiled.process_id], compiled.specs, evaluator)
        self.tree.task_tree = _root(self.tree, old.task_tree)
        self.levels: dict[str, Any] = {old.task_tree.id: self.tree}  # root guid of an old level -> its new level
        self.wrappers: dict[tuple[int, str], Any] = {}  # sub-processes that only the new version has
        self.activities: dict[str, CaseTask | None] = {}  # guid of an old activity -> its new task
        self.elsewhere: set[str] = set()  # guids of sub-processes and calls that were mapped to something else

    def run(self) -> CaseTree:
        for scope in list(self.old.scopes()):
            if self._is_left(scope):
                continue
            for task in list(scope.tasks.values()):
                if task.alive and not task.triggered and not isinstance(task.task_spec, BoundaryEvent):
                    self._token(scope, task)
        if self.obstacles:
            raise NotTransferable(tuple(self.obstacles))
        self._keep_order()
        return self.tree

    def _keep_order(self) -> None:
        """Levels and tasks stand in the order in which they came, outer ones first: the engine visits them so."""
        ordered: dict[str, Any] = {}

        def add(level: Any) -> None:
            if level is not self.tree and level.host.id not in ordered:
                add(level.host.workflow)
                ordered[level.host.id] = level

        for scope in self.old.scopes():
            level = self.levels.get(scope.task_tree.id)
            if level is not None:
                add(level)
        for level in self.wrappers.values():
            add(level)
        self.tree.subprocesses = ordered
        age = {task.id: number for number, task in enumerate(self.old.all_tasks())}
        for level in self.tree.scopes():
            level.tasks = {task.id: task for task in sorted(level.tasks.values(), key=lambda task: _rank(task, age))}

    def _is_left(self, scope: Any) -> bool:
        """Whether an activity around this level was mapped to something else: what stands inside goes with it."""
        host = getattr(scope, "host", None)
        if host is None:
            return False
        outer = host.parent if host.triggered else host
        return outer.id in self.elsewhere or self._is_left(host.workflow)

    def _token(self, scope: Any, task: CaseTask) -> None:
        """Put one waiting token into the new tree. Hosts of inner levels come with what stands inside them."""
        spec = task.task_spec
        holds_levels = isinstance(spec, SubProcess) or any(
            isinstance(instance.task_spec, SubProcess) for instance in task.children if spec.repeats
        )
        if holds_levels:
            if spec.repeats and self.mapping.image(process_of(scope), spec.element) is None:
                self._obstacle("unmapped", scope, task)
                self.elsewhere.add(task.id)
            elif self._mapped(task) is not None and self._kept(task) is None:
                self._activity(scope, task)
                self.elsewhere.add(task.id)
        elif spec.repeats:
            for instance in task.children:
                if instance.alive:
                    self._instance(scope, instance)
        elif CAME_FROM in task.internal_data:
            self._arrival(scope, task)
        elif task.parent is not None and isinstance(task.parent.task_spec, EventGateway):
            self._behind_gateway(scope, task.parent)
        else:
            self._activity(scope, task)

    def _mapped(self, task: CaseTask) -> tuple[str, tuple[str, ...]] | None:
        """The element of the new version that a task is mapped to, and the sub-processes around it."""
        process = process_of(task.workflow)
        target = self.mapping.image(process, task.task_spec.element or "")
        chain = None if target is None else self.chains.get(process, {}).get(target)
        return None if target is None or chain is None else (target, chain)

    def _is_same(self, task: CaseTask) -> bool:
        return self.mapping.is_same(process_of(task.workflow), task.task_spec.element or "")

    def _kept(self, host: CaseTask) -> tuple[str, ...] | None:
        """The chain of sub-processes that a kept sub-process stands for in the new version; None: it is not kept."""
        mapped = self._mapped(host)
        if mapped is None or not self._is_same(host):
            return None
        target, chain = mapped
        specs = self.compiled.specs["/".join([process_of(host.workflow), *chain[-1:]])].task_specs
        spec = specs.get(f"{target}(instance)") if host.triggered else specs[target]
        return (*chain, target) if spec is not None and kind_of(spec) == kind_of(host.task_spec) else None

    # What stays what it is

    def _activity(self, scope: Any, task: CaseTask) -> CaseTask | None:
        """The new task of a person's step, a wait, a sub-process or a loop; None when it cannot be taken over."""
        if task.id in self.activities:
            return self.activities[task.id]
        found = self._place(scope, task)
        made = None
        if found is not None:
            level, target = found
            spec = level.spec.task_specs[target]
            if self._is_same(task) and kind_of(spec) == kind_of(task.task_spec):
                made = self._stand(level, target, task)
            elif target == task.task_spec.element:
                self._obstacle("kind_changed", scope, task, target)
            else:
                self._arrive(scope, level, target, task)
        self.activities[task.id] = made
        return made

    def _stand(self, level: Any, target: str, old: CaseTask) -> CaseTask:
        """The same waiting at its new element, with the events on its boundary."""
        root, specs = level.task_tree, level.spec.task_specs
        guard = specs.get(f"{target}(boundary)")
        old_guard = old.parent if old.parent is not None and isinstance(old.parent.task_spec, BoundarySplit) else None
        parent = root
        if guard is not None:
            kept = old_guard.id if old_guard is not None else None
            parent = CaseTask(level, guard, root, TaskState.COMPLETED, kept)
            parent.data = dict(old.data)
        task = _copy(level, specs[target], parent, old)
        if guard is not None:
            for event in guard.outputs:
                if isinstance(event, BoundaryEvent):
                    self._boundary(level, parent, event, old, old_guard)
        return task

    def _boundary(self, level: Any, parent: CaseTask, spec: Any, old: CaseTask, old_guard: CaseTask | None) -> None:
        """An event that waited goes on waiting; one that has happened does not come again; a new one begins to wait."""
        process = process_of(old.workflow)
        before = old_guard.task_spec.outputs if old_guard is not None else []
        for known in before:
            if isinstance(known, BoundaryEvent) and self.mapping.image(process, known.element or "") == spec.element:
                waiting = [
                    child
                    for child in old_guard.children  # type: ignore[union-attr]  # there is one: it has outputs
                    if child.task_spec is known and child._state == TaskState.WAITING
                ]
                if waiting and kind_of(known) == kind_of(spec):
                    _copy(level, spec, parent, waiting[0])
                    return
                if not waiting:
                    return
        child = CaseTask(level, spec, parent)
        spec._update(child)

    def _instance(self, scope: Any, instance: CaseTask) -> CaseTask | None:
        """One instance of a loop, under the container that counts them."""
        if instance.id in self.activities:
            return self.activities[instance.id]
        container = self._activity(scope, instance.parent)
        made = None
        if container is not None:
            name = f"{container.task_spec.name}(instance)"
            inner = container.workflow.spec.task_specs.get(name) if container.task_spec.repeats else None
            if inner is None or kind_of(inner) != kind_of(instance.task_spec):
                self._obstacle("loop_changed", scope, instance, container.task_spec.element or "")
            else:
                made = _copy(container.workflow, inner, container, instance)
                made.triggered = True
        self.activities[instance.id] = made
        return made

    def _behind_gateway(self, scope: Any, gateway: CaseTask) -> None:
        """The events behind an event-based gateway wait together."""
        if gateway.id in self.activities:
            return
        self.activities[gateway.id] = None
        found = self._place(scope, gateway)
        if found is None:
            return
        level, target = found
        spec = level.spec.task_specs[target]
        if not isinstance(spec, EventGateway):
            self._arrive(scope, level, target, gateway)
            return
        made = CaseTask(level, spec, level.task_tree, TaskState.COMPLETED, gateway.id)
        made.data = dict(gateway.data)
        process = process_of(scope)
        waiting = {self.mapping.image(process, child.task_spec.element or ""): child for child in gateway.children}
        for event in spec.outputs:
            known = waiting.get(event.element)
            if known is not None and known.alive and kind_of(known.task_spec) == kind_of(event):
                _copy(level, event, made, known)
            else:
                event._update(CaseTask(level, event, made))

    def _arrival(self, scope: Any, task: CaseTask) -> None:
        """A token that waits before a join for others; where it came from must still lead there."""
        found = self._place(scope, task)
        if found is None:
            return
        level, target = found
        spec = level.spec.task_specs[target]
        if type(spec) is not type(task.task_spec) or len(spec._inputs) < 2:
            self._obstacle("join_changed", scope, task, target)
            return
        source = self._source(process_of(scope), task, spec)
        if source is None:
            self._obstacle("join_changed", scope, task, target)
            return
        _copy(level, spec, level.task_tree, task).internal_data[CAME_FROM] = source

    def _source(self, process: str, task: CaseTask, join: Any) -> str | None:
        """Through which input of the join the token has come, in the new version; None when that is not clear."""
        came_from = str(task.internal_data[CAME_FROM])
        images = {name: self.mapping.image(process, name) for name in task.task_spec._inputs}
        if images.get(came_from) in join._inputs:
            return images[came_from]
        left = [name for name in dict.fromkeys(join._inputs) if name not in images.values()]
        lost = [name for name, image in images.items() if image not in join._inputs]
        start = images.get(came_from)
        if start is not None and start in join._wf_spec.task_specs:
            ahead = ahead_of(join._wf_spec, start, join.name)
            left = [name for name in left if name in ahead]
        elif len(lost) > 1:
            return None
        return left[0] if len(left) == 1 else None

    # What begins anew

    def _arrive(self, scope: Any, level: Any, target: str, old: CaseTask) -> None:
        """A token arrives at an element that waits for something else, or does something at once."""
        spec = level.spec.task_specs[target]
        behind_gateway = any(isinstance(level.spec.task_specs[name], EventGateway) for name in spec._inputs)
        is_join = isinstance(spec, JOINS) and len(spec._inputs) > 1
        if is_join or behind_gateway or isinstance(spec, BoundaryEvent | StartEvent):
            self._obstacle("no_target", scope, old, target)
            return
        put(level, target)

    # Where it goes

    def _place(self, scope: Any, task: CaseTask) -> tuple[Any, str] | None:
        """The new level and the element there for a token of an old level."""
        mapped = self._mapped(task)
        if mapped is None:
            self._obstacle("unmapped", scope, task)
            return None
        target, wanted = mapped
        level = self._level_for(scope, task, wanted)
        return None if level is None else (level, target)

    def _level_for(self, scope: Any, task: CaseTask, wanted: tuple[str, ...]) -> Any | None:
        """The nearest kept level around the token from which its new place can be entered."""
        around = scope
        while True:
            inside = self._stands_for(around)
            if inside is not None and wanted[: len(inside)] == inside:
                level = self._new_level(around)
                return None if level is None else self._enter(level, wanted[len(inside) :], scope, task)
            host = getattr(around, "host", None)
            if host is None or around.spec.name == process_of(around):
                self._obstacle("level_gone", scope, task)
                return None
            if host.triggered:
                self._obstacle("leaves_loop", scope, task)
                return None
            around = host.workflow

    def _stands_for(self, scope: Any) -> tuple[str, ...] | None:
        """The sub-processes around a kept level in the new version, itself included; None: it is not kept."""
        host = getattr(scope, "host", None)
        if host is None:
            return ()
        kept = self._kept(host)
        if scope.spec.name == process_of(scope):  # a called process
            return None if kept is None else ()
        return kept

    def _new_level(self, scope: Any) -> Any | None:
        """The new version of a kept level, made with its host when the first token enters it."""
        key = scope.task_tree.id
        if key not in self.levels:
            self.levels[key] = None
            host = scope.host
            made = self._instance(host.workflow, host) if host.triggered else self._activity(host.workflow, host)
            if made is not None:
                inner = Scope(self.compiled.specs[made.task_spec.spec], made, self.tree)
                inner.task_tree = _root(inner, scope.task_tree)
                self.levels[key] = inner
        return self.levels[key]

    def _enter(self, level: Any, steps: tuple[str, ...], scope: Any, task: CaseTask) -> Any | None:
        """Go into sub-processes that were not there before; their boundary events begin to wait now."""
        for step in steps:
            key = (id(level), step)
            if key not in self.wrappers:
                spec = level.spec.task_specs[step]
                if spec.repeats:
                    self._obstacle("enters_loop", scope, task, step)
                    return None
                self.wrappers[key] = enter(level, step)
            level = self.wrappers[key]
        return level

    def _obstacle(self, code: str, scope: Any, task: CaseTask, target: str = "") -> None:
        self.obstacles[Obstacle(code, process_of(scope), task.task_spec.element or "", target)] = None


def _rank(task: CaseTask, age: dict[str, int]) -> float:
    """What was there keeps its place; a guard that is new stands before what it guards, everything else at the end."""
    if task.id in age:
        return age[task.id]
    return min((_rank(child, age) - 0.5 for child in task.children), default=inf)


def _root(scope: Any, old: CaseTask) -> CaseTask:
    task = CaseTask(scope, scope.spec.start, None, TaskState.COMPLETED, old.id)
    task.data = dict(old.data)
    return task


def _copy(level: Any, spec: Any, parent: CaseTask, old: CaseTask) -> CaseTask:
    task = CaseTask(level, spec, parent, old._state, old.id)
    task.data, task.internal_data = dict(old.data), dict(old.internal_data)
    return task
