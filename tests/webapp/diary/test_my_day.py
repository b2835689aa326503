"""My day: what waits, in the order in which it presses, and the acts of its rows."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.human_tasks.assignment import Actor
from engine.human_tasks.models import TaskState
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW, make_absence, make_user
from webapp.staff.models import Centre, User

HOUR = timedelta(hours=1)


def section(page: str, name: str) -> str:
    """The part of the page with this data-test."""
    found = re.search(rf'<section[^>]*data-test="{name}".*?</section>', page, re.DOTALL)
    return found.group(0) if found else ""


def tasks_in(part: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-task="(\d+)"', part)]


class TestLists:
    def test_late_work_soon_and_later_stand_apart(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        late = [errands.open(seller, due=NOW - 2 * HOUR, now=NOW - 5 * HOUR) for _ in range(2)]
        soon = [errands.open(seller, due=NOW + timedelta(minutes=each), now=NOW - HOUR) for each in (15, 50)]
        later = errands.open(seller, due=NOW + 8 * HOUR)
        tomorrow = errands.open(seller, due=NOW + 26 * HOUR)
        log_in(user=seller)

        page = client.get("/diary/").text

        assert tasks_in(section(page, "next")) == [soon[0].id]
        assert tasks_in(section(page, "overdue")) == [task.id for task in late]
        assert tasks_in(section(page, "now")) == [soon[1].id]
        assert tasks_in(section(page, "later")) == [later.id]
        assert tasks_in(section(page, "upcoming")) == [tomorrow.id]
        assert "2 overdue, 2 before 13:00, 1 later." in page

    def test_a_colleagues_work_does_not_appear(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, colleague: User
    ) -> None:
        errands.open(colleague)
        log_in(user=seller)

        page = client.get("/diary/").text

        assert 'data-test="task"' not in page
        assert 'data-test="empty"' in page

    def test_work_of_an_absent_colleague_carries_his_name(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User, colleague: User
    ) -> None:
        make_absence(session, colleague, deputy=seller)
        session.commit()
        task = errands.open(colleague, due=NOW - HOUR, now=NOW - 3 * HOUR)
        other = errands.open(colleague, due=NOW + 5 * HOUR)
        log_in(user=seller)

        page = client.get("/diary/").text

        assert tasks_in(section(page, "next")) == [task.id]
        assert tasks_in(section(page, "later")) == [other.id]
        assert page.count("for Roman Titov") == 2

    def test_a_lead_runs_on_a_clock_beside_the_list(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, centre: Centre
    ) -> None:
        operator = make_user(session, "call_operator", centre=centre)
        session.commit()
        task = errands.open(None, key="lead", centre=centre, now=NOW - timedelta(minutes=4))
        log_in(user=operator)

        page = client.get("/diary/").text

        assert f'data-test="lead" data-task="{task.id}"' in page
        assert "60 % of the time is left" in page
        assert 'data-test="next"' not in page

    def test_a_postponed_task_is_gone_until_it_wakes(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, clock: SettableClock
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)
        client.post("/diary/postpone", data={"task": task.id, "reason": "thinking", "when": "tomorrow"})

        asleep = client.get("/diary/").text
        clock.set(NOW + timedelta(hours=22))
        awake = client.get("/diary/").text

        assert f'data-task="{task.id}"' not in asleep
        assert f'data-task="{task.id}"' in awake

    def test_the_steps_are_called_in_the_readers_language(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        errands.open(seller)
        seller.language = "ru"
        log_in(user=seller)

        page = client.get("/diary/").text

        assert "Перезвонить: test:1" in page
        assert "Сначала спросите." in page


class TestPostponing:
    @pytest.mark.parametrize(
        ("when", "day", "until"),
        [
            ("tomorrow", "", datetime(2026, 3, 3, 6, 0, tzinfo=UTC)),  # nine in Moscow
            ("three_days", "", datetime(2026, 3, 5, 6, 0, tzinfo=UTC)),
            ("week", "", datetime(2026, 3, 9, 6, 0, tzinfo=UTC)),
            ("other", "2026-04-20", datetime(2026, 4, 20, 6, 0, tzinfo=UTC)),
        ],
    )
    def test_puts_a_task_off_until_nine(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        seller: User,
        when: str,
        day: str,
        until: datetime,
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        answer = client.post(
            "/diary/postpone", data={"task": task.id, "reason": "waiting_money", "when": when, "day": day}
        )

        assert answer.status_code == 302
        assert errands.task(task.id).sleeps_until == until

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"reason": "thinking", "when": "other", "day": "2026-03-02"}, "Choose a day in the future."),
            ({"reason": "thinking", "when": "other", "day": "2027-03-20"}, "At most twelve months ahead."),
            ({"reason": "thinking", "when": "other"}, "Choose the date."),
            ({"when": "tomorrow"}, "Missing data for required field."),
        ],
    )
    def test_says_what_is_wrong(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        seller: User,
        values: dict[str, str],
        sentence: str,
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        answer = client.post("/diary/postpone", data={"task": task.id, **values})

        assert answer.status_code == 422
        assert sentence in answer.text
        assert errands.task(task.id).sleeps_until is None

    def test_moves_all_overdue_ones_with_one_reason(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        late = [errands.open(seller, due=NOW - HOUR, now=NOW - 3 * HOUR) for _ in range(3)]
        on_time = errands.open(seller)
        log_in(user=seller)

        form = client.get("/diary/postpone?all=overdue").text
        chosen = [int(number) for number in re.findall(r'name="task" value="(\d+)"', form)]
        client.post("/diary/postpone", data={"task": chosen, "reason": "travel", "when": "tomorrow"})

        assert chosen == [task.id for task in late]
        assert all(errands.task(task.id).sleeps_until for task in late)
        assert errands.task(on_time.id).sleeps_until is None

    def test_tells_how_many_were_closed_meanwhile(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        one, other = errands.open(seller), errands.open(seller)
        errands.complete(other, seller, now=NOW)
        log_in(user=seller)

        page = client.post(
            "/diary/postpone",
            data={"task": [one.id, other.id], "reason": "other", "when": "week"},
            follow_redirects=True,
        ).text

        assert "1 task is put off." in page
        assert "1 task was closed or taken by somebody else meanwhile." in page

    def test_leaves_the_work_of_others_alone(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, colleague: User
    ) -> None:
        task = errands.open(colleague)
        log_in(user=seller)

        client.post("/diary/postpone", data={"task": task.id, "reason": "other", "when": "week"})

        assert errands.task(task.id).sleeps_until is None


class TestTaking:
    def test_a_role_task_becomes_mine_and_its_case_opens(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, centre: Centre
    ) -> None:
        operator = make_user(session, "call_operator", centre=centre)
        session.commit()
        task = errands.open(None, key="lead", centre=centre)
        log_in(user=operator)

        answer = client.post(f"/diary/tasks/{task.id}/claim")

        assert errands.task(task.id).assignee_id == operator.id
        assert answer.location == f"/cases/{task.instance_id}?task={task.id}"

    def test_it_can_be_given_back(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, centre: Centre
    ) -> None:
        operator = make_user(session, "call_operator", centre=centre)
        session.commit()
        task = errands.open(None, key="lead", centre=centre)
        log_in(user=operator)
        client.post(f"/diary/tasks/{task.id}/claim")

        client.post(f"/diary/tasks/{task.id}/release")

        assert errands.task(task.id).assignee_id is None

    def test_somebody_without_the_role_is_refused(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, centre: Centre
    ) -> None:
        task = errands.open(None, key="lead", centre=centre)
        log_in(user=seller)

        assert client.post(f"/diary/tasks/{task.id}/claim").status_code == 403


class TestWhy:
    def test_an_owner_is_told_that_the_case_is_his(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        assert "You are responsible for this case" in client.get(f"/diary/tasks/{task.id}/why").text

    def test_a_deputy_is_told_who_is_away_and_until_when(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User, colleague: User
    ) -> None:
        make_absence(session, colleague, deputy=seller)
        session.commit()
        task = errands.open(colleague)
        log_in(user=seller)

        text = client.get(f"/diary/tasks/{task.id}/why").text

        assert "It is the task of Roman Titov, who is away." in text
        assert "Away until 8 Mar 2026, 12:00." in text

    def test_a_role_is_named(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, centre: Centre
    ) -> None:
        operator = make_user(session, "call_operator", centre=centre)
        session.commit()
        task = errands.open(None, key="lead", centre=centre)
        log_in(user=operator)

        assert "everybody with the role “Call centre”" in client.get(f"/diary/tasks/{task.id}/why").text

    def test_a_colleague_who_handed_it_over_is_named_with_his_words(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, colleague: User
    ) -> None:
        task = errands.open(colleague)
        errands.act(
            lambda session, engine: engine.delegate(
                session, task.id, to=seller.id, comment="Speaks English", actor=Actor(colleague.id), now=NOW
            )
        )
        log_in(user=seller)

        text = client.get(f"/diary/tasks/{task.id}/why").text

        assert "Roman Titov handed it to you" in text
        assert "Speaks English" in text

    def test_a_strangers_task_is_not_explained(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, colleague: User
    ) -> None:
        task = errands.open(colleague)
        log_in(user=seller)

        assert client.get(f"/diary/tasks/{task.id}/why").status_code == 404


class TestFocus:
    def test_shows_one_task_and_leads_to_the_next(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        first, second = errands.open(seller), errands.open(seller, due=NOW + 2 * HOUR)
        done = errands.open(seller, due=NOW + 3 * HOUR)
        errands.complete(done, seller, now=NOW)
        log_in(user=seller)

        page = client.get("/diary/focus").text

        assert f'data-test="focus-task" data-task="{first.id}"' in page
        assert f'href="/diary/focus?task={second.id}"' in page
        assert "1 of 3 done" in page
        assert errands.task(done.id).state is TaskState.COMPLETED

    def test_rests_when_nothing_is_left(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        log_in(user=seller)

        assert "Everything that was due is done." in client.get("/diary/focus").text
