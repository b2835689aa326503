"""What leaves the guided path is marked in the log, and only that."""

from datetime import timedelta

import pytest

from engine import case_data
from engine.database import Database
from engine.errors import NotAllowed
from engine.history.models import HistoryEvent
from engine.history.recording import Deviation, EventKind, deviation_in
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import Reading
from tests.engine.test_offers import DEAL, REFUSED_FORM, REVIEW_FORM
from tests.engine.test_runtime import NAME_FORM, NEEDS_FORM, SIMPLE
from tests.engine.world import (
    HEAD,
    OTHER_SELLER,
    SELLER,
    World,
    choice,
    end,
    flows,
    form,
    head,
    other_seller,
    process,
    seller,
    user_task,
)

DAY = timedelta(days=1)


def kind_of(event: HistoryEvent) -> Deviation | None:
    return deviation_in(EventKind(event.kind), case_data.load(event.payload) if event.payload else {})


def deviations(world: World) -> list[Deviation]:
    return [found for event in world.events() if (found := kind_of(event)) is not None]


@pytest.fixture
def world(sqlite_database: Database) -> World:
    world = World(sqlite_database)
    world.deploy(SIMPLE, NAME_FORM, NEEDS_FORM)
    world.start()
    return world


def postpone(world: World, days: int) -> None:
    with world.database.write() as session:
        task, until = world.task("needs").id, world.now + days * DAY
        world.engine.postpone(session, task, until=until, reason="other", actor=seller, now=world.now)


def recall(world: World) -> None:
    with world.database.write() as session:
        world.engine.recall(session, world.task("needs").id, actor=seller, now=world.now)


def test_the_guided_path_has_none(world: World) -> None:
    world.complete("needs", outcome="next", budget=1)
    world.complete("offer", name="anna")

    assert deviations(world) == []


def test_a_step_that_is_not_needed_is_one(world: World) -> None:
    world.complete("needs", outcome="next", budget=1)
    with world.database.write() as session:
        task = world.task("offer").id
        world.engine.skip(session, task, reason="knows it", actor=seller, now=world.now, command_key="s")

    assert deviations(world) == [Deviation.SKIPPED]


def test_a_corrected_answer_is_one(world: World) -> None:
    world.complete("needs", outcome="next", budget=1)
    with world.database.write() as session:
        case = world.task("needs").instance_id
        given, reading = {"budget": "2"}, Reading(now=world.now)
        world.engine.correct_answer(session, case, "needs", given, reason="", actor=seller, reading=reading)

    assert deviations(world) == [Deviation.CORRECTED]


def test_a_step_done_by_the_head_is_one_and_says_whose_it_was(world: World) -> None:
    world.complete("needs", actor=head, outcome="next", budget=1)

    assert deviations(world) == [Deviation.STRANGER]
    (event,) = world.events("task_completed")
    assert (event.actor_id, case_data.load(event.payload)["assignee"]) == (HEAD, SELLER)


def test_a_deputy_leaves_no_path(world: World) -> None:
    world.complete("needs", actor=Actor(OTHER_SELLER, represents=frozenset({SELLER})), outcome="next", budget=1)

    assert deviations(world) == []


def test_postponing_is_one_from_the_third_time_and_one_taken_back_does_not_count(world: World) -> None:
    postpone(world, 1)
    postpone(world, 2)
    recall(world)
    postpone(world, 3)
    assert deviations(world) == []

    postpone(world, 4)
    recall(world)
    postpone(world, 5)

    assert deviations(world) == [Deviation.POSTPONED, Deviation.POSTPONED]
    recalled = case_data.load(world.events("task_recalled")[-1].payload)["undoes"]
    assert recalled == next(event.seq for event in world.events() if kind_of(event))


@pytest.mark.parametrize("marked", [True, False])
def test_an_offer_is_one_when_the_drawing_marks_it(sqlite_database: Database, marked: bool) -> None:
    mark = '<zeebe:property name="deviation" value="true"/>' if marked else ""
    offer = '<zeebe:property name="offer" value="true"/>'
    world = World(sqlite_database)
    world.deploy(DEAL.replace(offer, offer + mark), NAME_FORM, REFUSED_FORM, REVIEW_FORM)
    world.start()

    world.offer("call", "refused", reason="price")

    assert deviations(world) == ([Deviation.OFFER] if marked else [])


def test_a_head_reminds_by_hand_and_nobody_else_does(world: World) -> None:
    task = world.task("needs").id
    with world.database.write() as session:
        world.engine.remind(session, task, actor=head, now=world.now)
    with pytest.raises(NotAllowed), world.database.write() as session:
        world.engine.remind(session, task, actor=other_seller, now=world.now)

    (event,) = world.events("reminded")
    assert (event.actor_id, case_data.load(event.payload)["recipients"]) == (HEAD, [SELLER])


def test_what_a_form_tells_the_next_step_is_logged_as_an_instruction(sqlite_database: Database) -> None:
    told = {"type": "textarea", "key": "told", "label": "Told", "properties": {"instruction": "true"}}
    drawing = process(
        '<bpmn:startEvent id="begun"/>',
        user_task("review", "test/told"),
        user_task("again", "test/told"),
        end("done", outcome="won"),
        flows("begun > review", "review > again", "again > done"),
    )
    world = World(sqlite_database)
    world.deploy(drawing, form("test/told", told))
    world.start()

    world.complete("review", told=" Offer a drive ")
    world.complete("again", told="")

    assert [case_data.load(event.payload) for event in world.events("instructed")] == [{"text": "Offer a drive"}]


def test_mandatory_lines_that_are_left_out_are_one_in_the_words_of_the_form(sqlite_database: Database) -> None:
    told = {**choice("told", "phone", "offer"), "type": "checklist", "properties": {"mandatory": "all"}}
    told["values"][1]["label.ru"] = "О спецпредложении"
    world = World(sqlite_database)
    world.deploy(SIMPLE, form("test/name", "name", told), NEEDS_FORM)
    world.start()
    world.complete("needs", outcome="next", budget=1)

    world.complete("offer", name="anna", told=["phone"], told_left_out="No time")

    assert deviations(world) == [Deviation.LEFT_OUT]
    (event,) = world.events("lines_left_out")
    payload = case_data.load(event.payload)
    line = {"value": "offer", "label": "offer", "others": {"ru": "О спецпредложении"}}
    assert (event.element, payload["lines"], payload["reason"]) == ("offer", [line], "No time")


def test_mandatory_lines_of_an_offered_button_count_too(sqlite_database: Database) -> None:
    told = {**choice("told", "phone", "offer"), "type": "checklist", "validate": {}, "properties": {"mandatory": "all"}}
    world = World(sqlite_database)
    world.deploy(DEAL, NAME_FORM, form("test/refused", "reason", told), REVIEW_FORM)
    world.start()

    world.offer("call", "refused", reason="price", told=["offer", "phone"])
    assert deviations(world) == []
    world.complete("review", actor=head, decision="return")
    world.offer("call", "refused", reason="price", told_left_out="Hung up")

    assert deviations(world) == [Deviation.LEFT_OUT]
