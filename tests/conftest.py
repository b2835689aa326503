"""Fixtures that every test may ask for."""

from tests.databases import (
    database,
    postgresql_database,
    postgresql_server,
    postgresql_template,
    sqlite_database,
    sqlite_template,
)

__all__ = [
    "database",
    "postgresql_database",
    "postgresql_server",
    "postgresql_template",
    "sqlite_database",
    "sqlite_template",
]
