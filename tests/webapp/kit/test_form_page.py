"""Every shipped form as a page: what stands in a <noscript> holds no other, which a browser would end too early."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, get_template_attribute

from engine.human_tasks.forms import read_form
from tests.webapp.staff.factories import NOW
from webapp.kit.form_view import FormReader

FORMS = Path(__file__).parents[3] / "forms"
TAGS = re.compile(r"<(/?)noscript>")


def many(_: str) -> dict[str, str]:
    """So many choices that a page lets search among them."""
    return {str(number): f"Choice {number}" for number in range(60)}


def deepest(page: str) -> int:
    depth = most = 0
    for closing in TAGS.findall(page):
        depth += -1 if closing else 1
        most = max(most, depth)
    assert depth == 0
    return most


@pytest.mark.parametrize("path", sorted(FORMS.rglob("*.form")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_part_without_scripts_lies_in_another(app: Flask, path: Path) -> None:
    form = read_form(path.read_text())
    with app.test_request_context():
        reader = FormReader("ru", ZoneInfo("Europe/Moscow"), many)
        widgets = reader.widgets(form, {}, {}, {}, NOW)
        fields = get_template_attribute("kit/form.html", "fields")
        page = str(fields(widgets))

    assert deepest(page) <= 1
