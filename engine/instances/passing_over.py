"""An automatic step that failed is passed over when its command is tried again: said here, heard by the step.

The command that failed may be a completed form, a timer or a message; so what is to be passed over travels with the
session, for as long as that one attempt takes.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

_KEY = "engine.passing_over"


@dataclass(frozen=True)
class PassOver:
    """Which element of which case is not carried out; `values` stand where it would have put what it returns."""

    instance_id: int
    element: str
    path: tuple[str, ...]
    values: Mapping[str, object]
    reason: str
    incident_id: int


@contextmanager
def passing_over(session: Session, what: PassOver) -> Iterator[None]:
    """Pass the element over in every step that this session makes inside."""
    session.info[_KEY] = what
    try:
        yield
    finally:
        del session.info[_KEY]


def passed_over(session: Session, instance_id: int, element: str, path: Sequence[str]) -> PassOver | None:
    """What is said about this element, if anything."""
    what: PassOver | None = session.info.get(_KEY)
    if what is None or (what.instance_id, what.element, what.path) != (instance_id, element, tuple(path)):
        return None
    return what
