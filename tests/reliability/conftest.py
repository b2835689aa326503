"""Installations on either database, prepared once and copied."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.databases import new_postgresql_database
from tests.reliability.installation import Installation, on_postgresql, on_sqlite

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def installation_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed SQLite file of a prepared installation, to be copied."""
    folder = tmp_path_factory.mktemp("installation")
    with on_sqlite(folder):
        return folder / "marshrut.db"


@pytest.fixture
def sqlite_installation(installation_template: Path, tmp_path: Path) -> Iterator[Installation]:
    with on_sqlite(tmp_path / "installation", installation_template) as made:
        yield made


@pytest.fixture
def postgresql_installation(postgresql_server: URL, postgresql_template: str, tmp_path: Path) -> Iterator[Installation]:
    with _on_new_database(postgresql_server, postgresql_template, tmp_path) as made:
        yield made


@pytest.fixture(params=BOTH)
def installation(request: pytest.FixtureRequest) -> Installation:
    """The test runs once on SQLite and once on PostgreSQL."""
    made: Installation = request.getfixturevalue(f"{request.param}_installation")
    return made


@contextmanager
def _on_new_database(server: URL, template: str, folder: Path) -> Iterator[Installation]:
    with (
        new_postgresql_database(server, template) as url,
        on_postgresql(folder / "installation", url) as made,
    ):
        yield made
