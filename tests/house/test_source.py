"""What the source may not do, seen in its syntax."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.repository import texts, trees

COMMITS_HERE = ("engine/database.py", "webapp/core/", "webapp/cli.py")
CLOCK_READS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("func", "now"),
    ("func", "current_timestamp"),
}


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    found = [
        f"{name}:{line}"
        for name, tree in trees("engine/*.py", "webapp/*.py", "migrations/*.py")
        if name != "engine/clock.py"
        for line in clock_reads(tree)
    ]

    assert not found


def test_only_the_edges_commit() -> None:
    found = [
        f"{name}:{line}"
        for name, tree in trees("engine/*.py", "webapp/*.py")
        if not name.startswith(COMMITS_HERE)
        for line in calls_of("commit", tree)
    ]

    assert not found


def test_nothing_that_people_draw_or_type_reaches_pythons_eval() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees("engine/*.py", "webapp/*.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"eval", "exec", "compile"}
    ]

    assert not found


def test_our_own_code_is_never_mocked() -> None:
    found = [
        name
        for name, tree in trees("tests/*.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any("mock" in part for part in [getattr(node, "module", "") or "", *(alias.name for alias in node.names)])
    ]

    assert not found


def test_a_switched_off_test_gives_its_reason() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees("tests/*.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"skip", "xfail"}
        and ast.unparse(node).startswith("pytest.")
        if not explained(node, tree)
    ]

    assert not found


@pytest.mark.parametrize(
    "source", ["datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "column(default=datetime.now)"]
)
def test_reading_the_clock_is_seen(source: str) -> None:
    assert list(clock_reads(ast.parse(source))) == [1]


@pytest.mark.parametrize("source", ["clock.now()", "now()", "context.now", "event.today"])
def test_a_given_moment_is_no_reading_of_the_clock(source: str) -> None:
    assert list(clock_reads(ast.parse(source))) == []


def test_the_commands_know_their_own_shell() -> None:
    scripts = dict(texts("run", "test", ".ci/run", "requirements/lock", "deploy/bare-root-check"))

    assert not [name for name, text in scripts.items() if not text.startswith("#!/usr/bin/env bash\n")]


def clock_reads(tree: ast.AST) -> Iterator[int]:
    """Lines on which `datetime.now` and the like are called or handed on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if (owner, node.attr) in CLOCK_READS:
                yield node.lineno


def calls_of(method: str, tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method:
            yield node.lineno


def explained(attribute: ast.Attribute, tree: ast.AST) -> bool:
    """The mark or call has a `reason` or a text."""
    return any(
        isinstance(node, ast.Call) and node.func is attribute and (node.keywords or node.args)
        for node in ast.walk(tree)
    )
