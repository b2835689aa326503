"""What files of decisions and forms are called, by their texts."""

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


def decisions_title(text: str, language: str) -> str:
    """What the decision that no other needs is called; empty while the text cannot be read."""
    try:
        found = questions(text)
    except DefinitionRejected:
        return ""
    return (found[0].titles.get(language) or found[0].titles.get("en") or found[0].name) if found else ""
