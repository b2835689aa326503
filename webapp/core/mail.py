"""Mails leave through the outbox: written with the act they belong to, sent by the heartbeat afterwards."""

import json
from datetime import datetime

from sqlalchemy.orm import Session

from engine.outbox import OutboxMessage

CHANNEL = "mail"


def queue_mail(session: Session, *, recipient: str, subject: str, text: str, dedupe: str, now: datetime) -> None:
    """One plain-text mail; `dedupe` keeps the same occasion from being mailed twice."""
    body = json.dumps({"subject": subject, "text": text}, ensure_ascii=False)
    session.add(
        OutboxMessage(channel=CHANNEL, recipient=recipient, body=body, dedupe=dedupe, created_at=now, next_at=now)
    )
