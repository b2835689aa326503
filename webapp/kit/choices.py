"""Choices of form fields that come from records: `properties.source` of a form names one of these."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
    """

    list_choices: Callable[[Session, str], Sequence[Choice]]
    knows: Callable[[Session, str], bool]
