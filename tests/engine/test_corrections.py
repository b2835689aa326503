"""An earlier answer is corrected by those who may, and never in what has decided the way."""

from datetime import timedelta

import pytest

from engine import case_data
from engine.database import Database
from engine.errors import NotAllowed
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import FormInvalid, Reading
from tests.engine.test_runtime import NAME_FORM, NEEDS_FORM, SIMPLE
from tests.engine.world import OTHER_SELLER, SELLER, World, choice, form, head, other_seller, seller

CLERK = Actor(77, roles=frozenset({("clerk", None)}))


@pytest.fixture
def world(sqlite_database: Database) -> World:
    world = World(sqlite_database)
    return answered(world, SIMPLE)


def answered(world: World, drawing: str) -> World:
    world.deploy(drawing, NAME_FORM, NEEDS_FORM)
    world.start()
    world.complete("needs", outcome="next", budget=1)
    return world


def correct(world: World, actor: Actor, **values: str) -> None:
    with world.database.write() as session:
        case = world.task("offer").instance_id
        world.engine.correct_answer(
            session, case, "needs", values, reason="", actor=actor, reading=Reading(now=world.now)
        )


@pytest.mark.parametrize("actor", [seller, other_seller, head, Actor(OTHER_SELLER, represents=frozenset({SELLER}))])
def test_who_gave_the_answer_his_role_his_deputy_and_the_head_may(world: World, actor: Actor) -> None:
    correct(world, actor, budget="2")

    (event,) = world.events("answer_corrected")
    assert case_data.load(event.payload)["after"] == {"budget": 2}


def test_another_department_may_not(world: World) -> None:
    with pytest.raises(NotAllowed) as refused:
        correct(world, CLERK, budget="2")

    assert refused.value.code == "answer_not_yours"
    assert world.events("answer_corrected") == []


def test_a_day_that_has_passed_meanwhile_may_stay(sqlite_database: Database) -> None:
    drawing = SIMPLE.replace('formId="test/needs"', 'formId="test/wish"')
    world = World(sqlite_database)
    wish = form(
        "test/wish",
        choice("outcome", "next", "again"),
        {"type": "datetime", "key": "day", "label": "Day", "subtype": "date", "disallowPassedDates": True},
        {"type": "textfield", "key": "comment", "label": "Comment"},
    )
    world.deploy(drawing, NAME_FORM, wish)
    world.start()
    typed = f"{world.now:%Y-%m-%d}"
    world.complete("needs", outcome="next", day=typed)
    world.advance(timedelta(days=3))

    correct(world, seller, day=typed, comment="by train")
    with pytest.raises(FormInvalid) as refused:
        correct(world, seller, day=f"{world.now - timedelta(days=1):%Y-%m-%d}", comment="by train")

    (event,) = world.events("answer_corrected")
    assert case_data.load(event.payload)["after"] == {"comment": "by train"}
    assert refused.value.errors == {"day": "day_passed"}


def test_final_answers_stay(sqlite_database: Database) -> None:
    final = SIMPLE.replace('name="escalate"', 'name="correct" value="never"/><zeebe:property name="escalate"', 1)
    world = answered(World(sqlite_database), final)

    with pytest.raises(NotAllowed) as refused:
        correct(world, head, budget="2")

    assert refused.value.code == "answer_final"


def test_what_a_condition_reads_stays_whatever_it_is_called(sqlite_database: Database) -> None:
    drawing = SIMPLE.replace('needs.outcome = "again"', 'needs.outcome = "again" or needs.budget &gt; 100')
    world = answered(World(sqlite_database), drawing)

    correct(world, seller, budget="500", outcome="again")

    assert world.events("answer_corrected") == []  # nothing is left that may change
