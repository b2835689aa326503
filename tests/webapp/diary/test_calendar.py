"""The calendar page, its JSON, and the feed under a secret link."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.human_tasks.assignment import Actor
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.diary.models import CalendarFeed
from webapp.staff.models import User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def make_link(client: FlaskClient) -> str:
    """The path of a new feed, as the person copies it."""
    page = client.post("/diary/feed").text
    found = re.search(r'value="http://127\.0\.0\.1:8000(/diary/feed/[^"]+\.ics)"', page)
    assert found
    return found.group(1)


def events(client: FlaskClient, path: str) -> dict[str, dict[str, object]]:
    """Events of the feed by UID: summary, start, description."""
    answer = client.get(path)
    assert answer.status_code == 200
    calendar = Calendar.from_ical(answer.data)
    return {
        str(event["uid"]): {"summary": str(event["summary"]), "start": event["dtstart"].dt, "text": str(event)}
        for event in calendar.walk("VEVENT")
    }


class TestPage:
    def test_a_week_begins_on_monday_and_lists_its_days(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        errands.open(seller, due=NOW + 2 * DAY)
        errands.open(seller, due=NOW + 8 * DAY)
        log_in(user=seller)

        page = client.get("/diary/calendar?date=2026-03-05&as=list").text

        assert "2 Mar 2026 – 8 Mar 2026" in page
        assert page.count('data-test="event"') == 1
        assert page.count("<section aria-labelledby") == 7

    def test_a_day_leads_to_its_neighbours(self, client: FlaskClient, log_in: LogIn, seller: User) -> None:
        log_in(user=seller)

        page = client.get("/diary/calendar?view=day&date=2026-03-01").text

        assert "date=2026-02-28" in page
        assert "date=2026-03-02" in page

    def test_a_wrong_date_is_today(self, client: FlaskClient, log_in: LogIn, seller: User) -> None:
        log_in(user=seller)

        assert client.get("/diary/calendar?date=yesterday&view=century").status_code == 200

    def test_the_grid_gets_moments_in_the_persons_own_zone(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        seller.time_zone = "Asia/Yekaterinburg"
        task = errands.open(seller, due=NOW + HOUR)
        late = errands.open_late(seller)
        log_in(user=seller)

        found = client.get("/diary/calendar/events?start=2026-03-02T00:00:00&end=2026-03-09T00:00:00").json

        assert found is not None
        assert [(each["id"], each["start"], each["late"]) for each in found] == [
            (str(late.id), "2026-03-02T13:00:00", True),
            (str(task.id), "2026-03-02T15:00:00", False),
        ]

    @pytest.mark.parametrize(
        "period", ["", "start=x&end=y", "start=2026-03-09&end=2026-03-02", "start=2026-01-01&end=2027-01-01"]
    )
    def test_a_period_that_is_none_is_refused(
        self, client: FlaskClient, log_in: LogIn, seller: User, period: str
    ) -> None:
        log_in(user=seller)

        assert client.get(f"/diary/calendar/events?{period}").status_code == 400


class TestFeed:
    def test_it_shows_steps_in_utc_without_naming_anybody(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, colleague: User
    ) -> None:
        task = errands.open(seller, due=NOW + HOUR)
        errands.open(colleague)
        log_in(user=seller)
        path = make_link(client)
        client.delete_cookie("session")

        found = events(client, path)

        assert list(found) == [f"task-{task.id}@127.0.0.1"]
        (event,) = found.values()
        assert event["summary"] == "call_back"
        assert event["start"] == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
        assert "test:1" not in str(event["text"])

    def test_names_stand_in_it_only_when_the_person_ticks_it(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        errands.open(seller)
        log_in(user=seller)
        path = make_link(client)

        client.post("/diary/feed/content", data={"with_names": "true"})
        named = events(client, path)
        client.post("/diary/feed/content")
        nameless = events(client, path)

        assert [event["summary"] for event in named.values()] == ["call_back: test:1"]
        assert [event["summary"] for event in nameless.values()] == ["call_back"]

    def test_an_event_keeps_its_uid_when_it_moves(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)
        path = make_link(client)
        before = events(client, path)

        errands.act(
            lambda session, engine: engine.postpone(
                session, task.id, until=NOW + 3 * DAY, reason="travel", actor=Actor(seller.id), now=NOW
            )
        )
        after = events(client, path)

        assert list(before) == list(after)
        assert [event["start"] for event in after.values()] == [NOW + 3 * DAY]

    def test_a_new_link_ends_the_old_one_and_a_revoked_one_ends(
        self, client: FlaskClient, log_in: LogIn, seller: User
    ) -> None:
        log_in(user=seller)
        old = make_link(client)
        new = make_link(client)
        statuses = [client.get(old).status_code, client.get(new).status_code]

        client.post("/diary/feed/revoke")

        assert statuses == [404, 200]
        assert client.get(new).status_code == 404

    def test_the_secret_itself_is_nowhere_stored(
        self, client: FlaskClient, session: Session, log_in: LogIn, seller: User
    ) -> None:
        log_in(user=seller)
        token = make_link(client).rpartition("/")[2].removesuffix(".ics")

        stored = session.scalars(select(CalendarFeed.token_hash)).one()

        assert token not in stored
        assert token not in client.get("/diary/settings").text

    def test_somebody_who_has_left_has_no_feed(
        self, client: FlaskClient, session: Session, log_in: LogIn, seller: User
    ) -> None:
        log_in(user=seller)
        path = make_link(client)

        seller.active = False
        session.commit()

        assert client.get(path).status_code == 404

    def test_it_speaks_the_persons_language(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User, clock: SettableClock
    ) -> None:
        seller.language = "ru"
        errands.open(seller)
        log_in(user=seller)

        found = events(client, make_link(client))

        assert [event["summary"] for event in found.values()] == ["Перезвонить"]
