"""What begins with something is found the same as by LIKE, whatever the locale of the database, and by an index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Index, MetaData, String, Table, create_engine, insert, select, text

from engine.database import Database
from webapp.kit.beginnings import begins_with

CAPITALS, SMALL = "0189AYZАЮЯ-", "0189ayz"
NUMBERS = st.text(CAPITALS, max_size=4)
WORDS = st.text(SMALL, max_size=4)
numbers = Table("some_numbers", MetaData(), Column("number", String(20)), Index("ix_some_numbers", "number"))


def found(connection: Connection, start: str) -> set[str]:
    return set(connection.scalars(select(numbers.c.number).where(begins_with(numbers.c.number, start))))


@given(st.tuples(st.sets(NUMBERS), NUMBERS) | st.tuples(st.sets(WORDS), WORDS))
def test_the_same_as_to_begin_with_it(texts: tuple[set[str], str]) -> None:
    stored, start = texts
    with create_engine("sqlite://").begin() as connection:
        numbers.create(connection)
        if stored:
            connection.execute(insert(numbers), [{"number": each} for each in sorted(stored)])

        assert found(connection, start) == {each for each in stored if each.startswith(start)}


@pytest.mark.parametrize("signs", [CAPITALS, SMALL])
@pytest.mark.parametrize("collation", ["C", "en-x-icu", "ru-x-icu"])
def test_in_every_locale(postgresql_database: Database, collation: str, signs: str) -> None:
    stored = [first + second + third for first in signs for second in signs for third in ("", *signs)]
    with postgresql_database.engine.connect() as connection:
        connection.execute(text(f'CREATE TEMPORARY TABLE some_numbers (number varchar(20) COLLATE "{collation}")'))
        connection.execute(insert(numbers), [{"number": each} for each in stored])
        for start in {each[:length] for each in stored for length in (1, 2)}:
            assert found(connection, start) == {each for each in stored if each.startswith(start)}, start


def test_the_index_is_entered() -> None:
    with create_engine("sqlite://").begin() as connection:
        numbers.create(connection)
        asked = select(numbers).where(begins_with(numbers.c.number, "79")).compile(connection)
        values = tuple(asked.params[name] for name in asked.positiontup or ())
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", values).all()

        assert "ix_some_numbers (number>? AND number<?)" in str(plan)
