"""Codes that people would otherwise read: every one has a text, and every refusal a sentence."""

import ast
import re
from pathlib import Path

import pytest

from tests.processes.drawings import ROOT, Drawing, components, read_form
from webapp.features import FEATURES
from webapp.inquiries.labels import SUBJECTS as INQUIRY_SUBJECTS
from webapp.inquiries.models import Purpose
from webapp.sales.labels import RESULTS, SUBJECTS
from webapp.sales.operations import operations

SLICES = ("customers", "vehicles", "inquiries", "sales")
REFUSALS = {"NotFound", "Conflict", "RuleViolation", "Forbidden"}


def sources(*slices: str) -> list[Path]:
    return [path for name in slices for path in sorted((ROOT / "webapp" / name).rglob("*.py"))]


def test_every_row_of_the_chronicle_has_a_heading() -> None:
    written = {
        code
        for path in sources("sales/operations")
        for code in re.findall(r'"((?:worksheet|aftercare)\.[a-z_]+)"', path.read_text("utf-8"))
    }

    assert written == set(SUBJECTS)
    assert {f"inquiry.{purpose.value}" for purpose in Purpose} == set(INQUIRY_SUBJECTS)


@pytest.mark.parametrize(
    "form", ["first_answer", "confirm_visit", "welcome", "call_absentee", "needs_analysis", "follow_up_call"]
)
def test_every_outcome_of_a_form_has_a_text_in_the_chronicle(form: str) -> None:
    (outcome,) = (each for each in components(read_form(f"sales/{form}")) if each.get("key") == "outcome")

    assert {option["value"] for option in outcome["values"]} <= set(RESULTS)


def test_every_refusal_has_a_sentence() -> None:
    explained = {code for feature in FEATURES for code in feature.refusals}
    raised = {
        node.args[0].value
        for path in sources(*SLICES)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in REFUSALS
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert len(raised) > 15
    assert raised - explained == set()


def asked(form: str) -> set[str]:
    """Keys of a form's own fields; those of a row belong to its list."""
    document = read_form(form)
    lists = [each for each in components(document) if each["type"] == "dynamiclist"]
    rows = {id(each) for row in lists for each in components(row)}
    keys = {each["key"] for each in components(document) if "key" in each and id(each) not in rows}
    return keys | {each["path"] for each in lists}


def test_every_operation_of_the_sales_is_drawn_and_is_given_what_it_takes() -> None:
    called = set()
    for path in sorted((ROOT / "processes" / "sales").glob("*.bpmn")):
        sheet = Drawing(str(path.relative_to(ROOT)))
        called |= set(sheet.find("//zeebe:taskDefinition/@type"))
        for element in sheet.elements("userTask", "boundaryEvent"):
            name, form = sheet.properties(element).get("onComplete"), sheet.form_of(element)
            if name and form:
                called.add(name)
                assert set(operations.operations[name].parameters) <= asked(form), name

    assert called == set(operations.operations)
