"""What files of decisions and forms are called, by their texts."""

from collections.abc import Iterator
from typing import Any

import orjson

from engine.decisions.questions import questions
from engine.definitions.problems import DefinitionRejected


def form_title(text: str, language: str) -> str:
    """Its name in this language, else the base name; empty while the text cannot be read."""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return ""
    if not isinstance(document, dict):
        return ""
    properties = document.get("properties")
    named = properties.get(f"name.{language}") if isinstance(properties, dict) else None
    return str(named or document.get("name") or "")


def field_title(text: str, key: str, language: str) -> str:
    """What a field asks, also of a form that is not fit yet; empty where the form has no such field."""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return ""
    for field in _fields(document):
        if key in (field.get("key"), field.get("path"), field.get("id")):
            properties = field.get("properties")
            named = properties.get(f"label.{language}") if isinstance(properties, dict) else None
            return str(named or field.get("dateLabel" if "dateLabel" in field else "label") or "")
    return ""


def _fields(holder: object) -> Iterator[dict[str, Any]]:
    """At any depth, as far as what is drawn is what it should be."""
    held = holder.get("components") if isinstance(holder, dict) else None
    for each in held if isinstance(held, list) else ():
        if isinstance(each, dict):
            yield each
            yield from _fields(each)


def decisions_title(text: str, language: str) -> str:
    """What the decision that no other needs is called; empty while the text cannot be read."""
    try:
        found = questions(text)
    except DefinitionRejected:
        return ""
    return (found[0].titles.get(language) or found[0].titles.get("en") or found[0].name) if found else ""
