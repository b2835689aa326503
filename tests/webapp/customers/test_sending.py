"""From a queued mail to a real SMTP server and back by the link in it, with the consent check at each beat."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.incidents import Incident
from engine.outbox import OutboxMessage, OutboxState
from tests.webapp.conftest import MakeApp, on_both_databases
from tests.webapp.customers.factories import agree, make_customer, make_message, stop
from tests.webapp.integrations.messaging.mail_server import MailServer, running
from tests.webapp.staff.factories import NOW
from webapp.customers import consents, labels, messages
from webapp.customers.consenting import Refusal, RefusalCode
from webapp.customers.messages import MessageFacts
from webapp.customers.models import (
    ConsentChannel,
    ConsentKind,
    Customer,
    CustomerEmail,
    CustomerMessage,
    Interaction,
    MessagePurpose,
    MessageState,
    WithdrawalWay,
)
from webapp.integrations import beats
from webapp.integrations.messaging.port import Mail

BASE = f"https://{'long-' * 20}name.example.com/"
MAIL = "m.belova@example.com"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

pytestmark = on_both_databases


@pytest.fixture
def inbox() -> Iterator[MailServer]:
    with running(MailServer()) as server:
        yield server


@pytest.fixture
def app(make_app: MakeApp, inbox: MailServer) -> Flask:
    return make_app(smtp_host="127.0.0.1", smtp_port=inbox.port, smtp_security="none", base_url=BASE)


@pytest.fixture(autouse=True)
def in_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def customer(session: Session) -> Customer:
    found = make_customer(session, emails=[MAIL])
    agree(session, found)
    session.commit()
    return found


def queue(session: Session, customer: Customer, dedupe: str = "spring:1", **facts: object) -> CustomerMessage:
    known = {"purpose": MessagePurpose.ADVERTISING, "subject": "Spring offers", "dedupe": dedupe} | facts
    message = messages.queue_customer_mail(
        session,
        customer.id,
        Mail("Spring", "Tyres are cheaper."),
        MessageFacts(**known),
        now=NOW,  # type: ignore[arg-type]
    )
    session.commit()
    return message


def beat(session: Session) -> None:
    beats.send_outgoing()
    session.expire_all()
    session.rollback()


def chronicle(session: Session, customer: Customer) -> list[tuple[str, str]]:
    statement = select(Interaction).where(Interaction.customer_id == customer.id).order_by(Interaction.id)
    return [(row.subject, labels.result_text(row.subject, row.result)) for row in session.scalars(statement)][1:]


def test_who_agreed_gets_it_with_a_way_out(session: Session, customer: Customer, inbox: MailServer) -> None:
    message = queue(session, customer, campaign_key="campaigns.campaign:7")
    beat(session)

    (mail,) = inbox.mails
    assert inbox.recipients == [MAIL]
    link = mail["List-Unsubscribe"].strip("<>")
    assert link.startswith(f"{BASE}unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in mail.get_content()
    assert (message.state, message.sent_at, message.campaign_key) == (MessageState.SENT, NOW, "campaigns.campaign:7")
    assert chronicle(session, customer) == [("Spring offers", "Sent by mail")]


def test_who_withdraws_while_it_waits_gets_nothing(session: Session, customer: Customer, inbox: MailServer) -> None:
    message = queue(session, customer)
    consents.withdraw_consents(
        session, customer, ConsentKind.ADVERTISING, way=WithdrawalWay.SPOKEN, actor_id=None, now=NOW
    )
    session.commit()
    beat(session)

    assert inbox.mails == []
    assert message.state is MessageState.SKIPPED_NO_CONSENT
    assert chronicle(session, customer)[-1] == ("Spring offers", "Not sent: there is no consent to advertising")
    assert session.scalars(select(OutboxMessage.state)).all() == [OutboxState.REFUSED]
    assert session.scalars(select(Incident)).all() == []


def test_an_address_that_has_left_the_card_gets_nothing(
    session: Session, customer: Customer, inbox: MailServer
) -> None:
    message = queue(session, customer)
    session.scalars(select(CustomerEmail)).one().address = "new@example.com"
    session.commit()
    beat(session)

    assert (inbox.mails, message.state) == ([], MessageState.SKIPPED_NO_ADDRESS)


def test_at_night_it_waits_for_the_morning(
    session: Session, customer: Customer, inbox: MailServer, clock: SettableClock
) -> None:
    message = queue(session, customer)
    clock.set(NOW.replace(hour=18))  # nine in the evening in Moscow
    beat(session)
    assert (inbox.mails, message.state) == ([], MessageState.QUEUED)

    clock.set(NOW.replace(hour=18) + 12 * HOUR)
    beat(session)

    assert (len(inbox.mails), message.state) == (1, MessageState.SENT)


def test_three_at_once_are_two(session: Session, customer: Customer, inbox: MailServer) -> None:
    queued = [queue(session, customer, f"spring:{number}") for number in range(3)]
    beat(session)

    assert len(inbox.mails) == 2
    assert [each.state for each in queued] == [MessageState.SENT, MessageState.SENT, MessageState.SKIPPED_FREQUENCY]


def test_one_that_failed_for_now_does_not_count_against_itself(
    session: Session, customer: Customer, inbox: MailServer, clock: SettableClock
) -> None:
    make_message(session, customer)
    inbox.answer_to_recipient = {MAIL: "451 later"}
    message = queue(session, customer)
    beat(session)
    assert message.state is MessageState.QUEUED

    inbox.answer_to_recipient = {}
    clock.advance(HOUR)
    beat(session)

    assert message.state is MessageState.SENT


def test_what_the_receiver_refuses_has_failed(session: Session, customer: Customer, inbox: MailServer) -> None:
    inbox.answer_to_recipient = {MAIL: "550 no such user"}
    message = queue(session, customer)
    beat(session)

    assert message.state is MessageState.FAILED
    assert chronicle(session, customer) == [("Spring offers", "The mail could not be delivered")]


def test_service_needs_no_consent_but_respects_the_stop_list(session: Session, app: Flask, inbox: MailServer) -> None:
    silent = make_customer(session, emails=["silent@example.com"])
    listed = make_customer(session, emails=["listed@example.com"])
    free = queue(session, silent, "visit:1", purpose=MessagePurpose.SERVICE)
    held = queue(session, listed, "visit:2", purpose=MessagePurpose.SERVICE)
    stop(session, "listed@example.com")
    session.commit()
    beat(session)

    assert inbox.recipients == ["silent@example.com"]
    assert "List-Unsubscribe" not in inbox.mails[0]
    assert (free.state, held.state) == (MessageState.SENT, MessageState.SKIPPED_STOP_LIST)


def test_whoever_writes_to_customers_goes_through_the_check() -> None:
    """Mails that are no business of it go to people of the house."""
    to_the_house = {"staff/invitations.py", "diary/mails.py"}
    webapp = Path(messages.__file__).parents[1]
    found = {
        path.relative_to(webapp).as_posix()
        for path in webapp.rglob("*.py")
        if re.search(r"\b(queue_mail|enqueue)\(session", path.read_text(encoding="utf-8"))
    }

    assert found - to_the_house == {"customers/messages.py", "integrations/messaging/port.py"}, "queue_customer_mail"


def test_the_same_occasion_is_one_message(session: Session, customer: Customer) -> None:
    assert queue(session, customer).id == queue(session, customer).id
    assert len(session.scalars(select(OutboxMessage)).all()) == 1


def test_who_has_no_address_is_skipped_at_once_and_so_is_whom_a_list_leaves_out(session: Session) -> None:
    nobody = make_customer(session)
    assert queue(session, nobody).state is MessageState.SKIPPED_NO_ADDRESS

    left_out = messages.skip_message(
        session,
        nobody.id,
        ConsentChannel.EMAIL,
        MessageFacts(MessagePurpose.ADVERTISING, "Spring offers", "spring:9"),
        Refusal(RefusalCode.NO_CONSENT),
        now=NOW,
    )

    assert left_out.state is MessageState.SKIPPED_NO_CONSENT
    assert session.scalars(select(OutboxMessage)).all() == []
