"""A new form: its key made of its name, its folder that of the department, one text field to begin with."""

import re
from collections.abc import Mapping
from datetime import datetime

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.models import FormDefinition
from webapp.core.errors import RuleViolation
from webapp.kit.spelling import in_latin
from webapp.studio import drafts
from webapp.studio.models import Draft, DraftKind

FOLDER = re.compile(r"[a-z][a-z0-9_]{0,39}")
SMALL = frozenset({"the", "a", "an", "of", "to", "and", "in", "on", "for"})
LONGEST = 60
SCHEMA_VERSION = 19


def begin_form(
    session: Session, name: str, folder: str, *, names: Mapping[str, str], actor_id: int | None, now: datetime
) -> Draft:
    """`names`: by language, as people read them. Raises RuleViolation for a name without letters."""
    key = _free_key(session, folder, name)
    text = orjson.dumps(_form(key, names.get("en", name), names), option=orjson.OPT_INDENT_2).decode()
    return drafts.new_draft(session, DraftKind.FORM, f"forms/{key}.form", text, actor_id=actor_id, now=now)


def _free_key(session: Session, folder: str, name: str) -> str:
    words = [word for word in re.split("[^a-z0-9]+", in_latin(name)) if word and word not in SMALL]
    stem = "_".join(words)[:LONGEST].strip("_")
    if not re.match("[a-z]", stem):
        raise RuleViolation("form_name_missing")
    stem = f"{folder}/{stem}"
    taken = set(session.scalars(select(FormDefinition.key).where(FormDefinition.key.startswith(stem))))
    taken |= set(session.scalars(select(Draft.key).where(Draft.kind == DraftKind.FORM)))
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    return key


def _form(key: str, name: str, names: Mapping[str, str]) -> dict[str, object]:
    field = {
        "type": "textfield",
        "id": "field_answer",
        "key": "answer",
        "label": "Answer",
        "validate": {"required": True, "maxLength": 200},
        "properties": {"label.ru": "Ответ"},
        "layout": {"row": "row_field_answer", "columns": None},
    }
    named = {f"name.{language}": said for language, said in names.items() if language != "en"}
    return {
        "components": [field],
        "type": "default",
        "id": key,
        "name": name,
        "properties": named,
        "schemaVersion": SCHEMA_VERSION,
    }
