"""A recorded run is held against another version: the same, or different at an act and in what."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.database import Database
from engine.sandbox import (
    Act,
    Difference,
    Do,
    Sandbox,
    Script,
    ScriptRefused,
    expect,
    read_expectations,
    read_script,
    replay,
    write_expectations,
    write_script,
)
from engine.sandbox.cases import Aspect
from tests.engine.sandbox.desk import (
    CALL,
    FORMS,
    SALE,
    SIGN,
    START,
    TO_NEXT,
    WAIT_FOR_BANK,
    played,
    sale,
    sandbox_of,
    wait,
)
from tests.engine.world import World

WHOLE = (START, CALL, SIGN)


@pytest.fixture
def desk(sqlite_database: Database) -> Iterator[tuple[World, Sandbox]]:
    world, sandbox = sale(sqlite_database)
    yield world, sandbox
    sandbox.close()


def held_against(desk: tuple[World, Sandbox], draft: str, *acts: Act) -> Difference | None:
    """A run recorded on the live version and replayed on a draft."""
    world, live = desk
    recorded = expect(played(live, *acts))
    sandbox = sandbox_of(world, draft)
    _, difference = replay(sandbox, Script(acts), recorded, stopwatch=time.monotonic)
    sandbox.close()
    return difference


def test_the_same_version_goes_the_same_way(desk: tuple[World, Sandbox]) -> None:
    assert held_against(desk, SALE.replace('name="Bank', 'name="The bank'), *WHOLE) is None


def test_another_ending_is_told_with_what_was_expected(desk: tuple[World, Sandbox]) -> None:
    found = held_against(desk, SALE.replace('value="won"', 'value="sold"'), *WHOLE)

    assert found == Difference(3, Aspect.OUTCOME, ("won",), ("sold",))


def test_another_way_is_told_at_the_act_that_went_it(desk: tuple[World, Sandbox]) -> None:
    found = held_against(desk, SALE.replace('call.way = "book"', 'call.way = "nobody"'), START, CALL)

    assert found == Difference(2, Aspect.PASSED, ("book", "call", "talked", "which"), ("call", "talked", "which"))


def test_an_act_that_cannot_be_done_any_more_is_told_with_its_reason(desk: tuple[World, Sandbox]) -> None:
    draft = SALE.replace('id="sign" name', 'id="contract" name').replace('"sign"', '"contract"')
    found = held_against(desk, draft, *WHOLE)

    assert found is not None
    assert (found.act, found.aspect, found.got) == (3, Aspect.REFUSED, ("step_not_open",))
    assert found.refusal is not None


def test_what_is_open_at_the_end_is_compared(desk: tuple[World, Sandbox]) -> None:
    draft = SALE.replace('<bpmn:intermediateCatchEvent id="bank"', '<bpmn:intermediateCatchEvent id="credit"')
    draft = draft.replace('targetRef="bank"', 'targetRef="credit"').replace('sourceRef="bank"', 'sourceRef="credit"')
    found = held_against(desk, draft, START, WAIT_FOR_BANK)
    assert held_against(desk, draft, START) is None  # nothing of it was reached
    assert found == Difference(2, Aspect.AWAITED, ("bank",), ("credit",))


def test_a_run_that_was_to_be_refused_must_be_refused_again(desk: tuple[World, Sandbox]) -> None:
    refused = (START, Act(Do.COMPLETE, "call", values={"name": ""}))
    assert held_against(desk, SALE, *refused) is None

    _, live = desk
    expected = expect(played(live, *refused))
    _, difference = replay(live, Script((START, CALL)), expected, stopwatch=time.monotonic)
    assert difference is not None
    assert (difference.act, difference.aspect) == (2, Aspect.PASSED)


def test_a_form_that_asks_more_is_told(desk: tuple[World, Sandbox]) -> None:
    world, live = desk
    recorded = expect(played(live, *WHOLE))
    sandbox = sandbox_of(world, SALE, FORMS[1].replace('"name"', '"signature"'))
    _, found = replay(sandbox, Script(WHOLE), recorded, stopwatch=time.monotonic)
    sandbox.close()

    assert found is not None
    assert found.refusal is not None
    assert (found.act, found.refusal.code) == (3, "form_invalid")


def test_expectations_are_kept_as_text(desk: tuple[World, Sandbox]) -> None:
    expected = expect(played(desk[1], *WHOLE))

    assert read_expectations(write_expectations(expected)) == expected


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2}', "x" * 200_001])
def test_other_texts_are_no_expectations(text: str) -> None:
    with pytest.raises(ScriptRefused):
        read_expectations(text)


ACTS = st.lists(
    st.sampled_from(
        [
            CALL,
            WAIT_FOR_BANK,
            SIGN,
            TO_NEXT,
            wait(minutes=15),
            wait(days=2),
            Act(Do.OFFER, "call", offer="refused", values={"why": "dear"}),
            Act(Do.MESSAGE, "bank", values={"sum": 5}),
            Act(Do.ANSWER, "book", error="name_forbidden"),
            Act(Do.SKIP, "sign", reason="known"),
            Act(Do.COMPLETE, "hurry", values={"name": "Ann"}),
        ]
    ),
    max_size=7,
)


@given(ACTS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_replay_of_a_replay_is_the_same(desk: tuple[World, Sandbox], acts: list[Act]) -> None:
    _, sandbox = desk
    script = Script((START, *acts))
    first = played(sandbox, *script.acts)
    standing, difference = replay(sandbox, read_script(write_script(script)), expect(first), stopwatch=time.monotonic)

    assert difference is None
    assert (standing.document, standing.now, standing.coverage) == (first.document, first.now, first.coverage)
    assert [(each.act, each.at, each.kind) for each in standing.trail] == [
        (each.act, each.at, each.kind) for each in first.trail
    ]
