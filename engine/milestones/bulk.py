"""Many rows at once, as fast as the driver takes them."""

from collections.abc import Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection, Table, insert

Rows = Sequence[dict[str, object]]


def add_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows that all have the same keys: by COPY on PostgreSQL, by one prepared INSERT elsewhere.

    SQLAlchemy's own INSERT spends most of its time on the parameters of each row.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    else:
        _insert(connection, table, rows)


def _copy(connection: Connection, table: Table, rows: Rows) -> None:
    columns = ", ".join(connection.dialect.identifier_preparer.format_column(table.c[name]) for name in rows[0])
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(tuple(row.values()))


def _insert(connection: Connection, table: Table, rows: Rows) -> None:
    dialect = connection.dialect
    compiled = insert(table).compile(dialect=dialect, column_keys=list(rows[0]))
    order = compiled.positiontup or list(rows[0])
    columns: list[Sequence[object]] = list(zip(*([row[name] for name in order] for row in rows), strict=True))
    for place, name in enumerate(order):
        process = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if process:
            columns[place] = [process(value) for value in columns[place]]
    connection.exec_driver_sql(str(compiled), list(zip(*columns, strict=True)))
