"""Finding customers: phone in any form, last digits, names in any spelling; rows within the scope only."""

import pytest
from sqlalchemy.orm import Session

from engine.database import Database
from tests.statements import counted_statements
from tests.webapp.customers.factories import make_customer, make_interaction
from tests.webapp.staff.factories import make_centre, make_user
from webapp.core.permissions import RowScope, ScopeKind
from webapp.customers import queries
from webapp.customers.models import Customer, CustomerKind, InteractionChannel
from webapp.customers.queries import ListFilter, MatchKind

GROUP = RowScope(ScopeKind.GROUP, 0)


@pytest.fixture
def people(session: Session) -> dict[str, int]:
    found = {
        "marina": make_customer(session, first_name="Марина", last_name="Белова", phones=["89000004117"]),
        "anton": make_customer(session, first_name="Антон", last_name="Белов", phones=["89000003062"]),
        "fyodor": make_customer(session, first_name="Фёдор", last_name="Соловьёв", phones=["89000004118"]),
        "yulia": make_customer(session, first_name="Юлия", last_name="Щукина", phones=["88126451715"]),
        "company": make_customer(
            session,
            kind=CustomerKind.COMPANY,
            company_name="ООО «Ромашка»",
            first_name="",
            last_name="",
            phones=["89000005561", "89000094117"],
        ),
    }
    return {name: customer.id for name, customer in found.items()}


def names(session: Session, people: dict[str, int], text: str) -> list[str]:
    by_id = {number: name for name, number in people.items()}
    return [by_id[match.id] for match in queries.find_matches(session, text, scope=GROUP)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8 (900) 000-41-17", ["marina"]),
        ("+79000004117", ["marina"]),
        ("9000004117", ["marina"]),
        ("41-17", ["marina", "company"]),
        ("4117", ["marina", "company"]),
        ("04117", ["marina"]),
        ("41", []),
        ("белова", ["marina"]),
        ("БЕЛОВ", ["anton", "marina"]),
        ("belova", ["marina"]),
        ("belova marina", ["marina"]),
        ("Марина Бел", ["marina"]),
        ("федор", ["fyodor"]),
        ("Solovyov", ["fyodor"]),
        ("соловьев", ["fyodor"]),
        ("Julia", ["yulia"]),
        ("Shchukina", ["yulia"]),
        ("romashka", ["company"]),
        ("ромашка", ["company"]),
        ("belova 4117", ["marina", "company"]),
        ("лова", []),
        ("zzz", []),
        ("", []),
        ("%", []),
        ("_______", []),
        ("' OR 1=1 --", []),
    ],
)
def test_a_customer_is_found_by_what_people_type(
    session: Session, people: dict[str, int], text: str, expected: list[str]
) -> None:
    assert names(session, people, text) == expected


def test_the_very_phone_comes_first_and_is_told_apart(session: Session, people: dict[str, int]) -> None:
    (match,) = queries.find_matches(session, "8 900 000 41 17", scope=GROUP)

    assert (match.id, match.kind, match.phone) == (people["marina"], MatchKind.SAME_PHONE, "+79000004117")


@pytest.mark.parametrize("text", ["4117", "belov", "+79000004117"])
def test_only_customers_in_reach_are_found(session: Session, text: str) -> None:
    north, south = make_centre(session), make_centre(session)
    me, colleague = make_user(session), make_user(session)
    mine = make_customer(session, phones=["89000014117"], owner_id=me.id, centre_id=south.id)
    his = make_customer(session, phones=["89000004117"], owner_id=colleague.id, centre_id=north.id)

    own = RowScope(ScopeKind.OWN, me.id)
    centre = RowScope(ScopeKind.CENTRE, me.id, centre_ids=frozenset({north.id}))

    found = [{match.id for match in queries.find_matches(session, text, scope=scope)} for scope in (own, centre, GROUP)]
    everybody = {his.id} if text.startswith("+") else {mine.id, his.id}
    assert found == [everybody & {mine.id}, everybody, everybody]


def test_a_search_takes_few_statements(database: Database) -> None:
    with database.write() as session:
        for _ in range(30):
            make_customer(session)
    with database.read() as session, counted_statements(database.engine) as statements:
        queries.find_matches(session, "belova 0000", scope=GROUP)

    assert len(statements) <= 3


class TestList:
    def test_pages_follow_each_other_in_the_order_of_names(self, session: Session) -> None:
        for last in ("Яковлев", "Ёлкин", "Ермаков", "Белов"):
            make_customer(session, first_name="", last_name=last)

        first, more = queries.list_customers(session, ListFilter(), scope=GROUP, limit=3)
        second, none = queries.list_customers(session, ListFilter(), scope=GROUP, offset=3, limit=3)

        assert [row.name for row in first + second] == ["Белов", "Ёлкин", "Ермаков", "Яковлев"]
        assert (more, none) == (True, False)

    def test_filters_narrow_it(self, session: Session) -> None:
        owner, centre = make_user(session), make_centre(session)
        make_customer(session, last_name="Ilina")
        make_customer(session, last_name="Karpova", owner_id=owner.id)
        make_customer(session, last_name="Titova", centre_id=centre.id)
        make_customer(session, kind=CustomerKind.COMPANY, company_name="Romashka")

        def found(**narrowed: object) -> list[str]:
            wanted = ListFilter(**narrowed)  # type: ignore[arg-type]
            rows, _ = queries.list_customers(session, wanted, scope=GROUP)
            assert queries.count_customers(session, wanted, scope=GROUP) == len(rows)
            return [row.name.split()[0] for row in rows]

        assert found(owner_id=owner.id) == ["Karpova"]
        assert found(centre_id=centre.id) == ["Titova"]
        assert found(kind=CustomerKind.COMPANY) == ["Romashka"]
        assert found(text="илина") == ["Ilina"]

    def test_it_shows_the_last_contact_and_the_first_phone(self, session: Session) -> None:
        customer = make_customer(session, phones=["89000004117", "89000004118"])
        contact = make_interaction(session, customer)

        ((row,), _) = queries.list_customers(session, ListFilter(), scope=GROUP)

        assert (row.phone, row.last_contact) == ("+79000004117", contact.at)

    def test_neighbours_keep_filter_and_order(self, session: Session) -> None:
        anna, olga, vera = (
            make_customer(session, first_name=first, last_name="Belova") for first in ("Anna", "Olga", "Vera")
        )
        make_customer(session, first_name="Bella", last_name="Beloglazova")

        def around(customer: Customer, text: str) -> tuple[int | None, int | None]:
            return queries.get_neighbours(session, customer, ListFilter(text=text), scope=GROUP)

        assert around(olga, "belova") == (anna.id, vera.id)
        assert around(anna, "belova") == (None, olga.id)
        assert around(vera, "belova") == (olga.id, None)


class TestChronicle:
    def test_groups_narrow_it_and_are_counted(self, session: Session) -> None:
        customer = make_customer(session)
        for channel in (InteractionChannel.CALL, InteractionChannel.CALL, InteractionChannel.EMAIL):
            make_interaction(session, customer, channel=channel)

        rows, older = queries.get_chronicle(session, customer.id, group="calls", limit=1)

        assert (len(rows), older) == (1, True)
        assert queries.count_chronicle(session, customer.id) == {"calls": 2, "visits": 0, "messages": 1, "notes": 0}

    def test_every_channel_belongs_to_exactly_one_group(self) -> None:
        grouped = [channel for channels in queries.CHRONICLE_GROUPS.values() for channel in channels]

        assert sorted(grouped) == sorted(InteractionChannel)
