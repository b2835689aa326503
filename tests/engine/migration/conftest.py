"""A database, and what moves its cases to another version."""

import pytest

from engine.database import Database
from tests.engine.migration.drawings import Migrations
from tests.engine.world import World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def migrations(world: World) -> Migrations:
    return Migrations(world)
