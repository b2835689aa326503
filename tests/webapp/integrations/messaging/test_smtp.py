"""Mail through a real SMTP server: handed over, put off, refused, and never believed lost when it is not."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from engine.database import Database
from engine.errors import DeliveryFailed, DeliveryRefused, ReceiverDown
from engine.outbox import DeliveryReport, OutboxMessage, OutboxState, Outgoing, deliver_due, enqueue
from tests.webapp.integrations.messaging.mail_server import MailServer, free_port, running
from webapp.integrations.messaging.port import MAIL, Mail
from webapp.integrations.messaging.smtp import Security, SmtpSender, SmtpServer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LETTER = Mail("Ваш автомобиль готов", "Ждём вас.\n", "<p>Ждём <b>вас</b>.</p>\n")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running(MailServer()) as server:
        yield server


def sender_to(port: int, **changes: Any) -> SmtpSender:
    server = SmtpServer("127.0.0.1", port, "Салон <salon@example.com>", Security.NONE, timeout_seconds=30)
    return SmtpSender(replace(server, **changes))


def outgoing(recipient: str = "ada@example.com", dedupe: str = "case:42:ready", mail: Mail = LETTER) -> Outgoing:
    return Outgoing(MAIL, recipient, mail.as_body(), dedupe, NOW)


class TestHandedOver:
    def test_is_text_and_html_with_readable_headers(self, server: MailServer) -> None:
        sender_to(server.port).send(outgoing())

        (mail,) = server.mails
        text, html = mail.iter_parts()
        assert server.recipients == ["ada@example.com"]
        assert (mail["From"], mail["To"]) == ("Салон <salon@example.com>", "ada@example.com")
        assert mail["Subject"] == "Ваш автомобиль готов"
        assert mail["Date"].datetime == NOW
        assert mail.get_content_type() == "multipart/alternative"
        assert (text.get_content_type(), text.get_content()) == ("text/plain", "Ждём вас.\n")
        assert (html.get_content_type(), html.get_content()) == ("text/html", "<p>Ждём <b>вас</b>.</p>\n")

    def test_is_plain_without_html(self, server: MailServer) -> None:
        sender_to(server.port).send(outgoing(mail=Mail("Hello", "Only text\n")))

        assert server.mails[0].get_content_type() == "text/plain"

    def test_carries_its_key_and_the_same_message_id_at_every_attempt(self, server: MailServer) -> None:
        for dedupe in ("one", "one", "two"):
            sender_to(server.port).send(outgoing(dedupe=dedupe))

        first, again, other = (mail["Message-ID"] for mail in server.mails)
        assert [mail["X-Marshrut-Dedupe"] for mail in server.mails] == ["one", "one", "two"]
        assert first == again != other
        assert first.endswith("@example.com>")

    def test_stays_so_when_the_goodbye_fails(self, server: MailServer) -> None:
        server.drops_at_goodbye = True

        sender_to(server.port).send(outgoing())

        assert len(server.mails) == 1


class TestNotTaken:
    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            ("451 try later", DeliveryFailed),
            ("550 no such user", DeliveryRefused),
            ("421 closing", ReceiverDown),
        ],
    )
    def test_for_the_recipient(self, server: MailServer, answer: str, error: type[Exception]) -> None:
        server.answer_to_recipient["ada@example.com"] = answer

        with pytest.raises(error, match=answer) as refusal:
            sender_to(server.port).send(outgoing())

        assert type(refusal.value) is error

    @pytest.mark.parametrize(
        ("answer", "error"), [("452 disk full", DeliveryFailed), ("554 looks like spam", DeliveryRefused)]
    )
    def test_for_the_content(self, server: MailServer, answer: str, error: type[Exception]) -> None:
        server.answer_to_data = answer

        with pytest.raises(error, match=answer) as refusal:
            sender_to(server.port).send(outgoing())

        assert type(refusal.value) is error

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            ("530 authentication required", ReceiverDown),
            ("450 later", ReceiverDown),
            ("552 too big", DeliveryRefused),
        ],
    )
    def test_for_the_sender(self, server: MailServer, answer: str, error: type[Exception]) -> None:
        server.answer_to_sender = answer

        with pytest.raises(error, match=answer[4:]):
            sender_to(server.port).send(outgoing())

    @pytest.mark.parametrize(
        "recipient",
        [
            "",
            "nobody",
            "ada@example.com\nBcc: all@example.com",
            "<>",
            "ada@",
            "@example.com",
            "a@example.com, b@example.com",
        ],
    )
    def test_when_the_address_is_none(self, server: MailServer, recipient: str) -> None:
        with pytest.raises(DeliveryRefused):
            sender_to(server.port).send(outgoing(recipient))

        assert server.mails == []

    def test_when_the_subject_would_add_a_header(self, server: MailServer) -> None:
        with pytest.raises(DeliveryRefused):
            sender_to(server.port).send(outgoing(mail=Mail("Hello\r\nBcc: all@example.com", "text")))


class TestUnreachable:
    def test_when_nobody_listens(self) -> None:
        with pytest.raises(ReceiverDown, match="refused"):
            sender_to(free_port()).send(outgoing())

    def test_when_the_answer_takes_too_long(self, server: MailServer) -> None:
        server.seconds_before_answer = 1.0
        started = time.monotonic()

        with pytest.raises(ReceiverDown, match="timed out"):
            sender_to(server.port, timeout_seconds=0.2).send(outgoing())

        assert time.monotonic() - started < 0.9

    def test_when_the_connection_drops_after_the_last_dot(self, server: MailServer) -> None:
        server.drops_after_data = True

        with pytest.raises(ReceiverDown, match="closed"):
            sender_to(server.port).send(outgoing())

    def test_when_the_server_cannot_encrypt(self, server: MailServer) -> None:
        with pytest.raises(ReceiverDown, match="STARTTLS"):
            sender_to(server.port, security=Security.STARTTLS).send(outgoing())

        assert server.mails == []

    def test_when_the_server_lets_nobody_log_in(self, server: MailServer) -> None:
        with pytest.raises(ReceiverDown):
            sender_to(server.port, user="salon", password="wrong").send(outgoing())

    def test_when_it_does_not_speak_tls(self, server: MailServer) -> None:
        with pytest.raises(ReceiverDown):
            sender_to(server.port, security=Security.TLS).send(outgoing())


class TestThroughTheOutbox:
    def deliver(self, database: Database, port: int, moment: datetime = NOW) -> DeliveryReport:
        return deliver_due(database.write, {MAIL: sender_to(port)}, now=lambda: moment)

    def test_a_dropped_mail_comes_again_under_the_same_id(self, server: MailServer, sqlite_database: Database) -> None:
        put(sqlite_database, "ada@example.com")
        server.drops_after_data = True
        assert self.deliver(sqlite_database, server.port) == DeliveryReport(put_off=1)

        server.drops_after_data = False
        assert self.deliver(sqlite_database, server.port, NOW.replace(hour=10)) == DeliveryReport(sent=1)

        assert len({mail["Message-ID"] for mail in server.mails}) == 1

    def test_a_refused_mail_does_not_hold_up_the_others(self, server: MailServer, sqlite_database: Database) -> None:
        server.answer_to_recipient = {"bad@example.com": "550 no such user", "busy@example.com": "451 later"}
        put(sqlite_database, "bad@example.com", "busy@example.com", "good@example.com")

        report = self.deliver(sqlite_database, server.port)

        assert report == DeliveryReport(sent=1, put_off=1, failed=1)
        assert server.recipients == ["good@example.com"]

    def test_a_backlog_leaves_when_the_server_is_back(self, server: MailServer, sqlite_database: Database) -> None:
        put(sqlite_database, *(f"customer{n}@example.com" for n in range(10)))
        assert self.deliver(sqlite_database, free_port()) == DeliveryReport(put_off=1)

        report = self.deliver(sqlite_database, server.port, NOW.replace(minute=1))

        assert report == DeliveryReport(sent=10)
        with sqlite_database.read() as session:
            assert set(session.scalars(select(OutboxMessage.state))) == {OutboxState.SENT}


def put(database: Database, *recipients: str) -> None:
    with database.write() as session:
        for recipient in recipients:
            enqueue(session, channel=MAIL, recipient=recipient, body=LETTER.as_body(), dedupe=recipient, now=NOW)
