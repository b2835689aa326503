"""What every way to a person outside has in common: channels, the shape of what they carry, and how it is sent off."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from sqlalchemy.orm import Session

from engine.outbox import enqueue

MAIL = "mail"  # the outbox channel; its recipient is one address


@dataclass(frozen=True)
class Mail:
    """The body of a message in the channel `mail`: plain text always, HTML beside it if there is any.

    `unsubscribe`: the address by which its receiver ends such mails with one click (RFC 8058).
    """

    subject: str
    text: str
    html: str | None = None
    unsubscribe: str | None = None

    def as_body(self) -> dict[str, str | None]:
        """The JSON for `engine.outbox.enqueue`."""
        return {"subject": self.subject, "text": self.text, "html": self.html, "unsubscribe": self.unsubscribe}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        return cls(body["subject"], body["text"], body.get("html"), body.get("unsubscribe"))


def queue_mail(session: Session, mail: Mail, *, recipient: str, dedupe: str, now: datetime) -> None:
    """Write a mail with the act it belongs to; the heartbeat sends it. `dedupe`: one occasion is mailed once.

    A subject typed or filled in with line breaks becomes one line: a header is no more, and the delivery refuses it.
    """
    one_line = replace(mail, subject=" ".join(mail.subject.split()))
    enqueue(session, channel=MAIL, recipient=recipient, body=one_line.as_body(), dedupe=dedupe, now=now)
