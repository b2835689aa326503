"""Bugs that the harness must notice (R20): each is planted by name in a process of a test, and nowhere else.

A harness that finds nothing proves nothing as long as it has not found these.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import bindparam, event, false, update
from sqlalchemy.orm import Session

from engine import outbox
from engine.history.recording import EventKind
from engine.instances import commands, live_cases, saving
from engine.instances.statements import _SAVED, _STATE, INSTANCE
from engine.milestones import episodes
from engine.timers import due_rows
from webapp.core import database as request_database


@dataclass(frozen=True)
class Bug:
    """`noticed`: how the violation begins. `dies_at`: the failpoint at which the process is killed; empty: it lives.

    `where`: which run has to notice it.
    """

    plant: Callable[[], None]
    noticed: str
    dies_at: str = ""
    where: str = "web"
    workers: int = 1


def plant(name: str) -> None:
    """Break this process."""
    BUGS[name].plant()


def commit_now(connection: Any) -> None:
    """Make what was written so far durable, and go on as if nothing had happened."""
    nested = connection.get_nested_transaction()
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.dialect.name == "sqlite" else "BEGIN")
    if nested is not None:
        connection.exec_driver_sql(f"SAVEPOINT {nested._savepoint}")


def _saved_in_two() -> None:
    write = saving._write_instance

    def write_instance(step: Any) -> None:
        commit_now(step.connection)
        write(step)

    saving._write_instance = write_instance


def _command_key_ignored() -> None:
    commands.remember_command = lambda *_: None  # type: ignore[assignment]


def _revision_ignored() -> None:
    """The state that this process remembers is taken for the state of the case."""

    def take(self: Any, instance_id: int, definition_id: int, rev: int) -> Any:
        known = self._cases.pop(instance_id, None)
        return known[2] if known is not None else None

    live_cases.LiveCases.take = take  # type: ignore[method-assign]
    for statement, names in (("SAVE_INSTANCE", _SAVED), ("SAVE_STATE", _STATE)):
        saved = {name: bindparam(f"new_{name}") for name in names}
        blind = update(INSTANCE).where(INSTANCE.c.id == bindparam("instance_id")).values(saved)
        setattr(saving, statement, blind)


def _letter_after_the_commit() -> None:
    enqueue = outbox.enqueue

    def later(session: Session, **message: Any) -> None:
        def write(_: Session) -> None:
            if waiting and not session.in_nested_transaction():
                waiting.clear()
                with Session(session.get_bind()) as another:
                    enqueue(another, **message)
                    another.commit()

        waiting = [message]
        event.listen(session, "after_commit", write)

    outbox.enqueue = later  # type: ignore[assignment]


def _answered_before_it_is_saved() -> None:
    close = request_database._close_unit

    def close_unit(response: Any) -> Any:
        if request.endpoint != "case_acts.complete_task" or response.status_code >= 400:
            return close(response)
        current = request_database.session()
        request_database.db.session.registry.clear()

        def save() -> None:
            current.commit()
            current.close()

        response.call_on_close(save)
        return response

    request_database._close_unit = close_unit


def _due_row_deleted_first() -> None:
    delete = due_rows._delete

    def delete_and_commit(session: Session, row: Any) -> bool:
        deleted = delete(session, row)
        commit_now(session.connection())
        return deleted

    due_rows._delete = delete_and_commit


def _due_row_stays_once() -> None:
    delete, seen = due_rows._delete, set()

    def spare(session: Session, row: Any) -> bool:
        if row.id in seen:
            return delete(session, row)
        seen.add(row.id)
        return True

    due_rows._delete = spare


def _fencing_ignored() -> None:
    mark = outbox._mark

    def mark_anyway(session: Session, message: Any, *more: Any) -> Any:
        now = session.get_one(outbox.OutboxMessage, message.id)
        message.attempts, message.leased_until = now.attempts, now.leased_until
        session.expunge(now)
        return mark(session, message, *more)

    outbox._mark = mark_anyway


def _subscription_left_behind() -> None:
    saving.DROP_SUBSCRIPTIONS = saving.DROP_SUBSCRIPTIONS.where(false())


def _fold_forgets() -> None:
    apply = episodes.apply

    def forgetful(session: Session, instance: Any, events: Sequence[Any], plan: Any) -> None:
        kept = [each for each in events if each.kind != EventKind.MILESTONE_ENTERED or each.seq % 3]
        apply(session, instance, kept, plan)

    episodes.apply = forgetful


def _task_left_open() -> None:
    saving.FINISH_TASK = saving.FINISH_TASK.where(false())


BUGS = {
    "a step is saved in two transactions": Bug(_saved_in_two, "I3", dies_at="before process_instance"),
    "the command key is ignored": Bug(_command_key_ignored, "I1", dies_at="after commit with outbox"),
    "the revision is ignored": Bug(_revision_ignored, "", workers=2),
    "the letter is written after the commit": Bug(_letter_after_the_commit, "I6", dies_at="after commit with command"),
    "the answer comes before the commit": Bug(_answered_before_it_is_saved, "I1", dies_at="before commit with command"),
    "a subscription is left behind": Bug(_subscription_left_behind, "I3"),
    "the fold forgets an event": Bug(_fold_forgets, "I4"),
    "a task is left open": Bug(_task_left_open, "I3"),
    "a due row is deleted before its effect": Bug(
        _due_row_deleted_first, "I5", dies_at="before history_event", where="scheduler"
    ),
    "a due row stays after its effect": Bug(_due_row_stays_once, "I5", where="scheduler"),
    "the attempt of a lease is ignored": Bug(_fencing_ignored, "I6", where="sleeper"),
}
