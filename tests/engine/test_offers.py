"""Offered messages at a boundary: a button on every step inside, taken and refused."""

import pytest
from sqlalchemy import select

from engine import case_data
from engine.database import Database
from engine.errors import NotAllowed
from engine.human_tasks.assignment import Actor
from engine.human_tasks.models import TaskDraft, TaskState
from tests.engine.world import (
    CENTRE,
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

NAME_FORM = form("test/name", "name")
REFUSED_FORM = form("test/refused", choice("reason", "price", "other"))

DEAL = process(
    '<bpmn:startEvent id="begun"/>',
    '<bpmn:subProcess id="deal"><bpmn:startEvent id="deal_begun"/>',
    user_task("call"),
    '<bpmn:endEvent id="deal_done"/>',
    '<bpmn:sequenceFlow id="d1" sourceRef="deal_begun" targetRef="call"/>',
    '<bpmn:sequenceFlow id="d2" sourceRef="call" targetRef="deal_done"/></bpmn:subProcess>',
    '<bpmn:boundaryEvent id="refused" name="Refused" attachedToRef="deal"><bpmn:extensionElements><zeebe:properties>'
    '<zeebe:property name="offer" value="true"/><zeebe:property name="form" value="test/refused"/>'
    '</zeebe:properties></bpmn:extensionElements><bpmn:messageEventDefinition id="m1" messageRef="message_refused"/>'
    "</bpmn:boundaryEvent>",
    user_task("review", "test/review", role="head_of_sales", assignee="=null"),
    '<bpmn:exclusiveGateway id="which" default="f5"/>',
    '<bpmn:exclusiveGateway id="entry"/>',
    end("won", outcome="won"),
    end("lost", outcome="refused", reason="=refused.reason"),
    flows(
        "begun > entry", "entry > deal", "deal > won", "refused > review", "review > which",
        'which > lost : review.decision = "confirm"',
    ).replace('<bpmn:sequenceFlow id="f5"', '<bpmn:sequenceFlow id="f5"')
    + '<bpmn:sequenceFlow id="f7" sourceRef="which" targetRef="entry"/>',
    messages=("refused",),
).replace('default="f5"', 'default="f7"')  # fmt: skip
REVIEW_FORM = form("test/review", choice("decision", "confirm", "return"))


@pytest.fixture
def deal(sqlite_database: Database) -> World:
    world = World(sqlite_database)
    world.deploy(DEAL, NAME_FORM, REFUSED_FORM, REVIEW_FORM)
    world.start()
    return world


class TestOffers:
    def test_a_refusal_cancels_the_step_and_goes_to_the_head(self, deal: World) -> None:
        deal.offer("call", "refused", reason="price")

        assert (deal.task("call").state, deal.open_elements()) == (TaskState.CANCELLED, ["review"])

    def test_nothing_typed_is_left_of_a_cancelled_step(self, deal: World) -> None:
        task = deal.task("call")
        with deal.database.write() as session:
            for form, typed in ((task.form, {"name": "an"}), ("refused", {"reason": "other"})):
                deal.engine.save_draft(session, task.id, form, typed, actor_id=1, now=deal.now)

        deal.offer("call", "refused", reason="price")

        with deal.database.read() as session:
            assert session.scalars(select(TaskDraft)).all() == []

    def test_the_head_can_bring_it_back_again_and_again(self, deal: World) -> None:
        for _ in range(3):
            deal.offer("call", "refused", reason="price")
            deal.complete("review", actor=head, decision="return")

        assert deal.open_elements() == ["call"]

    def test_confirmed_it_closes_with_its_reason(self, deal: World) -> None:
        deal.offer("call", "refused", reason="price")
        deal.complete("review", actor=head, decision="confirm")

        closed = case_data.load(deal.events("case_closed")[0].payload)
        assert closed == {"outcome": "refused", "reason": "price"}

    @pytest.mark.parametrize("marked", [True, False])
    def test_leaving_the_proposed_way_is_recorded_as_a_deviation(self, sqlite_database: Database, marked: bool) -> None:
        world = World(sqlite_database)
        offer = '<zeebe:property name="offer" value="true"/>'
        deviation = '<zeebe:property name="deviation" value="true"/>' if marked else ""
        world.deploy(DEAL.replace(offer, offer + deviation), NAME_FORM, REFUSED_FORM, REVIEW_FORM)
        world.start()

        world.offer("call", "refused", reason="price")

        taken = case_data.load(world.events("offer_taken")[0].payload)
        assert taken.get("deviation") == ("offer" if marked else None)

    def test_what_is_not_offered_is_refused(self, deal: World) -> None:
        deal.offer("call", "refused", reason="price")

        with pytest.raises(NotAllowed):
            deal.offer("review", "refused", actor=head, reason="price")


def around_a_call(**reaching: str) -> tuple[str, str]:
    """A process that calls another one; the button around the call may reach into it."""
    inner = process(
        '<bpmn:startEvent id="asked"/>',
        user_task("call"),
        end("answered"),
        flows("asked > call", "call > answered"),
        key="part",
    )
    offer = "".join(f'<zeebe:property name="{name}" value="{value}"/>' for name, value in reaching.items())
    outer = process(
        '<bpmn:startEvent id="begun"/>',
        '<bpmn:subProcess id="deal"><bpmn:startEvent id="deal_begun"/><bpmn:callActivity id="talk">'
        '<bpmn:extensionElements><zeebe:calledElement processId="part"/></bpmn:extensionElements></bpmn:callActivity>'
        '<bpmn:endEvent id="deal_done"/><bpmn:sequenceFlow id="d1" sourceRef="deal_begun" targetRef="talk"/>'
        '<bpmn:sequenceFlow id="d2" sourceRef="talk" targetRef="deal_done"/></bpmn:subProcess>',
        '<bpmn:boundaryEvent id="refused" name="Refused" attachedToRef="deal"><bpmn:extensionElements>'
        f'<zeebe:properties><zeebe:property name="offer" value="true"/>{offer}'
        '<zeebe:property name="form" value="test/refused"/></zeebe:properties></bpmn:extensionElements>'
        '<bpmn:messageEventDefinition id="m1" messageRef="message_refused"/></bpmn:boundaryEvent>',
        end("won", outcome="won"),
        end("lost", outcome="refused"),
        flows("begun > deal", "deal > won", "refused > lost"),
        messages=("refused",),
    )
    return inner, outer


class TestInCalledProcesses:
    @pytest.fixture
    def world(self, sqlite_database: Database) -> World:
        return World(sqlite_database)

    def test_a_button_that_reaches_into_calls_is_taken_on_a_step_there(self, world: World) -> None:
        world.deploy(*around_a_call(offerInCalls="true"), NAME_FORM, REFUSED_FORM)
        world.start()

        world.offer("call", "refused", reason="price")

        assert case_data.load(world.events("case_closed")[0].payload)["outcome"] == "refused"

    def test_any_other_button_stays_with_the_steps_of_its_own_drawing(self, world: World) -> None:
        world.deploy(*around_a_call(), NAME_FORM, REFUSED_FORM)
        world.start()

        with pytest.raises(NotAllowed):
            world.offer("call", "refused", reason="price")


class TestOfferedToRoles:
    DEPUTY = Actor(78, roles=frozenset({("seller", CENTRE)}), represents=frozenset({SELLER}))

    @pytest.fixture
    def world(self, sqlite_database: Database) -> World:
        """Any seller may do the step; the button is kept for the owner of the case and the head."""
        kept = '<zeebe:property name="offer" value="true"/><zeebe:property name="offerTo" value=" head_of_sales ,"/>'
        drawing = DEAL.replace('<zeebe:property name="offer" value="true"/>', kept)
        drawing = drawing.replace('assignee="=case.owner"', 'assignee="=null"', 1)
        world = World(sqlite_database)
        world.deploy(drawing, NAME_FORM, REFUSED_FORM, REVIEW_FORM)
        world.start()
        return world

    def test_who_does_the_step_may_not_take_what_is_kept_for_others(self, world: World) -> None:
        with pytest.raises(NotAllowed) as refused:
            world.offer("call", "refused", actor=other_seller, reason="price")

        assert (refused.value.code, world.open_elements()) == ("offer_not_yours", ["call"])

    def test_the_owner_may_while_the_step_is_with_another(self, world: World) -> None:
        with world.database.write() as session:
            world.engine.claim(session, world.task("call").id, actor=other_seller, now=world.now)
        with pytest.raises(NotAllowed):
            world.complete("call", actor=seller, name="anna")

        world.offer("call", "refused", actor=seller, reason="price")

        assert world.open_elements() == ["review"]

    @pytest.mark.parametrize("actor", [seller, DEPUTY, head])
    def test_the_owner_his_deputy_and_the_head_may(self, world: World, actor: Actor) -> None:
        world.offer("call", "refused", actor=actor, reason="price")

        assert world.open_elements() == ["review"]
