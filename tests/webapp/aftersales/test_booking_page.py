"""The booking page: what it costs the database, what a visit is estimated at, who has not come before."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.aftersales.shop import MONDAY, Shop, at, open_shop
from tests.webapp.conftest import LogIn
from tests.webapp.staff.factories import NOW
from tests.webapp.vehicles.factories import make_car
from webapp.aftersales.absences import is_unreliable
from webapp.aftersales.attendance import count_attendance
from webapp.aftersales.booking import book
from webapp.aftersales.estimating import add_up
from webapp.aftersales.models import BayType, ServiceJob, VisitStatus, Workshop
from webapp.aftersales.plan import read_plan
from webapp.aftersales.workshop import open_hours
from webapp.customers.models import CustomerPhone

EARLY = at(7)
PRICES = st.decimals(0, 100_000, places=2)


@pytest.fixture
def store(session: Session) -> Shop:
    """A workshop in the database of the application. Its clock stands at noon."""
    made = open_shop(session)
    workshop = session.get_one(Workshop, made.centre_id)
    workshop.rate = Decimal(2500)
    session.commit()
    return made


class TestPage:
    def test_costs_the_same_for_many_visits_and_many_hits(
        self, app: Flask, client: FlaskClient, store: Shop, log_in: LogIn
    ) -> None:
        log_in("aftersales.see", "aftersales.book", "customers.see")
        store.session.commit()
        counts = []
        for hour, advisors in ((8, 1), (11, 3)):  # two bookings, then eight
            for number in range(2 * advisors):
                visit, bay = store.visit(), f"Lift {number % 2 + 1}"
                when = at(hour) + timedelta(minutes=30 * number + 120 * (number // 2))
                book(store.session, visit, store.slot(visit, when, bay=bay), actor_id=None, now=EARLY)
                visit.car_id = make_car(store.session, visit.customer, vin="").id
                phone = CustomerPhone.of(f"+790000000{visit.id:02}")
                phone.customer_id = visit.customer_id
                store.session.add(phone)
            store.session.commit()
            found = []
            for path in ("/service/booking", "/service/booking/callers?q=Guest"):
                with counted_statements(app.extensions["database"].engine) as statements:
                    shown = client.get(path)
                assert shown.status_code == 200
                found.append(len(statements))
            counts.append(found)

        assert counts[0] == counts[1]
        assert counts[0][0] <= 30
        assert counts[0][1] <= 14

    def test_names_the_price_of_the_work_while_somebody_types(
        self, client: FlaskClient, store: Shop, log_in: LogIn, session: Session
    ) -> None:
        log_in("aftersales.see", "aftersales.book", "aftersales.set_up")
        session.commit()

        def said(*jobs: str, language: str = "en") -> str:
            asked = {"centre": store.centre_id, "jobs": list(jobs)}
            answer = client.post("/service/booking/times", data=asked, headers={"Accept-Language": language})
            return answer.text.replace("\u00a0", " ")

        assert "About 4,000 ₽ for the work, parts not included" in said("maintenance_30")
        prices = {"maintenance_30": "2 400,50", "oil": "x"}
        refused = client.post("/service/workshop/parts", data=prices)
        assert (refused.status_code, "2 400,50" in refused.text) == (422, True)
        assert client.post("/service/workshop/parts", data=prices | {"oil": ""}).status_code == 302
        assert "About 6,400.50 ₽ with parts" in said("maintenance_30")
        assert "Примерно 7 900,50 ₽, часть запчастей не учтена" in said("maintenance_30", "oil", language="ru")
        assert "Free of charge" in said("warranty")


@given(st.lists(st.tuples(st.decimals("0.1", 20, places=2), st.none() | PRICES, st.booleans()), max_size=5), PRICES)
def test_an_estimate_is_the_sum_of_its_jobs_and_what_we_owe_is_free(
    rows: list[tuple[Decimal, Decimal | None, bool]], rate: Decimal
) -> None:
    jobs = [
        ServiceJob(
            code=str(number),
            bay_type=BayType.LIFT2,
            hours=hours,
            parts_price=parts,
            reason="warranty" if free else "repair",
        )
        for number, (hours, parts, free) in enumerate(rows)
    ]
    whole = add_up(jobs, rate)
    paid = [(hours, parts) for hours, parts, free in rows if not free]

    assert whole.total == sum((add_up([job], rate).total for job in jobs), Decimal(0))
    assert abs(whole.labour - sum((hours * rate for hours, _ in paid), Decimal(0))) <= Decimal("0.005") * len(paid)
    assert whole.complete == all(parts is not None for _, parts in paid)


class TestAttendance:
    def test_a_weekday_on_which_some_do_not_come_is_overbooked(self, shop: Shop) -> None:
        last_monday = at(11) - timedelta(days=7)
        ends = [VisitStatus.DONE] * 18 + [VisitStatus.NO_SHOW] * 2 + [VisitStatus.CANCELLED_BY_CUSTOMER] * 2
        for number, status in enumerate(ends):
            visit = shop.visit()
            visit.starts_at, visit.status = last_monday, status
            visit.ends_at = last_monday + timedelta(hours=1)
            visit.arrived_at = last_monday if status is VisitStatus.DONE else None
            early = number % 2 == 0  # one calls off in the week before, one an hour before
            visit.closed_at = last_monday - (timedelta(days=5) if early else timedelta(hours=1))
        shop.session.flush()
        before = open_hours(shop.session, shop.centre_id)
        count_attendance(shop.session, now=at(12))
        count_attendance(shop.session, now=at(12))
        after = open_hours(shop.session, shop.centre_id)

        assert after.attendance == {0: Decimal(18) / 21}
        tuesday = MONDAY + timedelta(days=1)
        assert after.on(MONDAY) == before.on(MONDAY) * Decimal("1.10")
        assert after.on(tuesday) == before.on(tuesday) == after.whole * Decimal("0.8")
        plan = read_plan(shop.session, shop.centre_id, date(2026, 3, 2), 2, now=at(8))
        assert [day.bookable for day in plan.days.values()] == [after.on(MONDAY), before.on(tuesday)]


class TestUnreliable:
    def test_who_has_not_come_twice_within_a_year_is_marked_where_he_is_booked(
        self, client: FlaskClient, store: Shop, log_in: LogIn
    ) -> None:
        customer = store.visit().customer
        for days in (30, 200, 400):
            visit = store.visit()
            visit.customer_id, visit.status = customer.id, VisitStatus.NO_SHOW
            visit.starts_at = NOW - timedelta(days=days)
        store.session.commit()
        log_in("aftersales.see", "aftersales.book", "customers.see")
        store.session.commit()

        page = client.get(f"/service/booking/callers?choose={customer.id}-0").text
        another = store.visit().customer_id
        store.session.commit()

        assert 'data-test="unreliable"' in page
        assert 'data-test="unreliable"' not in client.get(f"/service/booking/callers?choose={another}-0").text
        assert not is_unreliable(store.session, customer.id, now=NOW + timedelta(days=200))
