"""The migrations make exactly the tables that the models declare, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, create_engine, text

from engine.database import Database, make_database
from engine.persistence import Base
from webapp.core import migrations

NAME = "marshrut_test_migrations"


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> Iterator[Database]:
    database = make_database(f"sqlite:///{tmp_path}/empty.sqlite")
    yield database
    database.close()


@pytest.fixture
def empty_postgresql(postgresql_server: URL) -> Iterator[Database]:
    administration = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with administration.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {NAME}"))
        database = make_database(postgresql_server.set(database=NAME))
        yield database
        database.close()
        connection.execute(text(f"DROP DATABASE {NAME} WITH (FORCE)"))
    administration.dispose()


@pytest.mark.parametrize("fixture", ["empty_sqlite", pytest.param("empty_postgresql", marks=pytest.mark.postgresql)])
def test_a_migrated_database_is_what_the_models_declare(fixture: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(fixture)

    migrations.upgrade(database)

    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == [], "run .venv/bin/marshrut write-revision"


def test_migrating_twice_changes_nothing(empty_sqlite: Database) -> None:
    migrations.upgrade(empty_sqlite)
    migrations.upgrade(empty_sqlite)

    with empty_sqlite.engine.connect() as connection:
        assert len(MigrationContext.configure(connection).get_current_heads()) == 1
