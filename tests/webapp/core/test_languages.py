"""Which language and zone a person reads, and how his choice is remembered."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.webapp.conftest import LogIn, MakeApp
from tests.webapp.staff.factories import make_user


def language_of(page: str) -> str:
    return page.partition('<html lang="')[2][:2]


def test_the_setting_decides_for_whom_nothing_is_known(make_app: MakeApp) -> None:
    client = make_app(default_language="ru").test_client()

    assert language_of(client.get("/set-up").text) == "ru"


def test_the_browsers_wish_comes_before_the_setting(make_app: MakeApp) -> None:
    client = make_app(default_language="ru").test_client()

    assert language_of(client.get("/set-up", headers={"Accept-Language": "de, en;q=0.8, ru;q=0.5"}).text) == "en"


def test_the_switch_is_remembered_without_signing_in(client: FlaskClient) -> None:
    client.post("/preferences", data={"language": "ru", "next": "/set-up"})

    assert language_of(client.get("/set-up", headers={"Accept-Language": "en"}).text) == "ru"


def test_the_switch_is_remembered_with_the_person(client: FlaskClient, session: Session, log_in: LogIn) -> None:
    person = log_in("staff.see")
    client.post("/preferences", data={"language": "ru"})

    session.refresh(person)
    client.delete_cookie("language")

    assert person.language == "ru"
    assert language_of(client.get("/profile").text) == "ru"


def test_the_theme_is_remembered_with_the_person(client: FlaskClient, session: Session, log_in: LogIn) -> None:
    person = log_in("staff.see")

    client.post("/preferences", data={"theme": "dark"})

    session.refresh(person)
    assert person.theme == "dark"
    assert 'data-bs-theme="dark"' in client.get("/profile").text


def test_an_unknown_language_changes_nothing(client: FlaskClient) -> None:
    client.post("/preferences", data={"language": "xx"})

    assert language_of(client.get("/set-up").text) == "en"


def test_times_are_told_in_the_zone_of_the_reader(client: FlaskClient, session: Session, log_in: LogIn) -> None:
    moment = make_user(session).created_at
    seen = make_user(session, last_sign_in_at=moment)

    for zone, shown in (("Europe/Moscow", "2 Mar 2026, 12:00"), ("Asia/Kamchatka", "2 Mar 2026, 21:00")):
        log_in(user=make_user(session, "admin", time_zone=zone))
        assert shown in client.get(f"/staff/{seen.id}").text
