"""Bringing a database to the present shape, with Alembic on the application's own connection."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from engine.database import Database

FOLDER = Path(__file__).parents[2] / "migrations"


def upgrade(database: Database) -> None:
    """Apply every revision that is not yet applied."""
    with database.engine.connect() as connection:
        command.upgrade(_config(connection), "head")
        connection.commit()


def write_revision(database: Database, message: str) -> None:
    """Write a new revision with what the models have and the database has not."""
    with database.engine.connect() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: object) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    return config
