"""The register: found while typing, saved in one go, and the list of the day."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.instances.models import ProcessInstance
from tests.dealer import ROOT
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.customers.factories import make_customer
from tests.webapp.staff.factories import NOW, make_absence, make_centre, make_user
from webapp.aftersales.models import ServiceVisit
from webapp.core import workflow
from webapp.core.reference import ship_all
from webapp.core.working_calendars import save_initial_calendars
from webapp.customers.models import Customer
from webapp.inquiries.models import Inquiry, InquiryResult, TrackingNumber
from webapp.staff.models import Centre, User

RIGHTS = ("inquiries.see", "inquiries.add", "customers.see", "cases.see")
NEW = {
    "act": "save",
    "channel": "call",
    "purpose": "new_car",
    "phone": "8 900 000-41-17",
    "name": "Белова Марина",
    "source_code": "radio",
}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def north(session: Session) -> Centre:
    return make_centre(session, name="North")


@pytest.fixture
def seller(session: Session, north: Centre) -> User:
    return make_user(session, "sales_manager", centre=north, name="Alina Lebedeva")


@pytest.fixture(autouse=True)
def _work(app: Flask, session: Session, seller: User) -> None:
    """The lists that ship, the opening hours, the published worksheet."""
    with app.app_context():
        ship_all(session)
        save_initial_calendars(session, years=(2026,))
        session.commit()
        files = [
            *ROOT.glob("processes/sales/*.*"),
            *ROOT.glob("forms/sales/*.form"),
            *ROOT.glob("forms/common/*.form"),
        ]
        contents = {str(path.relative_to(ROOT)): path.read_bytes() for path in files}
        with app.extensions["database"].write() as opened:
            app.extensions[workflow.ENGINE].deploy(opened, contents, actor_id=None, now=NOW)


def inquiries(session: Session) -> list[Inquiry]:
    session.rollback()
    return list(session.scalars(select(Inquiry).order_by(Inquiry.id)))


class TestRegistering:
    def test_a_caller_becomes_a_customer_with_a_running_worksheet(
        self, client: FlaskClient, session: Session, log_in: LogIn, seller: User, north: Centre
    ) -> None:
        log_in(*RIGHTS)

        answer = client.post("/register/call", data=NEW | {"handed_to": seller.id}, follow_redirects=True)

        case = session.scalars(select(ProcessInstance)).one()
        assert (case.owner_id, case.scope_id) == (seller.id, north.id)
        assert f'href="/cases/{case.id}" data-test="worksheet">RL-000001' in answer.text
        assert "Make the follow-up contact" in answer.text
        assert session.scalars(select(Customer)).one().full_name == "Белова Марина"

    def test_a_worksheet_that_is_out_of_reach_is_named_without_a_link(
        self, client: FlaskClient, log_in: LogIn, seller: User, north: Centre
    ) -> None:
        log_in(*RIGHTS, scope="own", centre=north)

        answer = client.post("/register/call", data=NEW | {"handed_to": seller.id}, follow_redirects=True)

        assert "RL-000001" in answer.text
        assert 'href="/cases/' not in answer.text

    def test_an_agreed_visit_is_meant_in_the_readers_zone(
        self, client: FlaskClient, session: Session, log_in: LogIn, seller: User
    ) -> None:
        log_in(*RIGHTS)

        client.post("/register/call", data=NEW | {"visit_at": "2026-03-04T15:00"})

        (inquiry,) = inquiries(session)
        assert inquiry.visit_at is not None
        assert (inquiry.visit_at.hour, inquiry.result) == (12, InquiryResult.VISIT_BOOKED)

    def test_all_errors_come_back_at_once_with_what_was_typed(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        log_in(*RIGHTS)
        typed = NEW | {"phone": "12345", "name": "", "source_code": "", "comment": "Will call back"}

        answer = client.post("/register/call", data=typed)

        assert answer.status_code == 422
        for expected in ("error-phone", "error-name", "error-source_code", 'value="12345"', 'value="Will call back"'):
            assert expected in answer.text
        assert inquiries(session) == []

    @pytest.mark.parametrize(
        ("visit_at", "words"), [("2026-03-04T23:00", "The centre is closed"), ("2020-01-01T12:00", "has passed")]
    )
    def test_an_impossible_visit_is_told_at_its_field_and_saves_nothing(
        self, client: FlaskClient, session: Session, log_in: LogIn, visit_at: str, words: str
    ) -> None:
        log_in(*RIGHTS)

        answer = client.post("/register/call", data=NEW | {"visit_at": visit_at})

        assert answer.status_code == 422
        assert words in answer.text
        assert 'data-test="error-visit_at"' in answer.text
        assert inquiries(session) == []
        assert session.scalars(select(Customer)).all() == []

    def test_nameless_traffic_needs_nothing(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        log_in(*RIGHTS)
        typed = {"act": "nameless", "channel": "walk_in", "purpose": "other", "phone": "123", "name": ""}

        answer = client.post("/register/call", data=typed, follow_redirects=True)

        assert "Counted without a name" in answer.text
        assert inquiries(session)[0].customer_id is None

    def test_without_the_script_the_one_input_is_enough(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        make_customer(session, phones=["89000004117"])
        log_in(*RIGHTS)

        client.post("/register/call", data=NEW | {"q": "8 900 000-41-17", "phone": "", "name": ""})

        (inquiry,) = inquiries(session)
        assert inquiry.phone == "+79000004117"

    def test_the_same_caller_within_a_day_is_led_to_his_worksheet(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        log_in(*RIGHTS)
        client.post("/register/call", data=NEW)

        answer = client.post("/register/call", data=NEW | {"channel": "walk_in"}, follow_redirects=True)

        assert "RL-000001" in answer.text
        assert len(inquiries(session)) == 1

    @pytest.mark.parametrize("rights", [("inquiries.see",), ("customers.see",)])
    def test_only_who_may_registers(self, client: FlaskClient, log_in: LogIn, rights: tuple[str, ...]) -> None:
        log_in(*rights)

        assert client.post("/register/call", data=NEW).status_code == 403
        assert client.get("/register/call").status_code == 403
        assert client.get("/register/matches?q=bel").status_code == 403


class TestPrefilling:
    def test_the_telephone_fills_caller_source_and_campaign(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        make_customer(session, phones=["89000004117"])
        log_in(*RIGHTS)

        page = client.get("/register/call?phone=89000004117&dialled=%2B79000009001").text

        assert 'data-test="caller">Marina Belova' in page
        assert '<option value="radio" selected>' in page
        assert "Radio, Первый снег" in page
        assert "From the dialled number" in page

    @pytest.mark.parametrize(
        ("language", "prompt"),
        [("en", "Good day, North, my name is Inna Zueva."), ("ru", "Автоцентр North, меня зовут Inna Zueva.")],
    )
    def test_the_greeting_of_the_drawing_is_read_out(
        self, client: FlaskClient, session: Session, log_in: LogIn, north: Centre, language: str, prompt: str
    ) -> None:
        log_in(user=make_user(session, "receptionist", centre=north, name="Inna Zueva"))
        client.set_cookie("language", language)

        assert prompt in client.get("/register/call").text

    def test_a_customer_goes_to_his_manager_or_the_deputy(
        self, client: FlaskClient, session: Session, log_in: LogIn, north: Centre, seller: User
    ) -> None:
        deputy = make_user(session, "sales_manager", centre=north, name="Roman Titov")
        customer = make_customer(session, owner_id=seller.id, centre_id=north.id)
        log_in(*RIGHTS)
        chosen = f"/register/card?choose={customer.id}"

        assert f'<option value="{seller.id}" selected>' in client.get(chosen).text
        make_absence(session, seller, deputy)
        session.commit()
        page = client.get(chosen).text
        assert f'<option value="{deputy.id}" selected>' in page
        assert "Deputy of Alina Lebedeva: Roman Titov" in " ".join(page.split())


class TestTyping:
    def test_the_very_phone_brings_its_card_and_keeps_what_was_typed(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        make_customer(session, phones=["89000004117"])
        log_in(*RIGHTS)

        page = client.get("/register/matches", query_string={"q": "8 900 000-41-17", "comment": "Asked before"}).text

        assert 'hx-swap-oob="outerHTML"' in page
        assert 'data-test="caller">Marina Belova' in page
        assert 'value="Asked before"' in page

    def test_a_card_that_is_open_already_is_left_alone(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        customer = make_customer(session, phones=["89000004117"])
        log_in(*RIGHTS)

        page = client.get("/register/matches", query_string={"q": "89000004117", "customer_id": customer.id}).text

        assert "register-card" not in page.replace('hx-target="#register-card"', "")

    def test_similar_names_are_offered_without_opening_one(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        make_customer(session)
        log_in(*RIGHTS)

        page = client.get("/register/matches?q=белов").text

        assert "<mark>Belov</mark>a" in page
        assert 'data-test="caller"' not in page

    def test_a_stranger_to_my_centre_is_found_by_the_very_phone_only(
        self, client: FlaskClient, session: Session, log_in: LogIn, north: Centre
    ) -> None:
        make_customer(session, phones=["89000004117"], centre_id=make_centre(session).id)
        log_in(*RIGHTS, scope="centre", centre=north)

        assert "Marina" in client.get("/register/matches?q=89000004117").text
        assert "Marina" not in client.get("/register/matches?q=4117").text
        assert "Marina" not in client.get("/register/matches?q=belova").text

    def test_few_statements_answer_a_key(
        self, app: Flask, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        for _ in range(30):
            make_customer(session)
        log_in(*RIGHTS)

        with counted_statements(app.extensions["database"].engine) as statements:
            client.get("/register/matches?q=belova")

        assert len(statements) <= 10


class TestDay:
    def test_shows_the_day_and_the_days_before(
        self, client: FlaskClient, session: Session, log_in: LogIn, clock: SettableClock
    ) -> None:
        log_in(*RIGHTS)
        client.post("/register/call", data=NEW)
        clock.advance(timedelta(days=1))

        assert "Nothing registered" in client.get("/register").text
        assert "Marina" not in client.get("/register").text
        assert "Марина Белова" in client.get("/register?day=2026-03-02").text
        assert client.get("/register?day=nonsense").status_code == 200

    def test_a_seller_sees_what_he_took_or_was_handed(
        self, client: FlaskClient, session: Session, log_in: LogIn, north: Centre, seller: User
    ) -> None:
        other = make_user(session, "sales_manager", centre=north)
        log_in(*RIGHTS)
        client.post("/register/call", data=NEW | {"handed_to": seller.id})
        client.post("/register/call", data=NEW | {"phone": "89000005561", "name": "Igor", "handed_to": other.id})

        log_in(user=seller)
        page = client.get("/register").text

        assert "Марина Белова" in page
        assert "Igor" not in page

    def test_somebody_elses_saved_inquiry_is_not_told(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        log_in(*RIGHTS)
        client.post("/register/call", data=NEW)
        log_in("inquiries.see", scope="own")

        assert 'data-test="saved"' not in client.get("/register?saved=1").text

    def test_costs_the_same_for_many_rows(
        self, app: Flask, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        log_in(*RIGHTS)
        counts = []
        for start in (0, 10):
            for number in range(start, start + 10):
                client.post("/register/call", data=NEW | {"phone": f"890000010{number:02}", "purpose": "service"})
            with counted_statements(app.extensions["database"].engine) as statements:
                client.get("/register")
            counts.append(len(statements))

        assert counts[0] == counts[1] <= 18

    def test_hostile_text_is_only_text(
        self, client: FlaskClient, session: Session, log_in: LogIn, seller: User
    ) -> None:
        seller.name = HOSTILE[:120]
        session.add(TrackingNumber(number="+79000009009", source_code="radio", campaign=HOSTILE))
        log_in(*RIGHTS)
        typed: dict[str, Any] = dict.fromkeys(("name", "comment", "campaign", "q", "phone"), HOSTILE)

        pages = [
            client.post("/register/call", data=NEW | typed),
            client.post("/register/call", data=NEW | {"name": HOSTILE, "campaign": HOSTILE}, follow_redirects=True),
            client.get("/register/call", query_string={"dialled": "+79000009009", "q": HOSTILE}),
            client.get("/register/matches", query_string={"q": HOSTILE}),
        ]

        for page in pages:
            assert "<script>alert" not in page.text
            assert "<img src=x" not in page.text


class TestService:
    @pytest.fixture
    def advisor(self, session: Session, north: Centre) -> User:
        return make_user(session, "service_advisor", centre=north, name="Viktor Nosov")

    @pytest.fixture(autouse=True)
    def _service(self, app: Flask) -> None:
        """The processes of the service beside those of sales."""
        files = [*ROOT.glob("processes/aftersales/*.*"), *ROOT.glob("forms/aftersales/*.form")]
        contents = {str(path.relative_to(ROOT)): path.read_bytes() for path in files}
        with app.app_context(), app.extensions["database"].write() as opened:
            app.extensions[workflow.ENGINE].deploy(opened, contents, actor_id=None, now=NOW)

    @pytest.mark.parametrize(
        ("channel", "said"), [("call", "Что вас беспокоит"), ("walk_in", "Здравствуйте, я вас жду")]
    )
    def test_a_guest_is_handed_to_an_advisor_and_hears_the_words_of_the_service(
        self, client: FlaskClient, session: Session, log_in: LogIn, advisor: User, seller: User, channel: str, said: str
    ) -> None:
        log_in(*RIGHTS)
        session.commit()
        asked = {"purpose": "service", "channel": channel, "handed_to": seller.id}

        card = client.get("/register/card", query_string=asked, headers={"Accept-Language": "ru"}).text

        assert said in card
        assert "Какой автомобиль" not in card
        named = card.partition('id="register-receiver"')[2].partition("</select>")[0]
        assert "Viktor Nosov" in named
        assert "Alina Lebedeva" not in named
        assert (f'value="{advisor.id}" selected' in named) is (channel == "walk_in")  # who talks on the phone books

    def test_what_he_opens_is_a_service_visit_and_his_advisor_has_it(
        self, client: FlaskClient, session: Session, log_in: LogIn, advisor: User
    ) -> None:
        log_in(*RIGHTS)
        session.commit()
        guest = NEW | {"purpose": "service", "channel": "walk_in", "handed_to": advisor.id}

        listed = client.post(
            "/register/call", data=guest, headers={"Accept-Language": "ru"}, follow_redirects=True
        ).text

        assert "1 новый визит в сервис" in listed
        assert "новая анкета" not in listed
        assert "новый рабочий лист" not in listed
        (inquiry,) = inquiries(session)
        assert inquiry.opened_case
        assert (inquiry.handed_to, session.scalars(select(Customer.owner_id)).all()) == (advisor.id, [None])
        assert session.scalars(select(ProcessInstance.owner_id)).all() == [advisor.id]
        assert session.scalars(select(ServiceVisit.advisor_id)).all() == [advisor.id]
