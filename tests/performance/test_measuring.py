"""The harness measures what it says."""

import json
import time
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.performance.measuring import Measurement, Report, measure, race
from tests.performance.statements import listening


def waiting(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def test_every_step_is_measured_by_itself() -> None:
    measured = measure("wait", lambda: waiting(0.002), 5)

    assert len(measured.seconds) == 5
    assert min(measured.seconds) >= 0.002


def test_contestants_take_turns_and_the_first_round_does_not_count() -> None:
    calls: list[str] = []

    results = race({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=3, per_round=2)

    assert [sorted(calls[at : at + 4]) for at in range(0, 16, 4)] == [["a", "a", "b", "b"]] * 4
    assert {name: len(measured.seconds) for name, measured in results.items()} == {"a": 6, "b": 6}


def test_a_slow_minute_of_the_machine_does_not_change_the_ratio() -> None:
    floor = Measurement("floor", ((1.0, 1.0, 1.0), (9.0, 9.0, 9.0), (1.0, 1.0, 1.0)))
    ours = Measurement("ours", ((3.0, 3.0, 3.0), (27.0, 27.0, 27.0), (3.0, 3.0, 50.0)))

    assert ours.ratio_to(floor) == 3.0


def test_the_report_says_whether_a_goal_was_met(tmp_path: Path) -> None:
    report = Report()
    results = {"floor": Measurement("floor", ((0.001, 0.001),)), "ours": Measurement("ours", ((0.005, 0.005),))}

    report.add("step", results, against="floor", goals={"ours": 4.0}, facts={"ours": {"statements": 12}})
    report.write(tmp_path / "performance.json")

    rows = json.loads((tmp_path / "performance.json").read_text())["rows"]
    assert [(row["name"], row["ratio"], row["met"]) for row in rows] == [("floor", 1.0, True), ("ours", 5.0, False)]
    assert rows[1]["statements"] == 12
    assert "≤ 4 MISSED  12 statements" in report.lines()[-1]


def test_a_wait_is_held_against_its_limit() -> None:
    report = Report()
    results = {"short": Measurement("short", ((0.1, 0.1),)), "long": Measurement("long", ((0.1, 0.3),))}

    rows = report.add("page", results, against="short", limits_ms={"short": 200, "long": 200})

    assert [row.met for row in rows] == [True, False]
    assert "p95 ≤ 200 ms met" in report.lines()[1]
    assert "p95 ≤ 200 ms MISSED" in report.lines()[2]


def test_an_executemany_is_one_statement_and_frames_are_none() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("create table t (a int)"))

    with listening(engine) as said, engine.begin() as connection:
        connection.execute(text("insert into t values (:a)"), [{"a": 1}, {"a": 2}])
        with connection.begin_nested():
            connection.execute(text("select a from t"))

    assert len(said.statements) == 2
    assert said.commits == 1
    engine.dispose()
