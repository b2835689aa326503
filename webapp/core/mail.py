"""Mails leave through the outbox: written with the act they belong to, sent by the heartbeat afterwards."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.outbox import enqueue

CHANNEL = "mail"


def queue_mail(
    session: Session, *, recipient: str, subject: str, text: str, dedupe: str, now: datetime, html: str = ""
) -> None:
    """One mail, plain or with a second face in HTML; `dedupe` keeps the same occasion from being mailed twice."""
    parts = {"subject": subject, "text": text, **({"html": html} if html else {})}
    enqueue(session, channel=CHANNEL, recipient=recipient, body=parts, dedupe=dedupe, now=now)
