"""Rows that name each other by number: which order is one, and what becomes of the numbers when rows are left out."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.human_tasks.form_values import gather, judge_references
from engine.human_tasks.forms import read_form
from tests.engine.world import form

LIST = {
    "type": "dynamiclist",
    "path": "tasks",
    "label": "Tasks",
    "components": [
        {"type": "textfield", "key": "title", "label": "What"},
        {"type": "number", "key": "after", "label": "After No.", "decimalDigits": 0, "properties": {"kind": "row"}},
    ],
}


def posted(*rows: tuple[str, str]) -> Any:
    raw = {}
    for at, (title, after) in enumerate(rows):
        raw |= {f"tasks.{at}.title": title, f"tasks.{at}.after": after}
    return gather(read_form(form("f", LIST)), raw).values["tasks"]


@given(named=st.lists(st.none() | st.integers(0, 7), max_size=6))
def test_what_is_accepted_can_be_done_one_after_the_other(named: list[int | None]) -> None:
    wrong = judge_references(named)

    done: set[int] = set()
    for _ in named:
        done |= {at for at, after in enumerate(named, 1) if after is None or after in done}
    assert (done == set(range(1, len(named) + 1))) is (wrong == {})


def test_each_row_is_told_what_is_wrong_with_it() -> None:
    assert judge_references([1, 3, 2, 9, 2, None]) == {
        0: "row_itself",
        1: "row_circle",
        2: "row_circle",
        3: "row_unknown",
    }


def test_numbers_follow_the_rows_when_an_empty_one_is_left_out() -> None:
    assert posted(("Draw", ""), ("", ""), ("Print", "1"), ("Hang", "3"), ("Look", "2")) == [
        {"title": "Draw", "after": ""},
        {"title": "Print", "after": "1"},
        {"title": "Hang", "after": "2"},
        {"title": "Look", "after": "0"},  # of the row that is left out: refused, since there is no such row
    ]
