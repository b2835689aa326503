"""The consent check: who may be written to, by what, how often and when; the same for one and for thousands."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.conftest import on_both_databases
from tests.webapp.customers.factories import agree, make_customer, make_message, stop
from tests.webapp.staff.factories import NOW, make_centre
from webapp.customers import consents
from webapp.customers.consenting import Refusal, RefusalCode, reach, refusal_to_send
from webapp.customers.models import (
    CompanyDetails,
    ConsentChannel,
    ConsentKind,
    Customer,
    MessagePurpose,
    MessageState,
    WithdrawalWay,
)

ADVERTISING, SERVICE = MessagePurpose.ADVERTISING, MessagePurpose.SERVICE
EMAIL, SMS, CALL, POST = ConsentChannel.EMAIL, ConsentChannel.SMS, ConsentChannel.CALL, ConsentChannel.POST
MAIL = "m.belova@example.com"
DAY = timedelta(days=1)

pytestmark = on_both_databases


@pytest.fixture(autouse=True)
def in_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def customer(session: Session) -> Customer:
    return make_customer(session, emails=[MAIL], phones=["+7 900 000-41-17"])


def code(
    session: Session,
    customer: Customer,
    channel: ConsentChannel = EMAIL,
    purpose: MessagePurpose = ADVERTISING,
    now: datetime = NOW,
    besides: int | None = None,
) -> str:
    """Why not; empty: it may be sent."""
    refusal = refusal_to_send(session, customer.id, channel=channel, purpose=purpose, now=now, besides=besides)
    return refusal.code.value if refusal else ""


class TestConsent:
    def test_without_it_there_is_no_advertising_but_service(self, session: Session, customer: Customer) -> None:
        assert code(session, customer) == "no_consent"
        assert code(session, customer, purpose=SERVICE) == ""

    def test_it_holds_for_its_channel_alone(self, session: Session, customer: Customer) -> None:
        agree(session, customer, EMAIL)

        assert (code(session, customer), code(session, customer, SMS)) == ("", "no_consent")

    def test_a_withdrawal_works_at_once_whatever_a_slow_clock_says(self, session: Session, customer: Customer) -> None:
        agree(session, customer, EMAIL, SMS)
        ended = consents.withdraw_consents(
            session,
            customer,
            ConsentKind.ADVERTISING,
            channels=[EMAIL],
            way=WithdrawalWay.SPOKEN,
            actor_id=None,
            now=NOW + DAY,
        )

        assert (ended, code(session, customer), code(session, customer, SMS)) == (1, "no_consent", "")

    def test_it_ends_with_its_term(self, session: Session, customer: Customer) -> None:
        agree(session, customer, valid_to=NOW + DAY)

        assert code(session, customer, now=NOW + DAY - timedelta(seconds=1)) == ""
        assert code(session, customer, now=NOW + DAY) == "no_consent"


class TestAddresses:
    def test_nobody_without_one_is_written_to(self, session: Session) -> None:
        nameless = make_customer(session, phones=[], emails=[])
        agree(session, nameless, EMAIL, SMS, CALL, POST)

        assert {code(session, nameless, channel) for channel in (EMAIL, SMS, CALL, POST)} == {"no_address"}

    def test_a_landline_takes_calls_and_no_texts(self, session: Session) -> None:
        landline = make_customer(session, phones=["+7 495 123-45-67"])
        agree(session, landline, SMS, CALL)

        assert (code(session, landline, SMS), code(session, landline, CALL)) == ("no_address", "")

    def test_a_company_gets_letters_at_its_legal_address(self, session: Session, customer: Customer) -> None:
        agree(session, customer, POST)
        session.add(
            CompanyDetails(
                customer_id=customer.id,
                inn="7801234567",
                ogrn="1027801234567",
                legal_address="12 Garden Street",
                bank_name="Bank",
                bic="044030998",
                account="1" * 20,
                correspondent_account="1" * 20,
                recorded_at=NOW,
            )
        )
        session.flush()

        assert reach(session, [customer.id], channel=POST, purpose=ADVERTISING, now=NOW).addresses == {
            customer.id: "12 Garden Street"
        }

    def test_one_address_in_the_stop_list_stops_the_others_of_its_kind(self, session: Session) -> None:
        listed = make_customer(session, emails=[MAIL, "second@example.com"], phones=["+7 900 000-41-18"])
        agree(session, listed, EMAIL, SMS)
        stop(session, "second@example.com")

        assert code(session, listed) == "stop_list"
        assert code(session, listed, purpose=SERVICE) == "stop_list"
        assert code(session, listed, SMS) == ""


class TestFrequency:
    def test_two_in_thirty_days_are_enough(self, session: Session, customer: Customer) -> None:
        agree(session, customer, EMAIL, SMS)
        make_message(session, customer, sent_at=NOW - 29 * DAY)
        make_message(session, customer, sent_at=NOW - 31 * DAY)
        assert code(session, customer) == ""

        make_message(session, customer, sent_at=NOW - DAY, state=MessageState.UNSUBSCRIBED)

        assert code(session, customer) == "frequency"
        assert code(session, customer, SMS) == ""
        assert code(session, customer, purpose=SERVICE) == ""

    def test_service_and_what_was_not_sent_do_not_count(self, session: Session, customer: Customer) -> None:
        agree(session, customer)
        make_message(session, customer, purpose=SERVICE)
        make_message(session, customer, purpose=SERVICE)
        make_message(session, customer, sent_at=None, taken_at=None, state=MessageState.QUEUED)
        make_message(session, customer, sent_at=None, state=MessageState.FAILED)

        assert code(session, customer) == ""

    def test_what_is_on_its_way_counts_but_for_itself(self, session: Session, customer: Customer) -> None:
        agree(session, customer)
        make_message(session, customer)
        second = make_message(session, customer, sent_at=None, state=MessageState.QUEUED)

        assert code(session, customer) == "frequency"
        assert code(session, customer, besides=second.id) == ""


class TestQuietHours:
    def test_advertising_waits_for_the_morning_where_the_customer_is(self, session: Session) -> None:
        far = make_centre(session, time_zone="Asia/Vladivostok")  # UTC+10: nine at night there
        customer = make_customer(session, emails=[MAIL], centre_id=far.id)
        agree(session, customer)
        late = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)

        refusal = refusal_to_send(session, customer.id, channel=EMAIL, purpose=ADVERTISING, now=late)

        assert refusal == Refusal(RefusalCode.QUIET_HOURS, until=datetime(2026, 3, 2, 23, 0, tzinfo=UTC))
        assert code(session, customer, purpose=SERVICE, now=late) == ""
        assert customer.id in reach(session, [customer.id], channel=EMAIL, purpose=ADVERTISING, now=late).addresses


class TestThousands:
    def test_the_statements_are_as_many_for_three_thousand_as_for_one(self, session: Session) -> None:
        customers = [
            Customer(first_name="A", search_name=" a", sort_name=f"a{number}", created_at=NOW, phones=[], emails=[])
            for number in range(3000)
        ]
        session.add_all(customers)
        session.flush()
        with_mail = make_customer(session, emails=[MAIL])
        agree(session, with_mail)
        ids = [each.id for each in customers] + [with_mail.id]
        session.flush()

        with counted_statements(session.get_bind().engine) as one:
            reach(session, [with_mail.id], channel=EMAIL, purpose=ADVERTISING, now=NOW)
        with counted_statements(session.get_bind().engine) as many:
            found = reach(session, ids, channel=EMAIL, purpose=ADVERTISING, now=NOW)
        by_statement = reach(session, select(Customer.id), channel=EMAIL, purpose=ADVERTISING, now=NOW)

        assert len(many) == len(one) == 4
        assert found.addresses == by_statement.addresses == {with_mail.id: MAIL}
        assert (found.count(RefusalCode.NO_ADDRESS), by_statement.count(RefusalCode.NO_ADDRESS)) == (3000, 3000)

    def test_many_are_judged_as_each_one_is(self, session: Session) -> None:
        everybody = [
            make_customer(session, emails=[f"person{number}@example.com"] if number % 2 else []) for number in range(12)
        ]
        for number, each in enumerate(everybody):
            if number % 3:
                agree(session, each)
            if number % 4 == 1:
                stop(session, f"person{number}@example.com")
            if number % 5 == 0:
                make_message(session, each)
                make_message(session, each)

        found = reach(session, [each.id for each in everybody], channel=EMAIL, purpose=ADVERTISING, now=NOW)

        assert found.addresses
        for each in everybody:
            alone = refusal_to_send(session, each.id, channel=EMAIL, purpose=ADVERTISING, now=NOW)
            assert found.refusals.get(each.id) == alone
            assert (each.id in found.addresses) is (alone is None)
