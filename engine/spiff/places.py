"""Where elements and tokens stand: sub-processes around an element, what a token waits for, the marking of a case."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from engine.spiff.events import BoundaryEvent, CatchEvent
from engine.spiff.loops import MultiInstance, StandardLoop
from engine.spiff.parser import CompiledProcess
from engine.spiff.specs import ManualTask, SubProcess, UserTask
from engine.spiff.surgery import tokens_in
from engine.spiff.workflow import CaseWorkflow


def markings(workflow: CaseWorkflow) -> Iterator[tuple[Any, tuple[tuple[str, str], ...]]]:
    """Per open level its spec, and where its tokens stand: (element, "") or, before a join, (join, where from)."""
    for scope in workflow.tree.scopes():
        yield scope.spec, tuple(sorted((token.element, token.arrived_from or "") for token in tokens_in(scope)))


@lru_cache(maxsize=64)
def chains(compiled: CompiledProcess) -> dict[str, dict[str, tuple[str, ...]]]:
    """By key of a process and id of an element: the sub-processes around the element, the outermost first."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    agenda: list[tuple[str, tuple[str, ...]]] = [(key, ()) for key in compiled.specs if "/" not in key]
    while agenda:
        key, chain = agenda.pop()
        process = key.split("/")[0]
        spec = compiled.specs[key]
        elements = found.setdefault(process, {})
        for each in spec.task_specs.values():
            if each.element is not None:
                elements[each.element] = chain
        agenda += [(inner, (*chain, host)) for host, inner in spec.scopes.items() if inner.startswith(f"{process}/")]
    return found


def kind_of(spec: Any) -> tuple[object, ...]:
    """What a token at this element waits for; two elements of one kind can take each other's tokens over."""
    if isinstance(spec, UserTask | ManualTask):
        return ("person", spec.is_instance)
    if isinstance(spec, MultiInstance):
        return ("many", spec.sequential, spec.item is None)
    if isinstance(spec, StandardLoop):
        return ("loop",)
    if isinstance(spec, SubProcess):
        inner = spec.spec if "/" not in spec.spec else "inside"
        return ("level", inner, spec.is_instance)
    if isinstance(spec, CatchEvent):
        cyclic = spec.timer.cyclic if spec.timer is not None else None
        return (
            "event",
            isinstance(spec, BoundaryEvent),
            spec.event_kind,
            cyclic,
            getattr(spec, "cancel_activity", None),
        )
    return (type(spec),)


def process_of(scope: Any) -> str:
    """The key of the process that a level belongs to."""
    return str(scope.spec.name).split("/")[0]


def ahead_of(level_spec: Any, start: str, goal: str) -> set[str]:
    """Names of the elements that a token comes past between two elements of a level."""
    seen, stack = {start}, [start]
    while stack:
        for following in level_spec.task_specs[stack.pop()].outputs:
            if following.name != goal and following.name not in seen:
                seen.add(following.name)
                stack.append(following.name)
    return seen
