"""The board of the day: its columns, the sentence with figures, bay load, whose visits, what is live."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.aftersales.shop import Shop, at, open_shop
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW, make_user
from tests.webapp.vehicles.factories import make_car
from webapp.aftersales.board_queries import day_of, listen_to_day
from webapp.aftersales.booking import book
from webapp.aftersales.models import ServiceVisit, VisitStatus
from webapp.core.permissions import RowScope, ScopeKind
from webapp.staff.models import Centre, User

GROUP = RowScope(ScopeKind.GROUP, 0)
EARLY = at(7)  # before the workshop opens


@pytest.fixture
def shop(session: Session) -> Shop:
    """A workshop in the database of the application. Its clock stands at noon."""
    made = open_shop(session)
    session.commit()
    return made


@pytest.fixture
def advisor(shop: Shop, session: Session) -> User:
    found = session.get(User, shop.advisors[0])
    assert found is not None
    session.commit()  # lets go of what was read: the engine writes next
    return found


def noted(shop: Shop, starts_at: datetime, **facts: Any) -> ServiceVisit:
    """A visit by appointment that takes no bay: as many as one likes at the same time."""
    visit = shop.visit()
    for name, value in {"status": VisitStatus.BOOKED, "ends_at": starts_at + timedelta(hours=1), **facts}.items():
        setattr(visit, name, value)
    visit.starts_at = starts_at
    shop.session.commit()
    return visit


def booked(
    shop: Shop, hour: int, minute: int = 0, *, bay: str = "Lift 1", advisor: int = 0, **facts: Any
) -> ServiceVisit:
    """A visit by appointment today, with what the test is about."""
    visit = shop.visit()
    book(shop.session, visit, shop.slot(visit, at(hour, minute), bay=bay, advisor=advisor), actor_id=None, now=EARLY)
    for name, value in facts.items():
        setattr(visit, name, value)
    shop.session.commit()
    return visit


def column(page: str, name: str) -> str:
    """The part of the page with one column."""
    _, found, rest = page.partition(f'data-test="column-{name}"')
    assert found, page
    return rest.partition("</section>")[0]


class TestColumns:
    def test_each_visit_stands_in_its_column_with_its_line(
        self, client: FlaskClient, shop: Shop, log_in: LogIn, session: Session
    ) -> None:
        late = booked(shop, 11, 30)
        car = make_car(session, late.customer)
        late.car_id = car.id
        booked(shop, 14, bay="Lift 2", status=VisitStatus.CONFIRMED)
        booked(shop, 8, advisor=1, status=VisitStatus.ARRIVED, arrived_at=NOW - timedelta(minutes=8))
        booked(
            shop, 8, 30, bay="Lift 2", advisor=2, status=VisitStatus.IN_WORK, promised_at=NOW - timedelta(minutes=20)
        )
        booked(shop, 9, bay="Lift 3", advisor=2, status=VisitStatus.WAITING_APPROVAL)
        booked(shop, 16, bay="Lift 3", advisor=1, status=VisitStatus.READY, promised_at=NOW)
        booked(shop, 12, bay="Lift 3", advisor=1, status=VisitStatus.DONE)
        noted(shop, NOW, status=VisitStatus.CANCELLED_BY_CUSTOMER)
        log_in("aftersales.see")

        page = client.get("/service/board").text

        expected = column(page, "expected")
        for words in ("Guest 1", "Aurelia S4, А 123 ВС 178", "11:30", "Maintenance, 30 000 km", "30\u00a0min late"):
            assert words in expected
        assert "Confirmed" in expected
        assert "Waiting 8\u00a0min, K. Reutov" in column(page, "arrived")
        assert "20\u00a0min past the promise" in column(page, "in_work")
        assert "Guest 5" in column(page, "approval")
        assert "Can be handed over" in column(page, "ready")
        assert "Guest 7" not in page
        assert "Guest 8" not in page
        assert "7 visits, 2 still to come" in page
        assert "1 late" in page

    def test_a_visit_of_another_day_is_shown_only_while_the_car_is_here(
        self, client: FlaskClient, shop: Shop, log_in: LogIn
    ) -> None:
        yesterday = NOW - timedelta(days=1)
        noted(shop, yesterday)
        noted(shop, yesterday, ends_at=NOW + timedelta(hours=1), status=VisitStatus.IN_WORK)
        noted(shop, NOW + timedelta(days=1))
        log_in("aftersales.see")

        page = client.get("/service/board").text

        assert [name for name in ("Guest 1", "Guest 2", "Guest 3") if name in page] == ["Guest 2"]

    def test_a_long_column_shows_the_first_and_opens_to_the_end(
        self, client: FlaskClient, shop: Shop, log_in: LogIn
    ) -> None:
        for number in range(11):
            noted(shop, NOW + timedelta(minutes=10 + number))
        log_in("aftersales.see")

        first = column(client.get("/service/board").text, "expected")
        whole = column(client.get("/service/board?open=expected").text, "expected")

        assert (first.count('data-test="visit"'), whole.count('data-test="visit"')) == (8, 11)
        assert "3 more from 12:18" in first


class TestCases:
    @pytest.fixture
    def errands(self, app: Flask) -> Errands:
        return Errands(app)

    def test_a_card_leads_to_its_case_and_names_the_step(
        self, client: FlaskClient, shop: Shop, log_in: LogIn, errands: Errands, advisor: User
    ) -> None:
        visit = booked(shop, 11, status=VisitStatus.ARRIVED, arrived_at=NOW - timedelta(minutes=4))
        task = errands.open(advisor, business_key=visit.business_key)
        log_in("aftersales.see", "cases.see")

        arrived = column(client.get("/service/board").text, "arrived")

        assert f'href="/cases/{task.instance_id}"' in arrived
        assert "call_back" in arrived
        russian = client.get("/service/board", headers={"Accept-Language": "ru"})
        assert "Перезвонить" in russian.text

    def test_who_may_not_see_the_case_gets_no_way_in(
        self, client: FlaskClient, shop: Shop, log_in: LogIn, errands: Errands, advisor: User
    ) -> None:
        visit = booked(shop, 14)
        errands.open(advisor, business_key=visit.business_key)
        log_in("aftersales.see")

        expected = column(client.get("/service/board").text, "expected")

        assert "Guest 1" in expected
        assert "/cases/" not in expected


class TestFigures:
    def test_the_bays_show_what_is_taken_and_what_is_free_from_now_on(
        self, client: FlaskClient, shop: Shop, log_in: LogIn
    ) -> None:
        booked(shop, 14)
        log_in("aftersales.see")

        page = client.get("/service/board").text
        bays = page.partition('data-test="bays"')[2].partition("</section>")[0]

        assert bays.count("h free") == 7
        assert "Bays are loaded to" in page

    def test_in_the_evening_a_free_bay_is_not_called_full(
        self, client: FlaskClient, shop: Shop, log_in: LogIn, clock: Any
    ) -> None:
        booked(shop, 14)
        clock.set(at(22))
        log_in("aftersales.see")

        page = client.get("/service/board").text
        bays = page.partition('data-test="bays"')[2].partition("</section>")[0]

        assert "The workshop has closed for today" in page
        assert ("full" in bays, "h free" in bays) == (False, False)

    def test_on_a_day_off_the_workshop_is_closed(
        self, client: FlaskClient, shop: Shop, log_in: LogIn, clock: Any
    ) -> None:
        clock.set(NOW.replace(month=1, day=1))
        log_in("aftersales.see")

        page = client.get("/service/board").text

        assert "The workshop is closed today." in page
        assert 'data-test="bays"' not in page


class TestWhose:
    def test_mine_are_those_of_the_advisor(self, client: FlaskClient, shop: Shop, log_in: LogIn, advisor: User) -> None:
        booked(shop, 14)
        booked(shop, 15, bay="Lift 2", advisor=1)
        log_in(user=advisor)

        every, mine = client.get("/service/board").text, client.get("/service/board?whose=mine").text

        assert ("Guest 1" in every, "Guest 2" in every) == (True, True)
        assert ("Guest 1" in mine, "Guest 2" in mine) == (True, False)
        assert "1 visit, 1 still to come" in mine

    @pytest.mark.parametrize(("scope", "seen"), [("own", ["Guest 1"]), ("centre", ["Guest 1", "Guest 2"])])
    def test_only_visits_in_reach(
        self, client: FlaskClient, shop: Shop, session: Session, log_in: LogIn, scope: str, seen: list[str]
    ) -> None:
        me = log_in("aftersales.see", scope=scope, centre=session.get(Centre, shop.centre_id))
        booked(shop, 14, advisor_id=me.id)
        booked(shop, 15, bay="Lift 2", advisor=1)

        page = client.get("/service/board").text

        assert [name for name in ("Guest 1", "Guest 2") if name in page] == seen

    def test_a_centre_out_of_reach_shows_nothing(
        self, client: FlaskClient, shop: Shop, session: Session, log_in: LogIn
    ) -> None:
        booked(shop, 14)
        elsewhere = Centre(name="South")
        session.add(elsewhere)
        session.commit()
        log_in("aftersales.see", scope="centre", centre=elsewhere)

        page = client.get(f"/service/board?centre={shop.centre_id}").text

        assert "No workshop here yet" in page
        assert "Guest 1" not in page

    def test_an_advisor_lands_on_it(self, client: FlaskClient, shop: Shop, log_in: LogIn, advisor: User) -> None:
        log_in(user=advisor)

        assert client.get("/").headers["Location"] == "/service/board"

    def test_a_salesperson_does_not(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        log_in(user=make_user(session, "director"))

        assert client.get("/").headers["Location"] != "/service/board"


class TestPage:
    def test_an_empty_day_says_what_comes_here(self, client: FlaskClient, shop: Shop, log_in: LogIn) -> None:
        log_in("aftersales.see", "aftersales.book")

        page = client.get("/service/board").text

        assert "Nobody is expected today" in page
        assert f'href="/service/booking?centre={shop.centre_id}"' in page

    def test_hostile_text_is_only_text(self, client: FlaskClient, shop: Shop, log_in: LogIn) -> None:
        booked(shop, 14, jobs=[], customer_words="<script>alert(1)</script>")
        log_in("aftersales.see")

        page = client.get("/service/board").text

        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page

    def test_a_script_gets_the_board_alone(self, client: FlaskClient, shop: Shop, log_in: LogIn) -> None:
        log_in("aftersales.see")

        part = client.get("/service/board", headers={"HX-Request": "true"}).text

        assert part.lstrip().startswith('<div id="service-board"')
        assert "<html" not in part

    def test_the_page_listens_to_the_board(self, client: FlaskClient, shop: Shop, log_in: LogIn) -> None:
        log_in("aftersales.see", "diary.see")

        assert 'data-live="/diary/stream?topic=service_board"' in client.get("/service/board").text
        assert 'data-live="/diary/stream"' in client.get("/profile").text

    def test_costs_the_same_for_many_visits(
        self, app: Flask, client: FlaskClient, shop: Shop, log_in: LogIn, advisor: User
    ) -> None:
        errands = Errands(app)
        log_in("aftersales.see", "cases.see")
        counts = []
        for many in (2, 12):
            for _ in range(many):
                visit = noted(shop, NOW + timedelta(hours=1), status=VisitStatus.ARRIVED, advisor_id=advisor.id)
                visit.car_id = make_car(shop.session, visit.customer, vin="").id
                shop.session.commit()
                errands.open(advisor, business_key=visit.business_key)
            with counted_statements(app.extensions["database"].engine) as statements:
                client.get("/service/board")
            counts.append(len(statements))

        assert counts[0] == counts[1] <= 32


@on_both_databases
class TestLive:
    @pytest.fixture
    def state(self, shop: Shop) -> Callable[[], object]:
        since, until = day_of(NOW)
        read = listen_to_day(GROUP, since, until)
        return lambda: read(shop.session)

    def test_what_happens_to_a_visit_of_today_is_heard(self, shop: Shop, state: Callable[[], object]) -> None:
        visit = booked(shop, 14)
        states = [state()]
        visit.status = VisitStatus.ARRIVED
        shop.session.flush()
        states.append(state())
        visit.promised_at = NOW
        shop.session.flush()
        states.append(state())

        assert states[0] != states[1] != states[2]
        assert state() == states[2]

    def test_a_step_of_its_case_is_heard_and_another_case_is_not(
        self, shop: Shop, state: Callable[[], object], app: Flask, advisor: User
    ) -> None:
        visit, errands = booked(shop, 14), Errands(app)
        before = state()
        errands.open(advisor)
        other = state()
        errands.open(advisor, business_key=visit.business_key)
        shop.session.rollback()

        assert before == other != state()
