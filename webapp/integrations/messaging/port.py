"""What every way to a person outside has in common: channels, and the shape of what they carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

MAIL = "mail"  # the outbox channel; its recipient is one address


@dataclass(frozen=True)
class Mail:
    """The body of a message in the channel `mail`: plain text always, HTML beside it if there is any."""

    subject: str
    text: str
    html: str | None = None

    def as_body(self) -> dict[str, str | None]:
        """The JSON for `engine.outbox.enqueue`."""
        return {"subject": self.subject, "text": self.text, "html": self.html}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        return cls(body["subject"], body["text"], body.get("html"))
