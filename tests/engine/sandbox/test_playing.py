"""A script is replayed by the engine itself, and nothing of it leaves the sandbox."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine.database import Database
from engine.definitions.problems import DefinitionRejected
from engine.errors import UnknownDefinition
from engine.history.recording import EventKind
from engine.persistence import Base
from engine.sandbox import Act, Do, Limits, Sandbox, Script, describe_refusal, play
from engine.timers.models import DueKind
from tests.engine.sandbox.desk import (
    CALL,
    FORMS,
    HURRY,
    SALE,
    SIGN,
    START,
    TO_NEXT,
    WAIT_FOR_BANK,
    opened,
    played,
    sale,
    sandbox_of,
    wait,
)
from tests.engine.world import BROKEN, NOW, World


@pytest.fixture
def desk(sqlite_database: Database) -> Iterator[tuple[World, Sandbox]]:
    world, sandbox = sale(sqlite_database)
    yield world, sandbox
    sandbox.close()


@pytest.fixture
def sandbox(desk: tuple[World, Sandbox]) -> Sandbox:
    return desk[1]


def rows_of(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def refused(sandbox: Sandbox, *acts: Act) -> tuple[int, str]:
    refusal = played(sandbox, *acts).refusal
    assert refusal is not None
    for language in ("en", "ru"):
        assert describe_refusal(refusal, language)
    assert describe_refusal(refusal, "en") != describe_refusal(refusal, "ru")
    return refusal.act, refusal.code


class TestTheWay:
    def test_a_case_stands_at_its_first_step_with_all_that_its_page_needs(self, sandbox: Sandbox) -> None:
        standing = played(sandbox, START)

        (step,) = standing.steps
        assert (step.element.id, step.role, step.of_owner) == ("call", "seller", True)
        assert step.form is not None
        assert step.form.key == "test/call"
        assert step.due_at == NOW + timedelta(hours=4)
        assert [(each.kind, each.target) for each in step.told] == [
            (DueKind.REMINDER, ""),
            (DueKind.ESCALATION, "head"),
        ]
        assert [offer.id for offer in step.offers] == ["refused"]
        assert step.known["begun"] == {"source": "site"}

    def test_it_comes_to_its_end_as_it_would_in_earnest(self, sandbox: Sandbox) -> None:
        standing = played(sandbox, START, CALL, SIGN)

        assert (standing.outcome, standing.milestones, standing.is_open) == ("won", ("talked",), False)
        assert standing.passed == (("begun",), ("book", "call", "talked", "which"), ("done", "sign"))

    def test_an_offered_button_is_taken(self, sandbox: Sandbox) -> None:
        standing = played(sandbox, START, Act(Do.OFFER, "call", offer="refused", values={"why": "dear"}))

        assert standing.outcome == "lost"

    def test_a_step_is_left_out_where_the_drawing_allows_it(self, sandbox: Sandbox) -> None:
        assert played(sandbox, START, CALL, Act(Do.SKIP, "sign", reason="known")).outcome == "won"
        assert refused(sandbox, START, Act(Do.SKIP, "call", reason="known")) == (2, "skip_not_allowed")

    def test_a_message_arrives_when_it_is_said_to(self, sandbox: Sandbox) -> None:
        waiting = played(sandbox, START, WAIT_FOR_BANK)
        arrived = played(sandbox, START, WAIT_FOR_BANK, Act(Do.MESSAGE, "bank", values={"sum": 5}))

        assert [(each.element.id, each.message) for each in waiting.awaited] == [("bank", "bank")]
        assert opened(waiting) == []
        assert opened(arrived) == ["sign"]
        assert arrived.document["bank"] == {"sum": 5}
        assert refused(sandbox, START, Act(Do.MESSAGE, "bank")) == (2, "nothing_awaited")

    def test_a_draft_is_played_in_place_of_the_live_version(self, desk: tuple[World, Sandbox]) -> None:
        world, _ = desk
        draft = sandbox_of(world, SALE.replace('outcome" value="won"', 'outcome" value="sold"'))

        assert played(draft, START, CALL, SIGN).outcome == "sold"

    def test_a_draft_brings_its_own_forms(self, desk: tuple[World, Sandbox]) -> None:
        world, _ = desk
        draft = sandbox_of(world, FORMS[1].replace('"name"', '"signature"'))

        assert played(draft, START, CALL, SIGN).refusal.fields == {  # type: ignore[union-attr]
            "name": "unknown_field",
            "signature": "required",
        }

    def test_a_draft_with_a_mistake_is_refused_as_publishing_would(self, desk: tuple[World, Sandbox]) -> None:
        world, _ = desk
        with pytest.raises(DefinitionRejected) as refusal:
            sandbox_of(world, SALE.replace('type="test.record"', 'type="test.nothing"'))
        assert [problem.code for problem in refusal.value.problems] == ["unknown_operation"]

    def test_what_is_not_published_cannot_be_played(self, desk: tuple[World, Sandbox]) -> None:
        with pytest.raises(UnknownDefinition):
            sandbox_of(desk[0], key="nothing")


class TestTheClock:
    def test_it_moves_only_when_told(self, sandbox: Sandbox) -> None:
        assert played(sandbox, START, CALL, SIGN).now == NOW
        assert played(sandbox, START, wait(minutes=15)).now == NOW + timedelta(minutes=15)

    def test_what_is_due_on_the_way_happens_at_its_own_moment(self, sandbox: Sandbox) -> None:
        standing = played(sandbox, START, wait(days=3))

        told = {each.kind: each.at - NOW for each in standing.trail if each.act == 2}
        assert told[EventKind.REMINDED] == timedelta(hours=3)
        assert told[EventKind.ESCALATED] > timedelta(hours=4)

    def test_it_goes_to_the_next_thing_that_is_due(self, sandbox: Sandbox) -> None:
        standing = played(sandbox, START, CALL, TO_NEXT)

        assert standing.now == NOW + timedelta(hours=2)
        assert opened(standing) == ["sign", "hurry"]

    def test_it_has_nowhere_to_go_when_nothing_is_planned(self, sandbox: Sandbox) -> None:
        assert refused(sandbox, START, WAIT_FOR_BANK, TO_NEXT) == (3, "nothing_due")
        assert refused(sandbox, START, CALL, SIGN, wait(hours=1)) == (4, "case_ended")


class TestOutside:
    def test_an_operation_is_shown_and_not_run(self, sandbox: Sandbox) -> None:
        BROKEN.add("record")  # it would raise
        standing = played(sandbox, START, CALL)

        shown = [(each.element, each.operation, each.arguments) for each in standing.calls]
        assert shown == [("call", "test.keep_secret", {"secret": "4321"}), ("book", "test.record", {"name": "Ann"})]

    def test_it_answers_what_the_script_says(self, sandbox: Sandbox) -> None:
        standing = played(sandbox, START, Act(Do.ANSWER, "book", values={"recorded": "B7"}), CALL)

        assert standing.document["book"] == {"recorded": "B7"}
        assert standing.calls[-1].chosen

    def test_what_the_start_calls_is_answered_before_it(self, desk: tuple[World, Sandbox]) -> None:
        early = SALE.replace('sourceRef="begun" targetRef="call"', 'sourceRef="begun" targetRef="book"')
        early = early.replace("=call.name", "=begun.source").replace(
            'sourceRef="book" targetRef="sign"', 'sourceRef="book" targetRef="call"'
        )
        early = early.replace('sourceRef="which" targetRef="book"', 'sourceRef="which" targetRef="sign"')
        sandbox = sandbox_of(desk[0], early)
        standing = played(sandbox, Act(Do.ANSWER, "book", values={"recorded": "B7"}), START)

        assert standing.document["book"] == {"recorded": "B7"}
        assert opened(standing) == ["call"]
        sandbox.close()

    def test_it_fails_with_the_error_that_the_script_says(self, sandbox: Sandbox) -> None:
        caught = played(sandbox, START, Act(Do.ANSWER, "book", error="name_forbidden"), CALL)

        assert caught.outcome == "lost"
        assert refused(sandbox, START, Act(Do.ANSWER, "book", error="other"), CALL) == (3, "refused")

    def test_an_answer_for_nobody_is_refused(self, sandbox: Sandbox) -> None:
        assert refused(sandbox, START, Act(Do.ANSWER, "nobody")) == (2, "element_unknown")

    def test_personal_answers_reach_the_operation_and_not_the_case(self, sandbox: Sandbox) -> None:
        standing = played(sandbox, START, CALL)

        assert "4321" not in str(standing.document)
        assert "4321" not in str([each.payload for each in standing.trail])


class TestRefusals:
    def test_the_first_act_that_cannot_be_done_ends_the_run_where_it_stood(self, sandbox: Sandbox) -> None:
        standing = played(sandbox, START, replace(CALL, values={"name": ""}), SIGN)

        assert standing.refusal is not None
        assert (standing.done, standing.refusal.act, standing.refusal.code) == (1, 2, "form_invalid")
        assert standing.refusal.fields == {"name": "required", "way": "required"}
        assert opened(standing) == ["call"]
        assert {each.act for each in standing.trail} == {1}

    def test_a_refused_act_leaves_no_trace_of_what_it_had_begun(self, sandbox: Sandbox) -> None:
        standing = played(sandbox, START, Act(Do.ANSWER, "book", error="other"), CALL)

        assert standing.calls == ()
        assert standing.document.keys() == {"begun"}

    @pytest.mark.parametrize(
        ("act", "code"),
        [
            (SIGN, "step_not_open"),
            (Act(Do.OFFER, "call", offer="late"), "offer_unknown"),
            (Act(Do.COMPLETE, "call", path="elsewhere"), "step_not_open"),
        ],
    )
    def test_what_is_not_there_is_said(self, sandbox: Sandbox, act: Act, code: str) -> None:
        assert refused(sandbox, START, act) == (2, code)

    def test_a_timer_without_a_moment_is_named(self, desk: tuple[World, Sandbox]) -> None:
        sandbox = sandbox_of(desk[0], SALE.replace(">PT2H<", ">=book.moment<"))

        assert refused(sandbox, START, CALL) == (2, "timer_unreadable")
        answered = played(sandbox, START, Act(Do.ANSWER, "book", values={"moment": NOW + timedelta(hours=1)}), CALL)
        assert opened(answered) == ["sign"]
        sandbox.close()


class TestBudgets:
    def test_a_timer_that_never_rests_is_stopped(self, sqlite_database: Database) -> None:
        world = World(sqlite_database)
        restless = SALE.replace("PT2H", "R/PT1S").replace("timeDuration", "timeCycle")
        world.deploy(restless.replace(HURRY, '<bpmn:intermediateThrowEvent id="hurry"/>'), *FORMS)
        sandbox = sandbox_of(world)

        assert refused(sandbox, START, CALL, wait(days=30)) == (3, "too_many_moments")
        sandbox.close()

    def test_a_run_takes_no_longer_than_it_may(self, sandbox: Sandbox) -> None:
        seconds = iter(range(100))
        standing = play(
            sandbox, Script((START, CALL, SIGN)), stopwatch=lambda: next(seconds) * 4.0, limits=Limits(seconds=10)
        )

        assert standing.refusal is not None
        assert standing.refusal.code == "out_of_time"

    def test_a_run_passes_no_more_elements_than_it_may(self, sandbox: Sandbox) -> None:
        standing = play(sandbox, Script((START, CALL, SIGN)), stopwatch=lambda: 0.0, limits=Limits(elements=3))

        assert standing.refusal is not None
        assert (standing.refusal.act, standing.refusal.code) == (2, "too_many_elements")


HUGE = "count(for a in 1..9999, b in 1..9999, c in 1..9999 return a) &gt; 0"


class TestHostileDrafts:
    def test_an_expression_without_end_is_stopped_and_told(self, desk: tuple[World, Sandbox]) -> None:
        sandbox = sandbox_of(desk[0], SALE.replace('call.way = "book"', HUGE))

        assert refused(sandbox, START, CALL) == (2, "broke_down")
        sandbox.close()

    @pytest.mark.parametrize(
        "draft",
        [
            '<!DOCTYPE x [<!ENTITY a "aaaa">]><bpmn:definitions/>',
            "<bpmn:definitions",
            "",
            "\0",
            SALE.replace("<bpmn:startEvent", '<bpmn:scriptTask id="evil"><bpmn:script>1</bpmn:script></bpmn:scriptTask>'
                                              "<bpmn:startEvent", 1),
        ],
    )  # fmt: skip
    def test_a_text_that_is_no_drawing_is_refused(self, desk: tuple[World, Sandbox], draft: str) -> None:
        with pytest.raises(DefinitionRejected):
            sandbox_of(desk[0], draft)


class TestApart:
    def test_nothing_is_written_to_the_database(self, database: Database) -> None:
        world, sandbox = sale(database)
        before = rows_of(world.database)
        played(sandbox, START, CALL, TO_NEXT, SIGN)
        sandbox_of(world, SALE.replace('value="won"', 'value="sold"')).close()

        sandbox.close()
        assert rows_of(world.database) == before

    def test_no_run_sees_another(self, sandbox: Sandbox) -> None:
        played(sandbox, START, CALL)  # its timer runs for two hours
        standing = played(sandbox, START, TO_NEXT)

        assert opened(standing) == ["call"]
        assert standing.now == NOW + timedelta(hours=3)
        assert standing.step("call").known["case"]["id"] == 1  # type: ignore[union-attr]

    def test_a_sandbox_goes_on_when_the_database_has_gone(self, desk: tuple[World, Sandbox]) -> None:
        world, sandbox = desk
        world.database.close()

        assert played(sandbox, START, CALL, SIGN).outcome == "won"
