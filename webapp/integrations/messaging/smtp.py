"""Mail through an SMTP server."""

import hashlib
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import format_datetime, parseaddr
from enum import StrEnum

from engine.errors import DeliveryFailed, DeliveryRefused, ReceiverDown
from engine.outbox import Outgoing
from webapp.integrations.messaging.port import Mail

SERVICE_CLOSING = 421
TOO_BIG = 552


class _Whole(UniqueUnstructuredHeader):
    """A header that is written as it is: folded, an address of some length would become an encoded word."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]  # of the class it is mixed into


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", _Whole)  # type: ignore[arg-type]  # the registry mixes the base in
POLICY = default.clone(header_factory=_headers)


class Security(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed over, and as whom. `sender`: an address, with a name in front if wished."""

    host: str
    port: int
    sender: str
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = ""
    timeout_seconds: float = 30  # of each exchange; below the outbox's lease


class SmtpSender:
    """Sends the channel `mail`, with a connection for each message: a person's mail is not a mailing."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    def send(self, message: Outgoing) -> None:
        mail = compose(message, self._server.sender)
        connection = self._connect()
        try:
            connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, answer),) = error.recipients.values()
            raise _refusal(code, answer) from error
        except smtplib.SMTPSenderRefused as error:
            # Too big is this message's own fault; that we may not send concerns every message.
            too_big = error.smtp_code == TOO_BIG
            raise (_refusal(TOO_BIG, error.smtp_error) if too_big else ReceiverDown(str(error))) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise DeliveryRefused(str(error)) from error
        except OSError as error:  # a drop after the last dot too: it may have arrived, the Message-ID tells
            raise ReceiverDown(f"{type(error).__name__}: {error}") from error
        else:
            with suppress(OSError):  # the mail is theirs already; how they say goodbye is no failure
                connection.quit()
        finally:
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        try:
            if server.security is Security.TLS:
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=server.timeout_seconds, context=ssl.create_default_context()
                )
            else:
                connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout_seconds)
        except OSError as error:
            raise ReceiverDown(f"{type(error).__name__}: {error}") from error
        try:
            if server.security is Security.STARTTLS:
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
            connection.ehlo_or_helo_if_needed()
        except OSError as error:
            connection.close()
            raise ReceiverDown(f"{type(error).__name__}: {error}") from error
        return connection


def compose(message: Outgoing, sender: str) -> EmailMessage:
    """The mail, the same at every attempt. DeliveryRefused when it cannot be written, as with a broken address."""
    body = Mail.from_body(message.body)
    domain = parseaddr(sender)[1].partition("@")[2]
    mail = EmailMessage(policy=POLICY)
    try:
        mail["From"] = sender
        mail["To"] = message.recipient
        mail["Subject"] = body.subject
        mail["Date"] = format_datetime(message.created_at)
        mail["Message-ID"] = f"<{hashlib.sha256(message.dedupe.encode()).hexdigest()[:40]}@{domain}>"
        mail["X-Marshrut-Dedupe"] = message.dedupe
        if body.unsubscribe:
            mail["List-Unsubscribe"] = f"<{body.unsubscribe}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    except (ValueError, IndexError) as error:  # line breaks, addresses that the header parser trips over
        raise DeliveryRefused(f"unfit for a mail header: {error}") from error
    if [bool(address.username and address.domain) for address in mail["To"].addresses] != [True]:
        raise DeliveryRefused(f"not an address: {message.recipient}")
    mail.set_content(body.text)
    if body.html is not None:
        mail.add_alternative(body.html, subtype="html")
    return mail


def _refusal(code: int, answer: bytes | str) -> Exception:
    said = f"{code} {answer.decode('utf-8', 'replace') if isinstance(answer, bytes) else answer}"
    if code == SERVICE_CLOSING:
        return ReceiverDown(said)
    return DeliveryRefused(said) if code >= 500 else DeliveryFailed(said)
