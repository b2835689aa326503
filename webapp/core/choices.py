"""Choices of form fields that come from records: `properties.source` of a form names one of these."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Choice:
    """One thing to choose: the value that is stored, and what a person reads. `group` heads similar ones."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True)
class ChoiceSource:
    """Where the choices of a field come from.

    `list_choices(session, language)` gives those a person may choose now, in their order.
    `knows(session, value)` says whether the value names such a record, also one that is no longer offered.
    `tell(session, language, value)` says such a value in words, where those that are no longer offered are read too.
    """

    list_choices: Callable[[Session, str], Sequence[Choice]]
    knows: Callable[[Session, str], bool]
    tell: Callable[[Session, str, str], str] | None = None


def register(app: Flask, sources: Mapping[str, ChoiceSource]) -> None:
    choice_sources(app).update(sources)


def choice_sources(app: Flask | None = None) -> dict[str, ChoiceSource]:
    """Every source a form may name, by its full name such as "sales.refusal_reasons"."""
    known: dict[str, ChoiceSource] = (app or current_app).extensions.setdefault("choices", {})
    return known


def named(session: Session, source: str, language: str, value: str) -> list[Choice] | None:
    """The choice with this value, if it is offered; None: no such source."""
    known = choice_sources().get(source)
    return None if known is None else [each for each in known.list_choices(session, language) if each.value == value]


def search(session: Session, source: str, language: str, typed: str, limit: int) -> list[Choice] | None:
    """Choices whose label or group holds every typed word, those that begin with the text first; None: no such source.

    Only what the source offers to this person is searched.
    """
    known = choice_sources().get(source)
    if known is None:
        return None
    words = typed.casefold().split()
    found = [
        each
        for each in known.list_choices(session, language)
        if all(word in f"{each.label} {each.group}".casefold() for word in words)
    ]
    found.sort(key=lambda each: not each.label.casefold().startswith(typed.casefold().strip()))
    return found[:limit]
