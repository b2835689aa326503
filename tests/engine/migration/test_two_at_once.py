"""Two checked plans for the same cases: one is carried out at a time, and none is lost while it is carried out."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.errors import NotAllowed
from engine.migration import runs
from engine.migration.models import CaseStage, Migration
from tests.engine.migration.drawings import NAME_FORM, Migrations, line
from tests.engine.world import World


@pytest.fixture
def plans(world: World, migrations: Migrations) -> tuple[int, int]:
    world.deploy(line("call"), NAME_FORM)
    world.start()
    world.deploy(line("ring", "wave"), NAME_FORM)
    return migrations.plan({"call": "ring"}), migrations.plan({"call": "wave"})


def begin(session: Session, world: World, migration_id: int) -> None:
    runs.apply(session, session.get_one(Migration, migration_id), now=world.now)


def begin_alone(world: World, migration_id: int) -> None:
    with world.database.write() as session:
        begin(session, world, migration_id)


def discard_alone(world: World, migration_id: int) -> None:
    with world.database.write() as session:
        runs.discard(session, session.get_one(Migration, migration_id))


def test_the_second_plan_waits_until_the_first_is_through(
    world: World, migrations: Migrations, plans: tuple[int, int], beside: Callable[..., Future[Any]]
) -> None:
    first, second = plans
    with world.database.write() as session:
        begin(session, world, first)
        refused = beside(begin_alone, world, second)
    with pytest.raises(NotAllowed) as refusal:
        refused.result()
    migrations.run()
    migrations.apply(second)

    assert refusal.value.code == "migration_runs"
    assert [migrations.found(each)[0][0] for each in plans] == [CaseStage.MOVED, CaseStage.GONE]


def test_a_plan_that_is_being_applied_is_not_discarded(
    world: World, migrations: Migrations, plans: tuple[int, int], beside: Callable[..., Future[Any]]
) -> None:
    with world.database.write() as session:
        begin(session, world, plans[0])
        runs.advance(session, world.kernel, plans[0], now=world.now)
        refused = beside(discard_alone, world, plans[0])
    with pytest.raises(NotAllowed) as refusal:
        refused.result()
    migrations.run()
    migrations.undo(plans[0])

    assert refusal.value.code == "migration_state"
    assert (world.open_elements(), migrations.versions()) == (["call"], [1])


def test_one_of_the_same_cases_is_not_undone_meanwhile(
    world: World, migrations: Migrations, plans: tuple[int, int]
) -> None:
    first, second = plans
    migrations.apply(first)
    begin_alone(world, second)

    with world.database.write() as session, pytest.raises(NotAllowed) as refusal:
        runs.undo(session, session.get_one(Migration, first), now=world.now)

    assert refusal.value.code == "migration_runs"
