"""Tasks: lists of mine, of my roles and of all cases in reach, and one task with its form."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, case, func, select

from engine.definitions.models import FormDefinition
from engine.human_tasks.assignment import Actor, may_serve
from engine.human_tasks.inbox import INBOX_COLUMNS, awake_at, served_by
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import NOT_DUE, ProcessInstance
from webapp.api.paging import read_cursor, write_cursor
from webapp.api.resource import Resource, several
from webapp.api.task_shapes import FullTaskOut, TaskOut, TaskQuery
from webapp.cases.ordering import Term, beyond, order_by, place_columns
from webapp.cases.queries import CaseRecord, find_drafts, get_case, is_in_sight
from webapp.cases.steps import offers_to
from webapp.core.case_sight import case_within
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.errors import NotFound
from webapp.core.i18n import current_language
from webapp.core.permissions import current_identity, current_scope, require
from webapp.core.steps import step_name, step_prompt
from webapp.core.workflow import current_actor, describe_cases, engine
from webapp.kit.prompts import fill_prompt

resource = Resource("tasks", _l("Tasks"))

COLUMNS = (
    *INBOX_COLUMNS,
    HumanTask.state,
    HumanTask.completed_at,
    HumanTask.completed_by,
    HumanTask.outcome,
)
DUE = func.coalesce(HumanTask.due_at, NOT_DUE, type_=HumanTask.due_at.type)
PRESSING = [Term(case((HumanTask.due_at.is_(None), 1), else_=0)), Term(DUE), Term(HumanTask.id)]
DONE_LAST = [Term(func.coalesce(HumanTask.completed_at, NOT_DUE, type_=HumanTask.completed_at.type), descending=True)]


@resource.read("/tasks", several(TaskOut), query=TaskQuery, summary=_l("Tasks, the most pressing first"))
@require("cases.see")
def list_tasks(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Three statements and one for each kind of record, however many tasks there are."""
    completed = asked["state"] == "completed"
    terms = [*DONE_LAST, Term(HumanTask.id, descending=True)] if completed else PRESSING
    kinds = (datetime, int) if completed else (int, datetime, int)
    statement = (
        select(*COLUMNS, *place_columns(terms))
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .where(*_conditions(asked, current_actor(), now()))
        .order_by(*order_by(terms))
        .limit(asked["limit"] + 1)
    )
    place = read_cursor(asked["cursor"], *kinds)
    if place is not None:
        statement = statement.where(beyond(terms, place))
    found = session().execute(statement).all()
    shown = found[: asked["limit"]]
    more = len(found) > len(shown)
    last = [getattr(shown[-1], f"place_{number}") for number in range(len(terms))] if more else []
    return {"items": told(shown), "next": write_cursor(last) if more else None}


@resource.read("/tasks/<int:task_id>", FullTaskOut, summary=_l("One task with its form, its prompt and its draft"))
@require("cases.see")
def show_task(task_id: int) -> dict[str, Any]:
    """What one needs to know to do the step."""
    case_id = case_of(task_id)
    actor = current_actor()
    record = get_case(session(), engine().store, case_id, reach=current_scope("cases.see"), actor=actor)
    task = next(each for each in record.tasks if each.id == task_id)
    row = session().execute(
        select(*COLUMNS)
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .where(HumanTask.id == task_id)
    ).one()  # fmt: skip
    element = record.element(task)
    is_open = task.state is TaskState.OPEN
    label = describe_cases(session(), [record.business_key])[record.business_key]
    me = current_identity()
    words = {**label.words, "user": me.name if me else ""}
    drafts = find_drafts(session(), task_id, actor.user_id) if is_open else {}
    return {
        **told([row])[0],
        "prompt": fill_prompt(step_prompt(session(), row), words),
        "form": form_of(element.form) if is_open else None,
        "draft": drafts.get(task.form, {}),
        "offers": _offers(record, task, actor) if is_open else [],
        "may_complete": is_open and may_serve(actor, task),
        "may_skip": is_open and element.may_be_skipped and may_serve(actor, task),
    }


def told(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows over COLUMNS with the names of their steps and cases."""
    labels = describe_cases(session(), {row.business_key for row in rows})
    return [
        {
            "id": row.id,
            "case_id": row.instance_id,
            "process": row.process_key,
            "key": row.business_key,
            "title": labels[row.business_key].title,
            "element": row.element,
            "step": step_name(session(), row),
            "state": row.state.value,
            "role": row.candidate_role,
            "assignee_id": row.assignee_id,
            "centre_id": row.scope_id,
            "priority": row.priority,
            "created_at": row.created_at,
            "due_at": row.due_at,
            "sleeps_until": row.sleeps_until,
            "completed_at": row.completed_at,
            "completed_by": row.completed_by,
            "outcome": row.outcome,
        }
        for row in rows
    ]


def form_of(key: str | None) -> dict[str, Any] | None:
    """The live version of a form, as it was drawn."""
    if not key:
        return None
    version = engine().store.form(session(), key).version
    body = session().scalar(
        select(FormDefinition.body).where(FormDefinition.key == key, FormDefinition.version == version)
    )
    return {"key": key, "version": version, "schema": orjson.loads(body or "{}")}


def case_of(task_id: int) -> int:
    """The case of a task. NotFound: task_unknown."""
    found = session().scalar(select(HumanTask.instance_id).where(HumanTask.id == task_id))
    if found is None:
        raise unknown(task_id)
    return found


def require_visible(task_id: int, permission: str) -> int:
    """The case of a task that this person may see with the permission; others are as if they were not there."""
    case_id = case_of(task_id)
    if not is_in_sight(session(), case_id, reach=current_scope(permission), actor=current_actor()):
        raise unknown(task_id)
    return case_id


def unknown(task_id: int) -> NotFound:
    return NotFound("task_unknown", f"There is no task {task_id}.", task_id=task_id)


def _offers(record: CaseRecord, task: HumanTask, actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "id": offer.id,
            "name": offer.name.in_language(current_language()),
            "deviation": offer.is_deviation,
            "form": form_of(offer.form),
        }
        for offer in offers_to(record.definition, task, actor, owner_id=record.owner_id)
    ]


def _conditions(asked: Mapping[str, Any], actor: Actor, at: datetime) -> list[ColumnElement[bool]]:
    state = asked["state"]
    found = [*_whose(asked["of"], actor, completed=state == "completed")]
    if state == "completed":
        found.append(HumanTask.state == TaskState.COMPLETED)
    else:
        found.append(HumanTask.state == TaskState.OPEN)
        found.append(HumanTask.sleeps_until > at if state == "sleeping" else awake_at(at))
    if state == "late":
        found.append(HumanTask.due_at < at)
    if asked["process"]:
        found.append(ProcessInstance.process_key.in_(asked["process"]))
    if asked["case"] is not None:
        found.append(HumanTask.instance_id == asked["case"])
    if asked["due_from"] is not None:
        found.append(HumanTask.due_at >= asked["due_from"])
    if asked["due_until"] is not None:
        found.append(HumanTask.due_at < asked["due_until"])
    return found


def _whose(of: str, actor: Actor, *, completed: bool) -> list[ColumnElement[bool]]:
    """Whose tasks: those that were completed belong to who completed them."""
    if of == "reach":
        return [case_within(current_scope("cases.see"))]
    mine = sorted({actor.user_id, *actor.represents} - {None}, key=str)
    if completed:
        return [HumanTask.completed_by.in_(mine)]
    if of == "mine":
        return [HumanTask.assignee_id.in_(mine)]
    served = served_by(actor)
    return [and_(served, HumanTask.assignee_id.is_(None))] if of == "role" else [served]
