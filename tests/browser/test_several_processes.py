"""nginx, two web servers and two schedulers over one PostgreSQL: whichever dies, nobody notices more than a retry."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
from tests.front import nginx_before
from tests.installation import Processes, installed, unused_port
from webapp.admin.verifying import verify

pytestmark = pytest.mark.postgresql
RESTARTING = "ERR_"  # how the browser names a connection that broke


@pytest.fixture(autouse=True)
def cut_off(problems: list[str]) -> Iterator[None]:
    """What a page asked for in the background was in the hands of who died: the console tells, the page asks again."""
    yield
    problems[:] = [each for each in problems if not re.search(r"status of 502|ERR_|EventSource", each)]


@dataclass
class House:
    """The dealer behind nginx, two web servers with ports of their own, and two schedulers."""

    showroom: Showroom
    running: Processes
    ports: tuple[int, int]

    @contextmanager
    def without_web(self, number: int) -> Iterator[None]:
        """One of the web servers is killed, and comes again at the end."""
        self.running.kill(self.running.web[number])
        try:
            yield
        finally:
            self.start_again(number)

    def start_again(self, number: int) -> None:
        self.running.start_web(self.ports[number])
        self.running.web[number] = self.running.web.pop()
        self.running.await_all(self.ports[number])


@pytest.fixture(scope="module")
def house(
    postgresql_server: URL, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with new_postgresql_database(postgresql_server, postgresql_template) as url:
        showroom = Showroom.open(url.render_as_string(hide_password=False), folder, proxies=1)
        ports = unused_port(), unused_port()
        with installed(folder / "clock", showroom._settings, web=0, schedulers=2) as running:
            for port in ports:
                running.start_web(port)
            running.await_all(*ports)
            with nginx_before(ports, folder / "nginx") as showroom.base_url:
                yield House(showroom, running, ports)
        showroom.database.close()


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


def confirmed_visit(house: House) -> int:
    showroom = house.showroom
    return showroom.open_case(visit_at=showroom.next_monday() + timedelta(days=1, hours=5))


@pytest.mark.parametrize("victim", [0, 1])
def test_a_web_server_dies_between_two_pages(house: House, seat: Seat, victim: int) -> None:
    case = confirmed_visit(house)
    page = open_case(seat("seller", at=house.showroom), case)

    with house.without_web(victim):
        repeated = step_on(page, case)

    assert repeated == 0
    assert count_events(house.showroom, case, EventKind.TASK_COMPLETED) == 1


@pytest.mark.parametrize("victim", [0, 1])
def test_a_web_server_dies_with_the_step_in_its_hands(house: House, seat: Seat, victim: int) -> None:
    """The step is sent to the other one, and whoever had sent it sees the next page as always."""
    case = confirmed_visit(house)
    page = open_case(seat("seller", at=house.showroom), case)
    fill_form(step_form(page), outcome="confirmed")
    for process in house.running.web:
        house.running.tell(process, signal.SIGSTOP)

    part(page, "complete").click(no_wait_after=True)
    page.wait_for_timeout(300)
    house.running.kill(house.running.web[victim])
    house.running.tell(house.running.web[1 - victim], signal.SIGCONT)

    expect(part(page, "message").first).to_be_visible()
    assert count_events(house.showroom, case, EventKind.TASK_COMPLETED) == 1
    house.start_again(victim)


def test_when_none_answers_nginx_says_what_to_do(house: House, seat: Seat) -> None:
    page = seat("seller", at=house.showroom)

    for process in house.running.web:
        house.running.kill(process)
    page.goto("/diary/")

    expect(page.locator("body")).to_contain_text("Маршрут не ответил")
    expect(page.locator("body")).to_contain_text("Marshrut did not answer")
    house.running.web.clear()
    for port in house.ports:
        house.running.start_web(port)
    house.running.await_all(*house.ports)


@pytest.mark.parametrize("victim", [0, 1])
def test_a_scheduler_dies_and_the_other_reminds(house: House, seat: Seat, victim: int) -> None:
    showroom, running = house.showroom, house.running
    name = f"Вероника Сад {victim}"
    case = showroom.open_case(name=name, visit_at=showroom.next_monday() + timedelta(days=1, hours=5))
    page = seat("seller", at=showroom)

    running.kill(running.schedulers.pop(victim))
    showroom.clock.set(first_reminder(showroom, case) + timedelta(minutes=1))

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


def test_after_all_this_everything_is_whole(house: House) -> None:
    showroom = house.showroom
    with showroom.read() as session:
        found = list(verify(session, showroom.engine.store, Path(), now=showroom.clock.now()))
        assert [str(each) for each in found if each.part != "files"] == []


def first_reminder(showroom: Showroom, case: int) -> datetime:
    with showroom.read() as session:
        of_task = (DueRow.kind == DueKind.REMINDER, DueRow.ref == showroom.task_of(case).id)
        first = select(func.min(DueRow.due_at)).where(*of_task, DueRow.due_at > showroom.clock.now())
        return session.scalars(first).one()
