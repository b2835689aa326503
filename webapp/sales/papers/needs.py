"""The questions of the needs analysis as a grid of boxes: the form says which, the answers say what is ticked."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from engine.errors import UnknownDefinition
from engine.human_tasks.forms import FormField
from webapp.core.workflow import engine, source_choices
from webapp.kit.form_view import FormReader
from webapp.sales.papers.values import Pen, many

FORM = "sales/needs_analysis"
AS_TEXT = {"competitors", "interest_model"}  # long lists of records: written, not ticked


def asked(session: Session, answers: Mapping[str, Any], pen: Pen) -> Mapping[str, Mapping[str, object]]:
    """Every question by its key: label, boxes as (label, ticked), or the answer as text."""
    try:
        form = engine().store.form(session, FORM).form
    except UnknownDefinition:
        return {}
    reader = FormReader(pen.language, pen.zone, source_choices)
    return {key: _question(item, answers.get(key), reader) for key, item in form.fields.items()}


def _question(item: FormField, answer: object, reader: FormReader) -> Mapping[str, object]:
    label = item.label.in_language(reader.language)
    if item.options and item.key not in AS_TEXT:
        picked = [str(each) for each in (many(answer) or [answer])]
        options = [
            (_ranked(option.label.in_language(reader.language), option.value, picked, ranked=item.type == "taglist"))
            for option in item.options
        ]
        return {"label": label, "options": options, "value": ""}
    known = answer not in (None, "", [])
    return {"label": label, "options": [], "value": reader.text(item, answer) if known else ""}


def _ranked(label: str, value: str, picked: list[str], *, ranked: bool) -> tuple[str, bool]:
    """A box; where the order counts, with its place."""
    ticked = value in picked
    return (f"{label} ({picked.index(value) + 1})" if ticked and ranked and len(picked) > 1 else label), ticked
