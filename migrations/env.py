"""Alembic environment: the metadata is everything the features declare."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, Enum

import webapp.features  # noqa: F401  # imports every model
from engine.persistence import Base, UtcDateTime


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write our types as plain SQL types: a migration must not import the application."""
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


connection: Connection = context.config.attributes["connection"]  # handed in by `marshrut migrate`
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter tables
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
