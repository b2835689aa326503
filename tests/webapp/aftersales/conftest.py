"""A workshop on SQLite whose transaction the test undoes, and a dealer whose workshop works."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.database import Database
from tests.dealer import Dealer
from tests.webapp.aftersales.service import follow, open_service, prepare_service
from tests.webapp.aftersales.shop import Shop, open_shop
from webapp.aftersales.reference import DEFAULT_STANDARD


@pytest.fixture
def shop(sqlite_database: Database) -> Iterator[Shop]:
    with sqlite_database.session(write=True) as session:
        yield open_shop(session)
        session.rollback()


@pytest.fixture
def service_dealer(dealer_template: Path, tmp_path: Path) -> Iterator[Dealer]:
    template = prepare_service(dealer_template, tmp_path)
    (tmp_path / "desk").mkdir()
    with open_service(template, tmp_path / "desk") as opened:
        follow(opened, DEFAULT_STANDARD)
        yield opened
