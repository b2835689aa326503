"""Element templates for the desktop Modeler, from the same description as our own panel."""

from collections.abc import Iterator, Sequence
from typing import Any

from webapp.studio.panel.book import KINDS, Field, Group

SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
DURATION = r"^(=.*|P(?=.)(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?)$"
APPLIES = {
    "userTask": ("bpmn:Task", "bpmn:UserTask"),
    "serviceTask": ("bpmn:Task", "bpmn:ServiceTask"),
    "businessRuleTask": ("bpmn:Task", "bpmn:BusinessRuleTask"),
    "callActivity": ("bpmn:Task", "bpmn:CallActivity"),
    "milestone": ("bpmn:IntermediateThrowEvent",),
    "end": ("bpmn:EndEvent",),
}
MARKED = {"userTask": {"type": "Hidden", "binding": {"type": "zeebe:userTask"}}}
NAMES = {"name.ru", "prompt.ru", "submit.ru"}

Json = dict[str, Any]


def element_templates(catalogue: Json, texts: dict[str, str]) -> list[Json]:
    """One template for each kind of element that has fields, and one for each operation with its parameters."""
    found = [_template(kind, applies, catalogue, texts) for kind, applies in APPLIES.items() if kind != "serviceTask"]
    return [*found, *(_operation(name, each) for name, each in catalogue["operations"].items())]


def _template(kind: str, applies: Sequence[str], catalogue: Json, texts: dict[str, str]) -> Json:
    groups = [group for group in KINDS[kind] if any(True for _ in _properties(group, "", catalogue))]
    properties = [MARKED[kind]] if kind in MARKED else []
    for number, group in enumerate(groups):
        properties += list(_properties(group, f"g{number}", catalogue))
    return {
        "$schema": SCHEMA,
        "id": f"marshrut.{kind}",
        "version": 1,
        "name": texts[f"kind.{kind}"],
        "appliesTo": list(applies),
        "elementType": {"value": applies[-1]},
        "groups": [
            {"id": f"g{number}", "label": str(group.title), "openByDefault": not group.shut}
            for number, group in enumerate(groups)
        ],
        "properties": properties,
    }


def _properties(group: Group, group_id: str, catalogue: Json) -> Iterator[Json]:
    for field in group.fields:
        binding = _binding(field)
        if binding is None:
            continue
        yield _property(field, binding, group_id, catalogue, str(field.label))
        if field.translated and field.to == "property":
            yield _property(field, {**binding, "name": f"{field.name}.ru"}, group_id, catalogue, f"{field.label} (ru)")
        if field.to == "name":
            yield _property(
                field, {"type": "zeebe:property", "name": "name.ru"}, group_id, catalogue, f"{field.label} (ru)"
            )


def _binding(field: Field) -> Json | None:
    """Where the Modeler writes a field; None for what it has its own fields for."""
    return {
        "name": {"type": "property", "name": "name"},
        "property": {"type": "zeebe:property", "name": field.name},
        "form": {"type": "zeebe:formDefinition", "property": "formId"},
        "role": {"type": "zeebe:assignmentDefinition", "property": "candidateGroups"},
        "assignee": {"type": "zeebe:assignmentDefinition", "property": "assignee"},
        "decision": {"type": "zeebe:calledDecision", "property": "decisionId"},
        "decisionResult": {"type": "zeebe:calledDecision", "property": "resultVariable"},
        "called": {"type": "zeebe:calledElement", "property": "processId"},
    }.get(field.to)


def _property(field: Field, binding: Json, group: str, catalogue: Json, label: str) -> Json:
    found: Json = {"label": label, "type": "String", "group": group, "binding": binding}
    if field.hint:
        found["description"] = str(field.hint)
    if field.widget == "area":
        found["type"] = "Text"
    choices = _choices(field, catalogue)
    if choices and field.widget in ("choice", "form", "decision"):
        found["type"] = "Dropdown"
        found["choices"] = choices
    if field.widget == "duration":
        found["constraints"] = {"pattern": {"value": DURATION, "message": "PT30M, PT4H, P1D"}}
    if binding["type"] == "zeebe:property":
        found["optional"] = True  # an empty property is not written; the schema wants to hear that it is not empty
        found["constraints"] = {**found.get("constraints", {}), "notEmpty": True}
    return found


def _choices(field: Field, catalogue: Json) -> list[Json]:
    if field.choices:
        return [{"name": str(name) or value, "value": value} for value, name in field.choices if value]
    offered = catalogue.get(field.source)
    if field.source in ("roles", "calendars"):
        return [{"name": each["name"], "value": each["value"]} for each in offered or []]
    if isinstance(offered, dict):
        return [
            {"name": each["name"] if isinstance(each, dict) else name, "value": name} for name, each in offered.items()
        ]
    return [{"name": each, "value": each} for each in offered or []]


def _operation(name: str, told: Json) -> Json:
    """An automatic step that calls this operation; parameters are FEEL or plain texts."""
    fixed = {
        "type": "Hidden",
        "value": name,
        "binding": {"type": "zeebe:taskDefinition", "property": "type"},
    }
    asked = [
        {
            "label": each["title"],
            "type": "String",
            "feel": "optional",
            "binding": {"type": "zeebe:input", "name": each["name"]},
            **({"constraints": {"notEmpty": True}} if each["required"] else {"optional": True}),
        }
        for each in told["parameters"]
    ]
    return {
        "$schema": SCHEMA,
        "id": f"marshrut.operation.{name}",
        "version": 1,
        "name": told["name"],
        "appliesTo": ["bpmn:Task", "bpmn:ServiceTask"],
        "elementType": {"value": "bpmn:ServiceTask"},
        "properties": [fixed, *asked],
    }
