"""A mail server in a thread that behaves as a test wants it to."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """An aiosmtpd handler: keeps what it takes, and fails where it is told to."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answer_to_sender = "250 ok"
        self.answer_to_recipient: dict[str, str] = {}
        self.answer_to_data = "250 taken"
        self.seconds_before_answer = 0.0
        self.drops_after_data = False
        self.drops_at_goodbye = False
        self.port = 0
        self.begun = 0  # letters whose content has come, answered or not

    async def handle_MAIL(  # noqa: N802  # named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer_to_sender.startswith("2"):
            envelope.mail_from = address
        return self.answer_to_sender

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answer_to_recipient.get(address, "250 ok")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.begun += 1
        await asyncio.sleep(self.seconds_before_answer)
        if self.answer_to_data.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(
                BytesParser(_class=EmailMessage, policy=default).parsebytes(envelope.content.replace(b"\r\n", b"\n"))
            )
            self.recipients.extend(envelope.rcpt_tos)
        if self.drops_after_data:
            assert server.transport is not None
            server.transport.close()
        return self.answer_to_data

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.drops_at_goodbye:
            assert server.transport is not None
            server.transport.close()
        return "221 bye"


@contextmanager
def running(handler: MailServer, *, port: int = 0) -> Iterator[MailServer]:
    handler.port = port or free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
