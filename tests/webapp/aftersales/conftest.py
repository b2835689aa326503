"""A workshop on SQLite whose transaction the test undoes."""

from collections.abc import Iterator

import pytest

from engine.database import Database
from tests.webapp.aftersales.shop import Shop, open_shop


@pytest.fixture
def shop(sqlite_database: Database) -> Iterator[Shop]:
    with sqlite_database.session(write=True) as session:
        yield open_shop(session)
        session.rollback()
