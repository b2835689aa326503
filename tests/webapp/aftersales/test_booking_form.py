"""The form of a booking: what it refuses and how it says so, the times it proposes, and what it makes of them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.dealer import Dealer, client_of, moscow
from tests.webapp.aftersales.service import PLATE, book, call_in, slot, visit
from webapp.aftersales.models import ServiceResource
from webapp.customers.services import CustomerFacts, create_customer
from webapp.vehicles.models import CustomerCar
from webapp.vehicles.services import CarFacts, record_car

CALL = {
    "phone": "8 900 000-41-18",
    "q": "8 900 000-41-18",
    "name": "Sobol Irina",
    "car_plate": "В 552 МК 20",
    "car_name": "Nordis Terra",
    "km": "29400",
    "wait_or_leave": "leave",
    "jobs": ["maintenance_30", "", ""],
    "customer_words": "Squeaks in the morning",
}


@pytest.fixture
def dealer(service_dealer: Dealer) -> Dealer:
    return service_dealer


def send(dealer: Dealer, path: str = "/service/booking", language: str = "en", **changes: Any) -> tuple[int, str]:
    """The dispatcher sends the form; the page after it."""
    data = {**CALL, "centre": dealer.centres["North"], "slot": slot(dealer), **changes}
    answer = client_of(dealer, "dispatcher").post(
        path, data=data, headers={"Accept-Language": language}, follow_redirects=True
    )
    return answer.status_code, answer.text.replace("\u00a0", " ")


def errors_in(page: str) -> set[str]:
    return set(re.findall(r'data-test="error-(\w+)"', page)) | set(re.findall(r'id="e-(\w+)"', page))


def proposed(page: str) -> list[str]:
    """The times that are proposed, the held one first."""
    found = re.findall(r'name="slot" value="([^"]+)"( checked)?', page)
    return [value for value, held in sorted(found, key=lambda each: not each[1])]


def line(dealer: Dealer, name: str) -> int:
    with dealer.read() as session:
        return session.scalars(select(ServiceResource.id).where(ServiceResource.name_en == name)).one()


class TestRefusals:
    def test_all_that_is_wrong_is_said_at_once(self, dealer: Dealer) -> None:
        status, page = send(dealer, km="many", name="", car_plate="AA", customer_words="")

        assert status == 422
        assert errors_in(page) == {"km", "name", "car_plate", "customer_words"}
        assert "is no Russian number plate" in page

    def test_blanks_in_the_mileage_are_no_error(self, dealer: Dealer) -> None:
        for typed in ("29 400", "29\u00a0400", "29\u202f400"):
            assert "km" not in errors_in(send(dealer, km=typed, name="")[1])
        assert send(dealer, km="29\u00a0400")[0] == 200
        assert visit(dealer).km == 29_400

    def test_a_promised_call_lies_in_the_future(self, dealer: Dealer) -> None:
        status, page = send(dealer, act="callback", callback_at="2026-03-02T09:30")

        assert (status, errors_in(page), 'data-reopen="not-booked"' in page) == (422, {"callback_at"}, True)
        assert "This time has passed" in page
        assert send(dealer, act="callback", callback_at="2026-03-02T10:30")[0] == 200

    def test_the_reason_is_asked_for_where_it_is_given(self, dealer: Dealer) -> None:
        status, page = send(dealer, act="not_booked")

        assert (status, errors_in(page), 'data-reopen="not-booked"' in page) == (422, {"not_booked_reason"}, True)
        assert "data-reopen" not in send(dealer, km="")[1]

    def test_the_form_comes_back_with_as_many_jobs_as_were_chosen(self, dealer: Dealer) -> None:
        page = send(dealer, km="")[1]
        shown = re.findall(r'data-job( hidden)?[^>]*data-test="job-(\d)"', page)

        assert shown == [("", "0"), (" hidden", "1"), (" hidden", "2")]


class TestTimes:
    def ask(self, dealer: Dealer, visit_id: int | None = None, **changes: Any) -> str:
        data = {"centre": dealer.centres["North"], "jobs": ["maintenance_30"], "wait_or_leave": "leave", **changes}
        client: FlaskClient = client_of(dealer, "dispatcher")
        path = "/service/booking/times" + (f"?visit={visit_id}" if visit_id else "")
        answer = client.post(path, data=data, headers={"Accept-Language": "en"})
        assert answer.status_code == 200
        return answer.text

    def test_begin_with_the_day_from_which_the_customer_comes_whatever_was_held(self, dealer: Dealer) -> None:
        early = proposed(self.ask(dealer))[0]
        assert early.startswith("2026-03-02")

        assert all(each >= "2026-03-05" for each in proposed(self.ask(dealer, slot=early, since="2026-03-05")))
        status, page = send(dealer, slot=early, since="2026-03-05")
        assert (status, errors_in(page)) == (422, {"slot"})
        assert send(dealer, slot=early)[0] == 200

    def test_begin_with_the_day_that_the_calendar_shows(self, dealer: Dealer) -> None:
        assert 'name="day" value="2026-03-06"' in client_of(dealer, "dispatcher").get(
            "/service/booking?day=2026-03-06"
        ).get_data(as_text=True)

        assert proposed(self.ask(dealer, day="2026-03-06"))[0].startswith("2026-03-06")
        assert proposed(self.ask(dealer, day="2026-02-01"))[0].startswith("2026-03-02")
        assert proposed(self.ask(dealer, day="2026-03-06", since="2026-03-04"))[0].startswith("2026-03-04")

    def test_a_place_in_the_calendar_is_held_or_it_is_said_why_not(self, dealer: Dealer) -> None:
        lift, electric = line(dealer, "Lift 2"), line(dealer, "Electric")
        held = proposed(self.ask(dealer, at="2026-03-05T12:00", line=lift))[0]
        assert held == f"2026-03-05T08:30Z/{lift}/{dealer.people['advisor']}"  # received half an hour before the work

        assert "Choose the work first" in self.ask(dealer, jobs=[], at="2026-03-05T12:00", line=lift)
        call_in(dealer)
        book(dealer, moscow(5, 12))
        page = self.ask(dealer, at="2026-03-05T13:00", line=line(dealer, "Lift 1"))
        assert 'data-test="refused"' in page
        assert len(proposed(page)) == 3
        assert 'data-test="refused"' in self.ask(dealer, at="2026-03-05T12:00", line=electric)
        assert 'data-test="refused"' in self.ask(dealer, at="2026-03-02T09:00", line=lift)
        # a booked visit is moved the same way, and its own quarters are no hindrance
        own = self.ask(dealer, visit(dealer).id, jobs=[], at="2026-03-05T13:00", line=line(dealer, "Lift 1"))
        assert proposed(own)[0].startswith("2026-03-05T09:30Z")

    def test_work_of_one_norm_hour_is_named_rightly(self, dealer: Dealer) -> None:
        def said(*jobs: str) -> str:
            data = {"centre": dealer.centres["North"], "jobs": list(jobs)}
            answer = client_of(dealer, "dispatcher").post("/service/booking/times", data=data)
            return answer.text.replace("\u00a0", " ")

        assert "1 нормо-час," in said("engine_check")
        assert "1,6 нормо-часа," in said("maintenance_30")

    def test_the_list_says_when_the_customer_comes(self, dealer: Dealer) -> None:
        call_in(dealer)
        book(dealer, moscow(5, 11))  # the lift is taken half an hour later
        page = client_of(dealer, "advisor").get("/service/booking?day=2026-03-05").text
        agenda = page.partition('data-test="agenda"')[2]

        assert re.findall(r'<div class="agenda"><span class="num">([\d:]+)</span>', agenda) == ["11:00"]

    def test_what_has_been_chosen_is_told_in_words_in_the_case(self, dealer: Dealer) -> None:
        call_in(dealer)
        book(dealer, moscow(5, 11))
        (case,) = dealer.cases()
        page = client_of(dealer, "advisor").get(f"/cases/{case.id}?view=chronicle", headers={"Accept-Language": "en"})

        assert "Z/" not in re.sub(r"<[^>]+>", "", page.text)
        assert "Thu 5 Mar 11:00, Lift 1, Viktor Nosov" in page.text.replace("\u00a0", " ")


class TestPlateOfAnother:
    def test_it_is_asked_whose_the_car_is_and_it_may_have_a_new_owner(self, dealer: Dealer) -> None:
        now = dealer.clock.now()
        with dealer.write() as session:
            facts = CustomerFacts(last_name="Belova", centre_id=dealer.centres["North"], phones=("+7 900 000-41-17",))
            before = create_customer(session, facts, actor_id=None, now=now - timedelta(days=900))
            record_car(
                session, customer=before, facts=CarFacts(plate=PLATE, model_code="aurelia_s4"), actor_id=None, now=now
            )
        status, page = send(dealer, car_plate="а123вс178")

        assert (status, errors_in(page), "the car of Belova" in page) == (422, {"car_plate"}, True)
        assert 'data-test="new-owner"' in page
        assert send(dealer, car_plate="а123вс178", new_owner="true")[0] == 200
        with dealer.read() as session:
            first, second = session.scalars(select(CustomerCar).order_by(CustomerCar.id)).all()
        assert (first.customer_id, first.until is None, second.until) == (before.id, False, None)
        assert (visit(dealer).car_id, visit(dealer).customer_id) == (second.id, second.customer_id)


class TestHits:
    def test_more_than_are_shown_are_told_of(self, dealer: Dealer) -> None:
        with dealer.write() as session:
            for surname in ("Rybin", *["Sobol"] * 7):
                facts = CustomerFacts(last_name=surname, centre_id=dealer.centres["North"])
                create_customer(session, facts, actor_id=None, now=dealer.clock.now())
        page = client_of(dealer, "dispatcher").get("/service/booking/callers?q=Sobol").text

        assert (page.count('data-test="hit"'), 'data-test="more-hits"' in page) == (6, True)
        few = client_of(dealer, "dispatcher").get("/service/booking/callers?q=Rybin").text
        assert (few.count('data-test="hit"'), 'data-test="more-hits"' in few) == (1, False)
