"""Made-up answers: forms are filled so that a run goes on, and personal data never stand in a script."""

from typing import Any

import orjson
import pytest

from engine.human_tasks.form_values import Reading, read_values
from engine.human_tasks.forms import Form, read_form
from engine.sandbox.made_up import fill, made_up_file, without_personal
from tests.engine.world import NOW, choice

READING = Reading(now=NOW, find_file=made_up_file)
SAMPLES = {"phone": "+79000001234"}


def a_form(*components: dict[str, Any]) -> Form:
    return read_form(orjson.dumps({"id": "test/all", "type": "default", "schemaVersion": 19, "components": components}))


def text(key: str, **more: Any) -> dict[str, Any]:
    return {"type": "textfield", "key": key, "label": key, "validate": {"required": True, **more}}


@pytest.mark.parametrize(
    "component",
    [
        text("name"),
        text("name", minLength=9),
        text("name", maxLength=2),
        text("name", pattern="^[0-9]{3}-[0-9]{3}$"),
        text("name", validationType="email"),
        {**text("name"), "properties": {"kind": "phone"}},
        choice("name", "yes", "no"),
        {"type": "number", "key": "name", "label": "n", "validate": {"required": True, "min": 1950, "max": 2100}},
        {"type": "number", "key": "name", "label": "n", "validate": {"required": True, "max": 0}},
        {"type": "checkbox", "key": "name", "label": "n", "validate": {"required": True}},
        {"type": "datetime", "subtype": "date", "key": "name", "label": "n", "dateLabel": "n",
         "validate": {"required": True}, "properties": {"coming": True}},
        {"type": "datetime", "subtype": "datetime", "key": "name", "label": "n", "dateLabel": "n", "timeLabel": "n",
         "validate": {"required": True}},
        {"type": "select", "key": "name", "label": "n", "properties": {"source": "people"},
         "validate": {"required": True}},
    ],
)  # fmt: skip
def test_a_field_is_filled_so_that_the_form_takes_it(component: dict[str, Any]) -> None:
    form = a_form(component)
    values = fill(form, {}, {}, READING, samples=SAMPLES, choices=lambda _: ["5"])

    assert read_values(form, values, {}, READING)["name"] not in (None, "", [])


def test_what_was_given_stays_and_what_it_asks_for_is_added() -> None:
    form = a_form(choice("outcome", "won", "lost"), {**text("why"), "conditional": {"hide": '=outcome != "lost"'}})

    assert fill(form, {"outcome": "lost"}, {}, READING, samples={}) == {"outcome": "lost", "why": "Test"}
    assert fill(form, {}, {}, READING, samples={}) == {"outcome": "won"}


def test_personal_answers_are_replaced() -> None:
    form = a_form({**text("passport"), "properties": {"personal": True}}, text("name"))

    kept = without_personal(form, {"passport": "4012 123456", "name": "red"}, READING, SAMPLES)
    assert kept == {"passport": "Test", "name": "red"}


def test_a_file_is_made_up_and_others_are_unknown() -> None:
    assert made_up_file("f" * 64) is None
    assert made_up_file("x") is None
    assert made_up_file("0" * 64) is not None
