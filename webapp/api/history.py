"""What happened: the log of one case, and of all cases in reach since a place in it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from sqlalchemy import select

from engine import case_data
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.instances.models import ProcessInstance
from webapp.api.paging import MOST, PAGE
from webapp.api.reading import Query
from webapp.api.resource import Resource, listed, one_of, words
from webapp.api.shapes import plain
from webapp.cases.queries import is_in_sight
from webapp.core.case_sight import case_within
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.errors import NotFound
from webapp.core.forms import LARGEST_NUMBER, within
from webapp.core.permissions import current_scope, require
from webapp.core.workflow import current_actor

resource = Resource("history", _l("History"))

SETTLED_AFTER = timedelta(seconds=5)  # numbers are given before transactions end: a place must not pass one by


class EventQuery(Query):
    """From which number on, and of what."""

    after = fields.Integer(
        load_default=0,
        validate=within(0, LARGEST_NUMBER),
        metadata={"description": _l("The number of the last event that is known already.")},
    )
    limit = fields.Integer(load_default=PAGE, validate=within(1, MOST))
    kind = listed(one_of(EventKind))
    process = listed(words(120))


class EventOut(Schema):
    """One event. `payload` depends on its kind."""

    seq = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    kind = fields.String(required=True)
    element = fields.String(required=True, allow_none=True)
    milestone = fields.String(required=True, allow_none=True)
    actor_id = fields.Integer(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)
    payload = fields.Dict(keys=fields.String(), required=True)


class EventPage(Schema):
    """Events in their order; `next` is the number to go on after, also when there are none yet."""

    items = fields.List(fields.Nested(EventOut), required=True)
    next = fields.Integer(required=True)
    more = fields.Boolean(required=True)


@resource.read("/events", EventPage, query=EventQuery, summary=_l("Events of all cases in reach, since a number"))
@require("cases.see")
def list_events(asked: Mapping[str, Any]) -> dict[str, Any]:
    """An event appears some seconds after it happened, and never before one with a smaller number."""
    statement = (
        select(HistoryEvent)
        .join(ProcessInstance, ProcessInstance.id == HistoryEvent.instance_id)
        .where(case_within(current_scope("cases.see")))
    )
    if asked["process"]:
        statement = statement.where(ProcessInstance.process_key.in_(asked["process"]))
    return _page(statement, asked, until=now() - SETTLED_AFTER)


@resource.read("/cases/<int:case_id>/events", EventPage, query=EventQuery, summary=_l("Events of one case"))
@require("cases.see")
def list_case_events(asked: Mapping[str, Any], case_id: int) -> dict[str, Any]:
    """The log that the chronicle is told from."""
    if not is_in_sight(session(), case_id, reach=current_scope("cases.see"), actor=current_actor()):
        raise NotFound("case_unknown", f"There is no case {case_id}.")
    return _page(select(HistoryEvent).where(HistoryEvent.instance_id == case_id), asked)


def _page(statement: Any, asked: Mapping[str, Any], *, until: datetime | None = None) -> dict[str, Any]:
    """The next events; with `until`, those before the first one that is younger."""
    if asked["kind"]:
        statement = statement.where(HistoryEvent.kind.in_(asked["kind"]))
    limit = asked["limit"]
    rows = statement.where(HistoryEvent.seq > asked["after"]).order_by(HistoryEvent.seq).limit(limit + 1)
    found = session().scalars(rows).all()
    if until is not None:
        found = list(takewhile(lambda event: event.at <= until, found))
    shown = found[:limit]
    items = [
        {
            "seq": event.seq,
            "case_id": event.instance_id,
            "kind": event.kind,
            "element": event.element,
            "milestone": event.milestone,
            "actor_id": event.actor_id,
            "at": event.at,
            "payload": plain(case_data.load(event.payload)) if event.payload else {},
        }
        for event in shown
    ]
    return {"items": items, "next": shown[-1].seq if shown else asked["after"], "more": len(found) > limit}
