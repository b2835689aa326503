"""Cases: lists, one case, starting one, comments, contacts, and messages from outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from engine.history.recording import EventKind
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.messages import MessageSubscription
from engine.milestones.models import Episode
from webapp.api import tasks
from webapp.api.case_shapes import (
    CaseOut,
    CaseQuery,
    CommentIn,
    ContactIn,
    FullCaseOut,
    MessageIn,
    MessageOut,
    StartIn,
)
from webapp.api.paging import read_cursor, write_cursor
from webapp.api.repeating import command_key
from webapp.api.resource import Resource, several
from webapp.api.shapes import Done, plain
from webapp.cases import services, starting
from webapp.cases.filtering import CaseFilter, conditions
from webapp.cases.listing import case_columns, dress
from webapp.cases.ordering import Term, beyond, order_by, place_columns, terms_of
from webapp.cases.queries import get_case
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.errors import NotFound, RuleViolation
from webapp.core.permissions import actor_id, current_scope, require
from webapp.core.workflow import case_facts, current_actor, describe_cases, engine
from webapp.staff.models import User

resource = Resource("cases", _l("Cases"))

SEND = "api.send_messages"


@resource.read("/cases", several(CaseOut), query=CaseQuery, summary=_l("Cases by filter"))
@require("cases.see")
def list_cases(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The filters are those of the page; about seven statements, however many cases there are."""
    wanted = CaseFilter(
        state=asked["state"],
        processes=tuple(asked["process"]),
        centres=tuple(asked["centre"]),
        owners=tuple(asked["owner"]),
        milestones=tuple(asked["milestone"]),
        outcomes=tuple(asked["outcome"]),
        text=" ".join(asked["q"].split()),
        sort=asked["sort"],
    )
    terms = terms_of(wanted.order, closed=wanted.state == "closed")
    reach = current_scope("cases.see")
    statement = case_columns(*place_columns(terms)).where(*conditions(wanted, reach, now())).order_by(*order_by(terms))
    place = read_cursor(asked["cursor"], *(_kind(term) for term in terms))
    if place is not None:
        statement = statement.where(beyond(terms, place))
    found = session().execute(statement.limit(asked["limit"] + 1)).all()
    shown = found[: asked["limit"]]
    more = len(found) > len(shown)
    last = [getattr(shown[-1], f"place_{number}") for number in range(len(terms))] if more else []
    return {"items": _told(shown), "next": write_cursor(last) if more else None}


@resource.read("/cases/<int:case_id>", FullCaseOut, summary=_l("One case with its facts, milestones and open tasks"))
@require("cases.see")
def show_case(case_id: int) -> dict[str, Any]:
    """What the page of the case knows, without personal fields of its forms: they are not kept in a case."""
    case = get_case(session(), engine().store, case_id, reach=current_scope("cases.see"), actor=current_actor())
    label = describe_cases(session(), [case.business_key])[case.business_key]
    rows = session().execute(
        select(*tasks.COLUMNS)
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .where(HumanTask.instance_id == case_id, HumanTask.state == TaskState.OPEN)
        .order_by(HumanTask.id)
    ).all()  # fmt: skip
    return {
        "id": case.instance_id,
        "process": case.definition.key,
        "version": case.definition.version,
        "key": case.business_key,
        "title": label.title,
        "customer_id": label.customer_id,
        "status": case.status.value,
        "outcome": case.outcome,
        "owner_id": case.owner_id,
        "centre_id": case.scope_id,
        "started_at": case.started_at,
        "ended_at": case.ended_at,
        "facts": case_facts(session(), case.business_key),
        "milestones": [
            {"name": event.milestone, "at": event.at}
            for event in case.events
            if event.kind == EventKind.MILESTONE_ENTERED.value
        ],
        "tasks": tasks.told(rows),
        "document": plain(case.document),
    }


@resource.act("/cases", Done, body=StartIn, status=201, summary=_l("Start a process by hand"))
@require("cases.add")
def start_case(body: Mapping[str, Any]) -> dict[str, int]:
    """Only what begins without a message; the case belongs to the owner of the token."""
    started = starting.start_case(
        session(),
        body["process"],
        subject=body["subject"],
        centre_id=body["centre_id"],
        command_key=command_key("start"),
        reach=current_scope("cases.add"),
        actor_id=actor_id(),
        now=now(),
    )
    return {"case_id": started}


@resource.act("/cases/<int:case_id>/comments", Done, body=CommentIn, status=201, summary=_l("Comment on a case"))
@require("cases.change")
def comment(body: Mapping[str, Any], case_id: int) -> dict[str, int]:
    """It stands in the chronicle."""
    services.require_case(session(), case_id)
    engine().note(session(), case_id, EventKind.COMMENTED, body, actor_id=actor_id(), now=now())
    return {"case_id": case_id}


@resource.act(
    "/cases/<int:case_id>/contacts", Done, body=ContactIn, status=201, summary=_l("Note a contact that happened")
)
@require("cases.change")
def note_contact(body: Mapping[str, Any], case_id: int) -> dict[str, int]:
    """In the chronicle of the customer, and in the log of the case."""
    services.note_contact(session(), case_id, actor_id=actor_id(), at=now(), **body)
    return {"case_id": case_id}


@resource.act("/messages", MessageOut, body=MessageIn, summary=_l("Give a message to the case that waits for it"))
@require(SEND)
def send_message(body: Mapping[str, Any]) -> dict[str, Any]:
    """To the one case that waits, or to the process that begins with it. 404 when nobody wants it and none is kept."""
    reach = current_scope(SEND)
    waiting = session().execute(
        select(ProcessInstance.owner_id, ProcessInstance.scope_id)
        .join(MessageSubscription, MessageSubscription.instance_id == ProcessInstance.id)
        .where(MessageSubscription.message == body["name"], MessageSubscription.correlation_key == body["key"])
    ).all()  # fmt: skip
    if any(not reach.covers(row.owner_id, row.scope_id) for row in waiting):
        raise _unwanted()
    if body["centre_id"] is not None and body["centre_id"] not in reach.held_in:
        raise RuleViolation("centre_unknown", "Choose a centre of the list.")
    if body["owner_id"] is not None and session().get(User, body["owner_id"]) is None:
        raise RuleViolation("colleague_unknown", "Choose a colleague from the list.")
    keep_for = timedelta(minutes=body["keep_minutes"])
    received = engine().correlate_message(
        session(),
        body["name"],
        body["key"],
        _exact(body["payload"]),
        actor_id=actor_id(),
        now=now(),
        scope_id=body["centre_id"],
        owner_id=body["owner_id"],
        keep_for=keep_for,
    )
    if received is None and not keep_for:
        raise _unwanted()
    return {"case_id": None if received is None else received.instance_id, "kept": received is None}


def _unwanted() -> NotFound:
    return NotFound("message_unwanted", "Nobody waits for this message.")


def _exact(value: Any) -> Any:
    """Numbers as expressions know them: exact."""
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, Mapping):
        return {name: _exact(below) for name, below in value.items()}
    return [_exact(below) for below in value] if isinstance(value, list) else value


def _kind(term: Term) -> type:
    return datetime if hasattr(term.of.type, "process_bind_param") else int


def _told(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows of a list with their names, and with milestones and outcomes as codes."""
    dressed = dress(session(), rows, (), reader=actor_id())
    standing = {
        row.instance_id: row
        for row in session().execute(
            select(Episode.instance_id, Episode.last_milestone, Episode.outcome)
            .where(Episode.instance_id.in_([row.id for row in rows]))
            .order_by(Episode.number)
        )
    }
    return [
        {
            "id": row.id,
            "process": row.process_key,
            "key": row.business_key,
            "title": shown.label.title,
            "step": shown.step if row.status is InstanceStatus.ACTIVE else "",
            "milestone": standing[row.id].last_milestone if row.id in standing else None,
            "status": row.status.value,
            "outcome": standing[row.id].outcome if row.id in standing else None,
            "owner_id": row.owner_id,
            "centre_id": row.scope_id,
            "started_at": row.started_at,
            "due_at": shown.due_at,
        }
        for row, shown in zip(rows, dressed, strict=True)
    ]
