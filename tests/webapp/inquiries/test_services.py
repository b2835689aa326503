"""Registering an inquiry: whom it is from, where from, and when it is not a second one."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.database import Database
from tests.webapp.customers.factories import make_customer
from tests.webapp.staff.factories import NOW, make_user
from webapp.core import config
from webapp.core.errors import RuleViolation
from webapp.core.events import subscribe
from webapp.customers.models import Customer, Interaction, Sex
from webapp.inquiries import services
from webapp.inquiries.models import (
    Inquiry,
    InquiryChannel,
    InquiryResult,
    InquiryTouch,
    InterestType,
    Purpose,
    Source,
)
from webapp.inquiries.reference import SOURCES, ship_reference_lists
from webapp.inquiries.services import InquiryFacts, InquiryRegistered, Registered


@pytest.fixture
def heard() -> Iterator[list[InquiryRegistered]]:
    """What is published; nobody else listens, so that no case is opened here."""
    app, found = Flask(__name__), list[InquiryRegistered]()
    config.init_app(app, {"secret_key": "for tests only"})
    subscribe(app, InquiryRegistered, lambda event, _session: found.append(event))
    with app.app_context():
        yield found


@pytest.fixture
def desk(database: Database, heard: list[InquiryRegistered]) -> Iterator[Session]:
    """A write session with the lists that ship, on SQLite and on PostgreSQL."""
    with database.write() as session:
        ship_reference_lists(session)
        yield session


def register(session: Session, *, now: Any = NOW, **facts: Any) -> Registered:
    given = {
        "channel": InquiryChannel.CALL,
        "purpose": Purpose.NEW_CAR,
        "phone": "8 900 000-41-17",
        "name": "Белова Марина",
        "source_code": "radio",
    } | facts
    return services.register_inquiry(session, InquiryFacts(**given), actor_id=None, now=now)


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


class TestCustomer:
    def test_a_new_person_gets_a_card(self, desk: Session) -> None:
        owner = make_user(desk)
        registered = register(desk, handed_to=owner.id)

        customer = registered.customer
        assert customer is not None
        assert registered.new_customer
        assert (customer.full_name, customer.sex, customer.owner_id) == ("Белова Марина", Sex.FEMALE, owner.id)

    def test_a_known_phone_in_any_form_finds_the_card(self, desk: Session) -> None:
        known = make_customer(desk, phones=["+79000004117"])

        registered = register(desk, phone="8 (900) 000-41-17", name="")

        assert (registered.customer, registered.new_customer) == (known, False)

    def test_a_chosen_customer_gets_the_new_phone_too(self, desk: Session) -> None:
        known = make_customer(desk, phones=["+79000000001"])

        register(desk, customer_id=known.id, name="")

        assert [phone.number for phone in known.phones] == ["+79000000001", "+79000004117"]

    def test_nameless_traffic_is_only_counted(self, desk: Session, heard: list[InquiryRegistered]) -> None:
        registered = register(desk, phone="", name="")

        assert (registered.customer, count(desk, Customer), count(desk, Interaction)) == (None, 0, 0)
        assert count(desk, Inquiry) == 1
        assert heard == []

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"name": ""}, "name_missing"),
            ({"phone": "12345"}, "phone_invalid"),
            ({"visit_at": NOW}, "visit_in_past"),
            ({"source_code": "gossip"}, "source_unknown"),
        ],
    )
    def test_what_cannot_be_is_refused(self, desk: Session, facts: dict[str, Any], code: str) -> None:
        with pytest.raises(RuleViolation) as refusal:
            register(desk, **facts)

        assert refusal.value.code == code


class TestRepeats:
    @pytest.mark.parametrize("pause", [timedelta(0), timedelta(hours=23, minutes=59)])
    def test_within_a_day_it_is_a_touch(self, desk: Session, heard: list[InquiryRegistered], pause: timedelta) -> None:
        first = register(desk)

        again = register(desk, now=NOW + pause, channel=InquiryChannel.WEB_FORM, name="")

        assert (again.touch, again.inquiry) == (True, first.inquiry)
        assert (count(desk, Inquiry), count(desk, InquiryTouch), count(desk, Interaction)) == (1, 1, 2)
        assert len(heard) == 1

    @pytest.mark.parametrize(
        ("facts", "pause"),
        [
            ({}, timedelta(hours=24)),
            ({"purpose": Purpose.SERVICE}, timedelta(0)),
            ({"purpose": Purpose.USED_CAR}, timedelta(0)),
            ({"phone": "8 900 000-41-18", "name": "Olga"}, timedelta(0)),
        ],
    )
    def test_otherwise_it_is_another_inquiry(self, desk: Session, facts: dict[str, Any], pause: timedelta) -> None:
        register(desk)

        assert not register(desk, now=NOW + pause, **facts).touch

    def test_a_test_drive_belongs_to_the_same_department(self, desk: Session) -> None:
        register(desk)

        assert register(desk, purpose=Purpose.TEST_DRIVE).touch


class TestFacts:
    def test_the_dialled_number_tells_source_and_campaign(self, desk: Session) -> None:
        inquiry = register(desk, source_code=None, dialled_number="+79000009001").inquiry

        assert (inquiry.source_code, inquiry.campaign) == ("radio", "Первый снег")

    def test_what_the_customer_says_wins_over_the_number(self, desk: Session) -> None:
        inquiry = register(desk, source_code="maps", dialled_number="+79000009001").inquiry

        assert (inquiry.source_code, inquiry.campaign) == ("maps", "")

    def test_without_any_hint_the_source_is_unknown(self, desk: Session) -> None:
        assert register(desk, source_code=None).inquiry.source_code == "unknown"

    @pytest.mark.parametrize(
        ("facts", "answered", "result"),
        [
            ({}, True, InquiryResult.INFO_GIVEN),
            ({"visit_at": NOW + timedelta(days=1)}, True, InquiryResult.VISIT_BOOKED),
            ({"channel": InquiryChannel.WALK_IN}, True, InquiryResult.VISIT_NOW),
            ({"channel": InquiryChannel.WEB_FORM}, False, InquiryResult.WAITING),
            ({"channel": InquiryChannel.CHAT}, False, InquiryResult.WAITING),
            ({"missed": True}, False, InquiryResult.LOST_CALL),
            ({"purpose": Purpose.COMPLAINT}, True, InquiryResult.COMPLAINT),
        ],
    )
    def test_what_became_of_it_follows_from_the_facts(
        self, desk: Session, facts: dict[str, Any], answered: bool, result: InquiryResult
    ) -> None:
        inquiry = register(desk, **facts).inquiry

        assert (inquiry.answered, inquiry.result) == (answered, result)

    @pytest.mark.parametrize(
        ("purpose", "interest"),
        [
            (Purpose.NEW_CAR, InterestType.NEW),
            (Purpose.USED_CAR, InterestType.USED),
            (Purpose.TRADE_IN, InterestType.ANY),
        ],
    )
    def test_the_purpose_tells_the_usual_interest(
        self, desk: Session, purpose: Purpose, interest: InterestType
    ) -> None:
        assert register(desk, purpose=purpose).inquiry.interest_type is interest


def test_lists_ship_once_and_leave_changes_alone(desk: Session) -> None:
    desk.get_one(Source, "radio").name_en = "Radio Wave"

    ship_reference_lists(desk)

    assert count(desk, Source) == len(SOURCES)
    assert desk.get_one(Source, "radio").name_in("en") == "Radio Wave"
    assert desk.get_one(Source, "radio").name_in("ru") == "Радио"
