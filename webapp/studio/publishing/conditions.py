"""Conditions of ways in words: what the builder of conditions shows as rows; any other expression stays as it is."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import orjson
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.definitions.model import ProcessModel
from engine.errors import BusinessError
from engine.human_tasks.forms import Form, FormField, read_form
from webapp.cases.labels import milestone_text
from webapp.core.formats import format_day, format_number
from webapp.core.i18n import current_language, current_zone
from webapp.studio import drafts
from webapp.studio.models import DraftKind
from webapp.studio.panel.texts import TEXTS

PATH = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+"
COMPARED = re.compile(rf"({PATH})\s*(=|!=|<=|>=|<|>)\s*(.+)", re.DOTALL)
IS_YES = re.compile(rf"({PATH})(?:\s*=\s*true)?")
IS_NO = re.compile(rf"not\s*\(\s*({PATH})(?:\s*=\s*true)?\s*\)")
REACHED = re.compile(r'(not\s*\(\s*)?reached\s*\(\s*"([^"]*)"\s*\)(?(1)\s*\))')
JOINED = re.compile(r'"(?:[^"\\]|\\.)*"|[(\[{]|[)\]}]|\s(and|or)(?=[\s(])')
DAY = re.compile(r'date\s*\(\s*"(\d{4}-\d{2}-\d{2})"\s*\)')
SIGNS = {"=": "is", "!=": "isNot", "<": "less", "<=": "atMostThan", ">": "more", ">=": "atLeastThan"}


class Conditions:
    """The words for conditions of these processes. A form is read when a condition names one of its answers."""

    def __init__(self, session: Session, models: Mapping[str, ProcessModel]) -> None:
        self._session, self._models, self._language = session, models, current_language()
        self._forms: dict[str, Form | None] = {}

    def told(self, model: ProcessModel, condition: str) -> str:
        """In the reader's language; as it was written where it is more than rows about answers."""
        text = condition.strip().removeprefix("=").strip()
        parts, words = _split(text)
        rows = [self._row(model, part.strip()) for part in parts]
        if len(set(words)) > 1 or not all(rows):
            return condition
        joint = _(" or ") if "or" in words else _(" and ")
        return str(joint).join(filter(None, rows))

    def _row(self, model: ProcessModel, text: str) -> str | None:
        if found := REACHED.fullmatch(text):
            name = milestone_text(model, found[2], self._language)
            said = TEXTS["notReached" if found[1] else "reached"]
            return " ".join((_("Milestone “%(name)s”", name=name), str(said)))
        if found := IS_NO.fullmatch(text):
            return self._yes_or_no(model, found[1], "no")
        if found := IS_YES.fullmatch(text):
            return self._yes_or_no(model, found[1], "yes")
        found = COMPARED.fullmatch(text)
        field = self._field(model, found[1].split(".")) if found is not None else None
        if found is None or field is None:
            return None
        label, sign, given = field.label.in_language(self._language), found[2], found[3].strip()
        if given == "null" and sign in ("=", "!="):
            return f"{label} {TEXTS['empty' if sign == '=' else 'filled']}"
        value = self._value(field, given)
        return None if value is None else f"{label} {TEXTS[SIGNS[sign]]} {value}"

    def _yes_or_no(self, model: ProcessModel, path: str, answer: str) -> str | None:
        field = self._field(model, path.split("."))
        return None if field is None else f"{field.label.in_language(self._language)}: {TEXTS[answer]}"

    def _value(self, field: FormField, given: str) -> str | None:
        if re.fullmatch(r"-?\d+(\.\d+)?", given):
            return format_number(Decimal(given), self._language)
        if day := DAY.fullmatch(given):
            return format_day(date.fromisoformat(day[1]), self._language, current_zone())
        try:
            text = orjson.loads(given)
        except orjson.JSONDecodeError:
            return None
        if not isinstance(text, str):
            return None
        labels = {each.value: each.label.in_language(self._language) for each in field.options}
        return str(_("“%(choice)s”", choice=labels.get(text) or text))

    def _field(self, model: ProcessModel, path: list[str]) -> FormField | None:
        """The question of a step of this process, or of one that is called there."""
        element = model.elements.get(path[0])
        if element is None or len(path) < 2:
            return None
        called = self._models.get(element.called_process or "")
        if called is not None:
            return self._field(called, path[1:])
        form = self._form(element.form) if element.form and len(path) == 2 else None
        return form.fields.get(path[1]) if form is not None else None

    def _form(self, key: str) -> Form | None:
        if key not in self._forms:
            text = next(iter(drafts.newest_texts(self._session, [(DraftKind.FORM, key)]).values()), None)
            try:
                self._forms[key] = read_form(text) if text is not None else None
            except BusinessError:
                self._forms[key] = None  # the checks say what is wrong with it
        return self._forms[key]


def _split(text: str) -> tuple[list[str], list[str]]:
    """The parts between `and` and `or` outside brackets and quotes, and these words."""
    parts, words, depth, since = [], [], 0, 0
    for found in JOINED.finditer(text):
        if found[0] in "([{":
            depth += 1
        elif found[0] in ")]}":
            depth -= 1
        elif found[1] and not depth:
            parts.append(text[since : found.start()])
            words.append(found[1])
            since = found.end()
    return [*parts, text[since:]], words
