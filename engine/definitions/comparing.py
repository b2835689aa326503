"""What two texts of a process, a form or a file of decisions differ in, element by element and field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from engine.definitions.model import Element, Flow, OperationCall, ProcessModel, Texts
from engine.feel import Expression
from engine.human_tasks.forms import Form, FormField, Option

# where it stands in the file, and what is told by other parts
UNTOLD = frozenset({"id", "line", "container", "properties", "call", "inputs", "asked", "event", "many", "looped"})
IN_PROPERTIES = frozenset({"name", "prompt", "submit"})  # read from properties into fields of their own


class ChangeKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class Part:
    """One field that says something else. `name`: of the field, such as `due`, `prompt.ru`, `input.comment`."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Difference:
    """An element that is new, gone, or says something else. A flow carries its ends, as it has seldom a name."""

    kind: ChangeKind
    element: Element | Flow
    parts: tuple[Part, ...] = ()


def compare_processes(old: ProcessModel, new: ProcessModel) -> Iterator[Difference]:
    """Elements first, then flows, in the order of the new drawing; what is gone comes last.

    A flow is not told if all it does is to lead through a step that was put between two others, or taken out there.
    """
    folded = _folded(old, new) | _folded(new, old)
    yield from _process(old, new)
    for element in new.elements.values():
        before = old.elements.get(element.id)
        if before is None:
            yield Difference(ChangeKind.ADDED, element)
        elif parts := tuple(_parts(_element_texts(before), _element_texts(element))):
            yield Difference(ChangeKind.CHANGED, element, parts)
    for flow in new.flows.values():
        was = old.flows.get(flow.id)
        if was is None:
            if flow.id not in folded:
                yield Difference(ChangeKind.ADDED, flow)
        elif parts := tuple(_parts(_flow_texts(was), _flow_texts(flow))):
            yield Difference(ChangeKind.CHANGED, flow, parts)
    for element in old.elements.values():
        if element.id not in new.elements:
            yield Difference(ChangeKind.REMOVED, element)
    for flow in old.flows.values():
        if flow.id not in new.flows and flow.id not in folded:
            yield Difference(ChangeKind.REMOVED, flow)


def _folded(old: ProcessModel, new: ProcessModel) -> frozenset[str]:
    """Flows of `new` alone that go on from a flow of both where steps now stand in its way, up to where it led."""
    found: set[str] = set()
    for flow in new.flows.values():
        was = old.flows.get(flow.id)
        if was is None or was.source != flow.source or was.target == flow.target:
            continue
        chain: dict[str, Flow] = {}
        end: Flow | None = flow
        while end is not None and end.target != was.target and end.id not in chain:
            chain[end.id] = end
            end = _through(new, old, end.target)
        if end is not None and end.target == was.target:
            found |= {*chain, end.id}
    return frozenset(found - old.flows.keys())


def _through(model: ProcessModel, other: ProcessModel, name: str) -> Flow | None:
    """The way out of an element that only this drawing has, where a token can but pass."""
    leaving = model.leaving.get(name, ())
    alone = name not in other.elements and len(model.arriving.get(name, ())) == len(leaving) == 1
    return leaving[0] if alone and not _is_chosen(model, leaving[0]) else None


def _is_chosen(model: ProcessModel, flow: Flow) -> bool:
    source = model.elements.get(flow.source)
    return bool(flow.condition or flow.name) or (source is not None and source.default_flow == flow.id)


def compare_forms(old: Form, new: Form) -> Iterator[tuple[ChangeKind, FormField, tuple[Part, ...]]]:
    """Fields that are new, gone, or ask otherwise."""
    for key, field in new.fields.items():
        before = old.fields.get(key)
        if before is None:
            yield ChangeKind.ADDED, field, ()
        elif parts := tuple(_parts(_field_texts(before), _field_texts(field))):
            yield ChangeKind.CHANGED, field, parts
    for key, field in old.fields.items():
        if key not in new.fields:
            yield ChangeKind.REMOVED, field, ()


def _process(old: ProcessModel, new: ProcessModel) -> Iterator[Difference]:
    before = _texts("name", old.name) | _properties(old.properties)
    parts = tuple(_parts(before, _texts("name", new.name) | _properties(new.properties)))
    if parts:
        yield Difference(ChangeKind.CHANGED, Element(new.key, "process", None, "", new.name, Texts(), {}), parts)


def _parts(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Part]:
    for name in [*new, *(name for name in old if name not in new)]:
        if old.get(name, "") != new.get(name, ""):
            yield Part(name, old.get(name, ""), new.get(name, ""))


def _element_texts(element: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in fields(Element):
        value = getattr(element, field.name)
        if field.name in UNTOLD:
            continue
        if isinstance(value, Texts):
            found |= _texts(field.name, value)
        elif isinstance(value, bool):
            found[field.name] = "" if value == field.default else str(value).lower()
        else:
            found[field.name] = "" if value is None else str(value)
    found |= _properties(element.properties)
    if element.call is not None:
        found |= _call(element.call)
    found |= {f"input.{name}": text for name, text in element.inputs.items()}
    found |= {f"asked.{name}": text for name, text in element.asked.items()}
    found["event"] = element.event or ""
    found["many"] = "true" if element.many else ""
    return found


def _call(call: OperationCall) -> dict[str, str]:
    return {"operation": call.operation, "resultVariable": call.result_variable or ""}


def _flow_texts(flow: Flow) -> dict[str, str]:
    texts = {"condition": flow.condition or "", "source": flow.source, "target": flow.target}
    return texts | _texts("name", flow.name)


def _field_texts(field: FormField) -> dict[str, str]:
    """Everything that a field asks, by the names of the model; of a list also what its rows ask."""
    found: dict[str, str] = {}
    for part in fields(FormField):
        value = getattr(field, part.name)
        if part.name in {"key", "row"}:
            continue
        if isinstance(value, Texts):
            found |= _texts(part.name, value)
        else:
            found[part.name] = _value_text(value)
    for key, asked in field.row.fields.items() if field.row is not None else ():
        found |= {f"row.{key}.{name}": text for name, text in _field_texts(asked).items()}
    return found


def _value_text(value: object) -> str:
    if value is None or value is False or value == 0 or value == ():
        return ""
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {text}" for name, text in sorted(value.items()))
    if isinstance(value, tuple | frozenset):
        parts = [f"{each.label.base} ({each.value})" if isinstance(each, Option) else str(each) for each in value]
        return ", ".join(parts if isinstance(value, tuple) else sorted(parts))
    return "true" if value is True else str(value)


def _texts(name: str, texts: Texts) -> dict[str, str]:
    return {name: texts.base} | {f"{name}.{language}": text for language, text in texts.others.items()}


def _properties(properties: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in properties.items() if name.partition(".")[0] not in IN_PROPERTIES}
