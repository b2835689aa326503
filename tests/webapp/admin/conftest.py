"""An installation on either database, and an empty one to restore into."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from engine.database import Database
from tests.databases import new_postgresql_database
from tests.dealer import Dealer, open_dealer
from webapp.core import migrations


@dataclass
class Installation:
    """A dealer at work with his folder, and the address and folder of an empty installation on the same database."""

    dealer: Dealer
    folder: Path
    new_url: str
    new_folder: Path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    new_folder = tmp_path / "new"
    new_folder.mkdir()
    with ExitStack() as stack:
        if request.param == "sqlite":
            old_folder = tmp_path / "old"
            old_folder.mkdir()
            shutil.copyfile(request.getfixturevalue("dealer_template"), old_folder / "marshrut.db")
            dealer = open_dealer(f"sqlite:///{old_folder}/marshrut.db", old_folder)
            stack.callback(dealer.database.close)
            url = f"sqlite:///{new_folder}/marshrut.db"
        else:
            dealer, old_folder = request.getfixturevalue("postgresql_dealer"), tmp_path
            server: URL = request.getfixturevalue("postgresql_server")
            fresh = stack.enter_context(new_postgresql_database(server, "template0"))
            url = fresh.render_as_string(hide_password=False)
        note_shape(dealer.database)
        (old_folder / "secret_key").write_text("a secret that signs links")
        yield Installation(dealer, old_folder, url, new_folder)


def note_shape(database: Database, revision: str = "") -> None:
    """Say of tables that a test has made without migrations that they have the present shape, or another."""
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("DELETE FROM alembic_version"))
        values = {"revision": revision or migrations.newest()}
        connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), values)
