"""Pages about cars: the list, the card, the forms, the panel on the owner's card, and the global search."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.customers.factories import make_customer
from tests.webapp.staff.factories import NOW, make_centre
from tests.webapp.vehicles.factories import VIN, make_car
from webapp.vehicles import services
from webapp.vehicles.models import CustomerCar

ALL = ("vehicles.see", "vehicles.change", "customers.see")
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"
FORM = {"plate": "a 123 bc 178", "vin": VIN, "model_code": "aurelia_s4", "km": "30500", "year": "2023"}


def cars_of(session: Session) -> list[CustomerCar]:
    session.expire_all()
    return list(session.scalars(select(CustomerCar).order_by(CustomerCar.id)))


class TestList:
    def test_shows_cars_in_reach_with_their_owners(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        north, south = make_centre(session), make_centre(session)
        car = make_car(session, make_customer(session, centre_id=north.id), km=30_500)
        make_car(session, make_customer(session, last_name="Far", centre_id=south.id), vin="", plate="К907ОМ77")
        log_in("vehicles.see", scope="centre", centre=north)

        page = client.get("/cars").text

        for expected in (f'href="/cars/{car.id}"', "А 123 ВС 178", VIN, "Belova Marina", "1 car"):
            assert expected in page
        assert "К 907 ОМ 77" not in page

    def test_nothing_found_says_how_to_go_on(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        log_in(*ALL)

        assert "No cars yet" in client.get("/cars").text
        assert "No car fits" in client.get("/cars?q=zzz").text
        assert "Ни один автомобиль не подходит" in client.get("/cars?q=zzz", headers={"Accept-Language": "ru"}).text

    def test_costs_the_same_for_many_rows(
        self, app: Flask, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        log_in("vehicles.see")
        counts = []
        for _ in range(2):
            for _ in range(5):
                make_car(session, vin="")
            session.commit()
            with counted_statements(app.extensions["database"].engine) as statements:
                client.get("/cars")
            counts.append(len(statements))

        assert counts[0] == counts[1] <= 12


class TestCard:
    def test_shows_what_is_known_and_who_had_it(
        self, app: Flask, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        car = make_car(session, km=30_500, year=2023)
        buyer = make_customer(session, last_name="Orlov", first_name="Petr")
        new = services.pass_on(session, car, customer=buyer, on=NOW.date(), actor_id=None, now=NOW)
        log_in(*ALL)

        with counted_statements(app.extensions["database"].engine) as statements:
            page = client.get(f"/cars/{new.id}").text

        for expected in ("Aurelia S4, А 123 ВС 178", VIN, "30,500 km", "2023", "Petr Orlov", "Marina Belova"):
            assert expected in page
        assert "had it until" in client.get(f"/cars/{car.id}").text
        assert len(statements) <= 15

    def test_a_vin_whose_check_digit_does_not_fit_is_told(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        fits, wrong = (make_car(session, vin=vin) for vin in ("1M8GDM9AXKP042788", "1M8GDM9A1KP042788"))
        log_in(*ALL)

        assert "check digit" not in client.get(f"/cars/{fits.id}").text
        assert "check digit" in client.get(f"/cars/{wrong.id}").text

    def test_a_reader_sees_no_buttons_that_change(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        car = make_car(session)
        log_in("vehicles.see")

        page = client.get(f"/cars/{car.id}").text

        assert 'data-test="edit"' not in page
        assert 'data-test="change-owner"' not in page
        assert f'href="/customers/{car.customer_id}"' not in page
        assert client.post(f"/cars/{car.id}/edit", data=FORM).status_code == 403

    def test_hostile_text_is_only_text(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        car = make_car(
            session, make_customer(session, last_name=HOSTILE[:60]), description=HOSTILE, body_number="{{1}}"
        )
        log_in(*ALL)

        for path in ("", f"/{car.id}", f"/{car.id}/edit", f"/{car.id}/owner", f"/new?customer={car.customer_id}"):
            page = client.get(f"/cars{path}").text
            assert "<script>alert" not in page
            assert "<img src=x" not in page
        assert "<img src=x" not in client.get("/cars", query_string={"q": HOSTILE, "brand": HOSTILE}).text


class TestAdding:
    def test_a_car_is_added_on_its_owners_card(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        owner = make_car(session, vin="", plate="К907ОМ77").customer
        log_in(*ALL)

        before = client.get(f"/customers/{owner.id}").text
        answer = client.post(f"/cars/new?customer={owner.id}", data=FORM, follow_redirects=True)

        assert 'data-test="add-car"' in before
        assert "The car is added." in answer.text
        for expected in ("А 123 ВС 178", "VIN …000017", "30,500 km", "К 907 ОМ 77"):
            assert expected in answer.text
        added = cars_of(session)[-1]
        assert (added.vin, added.plate, added.model_code, added.km) == (VIN, "А123ВС178", "aurelia_s4", 30_500)

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"vin": "XTA0000000000O017"}, "vin"),
            ({"plate": "Д 123"}, "plate"),
            ({"km": "-5"}, "km"),
            ({"km": "many"}, "km"),
            ({"year": "1850"}, "year"),
            ({"since": "2027-01-01"}, "since"),
            ({"model_code": "", "description": ""}, "model_code"),
            ({"model_code": "no_such"}, "model_code"),
            ({"brand_code": "no_such", "model_code": "", "description": "Old"}, "brand_code"),
            ({"plate_country": "Belarus"}, "plate_country"),
        ],
    )
    def test_errors_stand_at_their_field_and_keep_what_was_typed(
        self, client: FlaskClient, session: Session, log_in: LogIn, typed: dict[str, str], field: str
    ) -> None:
        owner = make_car(session, vin="", plate="К907ОМ77").customer
        log_in(*ALL)

        answer = client.post(f"/cars/new?customer={owner.id}", data=FORM | {"description": "Of his wife"} | typed)

        assert (answer.status_code, f'data-test="error-{field}"' in answer.text) == (422, True)
        assert typed.get("description", "Of his wife") in answer.text
        assert len(cars_of(session)) == 1

    def test_a_known_vin_names_the_owner(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        make_car(session, make_customer(session, last_name="Orlov"))
        other = make_customer(session)
        log_in(*ALL)

        answer = client.post(f"/cars/new?customer={other.id}", data=FORM)

        assert (answer.status_code, "a car of Marina Orlov" in answer.text) == (422, True)

    def test_a_customer_out_of_reach_gets_none(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        owner = make_customer(session, centre_id=make_centre(session).id)
        log_in(*ALL, scope="own")

        assert client.post(f"/cars/new?customer={owner.id}", data=FORM).status_code == 404
        assert client.post("/cars/new", data=FORM).status_code == 404


class TestChanging:
    def test_a_plate_is_changed_and_the_rest_stays(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        car = make_car(session, km=30_500)
        log_in(*ALL)
        assert "А 123 ВС 178" in client.get(f"/cars/{car.id}/edit").text

        client.post(f"/cars/{car.id}/edit", data=FORM | {"plate": "к907ом77"})

        changed = cars_of(session)[0]
        assert (changed.plate, changed.vin, changed.km_at) == ("К907ОМ77", VIN, NOW)

    def test_a_new_owner_is_found_and_gets_it(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        car = make_car(session)
        buyer = make_customer(session, last_name="Orlov", first_name="Petr")
        log_in(*ALL)

        page = client.get(f"/cars/{car.id}/owner?q=orlov").text
        answer = client.post(
            f"/cars/{car.id}/owner?q=orlov",
            data={"customer_id": str(buyer.id), "on": "2026-03-01"},
            follow_redirects=True,
        )

        assert "Petr Orlov" in page
        assert "now belongs to Petr Orlov" in answer.text
        assert [each.customer_id for each in cars_of(session) if each.alive] == [buyer.id]

    def test_he_no_longer_has_it(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        car = make_car(session)
        log_in(*ALL)

        client.post(f"/cars/{car.id}/owner", data={"customer_id": "", "on": "2026-03-01"})

        assert [each.alive for each in cars_of(session)] == [False]
        assert "Aurelia S4" in client.get("/cars?former=1").text
        assert "until 1 Mar 2026" in client.get(f"/customers/{car.customer_id}").text

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"customer_id": "", "on": "2030-01-01"}, "on"),
            ({"customer_id": "{owner}", "on": "2026-03-01"}, "customer_id"),
        ],
    )
    def test_what_cannot_be_is_told(
        self, client: FlaskClient, session: Session, log_in: LogIn, data: dict[str, str], field: str
    ) -> None:
        car = make_car(session)
        log_in(*ALL)

        sent = {name: value.format(owner=car.customer_id) for name, value in data.items()}
        answer = client.post(f"/cars/{car.id}/owner", data=sent)

        assert (answer.status_code, f'data-test="error-{field}"' in answer.text) == (422, True)
        assert [each.alive for each in cars_of(session)] == [True]


class TestSearch:
    @pytest.mark.parametrize("typed", ["a123bc", "000017", "123178", "Belova"])
    def test_the_palette_finds_cars(self, client: FlaskClient, session: Session, log_in: LogIn, typed: str) -> None:
        car = make_car(session)
        log_in("vehicles.see")

        assert f'href="/cars/{car.id}"' in client.get(f"/search?q={typed}").text

    def test_only_those_in_reach(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        car = make_car(session, make_customer(session, centre_id=make_centre(session).id))
        log_in("vehicles.see", scope="own")

        assert f"/cars/{car.id}" not in client.get("/search?q=a123bc").text
