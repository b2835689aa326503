"""Next and previous within a filtered list: the case page carries the list and its own place in it.

The place is where the case stood when the list was read. It stays when the step is done and the case moves or leaves,
so that «next» is the row that stood below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine.instances.models import ProcessInstance
from webapp.cases.filtering import CaseFilter, conditions, read_filter
from webapp.cases.listing import COUNT_LIMIT, PAGE, count
from webapp.cases.ordering import beyond, order_by, place_columns, read_place, terms_of, write_place
from webapp.core.clock import now
from webapp.core.forms import number
from webapp.core.permissions import RowScope

LIST, PLACE, NUMBER, BOARD = "list", "at", "n", "board"
LONGEST = 2000


@dataclass(frozen=True)
class Walk:
    """Where the case page stands in its list. Addresses are empty at the ends."""

    back: str
    previous: str
    following: str
    number: int
    total: int

    @property
    def counted_out(self) -> bool:
        return self.total > COUNT_LIMIT


def walk_parameters(asked: CaseFilter, place: str, position: int) -> dict[str, Any]:
    """What a link from a row of the list into its case carries."""
    return {LIST: asked.query(), PLACE: place, NUMBER: position}


def carried() -> dict[str, Any]:
    """The same as it stands in the address of this request, for every link and act of the case page."""
    kept = {name: request.args.get(name, "")[:LONGEST] for name in (LIST, PLACE, NUMBER, BOARD)}
    return {name: value for name, value in kept.items() if value}


def load_walk(session: Session, instance_id: int, given: Mapping[str, str], reach: RowScope) -> Walk | None:
    """The neighbours of this case; None when it was not opened from a list. Three statements."""
    if LIST not in given or PLACE not in given:
        return None
    asked = read_filter(MultiDict(parse_qsl(given[LIST])))
    terms = terms_of(asked.order, closed=asked.state == "closed")
    place = read_place(given[PLACE], terms)
    if place is None:
        return None
    position = _position(given.get(NUMBER))
    neighbours = []
    for backwards in (True, False):
        statement = (
            select(ProcessInstance.id, *place_columns(terms))
            .where(*conditions(asked, reach, now()), ProcessInstance.id != instance_id)
            .where(beyond(terms, place, backwards=backwards))
            .order_by(*order_by(terms, backwards=backwards))
            .limit(1)
        )
        row = session.execute(statement).one_or_none()
        step = -1 if backwards else 1
        neighbours.append(
            ""
            if row is None
            else url_for(
                "cases.show_case", instance_id=row[0], **walk_parameters(asked, write_place(row[1:]), position + step)
            )
        )
    page = (position - 1) // PAGE + 1
    back = url_for("cases.list_cases", **asked.parameters(page=page), _anchor=f"case-{instance_id}")
    return Walk(back, neighbours[0], neighbours[1], position, max(count(session, asked, reach), position))


def _position(text: str | None) -> int:
    try:
        return max(number(text or "1"), 1)
    except ValueError:
        return 1
