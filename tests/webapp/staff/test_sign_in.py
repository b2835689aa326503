"""Coming in: password, lockout, rate limit, the demo's roles, the first start, a forgotten password."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.outbox import OutboxMessage
from tests.webapp.conftest import LogIn, MakeApp
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.core.models import AuditEntry
from webapp.staff import services
from webapp.staff.models import Centre, User

PASSWORD = "correct horse"


@pytest.fixture
def ada(app: Flask, session: Session) -> User:
    with app.app_context():
        user = services.create_administrator(
            session, name="Ada Brown", email="ada@example.com", password=PASSWORD, now=NOW
        )
    session.commit()
    return user


def sign_in(client: FlaskClient, password: str = PASSWORD, email: str = "ada@example.com", **data: str) -> str:
    """Where the answer leads; empty when the page is shown again."""
    return client.post("/sign-in", data={"email": email, "password": password} | data).headers.get("Location", "")


def without_tokens(page: str) -> str:
    """The page without its CSRF tokens: they carry the second in which they were made."""
    tokens = re.findall(r'name="csrf-token" content="([^"]+)"', page)
    assert tokens, "the page carries a token"
    return page.replace(tokens[0], "")


class TestPassword:
    @pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
    def test_one_that_is_longer_than_any_hash_takes_is_only_wrong(
        self, client: FlaskClient, ada: User, email: str
    ) -> None:
        answer = client.post("/sign-in", data={"email": email, "password": "a" * 100_000})

        assert (answer.status_code, "do not fit" in answer.text) == (422, True)

    def test_the_right_one_opens_the_page_that_was_wanted(self, client: FlaskClient, ada: User) -> None:
        assert sign_in(client, next="/staff?q=x") == "/staff?q=x"
        assert client.get("/profile").status_code == 200

    def test_the_address_may_be_written_carelessly(self, client: FlaskClient, ada: User) -> None:
        assert sign_in(client, email=" ADA@example.com ") == "/"

    def test_a_wrong_one_is_refused_without_saying_what_was_wrong(self, client: FlaskClient, ada: User) -> None:
        wrong = client.post("/sign-in", data={"email": "ada@example.com", "password": "wrong"})
        unknown = client.post("/sign-in", data={"email": "eve@example.com", "password": "wrong"})

        assert wrong.status_code == unknown.status_code == 422
        assert without_tokens(wrong.text).replace("ada@", "eve@") == without_tokens(unknown.text)

    def test_the_next_page_is_never_elsewhere(self, client: FlaskClient, ada: User) -> None:
        assert sign_in(client, next="//evil.example/staff") == "/"

    def test_a_blocked_person_stays_outside(self, client: FlaskClient, session: Session, ada: User) -> None:
        ada.active = False
        session.commit()

        assert sign_in(client) == ""

    def test_blocking_ends_an_open_session(
        self, client: FlaskClient, session: Session, ada: User, log_in: LogIn
    ) -> None:
        log_in(user=ada)
        ada.active = False
        session.commit()

        assert client.get("/profile").status_code == 302

    def test_it_is_kept_as_argon2(self, ada: User) -> None:
        assert ada.password
        assert ada.password.startswith("$argon2id$")


class TestLockout:
    def test_too_many_wrong_passwords_make_the_account_wait(
        self, client: FlaskClient, ada: User, clock: SettableClock
    ) -> None:
        for _ in range(8):
            sign_in(client, "wrong")

        assert sign_in(client) == ""
        clock.advance(timedelta(minutes=16))
        assert sign_in(client) == "/"

    def test_failures_are_counted_although_the_answer_is_a_refusal(
        self, client: FlaskClient, session: Session, ada: User
    ) -> None:
        sign_in(client, "wrong")

        session.refresh(ada)
        assert ada.failed_sign_ins == 1
        assert session.scalars(select(AuditEntry.action)).all()[-1] == "staff.sign_in.refused"

    def test_a_success_forgets_the_failures(self, client: FlaskClient, session: Session, ada: User) -> None:
        sign_in(client, "wrong")
        sign_in(client)

        session.refresh(ada)
        assert (ada.failed_sign_ins, ada.last_sign_in_at) == (0, NOW)


def test_one_address_may_not_try_without_end(make_app: MakeApp) -> None:
    client = make_app(RATELIMIT_ENABLED=True, sign_in_limit="3 per minute").test_client()

    statuses = [client.post("/sign-in", data={"email": "a@example.com", "password": "x"}).status_code for _ in range(5)]

    assert statuses == [422, 422, 422, 429, 429]


def test_signing_in_begins_a_new_session(client: FlaskClient, ada: User) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"

    sign_in(client)

    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.permanent


def test_signing_out_ends_the_session(client: FlaskClient, ada: User) -> None:
    sign_in(client)

    client.post("/sign-out")

    assert client.get("/profile").headers["Location"].startswith("/sign-in")


class TestDemo:
    @pytest.fixture
    def app(self, make_app: MakeApp) -> Flask:
        return make_app(demo=True)

    def test_one_click_signs_in_as_a_role(self, client: FlaskClient, session: Session, ada: User) -> None:
        make_user(session, "sales_manager", centre=make_centre(session), name="Vera Sokolova")
        session.commit()

        assert "Vera Sokolova" in client.get("/sign-in").text
        client.post("/demo-sign-in", data={"role": "sales_manager"})
        assert "Vera Sokolova" in client.get("/profile").text

    def test_only_roles_that_somebody_holds_are_offered(self, client: FlaskClient, ada: User) -> None:
        page = client.get("/sign-in").text

        assert re.findall(r'data-test="role-(\w+)"', page) == ["admin"]
        assert client.post("/demo-sign-in", data={"role": "cashier"}).status_code == 404
        assert client.post("/demo-sign-in", data={"role": "emperor"}).status_code == 404


def test_outside_the_demo_nobody_comes_in_without_a_password(client: FlaskClient, ada: User) -> None:
    assert "demo" not in client.get("/sign-in").text.lower()
    assert client.post("/demo-sign-in", data={"role": "admin"}).status_code == 404
    assert client.get("/profile").status_code == 302


ANSWERS = {
    "centre": "North",
    "name": "Ada Brown",
    "email": "ada@example.com",
    "password": PASSWORD,
    "repeated": PASSWORD,
}


class TestFirstStart:
    def test_the_sign_in_leads_there_while_nobody_exists(self, client: FlaskClient) -> None:
        assert client.get("/sign-in").headers["Location"] == "/set-up"

    def test_it_makes_an_administrator_and_a_centre(self, client: FlaskClient, session: Session) -> None:
        answer = client.post("/set-up", data=ANSWERS)

        assert answer.headers["Location"] == "/staff"
        assert client.get("/staff/centres").status_code == 200
        assert session.scalars(select(Centre.name)).all() == ["North"]

    def test_it_happens_once(self, client: FlaskClient, session: Session, ada: User) -> None:
        assert client.get("/set-up").status_code == 302
        assert client.post("/set-up", data=ANSWERS | {"email": "eve@example.com"}).status_code == 409
        assert session.scalars(select(User.email)).all() == ["ada@example.com"]

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"repeated": "something else"}, "repeated"),
            ({"password": "short", "repeated": "short"}, "password"),
            ({"password": "aaaaaaaaaaaa", "repeated": "aaaaaaaaaaaa"}, "password"),
            ({"email": "nobody"}, "email"),
            ({"name": " "}, "name"),
        ],
    )
    def test_a_mistake_is_shown_at_its_field(
        self, client: FlaskClient, session: Session, wrong: dict[str, str], field: str
    ) -> None:
        page = client.post("/set-up", data=ANSWERS | wrong)

        assert (page.status_code, f'data-test="error-{field}"' in page.text) == (422, True)
        assert session.scalars(select(User)).all() == []


class TestForgottenPassword:
    def link(self, session: Session) -> str:
        message = session.scalars(select(OutboxMessage)).one()
        found = re.search(r"http://127\.0\.0\.1:8000(/new-password/\S+)", json.loads(message.body)["text"])
        assert found
        return found[1]

    def test_the_mail_brings_a_link_that_sets_a_new_one(self, client: FlaskClient, session: Session, ada: User) -> None:
        client.post("/forgotten-password", data={"email": "ada@example.com"}, headers={"Host": "evil.example"})
        link = self.link(session)
        client.post(link, data={"password": "battery staple", "repeated": "battery staple"})

        assert sign_in(client) == ""
        assert sign_in(client, "battery staple") == "/"

    def test_the_link_works_once(self, client: FlaskClient, session: Session, ada: User) -> None:
        client.post("/forgotten-password", data={"email": "ada@example.com"})
        link = self.link(session)
        client.post(link, data={"password": "battery staple", "repeated": "battery staple"})

        assert client.get(link).status_code == 404
        assert client.post(link, data={"password": "another one", "repeated": "another one"}).status_code == 404

    def test_a_forged_link_does_not_work(self, client: FlaskClient, ada: User) -> None:
        assert client.get("/new-password/forged").status_code == 404

    def test_an_unknown_address_gets_the_same_answer_and_no_mail(
        self, client: FlaskClient, session: Session, ada: User
    ) -> None:
        known = client.post("/forgotten-password", data={"email": "ada@example.com"}).text
        unknown = client.post("/forgotten-password", data={"email": "eve@example.com"}).text

        token = re.compile(r'(name="csrf-token" content=)"[^"]+"')  # it says when it was made
        assert token.sub(r"\1", known) == token.sub(r"\1", unknown)
        assert [message.recipient for message in session.scalars(select(OutboxMessage))] == ["ada@example.com"]

    def test_the_mail_speaks_the_language_of_its_reader(self, client: FlaskClient, session: Session, ada: User) -> None:
        ada.language = "ru"
        session.commit()

        client.post("/forgotten-password", data={"email": "ada@example.com"})

        assert "Здравствуйте, Ada Brown!" in json.loads(session.scalars(select(OutboxMessage.body)).one())["text"]

    def test_a_new_password_ends_the_other_sessions(
        self, app: Flask, client: FlaskClient, session: Session, ada: User
    ) -> None:
        other = app.test_client()
        sign_in(other)
        sign_in(client)

        answers = {"current": PASSWORD, "password": "battery staple", "repeated": "battery staple"}
        client.post("/profile/password", data=answers)

        assert client.get("/profile").status_code == 200
        assert other.get("/profile").status_code == 302
