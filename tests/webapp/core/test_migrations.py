"""The migrations make exactly the tables that the models declare, on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Column, Connection, MetaData, create_engine, func, select, table, text
from sqlalchemy.exc import IntegrityError

from engine.database import Database, make_database
from engine.persistence import Base
from webapp.core import migrations

NAME = "marshrut_test_migrations"
FIRST_RELEASE = "e9684490ab8d"
MOMENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


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


def test_what_stands_in_the_tables_survives_every_migration(empty_sqlite: Database) -> None:
    """One row in each table of the first release that takes one; no row is lost, and none loses what it refers to."""
    migrations.upgrade(empty_sqlite, FIRST_RELEASE)
    with empty_sqlite.engine.connect() as connection:
        filled = _fill(connection)
        connection.commit()
    assert {"customer", "customer_phone", "centre", "user_account", "process_instance"} <= filled

    migrations.upgrade(empty_sqlite)

    with empty_sqlite.engine.connect() as connection:
        kept = {name for name in filled if connection.scalar(select(func.count()).select_from(table(name)))}
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    assert kept == filled


def _fill(connection: Connection) -> set[str]:
    """The tables that took a row of plain values."""
    metadata = MetaData()
    metadata.reflect(connection)
    filled = set()
    for each in metadata.sorted_tables:
        row = {column.name: _value(column) for column in each.columns if not column.nullable or column.foreign_keys}
        try:
            if each.name != "alembic_version":
                with connection.begin_nested():
                    connection.execute(each.insert().values(row))
                filled.add(each.name)
        except IntegrityError:  # a rule of its own that plain values break
            continue
    return filled


def _value(column: Column[Any]) -> object:
    kind = column.type.python_type
    if kind is str:
        return "x" if column.foreign_keys or column.primary_key else f"x{column.name}"[: column.type.length or 9]  # type: ignore[attr-defined]
    plain: dict[type, object] = {
        int: 1,
        bool: True,
        float: 1.0,
        bytes: b"",
        Decimal: Decimal(1),
        date: MOMENT.date(),
        datetime: MOMENT,
        time: time(9),
    }
    return plain[kind]
