"""Orders of a list of cases, and places in them: a place survives that the case itself changes or leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, false, func, or_, select

from engine.instances.models import NOT_DUE, ProcessInstance
from engine.milestones.models import Episode
from engine.persistence import UtcDateTime


@dataclass(frozen=True)
class Term:
    """One expression of an order; never null."""

    of: Any
    descending: bool = False

    def sorted(self, backwards: bool) -> ColumnElement[Any]:
        turned: ColumnElement[Any] = self.of.desc() if self.descending != backwards else self.of.asc()
        return turned

    def beyond(self, value: object, backwards: bool) -> ColumnElement[bool]:
        found: ColumnElement[bool] = self.of < value if self.descending != backwards else self.of > value
        return found


def terms_of(order: str, *, closed: bool) -> list[Term]:
    """The expressions of an order; the last one is the case's number, so that no two cases stand at one place.

    `closed`: all have ended, so that the moment is read from its index as it stands.
    """
    pressing = [Term(ProcessInstance.due_at)]
    number = Term(ProcessInstance.id)
    newest_first = [Term(ProcessInstance.started_at, descending=True), Term(ProcessInstance.id, descending=True)]
    if order == "newest":
        return newest_first
    if order == "oldest":
        return [Term(ProcessInstance.started_at), number]
    if order == "closed":
        ended: Any = ProcessInstance.ended_at
        if not closed:
            ended = func.coalesce(ended, NOT_DUE, type_=ended.type)
        return [Term(ended, descending=True), Term(ProcessInstance.id, descending=True)]
    if order == "furthest":
        rank = (
            select(func.coalesce(func.max(Episode.highest_rank), 0))
            .where(Episode.instance_id == ProcessInstance.id, Episode.closed_at.is_(None))
            .correlate(ProcessInstance)
            .scalar_subquery()
        )
        return [Term(rank, descending=True), *pressing, number]
    return [*pressing, number]


def order_by(terms: Sequence[Term], *, backwards: bool = False) -> list[ColumnElement[Any]]:
    return [term.sorted(backwards) for term in terms]


def place_columns(terms: Sequence[Term]) -> list[Any]:
    """What a row's place is read from."""
    return [term.of.label(f"place_{number}") for number, term in enumerate(terms)]


def write_place(values: Sequence[object]) -> str:
    """A place as it goes into an address."""
    return orjson.dumps(list(values)).decode()


def read_place(text: str, terms: Sequence[Term]) -> list[object] | None:
    """The place in an address; None when it is none of this order."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(found, list) or len(found) != len(terms):
        return None
    values: list[object] = []
    for each in found:
        if isinstance(each, str):
            try:
                moment = datetime.fromisoformat(each)
            except ValueError:
                return None
            if moment.tzinfo is None:
                return None
            values.append(moment)
        elif isinstance(each, int) and abs(each) < 2**31:
            values.append(each)
        else:
            return None
    kinds = [isinstance(value, datetime) for value in values]
    return values if kinds == [_is_moment(term) for term in terms] else None


def beyond(terms: Sequence[Term], place: Sequence[object], *, backwards: bool = False) -> ColumnElement[bool]:
    """After the place in this order, or before it."""
    found: ColumnElement[bool] = false()
    for term, value in reversed(list(zip(terms, place, strict=True))):
        found = or_(term.beyond(value, backwards), and_(term.of == value, found))
    if not terms:
        return found
    first, value = terms[0], place[0]
    bound = first.of <= value if first.descending != backwards else first.of >= value
    return and_(bound, found)  # the bound alone is what an index can be entered with


def _is_moment(term: Term) -> bool:
    return isinstance(term.of.type, UtcDateTime)
