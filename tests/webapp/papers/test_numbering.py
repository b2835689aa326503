"""Numbers of papers: no gap, no double, on both databases, whoever asks at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.database import Database
from webapp.papers.numbering import number_label, series_name, take_number


def take(database: Database, series: str) -> int:
    with database.write() as session:
        return take_number(session, series)


def test_people_who_print_at_the_same_moment_share_no_number_and_leave_no_gap(database: Database) -> None:
    barrier = Barrier(4)

    def take_five(_who: int) -> list[int]:
        barrier.wait()
        return [take(database, "sales.offer/1/2026") for _ in range(5)]

    with ThreadPoolExecutor(4) as people:
        taken = [number for numbers in people.map(take_five, range(4)) for number in numbers]

    assert sorted(taken) == list(range(1, 21))


def test_a_printing_that_fails_gives_its_number_back(database: Database) -> None:
    take(database, "sales.offer/1/2026")

    def fail() -> None:
        with database.write() as session:
            take_number(session, "sales.offer/1/2026")
            raise RuntimeError("the paper could not be made")

    with pytest.raises(RuntimeError):
        fail()

    assert take(database, "sales.offer/1/2026") == 2


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(1, 2), st.integers(2025, 2026)), max_size=12))
def test_every_paper_centre_and_year_counts_for_itself(
    sqlite_database: Database, asked: list[tuple[str, int, int]]
) -> None:
    counted: dict[str, int] = {}
    with sqlite_database.write() as session:
        for paper, centre, year in asked:
            series = series_name(paper, centre, year)
            counted[series] = counted.get(series, 0) + 1
            assert take_number(session, series) == counted[series]
        session.rollback()


def test_how_a_number_reads() -> None:
    assert number_label("КП", 125) == "КП-000125"
