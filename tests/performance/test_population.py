"""The command that makes many people: what it made agrees with itself, and it spares what is there."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from engine.analytics.following import advance
from engine.history.models import HistoryEvent
from engine.instances.models import ProcessInstance
from tests.performance import population
from tests.performance.peopled import House, Place
from webapp.admin.verifying import verify
from webapp.core.clock import clock
from webapp.core.workflow import engine
from webapp.customers.models import Customer

pytestmark = pytest.mark.performance


def type_in(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(population.main, arguments)
    return result.exit_code, result.output


def test_a_small_dealer_agrees_with_himself(tiny_population: tuple[Place, population.Made]) -> None:
    place, made = tiny_population
    with House.opened(place) as house, house.app.app_context(), house.database.read() as session:
        there = [
            session.scalar(select(func.count()).select_from(each)) for each in (Customer, ProcessInstance, HistoryEvent)
        ]
        found = list(verify(session, engine().store, place.folder / "files", now=clock().now()))
    with House.opened(place) as house, house.app.app_context():
        while not_done(house):  # the scheduler counts the figures of steps from the log
            pass
        with house.database.read() as session:
            found += verify(session, engine().store, place.folder / "files", now=clock().now())

    assert [made.people, made.cases, made.events] == there
    assert made.people >= population.TINY
    assert made.events > made.cases > 0
    assert [str(each) for each in found] == []


def not_done(house: House) -> bool:
    with house.database.write() as session:
        return advance(session, engine().store)


def test_what_is_there_is_not_touched(tiny_population: tuple[Place, population.Made]) -> None:
    place, made = tiny_population

    code, said = type_in("--url", place.url, "--size", "small")

    assert (code, "The database is not empty" in said) == (1, True)
    with House.opened(place) as house, house.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == made.people


def test_a_disk_without_room_is_said_before_anything_is_done(tmp_path: Path) -> None:
    code, said = type_in("--url", f"sqlite:///{tmp_path}/far_too_many.db", "--people", "100000000000")

    assert (code, "people need some" in said) == (1, True)
    assert list(tmp_path.iterdir()) == []
