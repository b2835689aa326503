"""A new form: its key made of its name, its folder that of the department, one text field to begin with."""

import re
from collections.abc import Mapping
from datetime import datetime

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.models import FormDefinition
from webapp.core.errors import RuleViolation
from webapp.studio import drafts
from webapp.studio.models import Draft, DraftKind
from webapp.studio.naming import SMALL, free_key, key_from

FOLDER = re.compile(r"[a-z][a-z0-9_]{0,39}")
SCHEMA_VERSION = 19


def begin_form(
    session: Session, name: str, folder: str, *, names: Mapping[str, str], actor_id: int | None, now: datetime
) -> Draft:
    """`names`: by language, as people read them. Raises RuleViolation for a name without letters."""
    key = _free_key(session, folder, name)
    text = orjson.dumps(_form(key, names.get("en", name), names), option=orjson.OPT_INDENT_2).decode()
    return drafts.new_draft(session, DraftKind.FORM, f"forms/{key}.form", text, actor_id=actor_id, now=now)


def _free_key(session: Session, folder: str, name: str) -> str:
    stem = key_from(name, without=SMALL)
    if not stem:
        raise RuleViolation("form_name_missing")
    taken = set(session.scalars(select(FormDefinition.key).where(FormDefinition.key.startswith(f"{folder}/"))))
    taken |= set(session.scalars(select(Draft.key).where(Draft.kind == DraftKind.FORM)))
    return f"{folder}/{free_key(stem, lambda key: f'{folder}/{key}' in taken)}"


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
