"""Every refusal that the application can utter has one sentence of its own, in both languages."""

import ast
from collections import defaultdict
from pathlib import Path

from flask import Flask
from flask_babel import force_locale

import webapp
from webapp.core import engine_errors
from webapp.features import FEATURES

REFUSING = {"DomainError", "RuleViolation", "Conflict", "NotFound", "Forbidden", "BusinessError", "NotAllowed"}
ROOT = Path(webapp.__file__).parents[1]


def uttered(folder: str) -> dict[str, str]:
    """Code of each refusal raised in the sources -> where."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in REFUSING
                and node.args
            ):
                (code, *_) = node.args
                if isinstance(code, ast.Constant):
                    found[str(code.value)] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


def test_every_code_of_the_application_has_a_sentence(app: Flask) -> None:
    known = app.extensions["refusals"]

    assert {code: place for code, place in uttered("webapp").items() if code not in known} == {}


def test_no_two_slices_give_one_code_different_sentences(app: Flask) -> None:
    sentences: defaultdict[str, set[str]] = defaultdict(set)
    with app.test_request_context(), force_locale("en"):
        for code, text in [
            *engine_errors.BY_CODE.items(),
            *(pair for each in FEATURES for pair in each.refusals.items()),
        ]:
            sentences[code].add(str(text))

    assert {code: texts for code, texts in sentences.items() if len(texts) > 1} == {}
