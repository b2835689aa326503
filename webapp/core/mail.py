"""Mails leave through the outbox: written with the act they belong to, sent by the heartbeat afterwards."""

import json
from datetime import datetime

from sqlalchemy.orm import Session

from engine.outbox import OutboxMessage

CHANNEL = "mail"


def queue_mail(
    session: Session, *, recipient: str, subject: str, text: str, dedupe: str, now: datetime, html: str = ""
) -> None:
    """One mail, plain or with a second face in HTML; `dedupe` keeps the same occasion from being mailed twice."""
    parts = {"subject": subject, "text": text, **({"html": html} if html else {})}
    body = json.dumps(parts, ensure_ascii=False)
    session.add(
        OutboxMessage(channel=CHANNEL, recipient=recipient, body=body, dedupe=dedupe, created_at=now, next_at=now)
    )
