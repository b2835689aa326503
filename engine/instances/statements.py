"""The statements of a step, built once: a step executes them on its connection with parameters only.

Building a statement costs SQLAlchemy more than SQLite needs to run it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Update, and_, bindparam, delete, exists, func, insert, or_, select, tuple_, update

from engine.definitions.models import NEWEST_DEPLOYMENT
from engine.human_tasks.models import HumanTask, TaskDraft, TaskState
from engine.instances.models import NOT_DUE, CaseData, Command, ProcessInstance
from engine.messages import KeptMessage, MessageSubscription
from engine.persistence import table_of
from engine.timers.due_rows import drop_rows
from engine.timers.models import DueKind, DueRow

INSTANCE = table_of(ProcessInstance)
DOCUMENT = table_of(CaseData)
COMMAND = table_of(Command)
TASK = table_of(HumanTask)
DRAFT = table_of(TaskDraft)
DUE = table_of(DueRow)
SUBSCRIPTION = table_of(MessageSubscription)
KEPT = table_of(KeptMessage)

TASK_KINDS = (DueKind.REMINDER, DueKind.ESCALATION, DueKind.WAKE)
# a comparison each: SQLAlchemy writes the text of an IN anew at every execution
_OF_A_TASK = or_(*(DUE.c.kind == kind for kind in TASK_KINDS))

_CASE_COLUMNS = (
    INSTANCE.c.id.label("instance_id"),
    INSTANCE.c.definition_id,
    INSTANCE.c.process_key,
    INSTANCE.c.business_key,
    INSTANCE.c.scope_id.label("case_scope_id"),
    INSTANCE.c.owner_id,
    INSTANCE.c.status,
    INSTANCE.c.rev,
    INSTANCE.c.state.label("workflow_state"),
    INSTANCE.c.started_at,
    DOCUMENT.c.document,
    COMMAND.c.result.label("command_result"),
    NEWEST_DEPLOYMENT,
)


def _case_select(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*_CASE_COLUMNS, *columns)
        .select_from(INSTANCE)
        .join(DOCUMENT, DOCUMENT.c.instance_id == INSTANCE.c.id)
        .outerjoin(COMMAND, COMMAND.c.key == bindparam("command_key"))
    )


# PostgreSQL only, before the load: a load that itself had waited for the lock would see the case as it has become
# and its document, task and command as they were (https://www.postgresql.org/docs/current/transaction-iso.html)
LOCK_BY_ID = select(INSTANCE.c.id).where(INSTANCE.c.id == bindparam("instance_id")).with_for_update()
LOCK_BY_TASK = (
    select(INSTANCE.c.id)
    .join(TASK, TASK.c.instance_id == INSTANCE.c.id)
    .where(TASK.c.id == bindparam("task_id"))
    .with_for_update(of=INSTANCE)
)
LOAD_BY_ID = _case_select().where(INSTANCE.c.id == bindparam("instance_id"))
LOAD_BY_TASK = (
    _case_select(*TASK.c, exists().where(DRAFT.c.task_id == TASK.c.id).label("has_draft"))
    .join(TASK, TASK.c.instance_id == INSTANCE.c.id)
    .where(TASK.c.id == bindparam("task_id"))
)

ADD_INSTANCE = insert(INSTANCE).returning(INSTANCE.c.id)
ADD_DOCUMENT = insert(DOCUMENT)
ADD_COMMAND = insert(COMMAND)
ADD_TASKS = insert(TASK).returning(TASK.c.id, sort_by_parameter_order=True)
ADD_SUBSCRIPTIONS = insert(SUBSCRIPTION)

_DUE_OF_CASE = (  # the steps must be written before it is asked
    select(func.coalesce(func.min(TASK.c.due_at), NOT_DUE))
    .where(TASK.c.instance_id == INSTANCE.c.id, TASK.c.state == TaskState.OPEN)
    .correlate(INSTANCE)
    .scalar_subquery()
)
_STATE = ("rev", "state")
_SAVED = (*_STATE, "owner_id", "scope_id", "business_key", "status", "ended_at")


def _save(names: Sequence[str]) -> Update:
    return (
        update(INSTANCE)
        .where(INSTANCE.c.id == bindparam("instance_id"), INSTANCE.c.rev == bindparam("known_rev"))
        .values({name: bindparam(f"new_{name}") for name in names} | {"due_at": _DUE_OF_CASE})
    )


SAVE_INSTANCE = _save(_SAVED)
# SQLite writes every index of a column that is named, whether the value is another or not
SAVE_STATE = _save(_STATE)
SAVE_DOCUMENT = (
    update(DOCUMENT).where(DOCUMENT.c.instance_id == bindparam("of_instance")).values(document=bindparam("text"))
)
FOLLOW_DUE = (
    update(INSTANCE)
    .where(INSTANCE.c.id == select(TASK.c.instance_id).where(TASK.c.id == bindparam("task_id")).scalar_subquery())
    .values(due_at=_DUE_OF_CASE)
)
CHANGE_OWNER = update(INSTANCE).where(INSTANCE.c.id == bindparam("of_instance")).values(owner_id=bindparam("owner"))

FINISH_TASK = (
    update(TASK)
    .where(TASK.c.id == bindparam("task_id"))
    .values(
        state=bindparam("how"), completed_at=bindparam("at"), completed_by=bindparam("by"), outcome=bindparam("chosen")
    )
)
_OF_GUIDS = and_(
    TASK.c.instance_id == bindparam("of_instance"), TASK.c.task_guid.in_(bindparam("guids", expanding=True))
)
CANCEL_TASKS = (
    update(TASK)
    .where(_OF_GUIDS)
    .values(state=TaskState.CANCELLED, completed_at=bindparam("at"))
    .returning(TASK.c.task_guid, TASK.c.id)
)
DROP_TASK_ROWS = drop_rows(DUE.c.ref == bindparam("task_id"), _OF_A_TASK)
DROP_ROWS_OF_TASKS = drop_rows(DUE.c.ref.in_(select(TASK.c.id).where(_OF_GUIDS)), _OF_A_TASK)
DROP_DRAFTS = delete(DRAFT).where(DRAFT.c.task_id == bindparam("task_id"))
DROP_DRAFT = DROP_DRAFTS.where(DRAFT.c.form == bindparam("of_form"))
DROP_DRAFTS_OF_TASKS = delete(DRAFT).where(DRAFT.c.task_id.in_(select(TASK.c.id).where(_OF_GUIDS)))
DROP_TIMERS = drop_rows(
    DUE.c.ref == bindparam("of_instance"),
    DUE.c.kind == DueKind.BPMN_TIMER,
    DUE.c.detail.in_(bindparam("guids", expanding=True)),
)
DROP_SUBSCRIPTIONS = delete(SUBSCRIPTION).where(
    SUBSCRIPTION.c.instance_id == bindparam("of_instance"),
    SUBSCRIPTION.c.task_guid.in_(bindparam("guids", expanding=True)),
)
# a message that came too early is delivered by the next tick once somebody waits for it
PULL_KEPT_MESSAGES = (
    update(DUE)
    .where(
        DUE.c.kind == DueKind.MESSAGE,
        DUE.c.ref.in_(
            select(KEPT.c.id).where(
                tuple_(KEPT.c.message, KEPT.c.correlation_key).in_(bindparam("routes", expanding=True))
            )
        ),
    )
    .values(next_at=bindparam("at"))
)
