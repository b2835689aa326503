"""A form with a field of every kind, and what may be typed into it."""

from typing import Any

from engine.human_tasks.form_values import FoundFile
from engine.human_tasks.forms import Form, read_form
from tests.engine.world import choice, form

PHOTO = FoundFile("a" * 64, "front.jpg", "image/jpeg", 2048, ".jpg")
PAPERS = FoundFile("b" * 64, "papers.pdf", "application/pdf", 4096, ".pdf")
DRAWN = FoundFile("c" * 64, "signature.png", "image/png", 512, ".png")
FILES = {each.sha256: each for each in (PHOTO, PAPERS, DRAWN)}


def text(key: str, **more: Any) -> dict[str, Any]:
    return {"type": "textfield", "key": key, "label": key, **more}


def number(key: str, **more: Any) -> dict[str, Any]:
    return {"type": "number", "key": key, "label": key, **more}


def date_field(key: str) -> dict[str, Any]:
    return {"type": "datetime", "subtype": "date", "key": key, "dateLabel": key}


def lines(*components: dict[str, Any], key: str = "lines", **properties: str) -> dict[str, Any]:
    return {"type": "dynamiclist", "path": key, "label": key, "components": components, "properties": properties}


def files(
    key: str, kind: str = "file", *, multiple: bool = True, accept: str = "", **properties: str
) -> dict[str, Any]:
    return {
        "type": "filepicker",
        "key": key,
        "label": key,
        "multiple": multiple,
        "accept": accept,
        "properties": {"kind": kind, **properties},
    }


def computed(key: str, expression: str, **properties: str) -> dict[str, Any]:
    return {"type": "expression", "key": key, "expression": f"={expression}", "properties": properties}


OFFER = (
    choice("pay", "cash", "credit"),
    lines(
        text("title", validate={"required": True}),
        number("price", decimalDigits=2, validate={"min": 0}),
        number("qty", defaultValue=1),
        {**text("why"), "conditional": {"hide": "=price = null or price < 1000"}},
        date_field("from"),
        computed("sum", "price * qty", kind="money"),
        max="3",
    ),
    {**choice("ranks", "a", "b", "c"), "type": "taglist", "properties": {"max": "2"}, "validate": {}},
    files("photos", "photo"),
    files("signature", "signature", multiple=False),
    computed("total", "sum(lines.sum)", kind="money"),
    {**text("reason"), "conditional": {"hide": "=total = null or total < 5000"}},
)


def offer() -> Form:
    return read_form(form("every/kind", *OFFER))
