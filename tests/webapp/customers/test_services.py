"""Customers: cards, phones that belong to one card only, contacts that happened."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import Database
from tests.webapp.customers.factories import make_customer
from tests.webapp.staff.factories import NOW
from webapp.core.audit import AuditEntry
from webapp.core.errors import Conflict, DomainError, NotFound, RuleViolation
from webapp.customers import services
from webapp.customers.models import CustomerKind, CustomerPhone, Direction, InteractionChannel, Sex
from webapp.customers.names import PersonName, guess_sex, split_name
from webapp.customers.services import CustomerFacts


class TestCards:
    def test_phones_and_mails_are_kept_in_one_form(self, session: Session) -> None:
        customer = make_customer(
            session, phones=["8 (900) 000-41-17 доб. 5", "+79000004117"], emails=["M.Belova@example.com"]
        )

        assert [(each.number, each.extension) for each in customer.phones] == [("+79000004117", "")]
        assert [each.address for each in customer.emails] == ["m.belova@example.com"]

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"first_name": "", "last_name": ""}, "name_missing"),
            ({"kind": CustomerKind.COMPANY, "company_name": ""}, "name_missing"),
            ({"phones": ["12345"]}, "phone_invalid"),
            ({"birth_date": date(1850, 1, 1)}, "birth_date_unlikely"),
            ({"birth_date": date(2026, 3, 1)}, "birth_date_unlikely"),
        ],
    )
    def test_what_cannot_be_is_refused(self, session: Session, facts: dict[str, object], code: str) -> None:
        with pytest.raises(RuleViolation) as refusal:
            make_customer(session, **facts)

        assert refusal.value.code == code

    @pytest.mark.parametrize("name", ["last_name", "first_name", "middle_name"])
    def test_a_name_is_no_longer_than_its_column(self, session: Session, name: str) -> None:
        """SQLite would take it; PostgreSQL would break down."""
        make_customer(session, **{name: "Щ" * 60})
        with pytest.raises(RuleViolation) as refusal:
            make_customer(session, **{name: "Щ" * 61})

        assert refusal.value.code == "name_too_long"

    def test_a_company_is_called_by_its_name(self, session: Session) -> None:
        company = make_customer(session, kind=CustomerKind.COMPANY, company_name="ООО «Ромашка»")

        assert (company.name, company.full_name) == ("ООО «Ромашка»", "ООО «Ромашка», Belova Marina")

    def test_a_person_has_no_company(self, session: Session) -> None:
        assert make_customer(session, company_name="Left over").name == "Marina Belova"

    def test_a_phone_belongs_to_one_card(self, session: Session) -> None:
        first = make_customer(session, phones=["89000004117"])

        with pytest.raises(Conflict) as refusal:
            make_customer(session, phones=["+7 900 000-41-17"])

        assert (refusal.value.code, refusal.value.details["customer_id"]) == ("phone_taken", first.id)

    def test_a_change_keeps_what_is_the_same_and_drops_the_rest(self, session: Session) -> None:
        customer = make_customer(session, phones=["89000004117", "89000004118"])
        kept = customer.phones[1].id

        services.change_customer(
            session,
            customer.id,
            CustomerFacts(last_name="Ilina", first_name="Rosa", sex=Sex.FEMALE, phones=["89000004118"]),
            actor_id=None,
            now=NOW,
        )

        assert [(each.id, each.position) for each in customer.phones] == [(kept, 0)]
        assert (customer.name, customer.search_name) == ("Rosa Ilina", " ilina rosa")
        assert services.find_by_phone(session, "+79000004117") is None

    def test_the_freed_phone_may_stand_on_another_card(self, session: Session) -> None:
        customer = make_customer(session, phones=["89000004117"])
        services.change_customer(session, customer.id, CustomerFacts(last_name="Ilina"), actor_id=None, now=NOW)

        make_customer(session, phones=["89000004117"])

    def test_every_act_is_audited(self, session: Session) -> None:
        customer = make_customer(session)
        services.change_customer(session, customer.id, CustomerFacts(last_name="Ilina"), actor_id=None, now=NOW)

        assert list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))) == [
            "customers.customer.added",
            "customers.customer.changed",
        ]

    def test_an_unknown_customer_is_refused(self, session: Session) -> None:
        with pytest.raises(NotFound):
            services.get_customer(session, 404)

    def test_two_at_once_cannot_take_one_phone(self, database: Database) -> None:
        """What the check before cannot see, the database refuses with the same code."""

        def take_it_again() -> None:
            with database.write() as session:
                customer = make_customer(session, phones=[])
                customer.phones.append(CustomerPhone.of("+79000004117"))
                services._flush(session)

        with database.write() as session:
            make_customer(session, phones=["89000004117"])
        with pytest.raises(Conflict) as refusal:
            take_it_again()

        assert refusal.value.code == "phone_taken"


class TestContacts:
    def note(self, session: Session, **overrides: object) -> None:
        customer = make_customer(session)
        values = {
            "channel": InteractionChannel.CALL,
            "direction": Direction.OUT,
            "subject": "Winter tyres",
            "comment": "",
            "at": NOW,
            "next_at": None,
        } | overrides
        services.note_contact(session, customer.id, actor_id=1, now=NOW, **values)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("overrides", "code"),
        [
            ({"at": NOW + timedelta(minutes=1)}, "contact_in_future"),
            ({"next_at": NOW}, "next_contact_in_past"),
        ],
    )
    def test_times_that_cannot_be_are_refused(self, session: Session, overrides: dict[str, object], code: str) -> None:
        with pytest.raises(DomainError) as refusal:
            self.note(session, **overrides)

        assert refusal.value.code == code


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Марина", PersonName("Марина")),
        ("Марина Белова", PersonName("Марина", "Белова")),
        ("Белова Марина", PersonName("Марина", "Белова")),
        ("Белова Марина Игоревна", PersonName("Марина", "Белова", "Игоревна")),
        ("Марина Игоревна Белова", PersonName("Марина", "Белова", "Игоревна")),
        ("Marina Belova", PersonName("Marina", "Belova")),
        ("Belova Marina", PersonName("Marina", "Belova")),
        ("Константин Лев", PersonName("Константин", "Лев")),
        ("Ким Зоя", PersonName("Ким", "Зоя")),  # nothing tells which is which
        ("  ", PersonName("")),
    ],
)
def test_a_name_in_one_line_is_read_in_either_order(typed: str, name: PersonName) -> None:
    assert split_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "sex"),
    [
        ("Белова Марина Игоревна", Sex.FEMALE),
        ("Белов Антон Игоревич", Sex.MALE),
        ("Анна Белова", Sex.FEMALE),
        ("Anton Belov", Sex.MALE),
        ("Надежда Снежинская", Sex.FEMALE),
        ("Зоя Ким", Sex.UNKNOWN),
    ],
)
def test_the_sex_is_guessed_from_the_name(typed: str, sex: Sex) -> None:
    assert guess_sex(split_name(typed)) is sex
