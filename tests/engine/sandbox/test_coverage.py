"""What runs have visited, drawn on the diagram: elements, flows, and the sum of several runs."""

from collections.abc import Iterator

import pytest

from engine.database import Database
from engine.sandbox import Act, Do, Sandbox
from tests.engine.sandbox.desk import CALL, FORMS, SIGN, START, WAIT_FOR_BANK, played, sale, sandbox_of
from tests.engine.world import World, end, flows, process, user_task


@pytest.fixture
def sandbox(sqlite_database: Database) -> Iterator[Sandbox]:
    _, sandbox = sale(sqlite_database)
    yield sandbox
    sandbox.close()


def test_the_flows_that_were_gone_are_told_from_those_that_were_not(sandbox: Sandbox) -> None:
    coverage = played(sandbox, START, CALL, SIGN).coverage

    assert coverage.elements["sale"] == {"begun", "call", "talked", "which", "book", "sign", "done"}
    assert coverage.flows["sale"] == {"f1", "f2", "f3", "f5", "f6", "f8"}


def test_where_the_token_waits_counts_as_visited(sandbox: Sandbox) -> None:
    coverage = played(sandbox, START, WAIT_FOR_BANK).coverage

    assert "bank" in coverage.elements["sale"]
    assert "f4" in coverage.flows["sale"]


def test_several_runs_add_up(sandbox: Sandbox) -> None:
    runs = [
        played(sandbox, START, CALL, SIGN),
        played(sandbox, START, Act(Do.OFFER, "call", offer="refused", values={"why": "x"})),
    ]
    both = runs[0].coverage + runs[1].coverage
    model = runs[0].definition.model

    assert both.share(model) == (7, 12)
    assert [flow.id for flow in both.missing(model)] == ["f4", "f7", "f10", "f11", "f12"]


def test_a_join_is_reached_by_all_its_ways_and_a_call_by_its_own(sqlite_database: Database) -> None:
    world = World(sqlite_database)
    parts = ('<bpmn:startEvent id="in"/>', user_task("ask", "test/name"), end("out"), flows("in > ask", "ask > out"))
    inner = process(*parts, key="inner")
    outer = process(
        '<bpmn:startEvent id="begun"/><bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>',
        user_task("one", "test/name"),
        '<bpmn:callActivity id="called"><bpmn:extensionElements><zeebe:calledElement processId="inner"/>'
        "</bpmn:extensionElements></bpmn:callActivity>",
        end("done"),
        flows("begun > fork", "fork > one", "fork > called", "one > join", "called > join", "join > done"),
    )
    world.deploy(inner, outer, *FORMS)
    sandbox = sandbox_of(world)
    name = {"name": "Ann"}
    standing = played(sandbox, START, Act(Do.COMPLETE, "one", values=name), Act(Do.COMPLETE, "ask", values=name))
    sandbox.close()

    assert standing.outcome == "ended"
    assert standing.coverage.flows == {"sale": {"f1", "f2", "f3", "f4", "f5", "f6"}, "inner": {"f1", "f2"}}
    assert standing.passed[2] == ("called", "called/ask", "called/out", "done", "join")
