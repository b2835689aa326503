"""Consents that were recorded before the register had texts, ways and proofs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.database import Database, make_database
from tests.webapp.staff.factories import NOW
from webapp.core import migrations
from webapp.customers.models import Consent, ConsentState, ConsentWay, WithdrawalWay

REVISION = "b83c5e19d7f4"
OLD_ROWS = (
    "INSERT INTO customer (id, kind, last_name, first_name, middle_name, company_name, search_name, sort_name, sex, "
    "preferred_channel, advertising, note, created_at) "
    "VALUES (1, 'person', 'Belova', '', '', '', ' belova', 'belova', 'f', 'call', 'yes', '', :at)",
    "INSERT INTO consent (id, customer_id, kind, channel, given_at) VALUES (1, 1, 'advertising', 'sms', :at)",
    "INSERT INTO consent (id, customer_id, kind, channel, given_at, withdrawn_at) "
    "VALUES (2, 1, 'pd_processing', '', :at, :at)",
)


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Database]:
    database = make_database(f"sqlite:///{tmp_path}/carried.sqlite")
    migrations.upgrade(database)
    yield database
    database.close()


def test_they_are_kept_as_signed_on_paper(migrated: Database) -> None:
    with migrated.engine.connect() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(migrations.FOLDER))
        command.downgrade(config, f"{REVISION}-1")
        for statement in OLD_ROWS:
            connection.execute(text(statement), {"at": str(NOW)})
        connection.commit()

    migrations.upgrade(migrated)

    with Session(migrated.engine) as session:
        signed, withdrawn = session.scalars(select(Consent).order_by(Consent.id))
        assert (signed.way, signed.text_id, signed.recorded_at) == (ConsentWay.PAPER, None, NOW)
        assert (signed.state(NOW), withdrawn.state(NOW)) == (ConsentState.ACTIVE, ConsentState.WITHDRAWN)
        assert withdrawn.withdrawn_way is WithdrawalWay.SPOKEN
