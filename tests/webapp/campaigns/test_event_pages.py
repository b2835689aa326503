"""Pages of events: the list, plan against fact, guests on the phone and at the door."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.campaigns.routes import CHANGE, RECEIVE, SEE, make_event
from tests.webapp.conftest import LogIn
from tests.webapp.customers.factories import make_customer
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.campaigns.models import Event, EventCost, EventParticipant, EventStatus, GuestStatus
from webapp.core.reference import ship_all
from webapp.customers.models import Consent, Customer


@pytest.fixture
def event(app: Flask, session: Session) -> Event:
    with app.app_context():
        ship_all(session)
    centre = make_centre(session)
    made = make_event(session, make_user(session, "marketer"), centre)
    ada = make_customer(session, first_name="Marina", centre_id=centre.id)
    session.add(EventParticipant(event_id=made.id, customer_id=ada.id, status=GuestStatus.INVITED, added_at=NOW))
    session.commit()
    return made


def guest(session: Session) -> EventParticipant:
    session.rollback()
    return session.scalars(select(EventParticipant)).one()


def test_a_guest_is_found_received_and_noted(
    client: FlaskClient, session: Session, log_in: LogIn, event: Event
) -> None:
    log_in(SEE, RECEIVE, "customers.see", "cases.see")
    at = f"/campaigns/events/{event.id}/guests"
    number = guest(session).customer_id

    assert "Marina" in client.get(f"{at}?q=marina").text
    assert "Nobody on the list fits." in client.get(f"{at}?q=zzz").text
    assert "<html" not in client.get(f"{at}?q=marina", headers={"HX-Request": "true"}).text
    client.post(f"{at}/{number}/check-in", data={"companions": "1"})
    assert (guest(session).status, guest(session).companions) == (GuestStatus.CAME, 1)
    client.post(f"{at}/{number}/check-in", data={"companions": "3", "q": "mar"})
    page = client.get(at).text
    assert "There are more guests than places (3)." in page
    assert re.search(r'data-test="here">4<', page)
    refused = client.post(f"{at}/{number}/check-in", data={"companions": "many"}, follow_redirects=True).text
    assert "Up to 20 companions." in refused
    client.post(f"{at}/{number}/interest", data={"next_step": "call", "note": "Brakes"})  # inquiries: test_event_walk
    assert "We call. Brakes" in client.get(at).text
    client.post(f"{at}/{number}/check-in", data={"undo": "1"})
    assert guest(session).status is GuestStatus.INVITED


def test_a_new_guest_agrees_apart_and_loses_nothing_that_was_typed(
    client: FlaskClient, session: Session, log_in: LogIn, event: Event
) -> None:
    log_in(RECEIVE)
    at = f"/campaigns/events/{event.id}/guests"

    refused = client.post(at, data={"name": "Eve Newman", "phone": "12"})
    assert (refused.status_code, 'value="Eve Newman"' in refused.text) == (422, True)
    assert 'data-test="error-phone"' in refused.text
    client.post(at, data={"name": "Eve Newman", "phone": "+7 900 000-68-01", "agrees_by": ["sms"]})

    session.rollback()
    eve = session.scalars(select(Customer).where(Customer.last_name != "Belova")).one()
    assert session.get_one(EventParticipant, (event.id, eve.id)).status is GuestStatus.CAME
    assert [each.channel for each in session.scalars(select(Consent).where(Consent.customer_id == eve.id))] == ["sms"]


def test_before_the_day_there_are_answers_and_no_room_beyond_the_capacity(
    client: FlaskClient, session: Session, log_in: LogIn, event: Event
) -> None:
    event.first_day += timedelta(days=3)
    event.last_day = event.first_day
    session.add(EventCost(event_id=event.id, position=0, item="Catering", contractor="", planned=1000))
    session.commit()
    log_in(RECEIVE, SEE)
    at = f"/campaigns/events/{event.id}/guests"
    number = guest(session).customer_id

    assert 'data-test="fact-roi">–<' in client.get(f"/campaigns/events/{event.id}").text  # no loss before the day
    full = client.post(f"{at}/{number}/answer", data={"comes": "yes", "companions": "3"}, follow_redirects=True).text
    assert "There is room for 3 guests, and 3 places are free." in full
    client.post(f"{at}/{number}/answer", data={"comes": "yes", "companions": "2"})
    assert guest(session).status is GuestStatus.CONFIRMED
    assert "3 of 3" in client.get(at).text


def test_lists_have_states_periods_and_an_empty_state(
    client: FlaskClient, session: Session, log_in: LogIn, event: Event
) -> None:
    log_in(SEE, CHANGE, RECEIVE, "cases.add")

    assert 'data-test="event"' in client.get("/campaigns/events").text
    assert "No such events yet" in client.get("/campaigns/events?state=held").text
    assert "No events in these days" in client.get("/campaigns/events?from=2031-01-01").text
    event.status = EventStatus.FINISHED
    session.commit()
    assert "No events are planned" in client.get("/campaigns/events?state=nothing&from=never").text
    assert 'data-test="event"' in client.get("/campaigns/events?state=over").text


def test_few_statements_draw_the_pages(
    app: Flask, client: FlaskClient, session: Session, log_in: LogIn, event: Event
) -> None:
    for _ in range(6):
        make_event(session, make_user(session), make_centre(session))
    session.commit()
    log_in(SEE, CHANGE, RECEIVE, "customers.see", "cases.see")
    for path, most in (("", 18), (f"/{event.id}", 22), (f"/{event.id}/guests", 22)):
        client.get(f"/campaigns/events{path}")
        with counted_statements(app.extensions["database"].engine) as statements:
            client.get(f"/campaigns/events{path}")
        assert len(statements) <= most, path
