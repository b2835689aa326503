"""`marshrut demo` and the bar that shows how much of the history there is."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.webapp.conftest import LogIn, MakeApp
from tests.webapp.staff.factories import NOW, make_user
from webapp.core.preparing import prepare
from webapp.demo.commands import demo
from webapp.demo.feature import DEMO
from webapp.demo.models import DemoProgress
from webapp.demo.people import hire
from webapp.demo.progress import get_progress


def type_demo(app: Flask, *arguments: str) -> tuple[int, str]:
    with app.app_context():
        result = app.test_cli_runner().invoke(demo, arguments)
    return result.exit_code, result.output


@pytest.fixture
def growing(app: Flask, session: Session) -> DemoProgress:
    progress = DemoProgress(
        seed=1,
        begins=NOW - timedelta(days=700),
        scale=0.04,
        slices=1,
        slice_ends=NOW,
        recent_from=NOW,
        recent_slices=1,
        played=2,
        expected=10,
        inquiries=1_352,
    )
    session.add(progress)
    session.commit()
    return progress


def test_a_database_with_people_gets_no_demo(app: Flask, session: Session) -> None:
    make_user(session)
    session.commit()
    code, said = type_demo(app)

    assert (code, "has people of its own" in said) == (2, True)


def test_a_dealer_from_before_the_progress_was_kept_is_left_alone(app: Flask, session: Session) -> None:
    hire(session, now=NOW)
    session.commit()

    code, said = type_demo(app)

    assert (code, "is there already" in said) == (0, True)


def test_nothing_is_played_outside_a_demo_installation(make_app: MakeApp) -> None:
    code, said = type_demo(make_app())

    assert (code, "MARSHRUT_DEMO=1" in said) == (2, True)


@pytest.mark.long
def test_the_opening_is_played_before_the_start_and_the_rest_beside_it(app: Flask, session: Session) -> None:
    arguments = ("--months", "0.22")
    code, said = type_demo(app, *arguments)

    found = get_progress(session)
    assert found is not None
    assert (code, found.slices) == (0, 0)
    assert f"{found.played} inquiries" in said
    assert 0 < found.played < found.expected
    (companion,) = DEMO.companions
    with app.app_context():
        assert companion.wanted()

    played = found.played
    type_demo(app, *arguments)  # a second start
    session.rollback()
    assert found.played == played

    type_demo(app, *companion.arguments[1:2])
    session.rollback()
    assert (found.slices, found.inquiries > played) == (1, True)
    with app.app_context():
        assert not companion.wanted()


def test_a_larger_scale_is_noted_and_wanted_of_the_next_start(
    app: Flask, session: Session, growing: DemoProgress
) -> None:
    with app.app_context():
        prepare(session, now=NOW)
    hire(session, now=NOW)
    growing.slices, growing.played, growing.finished_at = 4, 0, NOW
    session.commit()
    (companion,) = DEMO.companions
    with app.app_context():
        assert not companion.wanted()

    code, _ = type_demo(app, "--scale", "0.5")

    session.expire_all()
    found = get_progress(session)
    assert found is not None
    assert (code, found.scale, found.finished_at) == (0, 0.5, None)
    with app.app_context():
        assert companion.wanted()


@pytest.mark.parametrize(("language", "words"), [("en", "Demo history"), ("ru", "История демо")])
def test_every_page_shows_how_far_the_history_is(
    client: FlaskClient, log_in: LogIn, growing: DemoProgress, session: Session, language: str, words: str
) -> None:
    user = make_user(session)
    user.language = language
    log_in(user=user)

    page = client.get("/profile").get_data(as_text=True)
    answer = client.get("/demo/progress")

    assert words in page
    assert 'value="30"' in page
    assert (answer.status_code, 'value="30"' in answer.get_data(as_text=True)) == (200, True)


def test_a_complete_history_is_not_asked_for_again(
    client: FlaskClient, log_in: LogIn, session: Session, growing: DemoProgress
) -> None:
    growing.slices, growing.played = 4, 0
    session.commit()
    log_in(user=make_user(session))

    answer = client.get("/demo/progress")

    assert (answer.status_code, answer.get_data(as_text=True).strip()) == (286, "")
    assert "demo-progress" not in client.get("/profile").get_data(as_text=True)
