"""Cars are found by whatever somebody has at hand: VIN, its last six, plate, its digits, the owner."""

from dataclasses import replace

from sqlalchemy.orm import Session

from tests.webapp.conftest import on_both_databases
from tests.webapp.customers.factories import make_customer
from tests.webapp.staff.factories import NOW, make_centre, make_user
from tests.webapp.vehicles.factories import VIN, make_car
from webapp.core.permissions import RowScope, ScopeKind
from webapp.vehicles import queries, services
from webapp.vehicles.queries import CarFilter

ALL = RowScope(ScopeKind.GROUP, 0)


FINDING = (
    VIN,
    VIN.lower(),
    "хта-00000000000017",
    "000017",
    "А 123 ВС 178",
    "a123bc178",
    "А123В",
    "а123",
    "123178",
    "123",
    "Belova",
    "белова",
    "+7 900 000-41-17",
    "4117",
)
NOT_FINDING = ("", "1", "00017", "К 123", "Sidorov", "%", "______", "A999BC", "XTA00000000000018")


@on_both_databases
def test_it_is_found_by_everything_that_is_its_own_and_by_nothing_else(session: Session) -> None:
    car = make_car(session, make_customer(session, phones=["89000004117"]))
    make_car(session, make_customer(session, last_name="Orlov"), vin="XTA00000000000025", plate="К907ОМ77")

    found = {typed: queries.find_matches(session, typed, scope=ALL) for typed in FINDING}
    listed = {typed: queries.list_cars(session, CarFilter(typed), scope=ALL) for typed in FINDING}
    astray = {typed: car in queries.find_matches(session, typed, scope=ALL) for typed in NOT_FINDING}

    assert found == listed == {typed: [car] for typed in FINDING}
    assert {queries.count_cars(session, CarFilter(typed), scope=ALL) for typed in FINDING} == {1}
    assert not any(astray.values())


def test_a_car_without_vin_is_found_by_the_number_of_its_body(session: Session) -> None:
    car = make_car(session, vin="", plate="", body_number="GR400123")

    assert queries.find_matches(session, "gr400123", scope=ALL) == [car]


def test_its_own_number_counts_before_the_owners(session: Session) -> None:
    of_phone = make_car(session, make_customer(session, phones=["89000001234"], last_name="Abramova"), plate="")
    of_plate = make_car(session, make_customer(session, last_name="Yakovleva"), vin="", plate="1234АВ78")

    assert queries.find_matches(session, "1234", scope=ALL) == [of_plate, of_phone]


def test_only_cars_of_customers_in_reach(session: Session) -> None:
    north, south = make_centre(session), make_centre(session)
    me = make_user(session, "service_advisor", centre=north)
    near = make_car(session, make_customer(session, centre_id=north.id))
    make_car(session, make_customer(session, centre_id=south.id), vin="XTA00000000000025")
    scope = RowScope(ScopeKind.CENTRE, me.id, centre_ids=frozenset({north.id}))

    assert queries.find_matches(session, "А123ВС178", scope=scope) == [near]
    assert queries.list_cars(session, CarFilter(), scope=scope) == [near]
    assert queries.count_cars(session, CarFilter("123178"), scope=scope) == 1


def test_the_list_is_narrowed_and_paged(session: Session) -> None:
    owners = [make_customer(session, last_name=name) for name in ("Arkhipova", "Belova", "Vlasova")]
    cars = [
        make_car(session, owner, vin="", model_code=model)
        for owner, model in zip(owners, ("nordis_alma", "aurelia_city", "aurelia_s4"), strict=True)
    ]
    services.part_with(session, cars[2], on=NOW.date(), actor_id=None, now=NOW)
    every = CarFilter()

    assert queries.list_cars(session, every, scope=ALL) == cars[:2]
    assert queries.list_cars(session, every, scope=ALL, offset=1, limit=1) == [cars[1]]
    assert queries.list_cars(session, replace(every, brand_code="aurelia"), scope=ALL) == [cars[1]]
    assert queries.list_cars(session, replace(every, former=True), scope=ALL) == [cars[2]]
    assert queries.list_cars(session, CarFilter("nobody at all"), scope=ALL) == []


def test_the_owners_of_a_car_without_a_vin_are_known_by_its_plate(session: Session) -> None:
    car, stranger = make_car(session, vin=""), make_car(session, vin="", plate="К907ОМ77")
    new = services.pass_on(session, car, customer=stranger.customer, on=NOW.date(), actor_id=None, now=NOW)

    assert [each.car_id for each in queries.list_owners(session, car, scope=ALL)] == [new.id, car.id]


def test_the_owners_of_a_car_are_known_by_its_vin(session: Session) -> None:
    car = make_car(session)
    buyer = make_customer(session, centre_id=make_centre(session).id)
    new = services.pass_on(session, car, customer=buyer, on=NOW.date(), actor_id=None, now=NOW)
    mine = RowScope(ScopeKind.OWN, 0)

    owners = queries.list_owners(session, new, scope=ALL)

    assert [(each.car_id, each.until, each.visible) for each in owners] == [
        (new.id, None, True),
        (car.id, NOW.date(), True),
    ]
    assert [each.visible for each in queries.list_owners(session, new, scope=mine)] == [False, False]
