"""Fixtures: a dealer at work, on SQLite or on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.database import Database
from tests.dealer import Dealer, open_dealer, prepare


@pytest.fixture(scope="session")
def dealer_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed SQLite file with a dealer who has not registered anything yet, to be copied."""
    folder = tmp_path_factory.mktemp("dealer")
    shutil.copyfile(sqlite_template, folder / "dealer.sqlite")
    prepare(f"sqlite:///{folder}/dealer.sqlite", folder)
    return folder / "dealer.sqlite"


@pytest.fixture
def dealer(dealer_template: Path, tmp_path: Path) -> Iterator[Dealer]:
    """A dealer on SQLite."""
    shutil.copyfile(dealer_template, tmp_path / "dealer.sqlite")
    opened = open_dealer(f"sqlite:///{tmp_path}/dealer.sqlite", tmp_path)
    yield opened
    opened.database.close()


@pytest.fixture
def postgresql_dealer(postgresql_database: Database, tmp_path: Path) -> Iterator[Dealer]:
    """A dealer on PostgreSQL."""
    url = postgresql_database.engine.url.render_as_string(hide_password=False)
    prepare(url, tmp_path)
    opened = open_dealer(url, tmp_path)
    yield opened
    opened.database.close()
