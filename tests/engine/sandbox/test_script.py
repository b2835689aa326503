"""A script comes from a browser: what is not one is refused by name, before anything is done with it."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.sandbox import Script, ScriptRefused, read_script, write_script
from tests.engine.sandbox.desk import CALL, SIGN, START, TO_NEXT, wait

START_TEXT = {"do": "start", "at": "2026-03-02T09:00:00Z"}


def text(*acts: Any, version: object = 1, **more: object) -> str:
    return json.dumps({"version": version, "acts": list(acts), **more})


def refusal(script: str) -> str:
    with pytest.raises(ScriptRefused) as refused:
        read_script(script)
    return refused.value.code


def test_what_is_written_is_read() -> None:
    script = Script((START, CALL, wait(hours=1), TO_NEXT, SIGN))

    assert read_script(write_script(script)) == script


def test_values_keep_their_types() -> None:
    script = read_script(text({**START_TEXT, "values": {"day": {"$": "date", "v": "2026-03-02"}, "sum": 1.5}}))

    assert script.acts[0].values == {"day": date(2026, 3, 2), "sum": Decimal("1.5")}
    assert isinstance(script.acts[0].values["sum"], Decimal)
    assert read_script(write_script(script)) == script


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "nonsense",
        "[]",
        "null",
        '{"version": 1}',
        '{"version": 1, "acts": {}}',
        text(START_TEXT, more=1),
        "[" * 100_000,
        '{"version": 1, "acts": [{"do": "start", "at": {"$": "date", "v": "x"}}]}',
        '{"version": 1, "acts": [{"do": "start", "at": {"$": "decimal", "v": "x"}}]}',
    ],
)
def test_what_is_no_script_is_refused(hostile: str) -> None:
    assert refusal(hostile) == "script_unreadable"


def test_a_script_of_another_version_is_refused() -> None:
    assert refusal(text(START_TEXT, version=2)) == "script_version"


def test_a_script_is_not_too_long() -> None:
    assert refusal(text(START_TEXT, *[{"do": "wait", "for": "PT1H"}] * 200)) == "script_too_many_acts"
    assert refusal(" " * 200_001) == "script_too_long"


@pytest.mark.parametrize(
    "acts",
    [
        [{"do": "wait", "for": "PT1H"}],
        [START_TEXT, START_TEXT],
        [{"do": "answer", "element": "x"}, {"do": "wait", "for": "PT1H"}],
    ],
)
def test_it_begins_with_the_start_and_only_there(acts: list[Any]) -> None:
    assert refusal(text(*acts)) == "script_start_first"


def test_an_answer_may_stand_before_the_start() -> None:
    assert [act.do for act in read_script(text({"do": "answer", "element": "x"}, START_TEXT)).acts] == [
        "answer",
        "start",
    ]


@pytest.mark.parametrize("act", [None, 7, {}, {"do": "publish"}, {"do": []}, {"do": {"$": "date", "v": "2026-03-02"}}])
def test_an_unknown_act_is_refused(act: object) -> None:
    assert refusal(text(START_TEXT, act)) == "script_unknown_act"


@pytest.mark.parametrize(
    "act",
    [
        {"do": "complete"},
        {"do": "complete", "element": "x", "sql": "drop"},
        {"do": "complete", "element": "x" * 200},
        {"do": "complete", "element": 7},
        {"do": "complete", "element": "x", "values": []},
        {"do": "complete", "element": "x", "values": {"n": 10**19}},
        {"do": "complete", "element": "x", "values": {"n": 1e-40}},
        {"do": "complete", "element": "x", "values": {"": 1}},
        {"do": "complete", "element": "x", "values": {"t": "x" * 10_001}},
        {"do": "complete", "element": "x", "values": {str(number): 1 for number in range(401)}},
        {"do": "complete", "element": "x", "values": {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}},
        {"do": "wait"},
        {"do": "wait", "for": "PT1H", "next": True},
        {"do": "wait", "for": "P1Y"},
        {"do": "wait", "for": "-PT1H"},
        {"do": "wait", "for": "P9999D"},
        {"do": "wait", "for": "1" * 5000},
        {"do": "skip", "element": "x", "reason": ""},
        {"do": "offer", "element": "x"},
        {"do": "message"},
        {"do": "answer", "element": "x", "error": []},
    ],
)
def test_an_act_that_is_not_whole_or_too_large_is_refused(act: dict[str, Any]) -> None:
    assert refusal(text(START_TEXT, act)) == "script_bad_act"


@pytest.mark.parametrize("at", ["now", "2026-03-02T09:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", 7])
def test_it_starts_at_a_moment(at: object) -> None:
    assert refusal(text({"do": "start", "at": at})) == "script_bad_act"
