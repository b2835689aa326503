"""form-js JSON read into a Form, with every problem found on the way."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import orjson

from engine.definitions.limits import refuse_body
from engine.definitions.model import Texts
from engine.definitions.problems import DefinitionRejected, Problem, unread_expression
from engine.feel import KNOWN_FUNCTIONS, Expression, FeelError, compile_expression, is_usable_pattern
from engine.human_tasks.forms.circles import find_circles
from engine.human_tasks.forms.limits import read_limits
from engine.human_tasks.forms.mandatory import excuse_for, read_mandatory
from engine.human_tasks.forms.model import (
    CHOICE_TYPES,
    COMPUTED,
    COMPUTED_KINDS,
    FILES,
    INPUT_TYPES,
    LIST,
    MANY_TYPES,
    MAX_FILES,
    MAX_ROWS,
    SILENT_TYPES,
    Component,
    FileKind,
    Form,
    FormField,
    Layout,
    Option,
)
from engine.human_tasks.forms.shapes import shape_problems

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
ENDING = re.compile(r"\.[a-z0-9]{1,8}")
MAX_PATTERN = 200
MAX_DECIMALS = 8
COUNTED = {LIST: MAX_ROWS, FILES: MAX_FILES}  # what has a least and a most, and how many there may be at all


def read_form(body: bytes | str) -> Form:
    """Parse form-js JSON; raises DefinitionRejected with every problem found. The same text is read once."""
    refuse_body(body)
    try:
        return _read_text(body if isinstance(body, str) else body.decode())
    except (UnicodeDecodeError, orjson.JSONDecodeError) as error:
        raise DefinitionRejected([Problem("json_malformed", details={"reason": str(error)})]) from error


@lru_cache(maxsize=1024)
def _read_text(body: str) -> Form:
    document = orjson.loads(body)
    key = document.get("id", "") if isinstance(document, dict) else ""
    if not key or not isinstance(key, str):
        raise DefinitionRejected([Problem("form_without_id")])
    problems = shape_problems(document)
    if problems:
        raise DefinitionRejected(problems)
    layout = _read_layout(document.get("components", []), problems)
    if not layout.fields:
        problems.append(Problem("form_without_components"))
    problems += find_circles(layout)
    if problems:
        raise DefinitionRejected(problems)
    properties = document.get("properties")
    name = _texts(document, "name", properties if isinstance(properties, dict) else {})
    return Form(layout.components, layout.fields, key, name)


def _read_layout(nodes: object, problems: list[Problem], *, inside: str | None = None) -> Layout:
    """`inside`: the key of the list whose rows are read."""
    components = tuple(_read_components(nodes, problems, inside))
    fields: dict[str, FormField] = {}
    for item in _inputs(components):
        if item.key in fields:
            problems.append(Problem("duplicate_field", element=item.key, details={"key": item.key}))
        fields[item.key] = item
    return Layout(components, fields)


def _inputs(components: tuple[Component, ...]) -> Iterator[FormField]:
    for component in components:
        if component.field is not None:
            yield component.field
        yield from _inputs(component.components)


def _read_components(nodes: object, problems: list[Problem], inside: str | None) -> Iterator[Component]:
    for node in nodes if isinstance(nodes, list) else []:
        kind = node.get("type", "") if isinstance(node, dict) else ""
        if kind not in INPUT_TYPES | SILENT_TYPES | {"group"}:
            problems.append(Problem("unknown_component", details={"type": kind}))
            continue
        properties = node.get("properties") or {}
        hide = _compiled(node, (node.get("conditional") or {}).get("hide"), problems)
        parts = node.get("components", [])
        component = Component(
            type=kind,
            label=_label(node, properties),
            text=_texts(node, "text", properties),
            field=_read_field(node, properties, hide, problems, inside) if kind in INPUT_TYPES else None,
            hide=hide,
            components=tuple(_read_components(parts, problems, inside)) if kind == "group" else (),
            columns=(node.get("layout") or {}).get("columns"),
        )
        yield component
        if component.field is not None and component.field.mandatory:
            yield excuse_for(component.field)


def _read_field(
    node: dict[str, Any],
    properties: Mapping[str, Any],
    hide: Expression | None,
    problems: list[Problem],
    inside: str | None,
) -> FormField:
    kind = node["type"]
    key = str(node.get("path" if kind == LIST else "key", ""))
    if not KEY.fullmatch(key):
        problems.append(Problem("bad_field_key", details={"key": key}))
    options = tuple(
        Option(str(item.get("value", "")), _texts(item, "label", item)) for item in node.get("values") or []
    )
    source = properties.get("source")
    if kind in CHOICE_TYPES | MANY_TYPES and not options and not source:
        problems.append(Problem("field_without_options", element=key, details={"key": key}))
    limits = read_limits(node.get("validate") or {}, key, problems)
    if "pattern" in limits:
        _check_pattern(key, str(limits["pattern"]), problems)
    if inside is not None:
        problems += _row_problems(key, kind, properties, inside)
    least, most = _counts(node, key, properties, problems)
    return FormField(
        key=key,
        type=kind,
        label=_label(node, properties),
        hint=_texts(node, "description", properties),
        required=bool(limits.get("required")),
        options=options,
        source=source,
        kind=_kind(kind, key, properties, problems),
        personal=_is_true(properties.get("personal")),
        instruction=_is_true(properties.get("instruction")),
        subtype=node.get("subtype"),
        coming=_is_coming(node, key, problems),
        suffix=_texts(node.get("appearance") or {}, "suffixAdorner", properties),
        decimals=_decimals(node, key, properties, problems),
        hide=hide,
        first=_compiled(node, properties.get("value"), problems),
        default=node.get("defaultValue"),
        validate=limits,
        least=least,
        most=most,
        row=_read_row(node, key, problems) if kind == LIST and inside is None else None,
        computed=_read_computed(node, key, problems) if kind == COMPUTED else None,
        accept=_accepted(node, key, problems) if kind == FILES else frozenset(),
        mandatory=read_mandatory(node, key, properties, options, problems),
    )


def _is_true(value: object) -> bool:
    return value is True or str(value).strip().lower() == "true"


def _is_coming(node: dict[str, Any], key: str, problems: list[Problem]) -> bool:
    """Whether days that have passed are refused."""
    wanted = _is_true(node.get("disallowPassedDates"))
    if wanted and (node["type"] != "datetime" or node.get("subtype") == "time"):
        problems.append(Problem("passed_dates_without_day", element=key, details={"key": key}))
    return wanted


def _row_problems(key: str, kind: str, properties: Mapping[str, Any], inside: str) -> Iterator[Problem]:
    """What may not stand in a row; `inside` is the list."""
    if kind == LIST:
        yield Problem("list_in_list", element=key, details={"key": key, "list": inside})
    for name in ("personal", "mandatory"):
        if properties.get(name):
            yield Problem(f"{name}_in_row", element=key, details={"key": key, "list": inside})


def _read_row(node: dict[str, Any], key: str, problems: list[Problem]) -> Layout:
    row = _read_layout(node.get("components", []), problems, inside=key)
    if all(item.computed is not None for item in row.fields.values()):
        problems.append(Problem("list_without_fields", element=key, details={"key": key}))
    return row


def _read_computed(node: dict[str, Any], key: str, problems: list[Problem]) -> Expression | None:
    text = str(node.get("expression") or "").strip()
    if not text.removeprefix("=").strip():
        problems.append(Problem("computed_without_expression", element=key, details={"key": key}))
        return None
    return _compiled(node, text, problems)


def _kind(type_: str, key: str, properties: Mapping[str, Any], problems: list[Problem]) -> str | None:
    kind = properties.get("kind")
    known = {FILES: frozenset(FileKind), COMPUTED: COMPUTED_KINDS}.get(type_)
    if kind is not None and (not isinstance(kind, str) or (known is not None and kind not in known)):
        details = {"key": key, "kind": kind, "known": ", ".join(sorted(known or ()))}
        problems.append(Problem("unknown_field_kind", element=key, details=details))
        return None
    return str(kind or FileKind.FILE) if type_ == FILES else kind


def _decimals(node: dict[str, Any], key: str, properties: Mapping[str, Any], problems: list[Problem]) -> int | None:
    found = node.get("decimalDigits", properties.get("decimals"))
    if found is None or found == "":
        return None
    if not re.fullmatch("[0-9]", str(found)) or int(found) > MAX_DECIMALS:
        problems.append(Problem("bad_decimals", element=key, details={"key": key, "limit": MAX_DECIMALS}))
        return None
    return int(found)


def _counts(
    node: dict[str, Any], key: str, properties: Mapping[str, Any], problems: list[Problem]
) -> tuple[int, int | None]:
    """Least and most of rows, files or choices; a list and files have a most in any case."""
    kind = node["type"]
    if kind not in COUNTED and kind not in MANY_TYPES:
        return 0, None
    given: dict[str, int | None] = {}
    for name in ("min", "max"):
        text = str(properties.get(name, "")).strip()
        given[name] = int(text) if re.fullmatch("[0-9]{1,4}", text) else None
        if text and given[name] is None:
            problems.append(Problem("bad_count", element=key, details={"key": key, "text": text}))
    ceiling = COUNTED.get(kind)
    if kind == FILES and (not node.get("multiple") or properties.get("kind") == FileKind.SIGNATURE):
        ceiling = 1
    least, most = given["min"] or 0, given["max"]
    if most is None:
        most = ceiling
    if most is not None and (most < max(least, 1) or (ceiling is not None and most > ceiling)):
        details = {"key": key, "min": least, "max": most, "limit": ceiling or most}
        problems.append(Problem("bad_count_range", element=key, details=details))
    return least, most


def _accepted(node: dict[str, Any], key: str, problems: list[Problem]) -> frozenset[str]:
    endings = [each.strip().lower() for each in str(node.get("accept") or "").split(",") if each.strip()]
    for ending in endings:
        if not ENDING.fullmatch(ending):
            problems.append(Problem("bad_accept", element=key, details={"key": key, "text": ending}))
    return frozenset(endings)


def _label(node: Mapping[str, Any], properties: Mapping[str, Any]) -> Texts:
    """form-js gives computed fields no label of their own: theirs stands among the properties."""
    label = _texts(node, "dateLabel" if "dateLabel" in node else "label", properties)
    return label if label.base else Texts(str(properties.get("label") or ""), label.others)


def _texts(node: Mapping[str, Any], name: str, properties: Mapping[str, Any]) -> Texts:
    stem = {"dateLabel": "label", "suffixAdorner": "suffix"}.get(name, name)
    prefix = f"{stem}."
    others = {key[len(prefix) :]: str(text) for key, text in properties.items() if key.startswith(prefix)}
    return Texts(str(node.get(name) or ""), others)


def _compiled(node: dict[str, Any], text: object, problems: list[Problem]) -> Expression | None:
    if not text:
        return None
    element = node.get("key") or node.get("path")
    try:
        expression = compile_expression(str(text).strip().removeprefix("="))
    except FeelError as error:
        problems.append(Problem("bad_feel", element=element, details=unread_expression(str(text), error)))
        return None
    for name in sorted(expression.functions - KNOWN_FUNCTIONS):
        problems.append(Problem("unknown_function", element=element, details={"text": text, "function": name}))
    return expression


def _check_pattern(key: str, pattern: str, problems: list[Problem]) -> None:
    if len(pattern) > MAX_PATTERN or not is_usable_pattern(pattern):
        problems.append(Problem("bad_pattern", element=key, details={"key": key}))
