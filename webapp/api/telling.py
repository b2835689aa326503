"""What webhooks are told: events of a step become messages of the outbox, in the transaction of the step.

Which webhooks there are is kept in memory for a while: a step asks for nothing, and writes one statement when somebody
wants to hear of it.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from engine.history.recording import EventDraft, EventKind
from engine.instances.report import StepReport
from engine.outbox import Letter, enqueue_all
from webapp.api.models import HookKind, Webhook
from webapp.inquiries.services import InquiryRegistered

KNOWN_FOR = 30  # seconds of the machine: the simulated time of the demo makes leaps
EXTENSION = "webhooks"
KINDS: Mapping[EventKind, HookKind] = {
    EventKind.TASK_CREATED: HookKind.TASK_CREATED,
    EventKind.TASK_COMPLETED: HookKind.TASK_COMPLETED,
    EventKind.CASE_OPENED: HookKind.CASE_OPENED,
    EventKind.CASE_CLOSED: HookKind.CASE_CLOSED,
    EventKind.MILESTONE_ENTERED: HookKind.MILESTONE_ENTERED,
    EventKind.INCIDENT_OPENED: HookKind.INCIDENT_OPENED,
}


@dataclass(frozen=True)
class Subscription:
    """A webhook as steps need it."""

    id: int
    channel: str
    address: str
    told_of: frozenset[HookKind]
    process_key: str

    def wants(self, kind: HookKind, process_key: str) -> bool:
        return kind in self.told_of and self.process_key in ("", process_key)


class Known:
    """The active webhooks, read again when they are older than KNOWN_FOR, or were changed by this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._found: tuple[Subscription, ...] = ()

    def all(self, session: Session) -> tuple[Subscription, ...]:
        moment = time.monotonic()
        if self._read_at is None or moment - self._read_at >= KNOWN_FOR:
            with self._lock:
                self._found, self._read_at = tuple(_read(session)), moment
        return self._found

    def forget(self) -> None:
        self._read_at = None


def set_up(app: Flask) -> None:
    app.extensions[EXTENSION] = Known()


def known() -> Known:
    found: Known = current_app.extensions[EXTENSION]
    return found


def forget_after_commit(session: Session) -> None:
    """The next step sees what this transaction changes."""
    kept = known()
    event.listen(session, "after_commit", lambda _: kept.forget(), once=True)


def tell_of_step(session: Session, report: StepReport, now: datetime) -> None:
    """The listener of steps. At most one statement, and none while nobody has subscribed."""
    subscriptions = known().all(session)
    if not subscriptions:
        return
    letters = [
        _letter(each, kind, str(seq), _content(report, draft), now)
        for seq, draft, kind in _events(report)
        for each in subscriptions
        if each.wants(kind, report.process_key)
    ]
    if letters:
        enqueue_all(session, letters, now=now)


def tell_of_inquiry(told: InquiryRegistered, session: Session) -> None:
    """The listener of inquiries: channel, purpose and source, nobody's name or phone."""
    subscriptions = known().all(session)
    inquiry = told.inquiry
    content = {
        "inquiry": {
            "id": inquiry.id,
            "channel": inquiry.channel.value,
            "purpose": inquiry.purpose.value,
            "source": inquiry.source_code,
            "campaign": inquiry.campaign,
            "customer_id": told.customer.id,
            "centre_id": inquiry.centre_id,
            "case_key": inquiry.case_key,
        }
    }
    kind = HookKind.INQUIRY_RECEIVED
    letters = [
        _letter(each, kind, f"inquiry{inquiry.id}", content, told.now)
        for each in subscriptions
        if kind in each.told_of and not each.process_key
    ]
    if letters:
        enqueue_all(session, letters, now=told.now)


def tell_of_test(session: Session, webhook: Webhook, now: datetime) -> None:
    """Something to try a receiver with."""
    stamp = f"test{int(now.timestamp() * 1000)}"
    letter = _letter(_subscription(webhook), "test", stamp, {"test": True}, now)
    enqueue_all(session, [letter], now=now)


def _events(report: StepReport) -> Iterator[tuple[int, EventDraft, HookKind]]:
    for seq, draft in zip(report.numbers, report.events, strict=True):
        if draft.kind in KINDS:
            yield seq, draft, KINDS[draft.kind]


def _content(report: StepReport, draft: EventDraft) -> dict[str, Any]:
    """Ids and codes: what was typed stays here and is asked for by the API, with somebody's rights."""
    payload = draft.payload
    content: dict[str, Any] = {
        "case": {
            "id": report.instance_id,
            "process": report.process_key,
            "key": report.business_key,
            "owner_id": report.owner_id,
            "centre_id": report.scope_id,
        },
        "actor_id": report.actor_id,
    }
    if draft.kind in (EventKind.TASK_CREATED, EventKind.TASK_COMPLETED):
        due = payload.get("due")
        task: dict[str, Any] = {"id": payload.get("task"), "element": draft.element}
        if draft.kind is EventKind.TASK_CREATED:
            task["assignee_id"] = payload.get("assignee")
            task["due_at"] = due.isoformat() if isinstance(due, datetime) else None
        content["task"] = task
    if draft.kind is EventKind.MILESTONE_ENTERED:
        content["milestone"] = draft.milestone
    if draft.kind is EventKind.CASE_CLOSED:
        content["outcome"] = str(payload.get("outcome", ""))
    if draft.kind is EventKind.INCIDENT_OPENED:
        content["incident_id"] = payload.get("incident")
    return content


def _letter(to: Subscription, kind: HookKind | str, stamp: str, content: Mapping[str, Any], now: datetime) -> Letter:
    dedupe = f"{to.channel}:{stamp}"
    body = {"id": dedupe, "event": str(kind), "at": now.isoformat(), **content}
    return Letter(to.channel, to.address, body, dedupe)


def _read(session: Session) -> Iterable[Subscription]:
    found: Sequence[Webhook] = session.scalars(select(Webhook).where(Webhook.active).order_by(Webhook.id)).all()
    return [_subscription(each) for each in found]


def _subscription(webhook: Webhook) -> Subscription:
    return Subscription(webhook.id, webhook.channel, webhook.address, webhook.told_of, webhook.process_key)
