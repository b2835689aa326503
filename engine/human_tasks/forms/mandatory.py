"""Lines of a checklist that may not be left out in silence: which they are, and where the reason is told.

A checklist with `mandatory` brings a text of its own, `<key>_left_out`: it is shown while one of those lines is not
ticked, and without it the form is refused.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from engine.definitions.model import Texts
from engine.definitions.problems import Problem
from engine.feel import compile_expression
from engine.human_tasks.forms.model import Component, FormField, Option

ALL = "all"
LONGEST_REASON = 500
MOST_LINES, LONGEST_LINE = 100, 60  # the condition of the reason names them all


def read_mandatory(
    node: Mapping[str, Any],
    key: str,
    properties: Mapping[str, Any],
    options: Sequence[Option],
    problems: list[Problem],
) -> tuple[str, ...]:
    """Values of the lines that must be ticked, in the order of the form."""
    text = str(properties.get("mandatory") or "").strip()
    if not text:
        return ()
    if node["type"] != "checklist" or not options:
        problems.append(Problem("mandatory_without_lines", element=key, details={"key": key}))
        return ()
    if str(properties.get("personal") or "").strip().lower() == "true":
        problems.append(Problem("mandatory_personal", element=key, details={"key": key}))
    lines = [option.value for option in options]
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        details = {"key": key, "limit": MOST_LINES, "length": LONGEST_LINE}
        problems.append(Problem("mandatory_too_many", element=key, details=details))
        return ()
    if text == ALL:
        return tuple(lines)
    named = {name.strip() for name in text.split(",") if name.strip()}
    for name in sorted(named - set(lines)):
        details = {"key": key, "line": name, "known": ", ".join(lines)}
        problems.append(Problem("unknown_mandatory_line", element=key, details=details))
    return tuple(line for line in lines if line in named)


def excuse_for(item: FormField) -> Component:
    """The text under the checklist that takes the reason; hidden once every mandatory line is ticked."""
    ticked = " and ".join(f"list contains({item.key}, {orjson.dumps(line).decode()})" for line in item.mandatory)
    hide = compile_expression(f"({item.hide.text}) or ({ticked})" if item.hide else ticked)
    field = FormField(
        key=item.excuse,
        type="textarea",
        label=Texts(),
        hint=Texts(),
        required=False,
        hide=hide,
        excuses=item.key,
        validate={"maxLength": LONGEST_REASON},
    )
    return Component("textarea", Texts(), Texts(), field, hide)
