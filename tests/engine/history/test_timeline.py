"""Reading the log by case, kind, person, element and time; in pages that cost the same wherever they are."""

from datetime import timedelta

import pytest

from engine.database import Database
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.history.timeline import Wanted, find_events, find_page
from tests.engine.test_runtime import NAME_FORM, SIMPLE
from tests.engine.world import SELLER, World, choice, form, seller
from tests.statements import counted_statements


@pytest.fixture
def world(database: Database) -> World:
    """Two cases; in the first a step was postponed and done a day later."""
    world = World(database)
    world.deploy(SIMPLE, NAME_FORM, form("test/needs", choice("outcome", "next", "again")))
    world.start()
    with database.write() as session:
        task, until = world.task("needs").id, world.now + timedelta(days=3)
        world.engine.postpone(session, task, until=until, reason="other", actor=seller, now=world.now)
    world.now += timedelta(days=1)
    world.complete("needs", outcome="next")
    world.start()
    return world


def kinds(world: World, wanted: Wanted) -> list[str]:
    with world.database.read() as session:
        return [event.kind for event in find_events(session, wanted)]


def test_whole_in_its_order(world: World) -> None:
    assert kinds(world, Wanted()) == [event.kind for event in world.events()]
    assert kinds(world, Wanted(cases=[2])) == ["case_opened", "milestone_entered", "task_created"]
    assert kinds(world, Wanted(cases=[])) == []


def test_every_way_to_narrow_it(world: World) -> None:
    day = timedelta(days=1)
    done = ["task_completed"]
    assert kinds(world, Wanted(kinds=[EventKind.TASK_COMPLETED])) == done
    assert kinds(world, Wanted(cases=[1, 2], element="needs", kinds=[EventKind.TASK_COMPLETED])) == done
    assert kinds(world, Wanted(cases=[1], element="needs")) == ["task_created", "task_postponed", "task_completed"]
    assert kinds(world, Wanted(cases=[1], since=world.now))[0] == "task_completed"
    assert kinds(world, Wanted(cases=[1], until=world.now))[-1] == "task_postponed"
    assert kinds(world, Wanted(since=world.now - day, until=world.now - day)) == []
    assert kinds(world, Wanted(actor_id=99)) == []
    assert "task_completed" in kinds(world, Wanted(actor_id=SELLER))
    assert kinds(world, Wanted(such=HistoryEvent.milestone == "offer")) == []


@pytest.mark.parametrize("newest_first", [False, True])
def test_pages_put_together_are_the_whole(world: World, newest_first: bool) -> None:
    numbers = [event.seq for event in world.events()]
    found: list[int] = []
    after, pages = None, 0
    with counted_statements(world.database.engine) as counted, world.database.read() as session:
        while True:
            page = find_page(session, Wanted(), after=after, size=3, newest_first=newest_first)
            found += [event.seq for event in page.events]
            after, pages = page.next, pages + 1
            if after is None:
                break

    assert found == (numbers[::-1] if newest_first else numbers)
    assert len(counted) == pages == -(-len(numbers) // 3)


def test_a_page_that_is_just_full_is_the_last(world: World) -> None:
    count = len(world.events())
    with world.database.read() as session:
        assert find_page(session, Wanted(), size=count).next is None
        assert find_page(session, Wanted(), size=count - 1).next is not None
        assert find_page(session, Wanted(cases=[77])).events == []
