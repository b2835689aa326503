"""What is said of a wrong value: what would be right."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from engine.human_tasks.forms import read_form
from tests.engine.human_tasks.every_kind import number
from tests.engine.world import form
from webapp.kit.widgets import explain_error


def said(app: Flask, language: str, **limits: Any) -> str:
    item = read_form(form("f", number("x", validate=limits))).fields["x"]
    with app.test_request_context(), force_locale(language):
        return explain_error("out_of_range", item, label="X", language=language).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("limits", "english", "russian"),
    [
        (
            {"min": 0, "max": 2000000},
            "Enter a number from 0 to 2,000,000.",
            "Введите число от 0 до 2 000 000.",
        ),
        ({"min": 0.001}, "Enter a number of at least 0.001.", "Введите число не меньше 0,001."),
        ({"max": 9}, "Enter a number of at most 9.", "Введите число не больше 9."),
        ({"min": 1950, "max": 2100}, "Enter a number from 1950 to 2100.", "Введите число от 1950 до 2100."),
        (
            {},
            "Enter a number from −1,000,000,000,000,000 to 1,000,000,000,000,000.",
            "Введите число от −1 000 000 000 000 000 до 1 000 000 000 000 000.",
        ),
    ],
)
def test_a_number_out_of_bounds_is_told_its_bounds(
    app: Flask, limits: dict[str, Any], english: str, russian: str
) -> None:
    assert said(app, "en", **limits) == english
    assert said(app, "ru", **limits) == russian
