"""Kinds of history events and the writing of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, String, cast, insert, literal, select
from sqlalchemy.orm import Session

from engine import case_data
from engine.history.models import HistoryEvent
from engine.persistence import table_of


class EventKind(StrEnum):
    """What can happen in a case. The first five, and MILESTONE_TAKEN_BACK, are what the funnel is folded from."""

    CASE_OPENED = "case_opened"
    CASE_REOPENED = "case_reopened"
    MILESTONE_ENTERED = "milestone_entered"
    CASE_CLOSED = "case_closed"
    CASE_MOVED = "case_moved"  # payload: owner, scope, dimensions as they are from here on
    TASK_CREATED = "task_created"
    TASK_CLAIMED = "task_claimed"
    TASK_RELEASED = "task_released"
    TASK_DELEGATED = "task_delegated"
    TASK_POSTPONED = "task_postponed"
    TASK_WOKEN = "task_woken"
    TASK_RECALLED = "task_recalled"  # a person took the postponing back
    TASK_SKIPPED = "task_skipped"
    TASK_COMPLETED = "task_completed"
    LINES_LEFT_OUT = "lines_left_out"  # payload: the checklist, its mandatory lines in words, and why
    TASK_CANCELLED = "task_cancelled"
    OFFER_TAKEN = "offer_taken"  # a message boundary was fired by a person's button
    MESSAGE_RECEIVED = "message_received"
    MESSAGE_SENT = "message_sent"  # to another case, or to a process that begins with it
    TIMER_FIRED = "timer_fired"
    OPERATION_CALLED = "operation_called"
    DECISION_MADE = "decision_made"  # payload: the decision, its version, titles and explanation
    REMINDED = "reminded"
    ESCALATED = "escalated"
    ANSWER_CORRECTED = "answer_corrected"
    CONTACT_NOTED = "contact_noted"
    COMMENTED = "commented"
    INSTRUCTED = "instructed"  # what somebody above told to do: stands on the next step until one is done
    DEVIATION_SEEN = "deviation_seen"  # payload: the numbers of the events that a head has looked at
    ESCALATION_ANSWERED = "escalation_answered"  # payload: the number of the escalation, and the answer
    INCIDENT_OPENED = "incident_opened"
    INCIDENT_RESOLVED = "incident_resolved"
    DEFINITION_CHANGED = "definition_changed"
    CASE_DIGESTED = "case_digested"  # payload: the events that were replaced, how many of which kind, and of when
    STEP_MOVED = "step_moved"  # by hand; payload: from, to, what was withdrawn, reason
    ELEMENT_PASSED_OVER = "element_passed_over"  # it had failed; payload: the values typed instead, reason
    DATA_EDITED = "data_edited"  # payload: before, after, reason
    CASE_CANCELLED = "case_cancelled"  # payload: what was withdrawn, reason
    CASE_RESTARTED = "case_restarted"
    MILESTONE_TAKEN_BACK = "milestone_taken_back"  # it had been entered by mistake


class Deviation(StrEnum):
    """How a case left its guided path: allowed, recorded, and looked at by a head."""

    SKIPPED = "skipped"
    CORRECTED = "corrected"
    CONTACT = "contact"  # noted outside a step
    STRANGER = "stranger"  # a step was done by somebody whose it was not
    OFFER = "offer"  # a button was pressed that the drawing marks so
    POSTPONED = "postponed"  # for the third time, or later still
    LEFT_OUT = "left_out"  # mandatory lines of a checklist, with a reason
    REPAIRED = "repaired"  # somebody with the right to did what the drawing does not foresee


DEVIATION = "deviation"  # in the payload of an event that is one only under circumstances
POSTPONED_TOO_OFTEN = 3
_ALWAYS = {
    EventKind.TASK_SKIPPED: Deviation.SKIPPED,
    EventKind.ANSWER_CORRECTED: Deviation.CORRECTED,
    EventKind.CONTACT_NOTED: Deviation.CONTACT,
    EventKind.LINES_LEFT_OUT: Deviation.LEFT_OUT,
    EventKind.STEP_MOVED: Deviation.REPAIRED,
    EventKind.ELEMENT_PASSED_OVER: Deviation.REPAIRED,
    EventKind.DATA_EDITED: Deviation.REPAIRED,
    EventKind.CASE_CANCELLED: Deviation.REPAIRED,
    EventKind.CASE_RESTARTED: Deviation.REPAIRED,
    EventKind.CASE_REOPENED: Deviation.REPAIRED,
}


def deviation_in(kind: EventKind, payload: Mapping[str, object]) -> Deviation | None:
    """Whether an event is a deviation: some kinds always are, others when their payload says so."""
    if kind in _ALWAYS:
        return _ALWAYS[kind]
    marked = payload.get(DEVIATION)
    return Deviation(str(marked)) if marked in set(Deviation) else None


_EVENT = table_of(HistoryEvent)
_ADD_EVENTS = insert(_EVENT).returning(_EVENT.c.seq, sort_by_parameter_order=True)


@dataclass(frozen=True)
class EventDraft:
    """An event that waits for its number."""

    kind: EventKind
    element: str | None = None
    milestone: str | None = None
    payload: Mapping[str, object] = field(default_factory=dict)


def write_events(
    session: Session,
    drafts: Sequence[EventDraft],
    *,
    instance_id: int,
    definition_id: int,
    actor_id: int | None,
    at: datetime,
    command_key: str,
) -> list[int]:
    """Append to the log in one statement; answers with the numbers of the events in their order."""
    rows = [
        {
            "instance_id": instance_id,
            "definition_id": definition_id,
            "kind": draft.kind.value,
            "element": draft.element,
            "actor_id": actor_id,
            "at": at,
            "milestone": draft.milestone,
            "payload": case_data.dump(draft.payload) if draft.payload else "",
            "command_key": command_key,
            "ordinal": ordinal,
        }
        for ordinal, draft in enumerate(drafts)
    ]
    return list(session.connection().scalars(_ADD_EVENTS, rows))


def write_same_event(
    session: Session,
    cases: Select[int],
    draft: EventDraft,
    *,
    definition_id: int,
    actor_id: int | None,
    at: datetime,
    command: str,
) -> None:
    """Append one and the same event for all these cases (a choice of ids), in one statement.

    `command` names the act: an event is written once for each act and case.
    """
    chosen = cases.subquery()
    instance_id = chosen.c[0]
    stored = case_data.dump(draft.payload) if draft.payload else ""
    values = {
        "instance_id": instance_id,
        "definition_id": literal(definition_id),
        "kind": literal(draft.kind.value),
        "element": literal(draft.element, _EVENT.c.element.type),
        "actor_id": literal(actor_id, _EVENT.c.actor_id.type),
        "at": literal(at, _EVENT.c.at.type),
        "payload": literal(stored),
        "command_key": literal(f"{command}:") + cast(instance_id, String),
        "ordinal": literal(0),
    }
    session.execute(insert(_EVENT).from_select(list(values), select(*values.values())))
