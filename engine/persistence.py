"""The declarative base shared by the engine and the application.

SQLAlchemy only: the engine must run, and be tested, without Flask.
"""

from datetime import UTC, datetime
from enum import Enum
from typing import cast

from sqlalchemy import DateTime, Dialect, MetaData, Table, TypeDecorator
from sqlalchemy import Enum as EnumType
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, registry

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored as UTC (SQLite forgets the zone, we do not)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC))


def insert_for(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what happens on a conflict: both databases can, SQLAlchemy's common one cannot."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def table_of(model: type["Base"]) -> Table:
    """The table of a model, for statements that are built once and executed on a connection."""
    return cast(Table, model.__table__)


class Base(DeclarativeBase):
    """Every table of the system.

    The type map sits on the registry, not on the class: Flask-SQLAlchemy copies
    the class, and SQLAlchemy refuses a copied map.
    """

    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={
            datetime: UtcDateTime,
            Enum: EnumType(
                Enum,
                native_enum=False,
                length=40,
                values_callable=lambda kinds: [kind.value for kind in kinds],
            ),
        },
    )
