"""No text of a drawing, table or form reaches Python, wherever it stands; and no place is forgotten here."""

import ast
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.decisions.drawing import LOGIC
from tests.engine.definitions import expression_sites
from tests.engine.definitions.expression_sites import DRAWINGS, FORMS, PLAIN, SITES, TABLES

ROOT = Path(__file__).parents[3]

CANARY = '"canary" + "1"'
"""FEEL and Python alike: only who evaluates it tells which it was."""

HOSTILE = (
    '__import__("os").system("touch {}")',
    '(lambda: open("{}", "w"))()',
    '[x for x in (1).__class__.__base__.__subclasses__()] or open("{}", "w")',
)

GATEWAYS = ("condition of an exclusive gateway", "condition of an inclusive gateway")
TIMERS = ("date of a timer", "duration of a timer", "cycle of a timer", "timer of a start")
LOOPS = ("condition of a loop", "count of a loop", "collection of a loop", "end of a loop")
KEYS = ("key of a message that is awaited",)
SENT = ("key of a message that is sent", "input of a message")
CALLED = ("input of an operation", "input of a decision")
LISTED = ("dimension", "what runs out")
ALLOWED = ("allowed values of a type", "constraint of a type")
CELLS = frozenset(TABLES) - frozenset(ALLOWED)
RULES = ("cell of a table", "result of a rule")
OUTCOMES = ("values of a result", "result when no rule fits")
INPUTS = ("input of a table", "allowed inputs of a table")

READERS: Mapping[str, tuple[int, Iterable[str]]] = {
    "engine/decisions/boxed.py:_read": (1, TABLES),
    "engine/decisions/boxed.py:literal": (1, CELLS - {*RULES, *OUTCOMES, *INPUTS}),
    "engine/decisions/compiling.py:_allowed": (1, ALLOWED),
    "engine/decisions/item_types.py:_allowed": (1, ALLOWED),
    "engine/decisions/item_types.py:_type_of": (2, ALLOWED),
    "engine/decisions/table_reading.py:_column": (2, INPUTS),
    "engine/decisions/table_reading.py:_outcome": (2, OUTCOMES),
    "engine/decisions/table_reading.py:_output": (2, RULES),  # one cell, with and without a type
    "engine/decisions/table_reading.py:_rule": (1, RULES),
    "engine/definitions/foreseeing.py:foresee": (1, GATEWAYS),
    "engine/definitions/foreseeing.py:verdict": (1, GATEWAYS),
    "engine/definitions/parsing.py:_asked": (1, (*LOOPS, "conditional event")),
    "engine/definitions/parsing.py:_named_feel": (1, LISTED),
    "engine/definitions/parsing.py:_read_element": (1, KEYS),
    "engine/definitions/parsing.py:_read_flow": (1, GATEWAYS),
    "engine/definitions/parsing.py:_read_process": (2, LISTED),
    "engine/human_tasks/forms/mandatory.py:excuse_for": (1, ["when a field is hidden"]),
    "engine/human_tasks/forms/parsing.py:_compiled": (1, FORMS),
    "engine/human_tasks/forms/parsing.py:_read_components": (1, ["when a field is hidden"]),
    "engine/human_tasks/forms/parsing.py:_read_computed": (1, ["computed field"]),
    "engine/human_tasks/forms/parsing.py:_read_field": (1, ["first value of a field"]),
    "engine/instances/beginning.py:_first": (2, ["timer of a start"]),
    "engine/instances/saving.py:_task_row": (1, ["assignee"]),
    "engine/decisions/model.py:_asked": (1, ()),  # what is handed in, no text
    "engine/definitions/validation.py:_decision_problems": (2, ["input of a decision"]),
    "engine/definitions/validation.py:_due_problems": (2, ["due time"]),
    "engine/definitions/validation.py:_element_problems": (3, (*LOOPS, "conditional event", *KEYS, "reason of an end")),
    "engine/definitions/validation.py:_feel_problems": (1, DRAWINGS),
    "engine/definitions/validation.py:_process_problems": (1, LISTED),
    "engine/definitions/validation.py:_sending_problems": (2, SENT),
    "engine/definitions/validation.py:_service_task_problems": (2, ["input of an operation"]),
    "engine/definitions/validation.py:_timer_problems": (2, TIMERS),
    "engine/definitions/validation.py:_user_task_problems": (2, ["assignee"]),
    "engine/definitions/validation.py:find_problems": (1, GATEWAYS),
    "engine/instances/step.py:_arguments": (1, (*SENT, *CALLED)),
    "engine/instances/step.py:_decide": (1, ["input of a decision"]),
    "engine/instances/step.py:_note": (1, ["reason of an end"]),
    "engine/instances/step.py:_value": (1, DRAWINGS),
    "engine/instances/step.py:_carry_out": (1, ["input of an operation"]),
    "engine/instances/step.py:send_message": (2, SENT),
    "engine/spiff/drawing.py:read_facts": (1, KEYS),
    "engine/spiff/drawing.py:read_level": (1, GATEWAYS),
    "engine/spiff/parser.py:_add": (4, LOOPS),
    "engine/spiff/parser.py:_event": (1, ["conditional event"]),
    "engine/spiff/parser.py:_timer": (1, TIMERS),
    "engine/spiff/structure.py:_definition": (2, ("conditional event", *TIMERS)),
    "engine/spiff/structure.py:_loops": (3, LOOPS),
    "webapp/repair/incident_views.py:_comes_to": (2, ["input of an operation"]),
}


def tried(template: Path, folder: Path, texts: list[str], *arguments: str) -> list[dict[str, Any]]:
    path = folder / "empty.sqlite"
    path.write_bytes(template.read_bytes())
    command = [sys.executable, "-m", expression_sites.__name__, str(path), json.dumps(texts), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_nothing_is_compiled_or_run_at_any_site(sqlite_template: Path, tmp_path: Path) -> None:
    hostile = [text.format(tmp_path / "escaped") for text in HOSTILE]

    rows = tried(sqlite_template, tmp_path, [CANARY, *hostile])

    assert len(rows) == len(SITES) * (1 + len(HOSTILE))
    assert {(row["site"], row["text"], *row["heard"]) for row in rows if row["heard"]} == set()
    assert not (tmp_path / "escaped").exists()
    by_feel = {row["site"] for row in rows if row["evaluated"]}
    assert by_feel == {*DRAWINGS, *FORMS, *TABLES}
    taken = {(row["site"], row["text"]) for row in rows if row["became"] == "published"}
    assert taken == {(site, CANARY) for site in by_feel - {"timer of a start"}}  # which must give a time at once


def test_the_hook_would_hear_it(sqlite_template: Path, tmp_path: Path) -> None:
    rows = tried(sqlite_template, tmp_path, [CANARY], "eval")

    assert all({"compile", "exec"} <= set(row["heard"]) for row in rows)


READING = frozenset(
    {"compile_expression", "compile_unary_tests", "feel_text", "strip_feel", "Parser"}
    | {"_named_feel", "_compiled", "_feel_problems", "_arguments"}  # through which others read
    | {"feel", "tests", "_allowed", "_read_tests"}  # of engine.decisions
)


def readers() -> Counter[str]:
    """How often each function of the product reads FEEL out of a file."""
    found: Counter[str] = Counter()
    for path in [*ROOT.glob("engine/**/*.py"), *ROOT.glob("webapp/**/*.py")]:
        if "engine/feel/" in path.as_posix() or "node_modules" in path.parts:
            continue
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                called = node.func if isinstance(node, ast.Call) else None
                name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", None)
                if name in READING:
                    found[f"{path.relative_to(ROOT).as_posix()}:{function.name}"] += 1
    return found


def test_every_reading_of_an_expression_has_its_site_here() -> None:
    """A function that begins to read FEEL, or reads it once more, fails here until a canary stands at the new site."""
    assert readers() == {reader: count for reader, (count, _) in READERS.items()}
    assert {site for _, sites in READERS.values() for site in sites} == SITES.keys() - PLAIN.keys()


def test_every_kind_of_box_has_its_site_here() -> None:
    files = "".join(text for make in TABLES.values() for text in make("1"))

    assert {kind for kind in LOGIC if f"<{kind}" not in files} == set()
