"""Storing and reading back: every element kind, refusals of foreign states, long cases."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import orjson
import pytest

from engine.spiff import CaseWorkflow, UnreadableState, compile_process
from engine.spiff.codec import pack, unpack
from engine.spiff.formats import FORMAT
from engine.spiff.structure import SUPPORTED
from tests.engine.spiff.drawings import (
    Answers,
    Walk,
    boundary,
    document,
    flows,
    message,
    node,
    process,
    simple,
    tasks,
    timer,
    walk,
)
from tests.engine.spiff.test_loops import multi, standard

EVERYTHING = simple(
    "p",
    node("serviceTask", "service"),
    node("sendTask", "send"),
    node("businessRuleTask", "rule"),
    node("userTask", "user"),
    node("manualTask", "manual", multi("2", sequential=True)),
    node("receiveTask", "receive", messageRef="m"),
    node("intermediateCatchEvent", "catch", timer("PT1H")),
    node("intermediateThrowEvent", "throw"),
    node("parallelGateway", "and_split"),
    node("parallelGateway", "and_join"),
    node("inclusiveGateway", "or_split", default="or_split__or_join"),
    node("inclusiveGateway", "or_join"),
    node("exclusiveGateway", "choice", default="choice__service"),
    node("eventBasedGateway", "race"),
    node("intermediateCatchEvent", "first", message("m")),
    node("intermediateCatchEvent", "second", timer("P1D")),
    node(
        "subProcess",
        "sub",
        node("startEvent", "s"),
        node("userTask", "inner", standard(loopMaximum="2")),
        node("endEvent", "e"),
        flows("s inner e"),
    ),
    boundary("stop", "sub", message("m")),
    node("callActivity", "call", multi("2"), calledElement="called"),
    tasks("left", "right"),
    flows(
        "start choice service send rule user manual receive catch throw and_split left and_join or_split or_join",
        "and_split right and_join",
        "or_split call or_join race first sub end",
        "race second end",
        "stop end",
        "choice end",
        when={"choice__end": "no", "or_split__call": "yes"},
    ),
)
CALLED = simple("called", tasks("asked"), flows("start asked end"))


def test_every_supported_element_survives_storing_at_every_step() -> None:
    case = walk(document(EVERYTHING, CALLED, messages=["m"]), Answers({"no": False, "yes": True, "2": 2}))
    kinds = {passed.kind for passed in case.passed}

    def note() -> None:
        kinds.update(passed.kind for passed in case.passed)

    for element in ("user", "manual", "manual"):
        case.complete(element)
        note()
    case.message("receive")
    note()
    case.wait(hours=1)
    note()
    for element in ("right", "left", "asked", "asked"):
        case.complete(element)
        note()
    case.message("first")
    note()
    case.complete("inner")
    note()
    case.message("stop")
    note()
    assert case.case.completed()
    case = walk(document(EVERYTHING, CALLED, messages=["m"]), Answers({"no": True}))
    assert case.case.completed()

    # A sub-process is passed when it is left, not when it is withdrawn.
    assert kinds == SUPPORTED - {"subProcess"}


class TestForeignStates:
    def case(self) -> Walk:
        return walk(document(simple("p", tasks("a"), flows("start a end"))))

    def test_of_an_unknown_format_are_refused(self) -> None:
        case = self.case()
        state = orjson.dumps([FORMAT + 1, *orjson.loads(case.state)[1:]])

        with pytest.raises(UnreadableState, match=str(FORMAT + 1)):
            CaseWorkflow.load(case.compiled, state, Answers())

    @pytest.mark.parametrize("state", [b"", b"{}", b"[]", b"not json", b'{"serializer_version": "1.0"}'])
    def test_that_are_none_are_refused(self, state: bytes) -> None:
        with pytest.raises(UnreadableState):
            CaseWorkflow.load(self.case().compiled, state, Answers())

    def test_with_an_element_that_the_process_lacks_are_refused(self) -> None:
        other = compile_process(document(simple("p", tasks("b"), flows("start b end"))), "p")

        with pytest.raises(UnreadableState, match="a"):
            CaseWorkflow.load(other, self.case().state, Answers())

    def test_with_a_sub_process_that_the_process_lacks_are_refused(self) -> None:
        body = simple(
            "p", node("subProcess", "x", node("startEvent", "s"), tasks("a"), flows("s a")), flows("start x end")
        )
        other = compile_process(document(simple("p", tasks("x"), flows("start x end"))), "p")

        with pytest.raises(UnreadableState):
            CaseWorkflow.load(other, walk(document(body)).state, Answers())


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        1,
        1.5,
        "text",
        Decimal("100.00"),
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        date(2026, 3, 2),
        time(9, 30),
        timedelta(days=1, microseconds=7),
        [1, [Decimal("1")]],
        {"typename": "anything", "nested": {"$": {"$": 1}}},
    ],
)
def test_values_come_back_as_they_were(value: object) -> None:
    read = unpack(orjson.loads(orjson.dumps(pack(value))))

    assert (read, type(read)) == (value, type(value))


def test_values_of_other_types_are_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        pack({"a": object()})


def follow_up(*, kind: str = "exclusiveGateway") -> Walk:
    """Call, note, and again; a block with a join, a boundary timer and a sub-process in every round."""
    body = process(
        "p",
        node("startEvent", "start"),
        node(kind, "m"),
        node("parallelGateway", "g"),
        node("parallelGateway", "j"),
        tasks("call", "note"),
        boundary("late", "call", timer("P1D"), interrupts=False),
        node("endEvent", "late_end"),
        node("subProcess", "sub", node("startEvent", "s"), node("userTask", "rate", multi("2")), flows("s rate")),
        flows("start m g call j sub m", "g note j", "late late_end"),
    )
    return walk(document(body), Answers({"2": 2}))


def a_round(case: Walk) -> None:
    for element in ("note", "call", "rate", "rate"):
        case.complete(element)


def test_a_thousand_rounds_leave_nothing_behind() -> None:
    case = follow_up()
    for _ in range(5):
        a_round(case)
    young = (case.case.task_count(), case.case.depth(), len(case.state))
    for _ in range(995):
        a_round(case)

    assert (case.case.task_count(), case.case.depth(), len(case.state)) == young
    assert case.case.depth() <= 3
    assert case.open == ["call", "note"]
    assert not case.case.completed()


def test_a_live_object_that_is_never_reloaded_stays_as_small() -> None:
    compiled = follow_up().compiled
    case = CaseWorkflow.start(compiled, Answers({"2": 2}))
    case.run()
    sizes = set()
    for _ in range(100):
        for element in ("note", "call", "rate", "rate"):
            case.complete(next(task.guid for task in case.open_tasks() if task.element == element))
            case.run()
            state = case.dump()
        sizes.add((case.task_count(), case.depth(), len(state)))
        assert case.is_consistent()

    assert len(sizes) == 1
