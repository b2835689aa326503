"""Forms: what a step asks, read from form-js JSON.

The browser draws them and hides fields by the same conditions; the server is
the authority and checks everything again (`form_values`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from engine.definitions.model import Texts
from engine.definitions.problems import DefinitionRejected, Problem
from engine.feel import Expression, FeelError, compile_expression

TEXT_TYPES = frozenset({"textfield", "textarea"})
CHOICE_TYPES = frozenset({"radio", "select"})
MANY_TYPES = frozenset({"checklist", "taglist"})
INPUT_TYPES = TEXT_TYPES | CHOICE_TYPES | MANY_TYPES | {"number", "checkbox", "datetime"}
SILENT_TYPES = frozenset({"text", "separator", "spacer"})
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
MAX_PATTERN = 200


@dataclass(frozen=True)
class Option:
    """One choice: the stored value and its label."""

    value: str
    label: Texts


@dataclass(frozen=True)
class FormField:
    """One input. `validate` holds form-js's own limits: min, max, minLength, maxLength, pattern."""

    key: str
    type: str
    label: Texts
    hint: Texts
    required: bool
    options: tuple[Option, ...] = ()
    source: str | None = None  # options searched on the server: "sales.refusal_reasons"
    kind: str | None = None  # phone, email, vin …: read by the application
    personal: bool = False  # handed to the operation only, never kept in the case
    instruction: bool = False  # what is told in it stands on the next step
    subtype: str | None = None  # of datetime: date, time, datetime
    suffix: Texts = field(default_factory=Texts)
    decimals: int | None = None
    hide: Expression | None = None
    first: Expression | None = None  # what stands in it when the step is opened for the first time
    default: object = None
    validate: Mapping[str, Any] = field(default_factory=dict)

    @property
    def many(self) -> bool:
        return self.type in MANY_TYPES


@dataclass(frozen=True)
class Component:
    """A node of the layout: an input, a text, a separator, or a group of components."""

    type: str
    label: Texts
    text: Texts
    field: FormField | None = None
    hide: Expression | None = None
    components: "tuple[Component, ...]" = ()
    columns: int | None = None  # of 16, as form-js counts


@dataclass(frozen=True, eq=False)
class Form:
    """A form with its layout and, flat by key, its inputs."""

    key: str
    components: tuple[Component, ...]
    fields: Mapping[str, FormField]

    @property
    def personal_keys(self) -> frozenset[str]:
        return frozenset(key for key, item in self.fields.items() if item.personal)

    def instructions_in(self, values: Mapping[str, object]) -> list[str]:
        """What the answers tell whoever does the next step."""
        told = (values.get(key) for key, item in self.fields.items() if item.instruction and not item.personal)
        return [text.strip() for text in told if isinstance(text, str) and text.strip()]

    def without_personal(self, values: Mapping[str, object]) -> dict[str, object]:
        """What may be kept in the case and in its log."""
        personal = self.personal_keys
        return {key: value for key, value in values.items() if key not in personal}


def read_form(body: bytes | str) -> Form:
    """Parse form-js JSON; raises DefinitionRejected with every problem found."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise DefinitionRejected([Problem("json_malformed", details={"reason": str(error)})]) from error
    problems: list[Problem] = []
    key = document.get("id", "") if isinstance(document, dict) else ""
    if not key or not isinstance(key, str):
        raise DefinitionRejected([Problem("form_without_id")])
    components = tuple(_read_components(document.get("components", []), problems))
    fields: dict[str, FormField] = {}
    for item in _inputs(components):
        if item.key in fields:
            problems.append(Problem("duplicate_field", details={"key": item.key}))
        fields[item.key] = item
    if not fields:
        problems.append(Problem("form_without_components"))
    if problems:
        raise DefinitionRejected(problems)
    return Form(key, components, fields)


def _inputs(components: tuple[Component, ...]) -> Iterator[FormField]:
    for component in components:
        if component.field is not None:
            yield component.field
        yield from _inputs(component.components)


def _read_components(nodes: object, problems: list[Problem]) -> Iterator[Component]:
    for node in nodes if isinstance(nodes, list) else []:
        kind = node.get("type", "") if isinstance(node, dict) else ""
        if kind not in INPUT_TYPES | SILENT_TYPES | {"group"}:
            problems.append(Problem("unknown_component", details={"type": kind}))
            continue
        properties = node.get("properties") or {}
        hide = _condition(node, problems)
        yield Component(
            type=kind,
            label=_texts(node, "label", properties),
            text=_texts(node, "text", properties),
            field=_read_field(node, properties, hide, problems) if kind in INPUT_TYPES else None,
            hide=hide,
            components=tuple(_read_components(node.get("components", []), problems)) if kind == "group" else (),
            columns=(node.get("layout") or {}).get("columns"),
        )


def _read_field(
    node: dict[str, Any], properties: Mapping[str, Any], hide: Expression | None, problems: list[Problem]
) -> FormField:
    key = str(node.get("key", ""))
    if not KEY.fullmatch(key):
        problems.append(Problem("bad_field_key", details={"key": key}))
    options = tuple(Option(str(item.get("value", "")), _texts(item, "label", item)) for item in node.get("values", []))
    source = properties.get("source")
    if node["type"] in CHOICE_TYPES | MANY_TYPES and not options and not source:
        problems.append(Problem("field_without_options", details={"key": key}))
    limits = node.get("validate") or {}
    if "pattern" in limits:
        _check_pattern(key, str(limits["pattern"]), problems)
    return FormField(
        key=key,
        type=node["type"],
        label=_texts(node, "dateLabel" if "dateLabel" in node else "label", properties),
        hint=_texts(node, "description", properties),
        required=bool(limits.get("required")),
        options=options,
        source=source,
        kind=properties.get("kind"),
        personal=bool(properties.get("personal")),
        instruction=properties.get("instruction") == "true",
        subtype=node.get("subtype"),
        suffix=_texts(node.get("appearance") or {}, "suffixAdorner", properties),
        decimals=node.get("decimalDigits"),
        hide=hide,
        first=_compiled(node, properties.get("value"), problems),
        default=node.get("defaultValue"),
        validate=limits,
    )


def _texts(node: Mapping[str, Any], name: str, properties: Mapping[str, Any]) -> Texts:
    stem = {"dateLabel": "label", "suffixAdorner": "suffix"}.get(name, name)
    prefix = f"{stem}."
    others = {key[len(prefix) :]: str(text) for key, text in properties.items() if key.startswith(prefix)}
    return Texts(str(node.get(name) or ""), others)


def _condition(node: dict[str, Any], problems: list[Problem]) -> Expression | None:
    return _compiled(node, (node.get("conditional") or {}).get("hide"), problems)


def _compiled(node: dict[str, Any], text: object, problems: list[Problem]) -> Expression | None:
    if not text:
        return None
    try:
        return compile_expression(str(text).strip().removeprefix("="))
    except FeelError as error:
        details = {"text": text, "position": (error.position or 0) + 1, "reason": str(error)}
        problems.append(Problem("bad_feel", element=node.get("key"), details=details))
        return None


def _check_pattern(key: str, pattern: str, problems: list[Problem]) -> None:
    try:
        re.compile(pattern)
    except re.error:
        problems.append(Problem("bad_pattern", details={"key": key}))
        return
    # A quantified group with a quantifier inside can take exponential time on hostile input.
    if len(pattern) > MAX_PATTERN or re.search(r"[*+}][^()]*\)[*+{]", pattern):
        problems.append(Problem("bad_pattern", details={"key": key}))
