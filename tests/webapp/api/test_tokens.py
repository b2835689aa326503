"""Personal tokens: made, shown once, used, limited, run out, revoked; and what opens nothing."""

from datetime import timedelta
from hashlib import sha256

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from tests.webapp.api.bearers import Program, make_token
from tests.webapp.api.conftest import ProgramOf
from tests.webapp.conftest import LogIn, MakeApp
from tests.webapp.staff.factories import NOW, make_user
from webapp.api.models import ApiToken
from webapp.core.models import AuditEntry
from webapp.core.rate_limits import limiter


def secret_in(page: str) -> str:
    return page.split('data-test="secret"')[0].rsplit('value="', 1)[1].split('"')[0]


class TestPage:
    def test_a_new_token_is_shown_once_and_kept_as_a_hash(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        log_in("cases.see")

        page = client.post("/tokens", data={"name": "Telephone", "days": "90"})

        secret = secret_in(page.text)
        token = session.scalars(select(ApiToken)).one()
        assert secret.startswith("mrt_")
        assert token.token_hash == sha256(secret.encode()).hexdigest()
        assert secret not in client.get("/tokens").text
        assert token.expires_at == NOW + timedelta(days=90)
        assert Program(client, secret).get("/me").get_json()["token"]["name"] == "Telephone"

    def test_what_is_missing_is_told(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in("cases.see")

        answer = client.post("/tokens", data={"name": " ", "days": "90"})

        assert (answer.status_code, 'data-test="error-name"' in answer.text) == (422, True)

    def test_revoking_ends_it_at_once_and_is_on_record(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        me = log_in("cases.see")
        caller = Program(client, make_token(session, me))
        session.commit()
        number = session.scalars(select(ApiToken.id)).one()
        assert caller.get("/me").status_code == 200

        client.post(f"/tokens/{number}/revoke")

        assert caller.get("/me").status_code == 401
        session.rollback()
        actions = session.execute(select(AuditEntry.action, AuditEntry.actor_id)).all()
        assert ("api.token.revoked", me.id) in actions

    def test_another_persons_token_is_not_there(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        make_token(session, make_user(session))
        log_in("cases.see")
        number = session.scalars(select(ApiToken.id)).one()

        assert client.post(f"/tokens/{number}/revoke").status_code == 404

    def test_an_administrator_sees_and_revokes_those_of_all(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        owner = make_user(session, name="Anna Orlova")
        caller = Program(client, make_token(session, owner))
        log_in("api.see_tokens")
        number = session.scalars(select(ApiToken.id)).one()
        page = client.get("/system/tokens").text
        assert "Anna Orlova" in page
        assert f'data-opens="ask-{number}"' in page

        client.post(f"/system/tokens/{number}/revoke")

        assert caller.get("/me").status_code == 401


class TestUse:
    def test_the_cookie_of_a_browser_opens_nothing(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in("admin")

        answer = client.get("/api/v1/me")

        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")

    def test_a_token_opens_no_page(self, client: FlaskClient, session: Session) -> None:
        secret = make_token(session, make_user(session, "admin"))
        session.commit()

        answer = client.get("/customers", headers={"Authorization": f"Bearer {secret}"})

        assert answer.status_code == 302

    def test_the_rights_are_those_of_its_owner(self, program: ProgramOf) -> None:
        caller, me = program("cases.see", scope="own")

        told = caller.get("/me").get_json()
        refused = caller.get("/customers")

        assert (told["id"], told["permissions"]) == (me.id, {"cases.see": "own"})
        assert (refused.status_code, refused.get_json()["code"]) == (403, "permission_missing")

    def test_a_blocked_owner_stops_them_at_once(self, session: Session, program: ProgramOf) -> None:
        caller, me = program("cases.see")
        assert caller.get("/me").status_code == 200
        me.active = False
        session.commit()

        assert caller.get("/me").status_code == 401

    def test_one_that_has_run_out_opens_nothing(
        self, session: Session, client: FlaskClient, clock: SettableClock
    ) -> None:
        owner = make_user(session)
        caller = Program(client, make_token(session, owner, expires_at=NOW + timedelta(days=1)))
        session.commit()
        assert caller.get("/me").status_code == 200

        clock.set(NOW + timedelta(days=1))

        assert caller.get("/me").status_code == 401

    def test_the_last_use_is_noted_every_few_minutes(
        self, session: Session, program: ProgramOf, clock: SettableClock
    ) -> None:
        caller, _ = program("cases.see")
        noted = []
        for minutes in (1, 10, 12):
            clock.set(NOW + timedelta(minutes=minutes))
            assert caller.get("/me").status_code == 200
            session.rollback()
            token = session.scalars(select(ApiToken).execution_options(populate_existing=True)).one()
            noted.append(token.last_used_at)

        assert noted == [NOW, NOW + timedelta(minutes=10), NOW + timedelta(minutes=10)]

    @pytest.mark.parametrize(("language", "word"), [("ru", "Передайте действующий"), ("en", "Send one that is valid")])
    def test_refusals_speak_the_callers_language(self, client: FlaskClient, language: str, word: str) -> None:
        answer = client.get("/api/v1/me", headers={"Accept-Language": language})

        told = answer.get_json()
        assert (told["status"], told["code"], told["type"]) == (401, "401", "about:blank")
        assert word in told["detail"]

    @pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api/v1//me", "/api/v1/tasks/99999999999"])
    def test_nothing_under_api_is_a_page(self, program: ProgramOf, path: str) -> None:
        caller, _ = program("cases.see")

        answer = caller.client.get(path, headers={**caller.headers, "Accept": "text/html"})

        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")

    def test_a_method_that_is_not_there_names_those_that_are(self, program: ProgramOf) -> None:
        caller, _ = program("cases.see")

        answer = caller.post("/me", method="DELETE")

        assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
        assert "GET" in answer.headers["Allow"]


class TestLimits:
    def test_a_token_that_calls_too_often_waits(self, make_app: MakeApp, session: Session) -> None:
        app = make_app(RATELIMIT_ENABLED=True, api_token_limit="3 per minute", api_address_limit="1000 per minute")
        limiter.reset()
        caller = Program(app.test_client(), make_token(session, make_user(session)))
        other = Program(app.test_client(), make_token(session, make_user(session)))
        session.commit()

        answers = [caller.get("/me") for _ in range(4)]

        assert [each.status_code for each in answers] == [200, 200, 200, 429]
        assert [each.headers["RateLimit-Remaining"] for each in answers] == ["2", "1", "0", "0"]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
        assert answers[-1].mimetype == "application/problem+json"
        assert other.get("/me").status_code == 200

    def test_an_address_that_calls_too_often_waits_whatever_its_token(
        self, make_app: MakeApp, session: Session
    ) -> None:
        app = make_app(RATELIMIT_ENABLED=True, api_address_limit="2 per minute")
        limiter.reset()
        client = app.test_client()

        answers = [client.get("/api/v1/me").status_code for _ in range(3)]

        assert answers == [401, 401, 429]
        assert client.get("/sign-in").status_code != 429
