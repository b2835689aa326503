"""Kinds of history events and the writing of them."""

from enum import StrEnum


class EventKind(StrEnum):
    """What can happen in a case. The first five are what the funnel is folded from."""

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
    TASK_SKIPPED = "task_skipped"
    TASK_COMPLETED = "task_completed"
    TASK_CANCELLED = "task_cancelled"
    OFFER_TAKEN = "offer_taken"  # a message boundary was fired by a person's button
    MESSAGE_RECEIVED = "message_received"
    TIMER_FIRED = "timer_fired"
    OPERATION_CALLED = "operation_called"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    ANSWER_CORRECTED = "answer_corrected"
    CONTACT_NOTED = "contact_noted"
    COMMENTED = "commented"
    INCIDENT_OPENED = "incident_opened"
    INCIDENT_RESOLVED = "incident_resolved"
    DEFINITION_CHANGED = "definition_changed"
