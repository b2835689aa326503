"""The visits on a customer's card: the newest first, with their car, and the sum for who may see money."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.customers.factories import make_customer
from tests.webapp.staff.factories import NOW, make_centre
from tests.webapp.vehicles.factories import make_car
from webapp.aftersales.models import OrderKind, OrderState, ServiceVisit, VisitStatus, WorkOrder
from webapp.customers.models import Customer
from webapp.staff.models import Centre

SEE = ("customers.see", "vehicles.see", "aftersales.see", "cases.see")


@pytest.fixture
def centre(session: Session) -> Centre:
    return make_centre(session)


@pytest.fixture
def customer(session: Session, centre: Centre) -> Customer:
    return make_customer(session, centre_id=centre.id)


def visit(session: Session, customer: Customer, centre: Centre, days_ago: int, **more: object) -> ServiceVisit:
    at = NOW - timedelta(days=days_ago)
    made = ServiceVisit(
        customer_id=customer.id, centre_id=centre.id, standard="service_seven_steps",
        **({"opened_at": at, "status": VisitStatus.DONE} | more),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def pay(session: Session, of: ServiceVisit, total: int) -> None:
    session.add(
        WorkOrder(
            visit_id=of.id, customer_id=of.customer_id, centre_id=of.centre_id, kind=OrderKind.PAID, total=total,
            opened_at=NOW, state=OrderState.CLOSED, closed_at=NOW, closed_on=NOW.date(), promised_at=NOW,
            approved_by="signature", tax_rate=Decimal(22),
        )
    )  # fmt: skip
    session.flush()


def shown(client: FlaskClient, customer: Customer) -> list[str]:
    page = unescape(client.get(f"/customers/{customer.id}").text).replace("\u00a0", " ")
    panel = page.split('data-test="visits"')[1].split("</section>")[0]
    return [" ".join(re.sub(r"<[^>]*>", " ", each).split()) for each in panel.split('data-test="visit"')[1:]]


@on_both_databases
def test_the_newest_visit_stands_first_with_its_car(
    client: FlaskClient, session: Session, log_in: LogIn, centre: Centre, customer: Customer
) -> None:
    car = make_car(session, customer)
    visit(session, customer, centre, 5, car_id=car.id, customer_words="Brakes squeal")
    # booked long ago, came yesterday
    visit(session, customer, centre, 30, arrived_at=NOW - timedelta(days=1), customer_words="New tyres")
    coming = NOW + timedelta(days=3)
    visit(
        session, customer, centre, 2, starts_at=coming, ends_at=coming + timedelta(hours=1), status=VisitStatus.BOOKED
    )
    visit(session, make_customer(session, centre_id=centre.id), centre, 1, customer_words="Of somebody else")
    session.commit()
    log_in(*SEE, scope="centre", centre=centre)

    rows = shown(client, customer)

    assert ["Booked" in rows[0], "New tyres" in rows[1], "Brakes squeal" in rows[2]] == [True] * 3
    assert (len(rows), car.name in rows[2], car.name in rows[1]) == (3, True, False)


def test_the_sum_is_for_who_may_see_money(
    client: FlaskClient, session: Session, log_in: LogIn, centre: Centre, customer: Customer
) -> None:
    pay(session, visit(session, customer, centre, 1), 12_200)
    session.commit()

    log_in(*SEE, scope="centre", centre=centre)
    assert "12,200" not in shown(client, customer)[0]
    for permission in ("aftersales.see_costs", "funnel.see_money"):
        log_in(*SEE, permission, scope="centre", centre=centre)
        assert "12,200 ₽" in shown(client, customer)[0]


def test_without_visits_it_says_so_and_others_see_none(
    client: FlaskClient, session: Session, log_in: LogIn, centre: Centre, customer: Customer
) -> None:
    session.commit()
    log_in(*SEE, scope="centre", centre=centre)
    assert "This customer has not been in our workshop yet." in client.get(f"/customers/{customer.id}").text

    visit(session, customer, make_centre(session), 1, customer_words="In another town")
    session.commit()
    assert shown(client, customer) == []

    log_in("customers.see", scope="centre", centre=centre)
    assert 'data-test="visits"' not in client.get(f"/customers/{customer.id}").text


def test_many_visits_cost_no_more_statements(
    app: Flask, client: FlaskClient, session: Session, log_in: LogIn, centre: Centre, customer: Customer
) -> None:
    log_in(*SEE, "funnel.see_money", scope="centre", centre=centre)
    client.get(f"/customers/{customer.id}")  # the first page reads what is published
    counts = []
    for _ in range(2):
        for days in range(6):
            pay(session, visit(session, customer, centre, days, car_id=make_car(session, customer, vin="").id), 100)
        session.commit()
        with counted_statements(app.extensions["database"].engine) as statements:
            assert len(shown(client, customer)) == 6 * (len(counts) + 1)
        counts.append(len(statements))

    assert counts[0] == counts[1]
