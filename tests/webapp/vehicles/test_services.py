"""Cars of customers: recorded, corrected, passed on; of one VIN one ownership is alive."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.webapp.conftest import on_both_databases
from tests.webapp.customers.factories import make_customer
from tests.webapp.staff.factories import NOW
from tests.webapp.vehicles.factories import VIN, make_car
from webapp.core.audit import AuditEntry
from webapp.core.errors import Conflict, DomainError, NotFound
from webapp.vehicles import services
from webapp.vehicles.models import CustomerCar
from webapp.vehicles.services import CarFacts

TODAY = NOW.date()


class TestRecording:
    def test_numbers_are_kept_in_one_form(self, session: Session) -> None:
        car = make_car(session, vin="хта 0000-0000000017", plate="a 123 bc 178")

        assert (car.vin, car.plate, car.shown_plate) == (VIN, "А123ВС178", "А 123 ВС 178")
        assert (car.name, car.brand_code, car.alive) == ("Aurelia S4", "aurelia", True)

    def test_a_car_without_vin_and_plate_needs_only_a_name(self, session: Session) -> None:
        first = make_car(session, vin="", plate="", model_code=None, description="Red estate car", body_number="br-1")
        second = make_car(session, vin=" ", plate="", model_code=None, description="Another one")

        assert (first.vin, second.vin, first.body_number, first.name) == (None, None, "BR-1", "Red estate car")

    def test_a_plate_from_abroad_is_kept_as_it_is(self, session: Session) -> None:
        car = make_car(session, plate="1234 ab-7", plate_country="by")

        assert (car.plate, car.shown_plate, car.plate_digits) == ("1234 AB-7", "1234 AB-7 (BY)", "12347")

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"model_code": None, "description": " "}, "car_unnamed"),
            ({"vin": "XTA0000000000O017"}, "vin_invalid"),
            ({"plate": "Д123ВС78"}, "plate_invalid"),
            ({"model_code": "no_such"}, "model_unknown"),
            ({"brand_code": "no_such"}, "brand_unknown"),
            ({"year": NOW.year + 2}, "year_unlikely"),
            ({"year": 1899}, "year_unlikely"),
            ({"since": TODAY + timedelta(days=2)}, "since_in_future"),
        ],
    )
    def test_what_cannot_be_is_refused(self, session: Session, facts: dict[str, Any], code: str) -> None:
        with pytest.raises(DomainError) as refusal:
            make_car(session, **facts)

        assert refusal.value.code == code

    def test_a_vin_belongs_to_one_living_car(self, session: Session) -> None:
        first = make_car(session)

        with pytest.raises(Conflict) as refusal:
            make_car(session)

        assert refusal.value.code == "car_known"
        assert refusal.value.details["customer_id"] == first.customer_id

    def test_every_act_is_recorded(self, session: Session) -> None:
        car = make_car(session)
        services.change_car(session, car, CarFacts(description="Blue"), actor_id=None, now=NOW)
        services.part_with(session, car, on=TODAY, actor_id=None, now=NOW)

        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == services.subject_of(car)))
        assert sorted(actions) == ["vehicles.car.changed", "vehicles.car.parted", "vehicles.car.recorded"]


@on_both_databases
class TestTheDatabase:
    def test_refuses_a_second_living_car_of_the_vin_whatever_the_code_does(self, session: Session) -> None:
        car = make_car(session)
        twin = CustomerCar(customer_id=car.customer_id, description="Twin", recorded_at=NOW)
        twin.mark(vin=VIN, plate="", plate_country="", body_number="")
        session.add(twin)

        with pytest.raises(IntegrityError):
            session.flush()

    def test_the_loser_of_a_race_reads_the_same_refusal(
        self, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_car(session)
        monkeypatch.setattr(services, "find_by_vin", lambda session, vin: None)  # he looked a moment too early

        with pytest.raises(Conflict) as refusal:
            make_car(session)

        assert refusal.value.code == "car_known"


class TestOdometer:
    def test_a_reading_is_kept_with_its_time(self, session: Session) -> None:
        car = make_car(session, km=10_000)
        car.read_odometer(12_000, at=NOW + timedelta(days=1))
        car.read_odometer(11_000, at=NOW)

        assert (car.km, car.km_at) == (12_000, NOW + timedelta(days=1))

    def test_an_unchanged_reading_is_not_a_new_one(self, session: Session) -> None:
        car = make_car(session, km=10_000)
        later = NOW + timedelta(days=30)
        services.change_car(session, car, CarFacts(vin=VIN, description="x", km=10_000), actor_id=None, now=later)

        assert car.km_at == NOW


class TestOwners:
    def test_a_car_changes_hands_with_all_that_is_known(self, session: Session) -> None:
        car = make_car(session, km=10_000, year=2024, since=date(2024, 5, 1))
        buyer = make_customer(session, last_name="Orlov")

        new = services.pass_on(session, car, customer=buyer, on=TODAY, actor_id=None, now=NOW)

        assert (car.until, new.since, new.until) == (TODAY, TODAY, None)
        assert (new.vin, new.plate, new.km, new.year, new.name) == (VIN, car.plate, 10_000, 2024, "Aurelia S4")
        assert services.find_by_vin(session, VIN) is new
        assert services.find_cars_of(session, car.customer_id) == []
        assert services.find_cars_of(session, car.customer_id, former=True) == [car]
        assert services.find_cars_of(session, buyer.id) == [new]

    def test_it_comes_back_to_the_first_owner(self, session: Session) -> None:
        car = make_car(session)
        buyer = make_customer(session)
        new = services.pass_on(session, car, customer=buyer, on=TODAY, actor_id=None, now=NOW)

        again = services.pass_on(session, new, customer=car.customer, on=TODAY, actor_id=None, now=NOW)

        assert services.find_cars_of(session, car.customer_id, former=True) == [again, car]

    @pytest.mark.parametrize(
        ("on", "code"),
        [(date(2024, 4, 30), "parting_unlikely"), (TODAY + timedelta(days=2), "parting_unlikely")],
    )
    def test_the_day_must_be_likely(self, session: Session, on: date, code: str) -> None:
        car = make_car(session, since=date(2024, 5, 1))

        with pytest.raises(DomainError) as refusal:
            services.part_with(session, car, on=on, actor_id=None, now=NOW)

        assert refusal.value.code == code

    def test_a_car_is_not_passed_on_to_its_owner_nor_twice(self, session: Session) -> None:
        car = make_car(session)
        with pytest.raises(DomainError) as refusal:
            services.pass_on(session, car, customer=car.customer, on=TODAY, actor_id=None, now=NOW)
        assert refusal.value.code == "owner_same"

        services.part_with(session, car, on=TODAY, actor_id=None, now=NOW)
        with pytest.raises(Conflict) as gone:
            services.part_with(session, car, on=TODAY, actor_id=None, now=NOW)
        assert gone.value.code == "car_gone"

    def test_an_unknown_car(self, session: Session) -> None:
        with pytest.raises(NotFound):
            services.get_car(session, 999)


class TestBoughtHere:
    FACTS = CarFacts(vin=VIN, model_code="nordis_alma", km=12, since=TODAY)

    def _buy(self, session: Session, customer: Any, facts: CarFacts = FACTS) -> CustomerCar:
        return services.record_bought_car(
            session, customer=customer, facts=facts, sale_key="sales.worksheet:1", actor_id=None, now=NOW
        )

    def test_a_sale_makes_the_car(self, session: Session) -> None:
        other = make_car(session, vin="")

        car = self._buy(session, other.customer)

        assert (car.bought_here, car.sale_key, car.name, car.km) == (True, "sales.worksheet:1", "Nordis Alma", 12)
        assert services.find_cars_of(session, other.customer_id) == [car, other]

    def test_told_twice_it_is_one_car(self, session: Session) -> None:
        known = make_car(session)

        car = self._buy(session, known.customer)

        assert car is known
        assert (car.name, car.plate, car.bought_here) == ("Nordis Alma", "А123ВС178", True)

    def test_a_car_without_a_vin_is_known_by_its_sale(self, session: Session) -> None:
        owner = make_car(session, vin="", plate="").customer
        facts = CarFacts(model_code="nordis_alma", since=TODAY)

        assert self._buy(session, owner, facts) is self._buy(session, owner, facts)

    def test_a_car_that_was_somebody_elses_changes_hands(self, session: Session) -> None:
        traded_in = make_car(session, km=80_000)
        buyer = make_customer(session)

        car = self._buy(session, buyer)

        assert (traded_in.until, car.customer_id, car.since) == (TODAY, buyer.id, TODAY)
