"""Fixtures that every test may ask for."""

from hypothesis import settings

from tests.compiling import compile_statements_once
from tests.databases import (
    database,
    postgresql_database,
    postgresql_server,
    postgresql_template,
    sqlite_database,
    sqlite_template,
)
from tests.dealers import dealer, dealer_template, postgresql_dealer

__all__ = [
    "database",
    "dealer",
    "dealer_template",
    "postgresql_database",
    "postgresql_dealer",
    "postgresql_server",
    "postgresql_template",
    "sqlite_database",
    "sqlite_template",
]

settings.register_profile("marshrut", deadline=None)  # a busy machine is not a failure
settings.load_profile("marshrut")
compile_statements_once()
