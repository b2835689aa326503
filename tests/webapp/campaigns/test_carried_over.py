"""A campaign that was approved before its rule was kept with it."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from engine.database import Database
from tests.webapp.campaigns.routes import make_campaign
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.campaigns.models import Campaign, CampaignStatus, Segment
from webapp.core import migrations

REVISION = "b26d9e4180fa"
RULE = '{"field": "sex", "op": "in", "value": ["f"]}'


@pytest.fixture(params=["sqlite_database", pytest.param("postgresql_database", marks=pytest.mark.postgresql)])
def migrated(request: pytest.FixtureRequest) -> Database:
    """A database with all tables of now."""
    database: Database = request.getfixturevalue(request.param)
    with database.engine.connect() as connection:
        command.stamp(configured(connection), "head")
        connection.commit()
    return database


def configured(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(migrations.FOLDER))
    return config


def test_it_gets_the_rule_that_its_segment_has(migrated: Database) -> None:
    with Session(migrated.engine) as session:
        owner, centre = make_user(session), make_centre(session)
        facts = {"rule": RULE, "owner_id": owner.id, "created_at": NOW, "changed_at": NOW}
        open_one, frozen = Segment(name="Women", **facts), Segment(name="List", frozen_at=NOW, **facts)
        session.add_all([open_one, frozen])
        session.flush()
        for segment, status in (
            (open_one, CampaignStatus.APPROVED), (open_one, CampaignStatus.WAITING), (frozen, CampaignStatus.APPROVED)
        ):  # fmt: skip
            make_campaign(session, owner, centre, segment_id=segment.id, status=status)
        session.commit()
    with migrated.engine.connect() as connection:
        command.downgrade(configured(connection), f"{REVISION}-1")
        connection.commit()

    migrations.upgrade(migrated)

    with Session(migrated.engine) as session:
        assert list(session.scalars(select(Campaign.approved_rule).order_by(Campaign.id))) == [RULE, None, None]
