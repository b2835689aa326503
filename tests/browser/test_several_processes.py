"""Two web servers and two schedulers over one PostgreSQL: whichever dies, nobody notices more than a retry."""

import signal
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect
from sqlalchemy import URL, func, select

from engine.history.recording import EventKind
from engine.timers.models import DueKind, DueRow
from tests.browser.desk import Seat, fill_form, part, step_form
from tests.browser.showroom import Showroom
from tests.browser.test_acts import count_events, open_case
from tests.databases import new_postgresql_database
from tests.installation import Processes
from webapp.admin.verifying import verify

pytestmark = pytest.mark.postgresql
RESTARTING = "ERR_"  # how the browser names a connection that broke


@pytest.fixture(scope="module")
def house(
    postgresql_server: URL, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Showroom]:
    with new_postgresql_database(postgresql_server, postgresql_template) as url:
        opened = Showroom.open(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("house"))
        with opened.serving(web=2, schedulers=2):
            yield opened


def processes_of(house: Showroom) -> Processes:
    assert house.processes is not None
    return house.processes


def step_on(page: Page, case: int) -> int:
    """Confirm the visit as somebody does who, when the page fails, opens the case again. How often he had to."""
    for again in range(4):
        try:
            open_case(page, case)
            if part(page, "step-name").inner_text() != "Подтверждение визита":
                return again  # it was accepted, only the answer was lost
            fill_form(step_form(page), outcome="confirmed")
            part(page, "complete").click()
            expect(part(page, "message").first).to_be_visible()
        except Error as error:
            if RESTARTING not in str(error):
                raise
        else:
            return again
    raise AssertionError("the step was not accepted")


@pytest.mark.parametrize("victim", [0, 1])
def test_a_web_server_dies_between_two_pages(house: Showroom, seat: Seat, problems: list[str], victim: int) -> None:
    running = processes_of(house)
    case = house.open_case(visit_at=house.next_monday() + timedelta(days=1, hours=5))
    page = open_case(seat("seller", at=house), case)

    running.kill(running.web.pop(victim))
    repeated = step_on(page, case)

    assert repeated <= 1
    assert count_events(house, case, EventKind.TASK_COMPLETED) == 1
    running.start_web()
    running.await_all()
    problems.clear()


@pytest.mark.parametrize("victim", [0, 1])
def test_a_web_server_dies_while_it_answers(house: Showroom, seat: Seat, problems: list[str], victim: int) -> None:
    running = processes_of(house)
    case = house.open_case(visit_at=house.next_monday() + timedelta(days=1, hours=5))
    page = open_case(seat("seller", at=house), case)
    fill_form(step_form(page), outcome="confirmed")
    all_of(running.web, signal.SIGSTOP)

    part(page, "complete").click(no_wait_after=True)
    page.wait_for_timeout(300)
    running.kill(running.web.pop(victim))
    all_of(running.web, signal.SIGCONT)
    page.wait_for_timeout(1000)
    repeated = step_on(page, case)

    assert repeated <= 1
    assert count_events(house, case, EventKind.TASK_COMPLETED) == 1
    running.start_web()
    running.await_all()
    problems.clear()


@pytest.mark.parametrize("victim", [0, 1])
def test_a_scheduler_dies_and_the_other_reminds(house: Showroom, seat: Seat, victim: int) -> None:
    running = processes_of(house)
    name = f"Вероника Сад {victim}"
    case = house.open_case(name=name, visit_at=house.next_monday() + timedelta(days=1, hours=5))
    page = seat("seller", at=house)

    running.kill(running.schedulers.pop(victim))
    house.clock.set(first_reminder(house, case) + timedelta(minutes=1))

    page.goto("/diary/notifications")
    reminder = page.locator('[data-kind="reminder"]').filter(has_text=name)
    for _ in range(40):
        if reminder.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    page.wait_for_timeout(1000)
    page.reload()
    expect(reminder).to_have_count(1)
    running.start_scheduler()


def first_reminder(house: Showroom, case: int) -> datetime:
    with house.read() as session:
        waiting = select(func.min(DueRow.due_at)).where(
            DueRow.kind == DueKind.REMINDER, DueRow.ref == house.task_of(case).id, DueRow.due_at > house.clock.now()
        )
        return session.scalars(waiting).one()


def test_after_all_this_everything_is_whole(house: Showroom) -> None:
    with house.read() as session:
        found = list(verify(session, house.engine.store, Path(), now=house.clock.now()))
        assert [str(each) for each in found if each.part != "files"] == []


def all_of(processes: "list[subprocess.Popen[bytes]]", what: signal.Signals) -> None:
    for process in processes:
        Processes.tell(process, what)
