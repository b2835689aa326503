"""Messages from outside: to the one case that waits, to the process that they start, or kept until somebody waits.

A kept message has two due rows: one soon, for a case that began to wait in the very moment the message came and did
not see it, and one when the message expires. A step that begins to wait for it pulls them forward, so the next tick
delivers; what fails on the way is tried again like every due row.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine import case_data
from engine.history.recording import EventKind
from engine.instances.case import load_by_id
from engine.instances.commands import StepResult, start
from engine.instances.keeping import keep
from engine.instances.saving import new_command_key, save
from engine.instances.step import Step
from engine.kernel import Kernel
from engine.messages import KeptMessage, MessageSubscription
from engine.timers.due_rows import cancel_rows
from engine.timers.models import DueKind

logger = logging.getLogger(__name__)

SECOND_LOOK = timedelta(seconds=15)


def correlate(
    session: Session,
    kernel: Kernel,
    *,
    name: str,
    key: str,
    payload: Mapping[str, object],
    actor_id: int | None,
    now: datetime,
    scope_id: int | None = None,
    owner_id: int | None = None,
    keep_for: timedelta = timedelta(),
) -> StepResult | None:
    """Hand a message to the one case that waits for it, else start the process that begins with it.

    Exactly one consumer: the oldest subscription with this name and key. None when nobody wants it yet; then it is
    kept for `keep_for`, and the first case that begins to wait for it gets it.
    """
    received = _hand_over(session, kernel, name, key, payload, actor_id=actor_id, now=now) or _begin(
        session, kernel, name, key, payload, actor_id=actor_id, now=now, scope_id=scope_id, owner_id=owner_id
    )
    if received is None and keep_for > timedelta():
        keep(session, name, key, payload, actor_id=actor_id, now=now, until=now + keep_for, look_in=SECOND_LOOK)
    return received


def deliver_kept(session: Session, kernel: Kernel, message_id: int, now: datetime) -> StepResult | None:
    """Hand a kept message to whoever waits for it or begins with it by now; one that expires unwanted is dropped."""
    kept = session.scalars(select(KeptMessage).where(KeptMessage.id == message_id).with_for_update()).one_or_none()
    if kept is None:
        return None
    name, key, payload, actor_id = kept.message, kept.correlation_key, case_data.load(kept.payload), kept.actor_id
    received = _hand_over(session, kernel, name, key, payload, actor_id=actor_id, now=now) or _begin(
        session, kernel, name, key, payload, actor_id=actor_id, now=now, scope_id=kept.scope_id, owner_id=kept.owner_id
    )
    if received is None and now < kept.expires_at:
        return None
    if received is None:
        logger.warning("message %s, kept as %s, expired: nobody waited for it", kept.message, kept.id)
    session.execute(delete(KeptMessage).where(KeptMessage.id == message_id))
    cancel_rows(session, [message_id], [DueKind.MESSAGE])
    return received


def _begin(
    session: Session,
    kernel: Kernel,
    name: str,
    key: str,
    payload: Mapping[str, object],
    *,
    actor_id: int | None,
    now: datetime,
    scope_id: int | None,
    owner_id: int | None,
) -> StepResult | None:
    """Start the process that begins with this message; None when there is none."""
    for definition in kernel.store.started_by(session, name):
        return start(
            session,
            kernel,
            definition,
            business_key=key,
            payload=payload,
            actor_id=actor_id,
            scope_id=scope_id,
            owner_id=owner_id,
            now=now,
        )
    return None


def _hand_over(
    session: Session,
    kernel: Kernel,
    name: str,
    key: str,
    payload: Mapping[str, object],
    *,
    actor_id: int | None,
    now: datetime,
) -> StepResult | None:
    """To the oldest subscription whose case still waits when it is locked; None when there is none."""
    passed = 0
    while (waiting := _waiting(session, name, key, after=passed)) is not None:
        received = receive(session, kernel, waiting, payload, actor_id=actor_id, now=now)
        if received is not None:
            return received
        passed = waiting.id
    return None


def _waiting(session: Session, name: str, key: str, *, after: int) -> MessageSubscription | None:
    return session.scalars(
        select(MessageSubscription)
        .where(
            MessageSubscription.message == name,
            MessageSubscription.correlation_key == key,
            MessageSubscription.id > after,
        )
        .order_by(MessageSubscription.id)
        .limit(1)
    ).one_or_none()


def receive(
    session: Session,
    kernel: Kernel,
    waiting: MessageSubscription,
    payload: Mapping[str, object],
    *,
    actor_id: int | None,
    now: datetime,
) -> StepResult | None:
    """Let the waiting element of a case have the message; None when the case went on before it could be locked."""
    guid, element_id = waiting.task_guid, waiting.element
    case, _ = load_by_id(session, kernel, waiting.instance_id)
    step = Step(session, kernel, case, actor_id=actor_id, now=now, command_key=new_command_key())
    wait = step.before.messages.get(guid)
    if wait is None:
        return None
    step.record(EventKind.MESSAGE_RECEIVED, element_id, {"message": wait.message})
    step.replace_answers(element_id, payload, wait.path)
    step.workflow.fire_message(guid)
    step.advance()
    return StepResult.of(save(step))
