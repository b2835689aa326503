"""The runtime from end to end: a drawing is published, cases walk through it, and everything follows by itself."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from engine import case_data
from engine.database import Database
from engine.errors import BusinessError, NotAllowed, TaskClosed
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import FormInvalid
from engine.human_tasks.models import TaskState
from engine.instances.models import CaseData, InstanceStatus, ProcessInstance
from engine.milestones.models import Episode, EpisodeMilestone
from engine.timers.models import DueRow
from tests.engine.world import (
    HEAD,
    NOW,
    OTHER_SELLER,
    SELLER,
    World,
    choice,
    end,
    flows,
    form,
    head,
    milestone,
    other_seller,
    process,
    rows,
    seller,
    user_task,
)

NAME_FORM = form("test/name", "name")
NEEDS_FORM = form(
    "test/needs",
    choice("outcome", "next", "again"),
    {"type": "number", "key": "budget", "label": "Budget", "validate": {"required": True, "min": 1}},
    {"type": "textfield", "key": "secret", "label": "Secret", "properties": {"personal": True}},
)
SIMPLE = process(
    '<bpmn:startEvent id="begun"/>',
    milestone("contacted", "contact"),
    user_task(
        "needs",
        "test/needs",
        due="PT1H",
        reminders="-PT10M, PT0S",
        escalate="PT30M to head; P1D to head_of_sales",
        onComplete="test.keep_secret",
    ),
    '<bpmn:exclusiveGateway id="which" default="f5"/>',
    user_task("offer", due="P1D", onComplete="test.record", skip="allowed"),
    milestone("offered", "offer"),
    end("sold", outcome="won"),
    flows(
        "begun > contacted", "contacted > needs", "needs > which", 'which > needs : needs.outcome = "again"',
        "which > offer", "offer > offered", "offered > sold",
    ),
    milestones="contact, offer",
    dimensions="source: =begun.source",
)  # fmt: skip


@pytest.fixture
def world(database: Database) -> World:
    world = World(database)
    world.deploy(SIMPLE, NAME_FORM, NEEDS_FORM)
    return world


class TestAStep:
    def test_the_first_task_stands_in_the_diary_of_the_owner(self, world: World) -> None:
        world.start(payload={"source": "radio"})

        task = world.task("needs")

        assert (task.assignee_id, task.candidate_role, task.due_at) == (SELLER, "seller", NOW + timedelta(hours=1))

    def test_completing_it_opens_the_next(self, world: World) -> None:
        world.start()

        result = world.complete("needs", outcome="next", budget="1 500 000,50", secret="x")

        assert (world.open_elements(), result.next_tasks) == (["offer"], (world.task("offer").id,))

    def test_values_keep_their_types_in_the_case_document(self, world: World) -> None:
        world.start()
        world.complete("needs", outcome="next", budget="1500000.50", secret="x")

        with world.database.read() as session:
            document = case_data.load(rows(session, CaseData)[0].document)

        assert document["needs"]["budget"] == Decimal("1500000.50")

    def test_personal_fields_are_handed_to_the_operation_and_kept_nowhere_else(self, world: World) -> None:
        world.start()
        world.complete("needs", outcome="next", budget="1", secret="passport 4012")

        with world.database.read() as session:
            everything = str([row.document for row in rows(session, CaseData)]) + str(
                [event.payload for event in world.events()]
            )

        assert "passport" not in everything
        assert "SECRET KEPT" in everything

    def test_a_loop_comes_back(self, world: World) -> None:
        world.start()
        world.complete("needs", outcome="again", budget="1")

        assert world.open_elements() == ["needs"]

    def test_a_case_ends_with_its_outcome(self, world: World) -> None:
        world.start()
        world.complete("needs", outcome="next", budget="1")
        result = world.complete("offer", name="anna")

        with world.database.read() as session:
            instance, episode = rows(session, ProcessInstance)[0], rows(session, Episode)[0]

        assert (result.outcome, instance.status, episode.outcome) == ("won", InstanceStatus.COMPLETED, "won")

    def test_milestones_are_entered_as_the_token_passes_them(self, world: World) -> None:
        world.start(payload={"source": "radio"})
        world.complete("needs", outcome="next", budget="1")
        world.complete("offer", name="anna")

        with world.database.read() as session:
            entered = {row.milestone for row in rows(session, EpisodeMilestone)}

        assert entered == {"contact", "offer"}

    def test_leaves_no_due_rows_behind(self, world: World) -> None:
        world.start()
        world.complete("needs", outcome="next", budget="1")
        world.complete("offer", name="anna")

        with world.database.read() as session:
            assert rows(session, DueRow) == []

    def test_takes_few_statements_and_one_commit(self, world: World) -> None:
        world.start()
        statements: list[str] = []
        commits: list[int] = []
        event.listen(world.database.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        event.listen(world.database.engine, "commit", lambda _: commits.append(1))

        world.complete("needs", outcome="next", budget="1")

        counted = [text for text in statements if not text.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA"))]
        assert (len(counted) <= 15, len(commits)) == (True, 1), "\n".join(counted)
        (saved,) = [text for text in counted if text.startswith("UPDATE process_instance")]
        assert "owner_id" not in saved  # each index of a column that is named would be written


class TestRefusals:
    def test_a_wrong_form_names_its_fields_and_changes_nothing(self, world: World) -> None:
        world.start()

        with pytest.raises(FormInvalid) as refusal:
            world.complete("needs", budget="a lot", extra="x")

        assert refusal.value.errors == {
            "budget": "not_a_number", "outcome": "required", "extra": "unknown_field"
        }  # fmt: skip
        assert world.open_elements() == ["needs"]

    def test_an_operation_may_refuse(self, world: World) -> None:
        world.start()
        world.complete("needs", outcome="next", budget="1")

        with pytest.raises(BusinessError) as refusal:
            world.complete("offer", name="forbidden")

        assert (refusal.value.code, world.open_elements()) == ("name_forbidden", ["offer"])

    def test_a_colleague_may_not_complete_it(self, world: World) -> None:
        world.start()

        with pytest.raises(NotAllowed):
            world.complete("needs", actor=other_seller, outcome="next", budget="1")

    def test_the_head_may(self, world: World) -> None:
        world.start()

        world.complete("needs", actor=head, outcome="next", budget="1")

        assert world.open_elements() == ["offer"]


class TestTheSameTwice:
    def test_the_same_command_gets_the_first_answer(self, world: World) -> None:
        world.start()
        first = world.complete("needs", key="k", outcome="next", budget="1")

        with world.database.write() as session:
            from engine.human_tasks.form_values import Reading

            again = world.engine.complete(
                session, world.task("needs").id, {}, actor=seller, reading=Reading(now=world.now), command_key="k"
            )

        assert (again.next_tasks, again.repeated, len(world.events("task_completed"))) == (first.next_tasks, True, 1)

    def test_another_command_finds_the_task_closed(self, world: World) -> None:
        world.start()
        world.complete("needs", outcome="next", budget="1")

        with pytest.raises(TaskClosed):
            world.complete("needs", outcome="next", budget="1")


class TestTime:
    def test_reminds_the_assignee_then_tells_the_head(self, world: World) -> None:
        world.start()

        world.advance(timedelta(minutes=50))
        world.advance(timedelta(minutes=10))
        world.advance(timedelta(minutes=30))

        told = [case_data.load(each.payload)["recipients"] for each in world.events("reminded", "escalated")]
        assert told == [[SELLER], [SELLER], [HEAD]]

    def test_tells_the_owner_of_the_case_where_the_drawing_wants_it(self, sqlite_database: Database) -> None:
        world = World(sqlite_database)
        world.deploy(SIMPLE.replace("PT30M to head;", "PT30M to owner;"), NAME_FORM, NEEDS_FORM)
        world.start()
        with world.database.write() as session:
            world.engine.delegate(
                session, world.task("needs").id, to=OTHER_SELLER, comment="", actor=seller, now=world.now
            )

        world.advance(timedelta(minutes=90))

        (told,) = (case_data.load(each.payload) for each in world.events("escalated"))
        assert (told["to"], told["recipients"], told["assignee"]) == ("owner", [SELLER], OTHER_SELLER)

    def test_a_postponed_task_sleeps_without_reminders_and_wakes_on_time(self, world: World) -> None:
        world.start()
        until = NOW + timedelta(days=3)
        with world.database.write() as session:
            world.engine.postpone(
                session, world.task("needs").id, until=until, reason="thinking", actor=seller, now=world.now
            )

        world.advance(timedelta(days=2, hours=23))
        quiet = world.events("reminded", "escalated", "task_woken")
        world.advance(timedelta(hours=1))

        assert (quiet, len(world.events("task_woken")), world.task("needs").due_at) == ([], 1, until)

    def test_a_recalled_task_is_due_and_reminds_as_before(self, world: World) -> None:
        world.start()
        needs = world.task("needs")
        with world.database.write() as session:
            world.engine.postpone(
                session, needs.id, until=NOW + timedelta(days=3), reason="thinking", actor=seller, now=world.now
            )
            world.engine.recall(session, needs.id, actor=seller, now=world.now)

        back = world.task("needs")
        world.advance(timedelta(hours=4))

        assert (back.due_at, back.sleeps_until) == (needs.due_at, None)
        assert len(world.events("task_recalled")) == 1
        assert len(world.events("reminded")) == 2
        assert world.events("task_woken") == []

    def test_a_task_postponed_twice_is_recalled_one_step(self, world: World) -> None:
        world.start()
        needs = world.task("needs").id
        first = NOW + timedelta(days=1)
        with world.database.write() as session:
            for until in (first, NOW + timedelta(days=9)):
                world.engine.postpone(session, needs, until=until, reason="travel", actor=seller, now=world.now)
            world.engine.recall(session, needs, actor=seller, now=world.now)

        asleep = world.task("needs")
        world.advance(timedelta(days=1))

        assert (asleep.due_at, asleep.sleeps_until) == (first, first)
        assert len(world.events("task_woken")) == 1

    def test_nobody_else_recalls_and_nothing_is_recalled_that_is_awake(self, world: World) -> None:
        world.start()
        needs = world.task("needs").id
        with world.database.write() as session:
            world.engine.recall(session, needs, actor=seller, now=world.now)
            world.engine.postpone(
                session, needs, until=NOW + timedelta(days=1), reason="travel", actor=seller, now=world.now
            )
            with pytest.raises(NotAllowed):
                world.engine.recall(session, needs, actor=Actor(OTHER_SELLER), now=world.now)

        assert world.events("task_recalled") == []

    def test_handing_over_counts_the_due_time_anew_and_may_take_the_case_along(self, world: World) -> None:
        world.start()
        world.now += timedelta(minutes=45)
        with world.database.write() as session:
            world.engine.delegate(
                session,
                world.task("needs").id,
                to=OTHER_SELLER,
                comment="",
                actor=seller,
                now=world.now,
                with_case=True,
            )

        task = world.task("needs")
        with world.database.read() as session:
            owners = rows(session, ProcessInstance)[0].owner_id, rows(session, Episode)[0].owner_id

        assert (task.assignee_id, task.due_at, owners) == (
            OTHER_SELLER,
            world.now + timedelta(hours=1),
            (OTHER_SELLER, OTHER_SELLER),
        )

    def test_a_step_after_handing_over_still_finds_the_case(self, world: World) -> None:
        world.start()
        with world.database.write() as session:
            world.engine.delegate(
                session, world.task("needs").id, to=OTHER_SELLER, comment="", actor=seller, now=world.now
            )

        world.complete("needs", actor=other_seller, outcome="next", budget="1")

        assert world.open_elements() == ["offer"]


class TestSkipping:
    def test_is_recorded_with_its_reason(self, world: World) -> None:
        world.start()
        world.complete("needs", outcome="next", budget="1")
        with world.database.write() as session:
            world.engine.skip(
                session, world.task("offer").id, reason="knows it", actor=seller, now=world.now, command_key="s"
            )

        assert (world.task("offer").state, world.open_elements()) == (TaskState.SKIPPED, [])

    def test_is_refused_where_the_drawing_does_not_allow_it(self, world: World) -> None:
        world.start()

        with pytest.raises(NotAllowed), world.database.write() as session:
            world.engine.skip(session, world.task("needs").id, reason="x", actor=seller, now=world.now, command_key="s")
