"""Running cases are taken over to another version: what waits goes on waiting as it did."""

from typing import Any

from sqlalchemy import select

from engine.checking import check_cases
from engine.forgetting import forget_moved
from engine.history.recording import EventKind
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask, TaskDraft, TaskState
from engine.instances.models import CaseData, ProcessInstance
from engine.messages import MessageSubscription
from engine.migration.models import CaseStage, Migration, MigrationState
from engine.timers.models import DueRow
from tests.engine.migration.drawings import (
    HOUR,
    MOOD_FORM,
    NAME_FORM,
    Migrations,
    drawing,
    line,
    message,
    timer,
)
from tests.engine.world import SELLER, World, end, flows, form, milestone, rows, seller, user_task

SAFE, UNMAPPED, BLOCKED, MOVED = CaseStage.SAFE, CaseStage.UNMAPPED, CaseStage.BLOCKED, CaseStage.MOVED


def agree(world: World) -> bool:
    """Do the rows say what the states of all cases say?"""
    with world.database.read() as session:
        return not list(check_cases(session, world.kernel.store, now=world.now))


def complete_all(world: World, element: str) -> None:
    """Complete every open task of an element."""
    with world.database.write() as session:
        wanted = select(HumanTask.id).where(HumanTask.element == element, HumanTask.state == TaskState.OPEN)
        for task_id in session.scalars(wanted).all():
            world.engine.complete(
                session,
                task_id,
                {"name": "anna"},
                actor=seller,
                reading=Reading(now=world.now),
                command_key=world.command_key(),
            )


def snapshot(world: World) -> dict[str, Any]:
    """Everything of the cases but their revisions and logs, as it stands in the tables."""
    with world.database.read() as session:
        tables = {
            "cases": [(c.id, c.definition_id, c.state, c.status) for c in rows(session, ProcessInstance)],
            "documents": [(c.instance_id, c.document) for c in rows(session, CaseData)],
            "tasks": [
                {key: value for key, value in vars(task).items() if not key.startswith("_")}
                for task in rows(session, HumanTask)
            ],
            "drafts": [(d.task_id, d.actor_id, d.form, d.values) for d in rows(session, TaskDraft)],
            "due": sorted((d.kind, d.ref, d.due_at, d.detail) for d in rows(session, DueRow)),
            "subscriptions": sorted(
                (s.task_guid, s.element, s.message, s.correlation_key) for s in rows(session, MessageSubscription)
            ),
        }
        session.expunge_all()
    return tables


class TestWhatStays:
    def test_a_step_that_was_added_comes_next(self, world: World, migrations: Migrations) -> None:
        world.deploy(line("call"), NAME_FORM)
        world.start()
        world.deploy(line("call", "thank"), NAME_FORM)

        migrations.apply(migrations.plan())
        world.complete("call", name="anna")

        assert (world.open_elements(), migrations.versions(), agree(world)) == (["thank"], [2], True)

    def test_claim_draft_due_time_and_reminders_follow_a_renamed_step(
        self, world: World, migrations: Migrations
    ) -> None:
        timed = {"due": "PT4H", "reminders": "PT1H", "escalate": "PT2H to head_of_sales"}
        world.deploy(drawing(user_task("call", assignee="", **timed), flows("begun > call", "call > done")), NAME_FORM)
        world.start()
        with world.database.write() as session:
            task = session.scalars(select(HumanTask)).one()
            world.engine.claim(session, task.id, actor=seller, now=world.now)
            world.engine.save_draft(session, task.id, "test/name", {"name": "an"}, actor_id=SELLER, now=world.now)
        before = world.task("call")
        due = list(snapshot(world)["due"])
        world.advance(HOUR)
        renamed = drawing(user_task("ring", "test/mood", assignee="", **timed), flows("begun > ring", "ring > done"))
        world.deploy(renamed, NAME_FORM, MOOD_FORM)

        migrations.apply(migrations.plan({"call": "ring"}))

        after = world.task("ring")
        assert (after.id, after.task_guid, after.assignee_id) == (before.id, before.task_guid, SELLER)
        assert (after.claimed_at, after.due_at, after.form) == (before.claimed_at, before.due_at, "test/mood")
        assert snapshot(world)["due"] == due
        with world.database.read() as session:
            draft = session.scalars(select(TaskDraft)).one()
            assert (draft.form, draft.values) == ("test/mood", '{"name":"an"}')
        assert agree(world)

    def test_answers_of_a_renamed_step_are_found_under_its_new_name(self, world: World, migrations: Migrations) -> None:
        world.deploy(line("call", "talk"), NAME_FORM)
        world.start()
        world.complete("call", name="anna")
        asks = drawing(
            user_task("ring"),
            user_task("talk"),
            user_task("praise"),
            '<bpmn:exclusiveGateway id="who" default="f5"/>',
            flows(
                "begun > ring", "ring > talk", "talk > who", 'who > praise : ring.name = "anna"', "who > done",
                "praise > done",
            ),
        )  # fmt: skip
        world.deploy(asks, NAME_FORM)

        migrations.apply(migrations.plan({"call": "ring"}))
        world.complete("talk", name="x")

        assert world.open_elements() == ["praise"]
        assert world.task("ring").state is TaskState.COMPLETED

    def test_a_timer_on_the_boundary_keeps_its_time_and_a_new_one_counts_from_now(
        self, world: World, migrations: Migrations
    ) -> None:
        def timed(*boundaries: str, routes: tuple[str, ...]) -> str:
            routes += ("begun > call", "call > done", "late > done")
            return drawing(user_task("call"), user_task("late"), *boundaries, flows(*routes))

        world.deploy(timed(timer("t1", "call", "PT3H"), routes=("t1 > late",)), NAME_FORM)
        world.start()
        world.advance(HOUR)
        both = timed(
            timer("t1", "call", "PT9H"),
            timer("t2", "call", "PT1H", interrupting=False),
            user_task("later"),
            end("later_done"),
            routes=("t1 > late", "t2 > later", "later > later_done"),
        )
        world.deploy(both, NAME_FORM)

        migrations.apply(migrations.plan())

        assert agree(world)
        world.advance(HOUR)
        assert world.open_elements() == ["call", "later"]
        world.advance(HOUR)
        assert sorted(world.open_elements()) == ["late", "later"]

    def test_a_message_has_one_subscription_before_and_after(self, world: World, migrations: Migrations) -> None:
        def told(element: str) -> str:
            return drawing(
                user_task("call"), user_task("paid"), message(element, "call", "money"),
                flows("begun > call", "call > done", f"{element} > paid", "paid > done"),
                messages=("money",),
            )  # fmt: skip

        world.deploy(told("m1"), NAME_FORM)
        world.start()
        world.deploy(told("m2"), NAME_FORM)

        migrations.apply(migrations.plan({"m1": "m2"}))

        with world.database.write() as session:
            (waiting,) = rows(session, MessageSubscription)
            assert waiting.element == "m2"
            world.engine.correlate_message(session, "money", "deal:1", {}, actor_id=None, now=world.now)
        assert (world.open_elements(), agree(world)) == (["paid"], True)

    def test_a_step_that_is_wrapped_into_a_sub_process_goes_on_inside_it(
        self, world: World, migrations: Migrations
    ) -> None:
        world.deploy(line("call", "thank"), NAME_FORM)
        world.start()
        inner = flows("in > call", "call > out").replace('id="f', 'id="g')
        inside = (
            '<bpmn:subProcess id="talks"><bpmn:startEvent id="in"/>'
            f'{user_task("call")}<bpmn:endEvent id="out"/>{inner}</bpmn:subProcess>'
        )
        wrapped = drawing(
            inside, user_task("thank"), user_task("hurry"), timer("slow", "talks", "PT2H"),
            flows("begun > talks", "talks > thank", "thank > done", "slow > hurry", "hurry > done"),
        )  # fmt: skip
        world.deploy(wrapped, NAME_FORM)

        migration = migrations.plan()
        migrations.apply(migration)

        assert (migrations.found(migration), world.task("call").path, agree(world)) == (
            [(MOVED, "", "")],
            "talks",
            True,
        )
        world.complete("call", name="anna")
        assert world.open_elements() == ["thank"]
        world.deploy(line("call", "thank", "wave"), NAME_FORM)
        migrations.apply(migrations.plan(old=2, new=3))
        world.complete("thank", name="x")
        assert (world.open_elements(), agree(world)) == (["wave"], True)

    def test_the_funnel_hears_of_what_the_new_version_counts(self, world: World, migrations: Migrations) -> None:
        world.deploy(line("call"), NAME_FORM)
        world.start()
        counted = drawing(
            user_task("call"), milestone("m", "reached"),
            flows("begun > call", "call > m", "m > done"), milestones="reached",
        )  # fmt: skip
        world.deploy(counted, NAME_FORM)
        migrations.apply(migrations.plan())

        world.complete("call", name="anna")

        assert [event.milestone for event in world.events(EventKind.MILESTONE_ENTERED)] == ["reached"]


class TestVerdicts:
    def test_a_removed_step_needs_a_mapping(self, world: World, migrations: Migrations) -> None:
        world.deploy(line("call", "thank"), NAME_FORM)
        world.start()
        world.deploy(line("thank"), NAME_FORM)

        migration = migrations.plan()
        migrations.apply(migration)

        assert migrations.found(migration) == [(UNMAPPED, "unmapped", "call")]
        assert (migrations.versions(), world.open_elements()) == ([1], ["call"])

    def test_a_removed_step_is_left_for_the_one_that_it_is_mapped_to(
        self, world: World, migrations: Migrations
    ) -> None:
        world.deploy(line("call", "thank"), NAME_FORM)
        world.start()
        world.deploy(line("thank"), NAME_FORM)

        migrations.apply(migrations.plan({"call": "thank"}))

        assert (world.open_elements(), agree(world)) == (["thank"], True)

    def test_a_step_may_be_mapped_to_what_happens_by_itself(self, world: World, migrations: Migrations) -> None:
        world.deploy(line("call"), NAME_FORM)
        world.start()
        world.deploy(
            drawing(milestone("m", "reached"), flows("begun > m", "m > done"), milestones="reached"), NAME_FORM
        )

        migration = migrations.plan({"call": "m"})
        migrations.apply(migration)

        assert [event.milestone for event in world.events(EventKind.MILESTONE_ENTERED)] == ["reached"]
        assert (world.open_elements(), agree(world)) == ([], True)
        assert [event.kind for event in world.events(EventKind.CASE_CLOSED)] == [EventKind.CASE_CLOSED]

    def test_a_case_that_would_wait_for_ever_at_a_join_is_blocked(self, world: World, migrations: Migrations) -> None:
        world.deploy(line("call", "test"), NAME_FORM)
        world.start()
        parallel = drawing(
            '<bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>',
            user_task("call"), user_task("test"),
            flows("begun > fork", "fork > call", "fork > test", "call > join", "test > join", "join > done"),
        )  # fmt: skip
        world.deploy(parallel, NAME_FORM)

        migration = migrations.plan()

        assert migrations.found(migration) == [(BLOCKED, "join_starves", "join")]

    def test_an_element_that_has_become_something_else_is_blocked(self, world: World, migrations: Migrations) -> None:
        world.deploy(line("call"), NAME_FORM)
        world.start()
        waits = (
            '<bpmn:intermediateCatchEvent id="call"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1H'
            "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
        )
        world.deploy(drawing(waits, flows("begun > call", "call > done")), NAME_FORM)

        assert migrations.found(migrations.plan()) == [(BLOCKED, "kind_changed", "call")]

    def test_the_dry_run_writes_nothing(self, world: World, migrations: Migrations) -> None:
        world.deploy(line("call"), NAME_FORM)
        world.start()
        world.deploy(line("call", "thank"), NAME_FORM)
        before = snapshot(world)

        migration = migrations.plan()

        assert migrations.found(migration) == [(SAFE, "", "")]
        assert (snapshot(world), world.events(EventKind.DEFINITION_CHANGED)) == (before, [])

    def test_a_case_that_was_closed_meanwhile_is_left_alone(self, world: World, migrations: Migrations) -> None:
        world.deploy(line("call"), NAME_FORM)
        world.start()
        world.deploy(line("call", "thank"), NAME_FORM)
        migration = migrations.plan()
        world.complete("call", name="anna")

        migrations.apply(migration)

        assert (migrations.found(migration), migrations.versions()) == ([(CaseStage.GONE, "", "")], [1])

    def test_one_that_breaks_does_not_stop_the_others(self, world: World, migrations: Migrations) -> None:
        asks = form("test/hours", {"type": "number", "key": "hours", "label": "hours"})
        world.deploy(drawing(user_task("ask", "test/hours"), user_task("call"),
                             flows("begun > ask", "ask > call", "call > done")), NAME_FORM, asks)  # fmt: skip
        for hours in (2, 0, 3):
            world.start()
            world.complete("ask", hours=hours)
        due = "=if ask.hours > 0 then duration(&quot;PT2H&quot;) else ask.hours"
        timed = drawing(
            user_task("ask", "test/hours"), user_task("call"), timer("slow", "call", due), end("late"),
            flows("begun > ask", "ask > call", "call > done", "slow > late"),
        )  # fmt: skip
        world.deploy(timed, NAME_FORM, asks)

        migration = migrations.plan()
        migrations.apply(migration)

        assert [stage for stage, _, _ in migrations.found(migration)] == [MOVED, CaseStage.FAILED, MOVED]
        assert (migrations.versions(), agree(world)) == ([2, 1, 2], True)


class TestUndo:
    def test_an_untouched_case_is_put_back_exactly(self, world: World, migrations: Migrations) -> None:
        world.deploy(
            drawing(user_task("call", assignee="", due="PT4H", reminders="PT1H"), user_task("thank"),
                    timer("slow", "call", "PT3H"), end("late"),
                    flows("begun > call", "call > thank", "thank > done", "slow > late")),
            NAME_FORM,
        )  # fmt: skip
        world.start()
        with world.database.write() as session:
            task = session.scalars(select(HumanTask)).one()
            world.engine.claim(session, task.id, actor=seller, now=world.now)
            world.engine.save_draft(session, task.id, "test/name", {"name": "an"}, actor_id=SELLER, now=world.now)
        before = snapshot(world)
        world.deploy(line("thank", "wave"), NAME_FORM)
        migration = migrations.plan({"call": "thank"})
        migrations.apply(migration)
        assert world.open_elements() == ["thank"]

        migrations.undo(migration)

        after = snapshot(world)
        assert after["tasks"][:1] == before["tasks"]  # the step of the other version stays in the list as cancelled
        assert [task["state"] for task in after["tasks"][1:]] == [TaskState.CANCELLED]
        assert {**after, "tasks": 0} == {**before, "tasks": 0}
        assert (migrations.found(migration), agree(world)) == ([(CaseStage.UNDONE, "", "")], True)
        assert [event.payload.count("undone") for event in world.events(EventKind.DEFINITION_CHANGED)] == [0, 1]

    def test_a_case_that_has_gone_on_is_moved_back_where_it_stands(self, world: World, migrations: Migrations) -> None:
        world.deploy(line("call", "thank"), NAME_FORM)
        world.start()
        world.start()
        world.deploy(line("ring", "thank", "wave"), NAME_FORM)
        migration = migrations.plan({"call": "ring"})
        migrations.apply(migration)
        complete_all(world, "ring")
        world.complete("thank", name="x")

        migrations.undo(migration)

        stages = sorted((stage, element) for stage, _, element in migrations.found(migration))
        assert stages == [(CaseStage.KEPT, "wave"), (CaseStage.UNDONE, "")]
        assert (sorted(world.open_elements()), agree(world)) == (["thank", "wave"], True)
        assert world.task("call").state is TaskState.COMPLETED


def test_a_stopped_migration_goes_on_where_it_was(world: World, migrations: Migrations) -> None:
    world.deploy(line("call"), NAME_FORM)
    for _ in range(3):
        world.start()
    world.deploy(line("call", "thank"), NAME_FORM)
    migration = migrations.plan()
    with world.database.write() as session:
        row = session.get_one(Migration, migration)
        row.state = MigrationState.STOPPED

    migrations.apply(migration)

    assert migrations.versions() == [2, 2, 2]
    with world.database.read() as session:
        assert session.get_one(Migration, migration).state is MigrationState.APPLIED


def test_what_a_case_was_before_is_forgotten_and_the_way_back_stays(world: World, migrations: Migrations) -> None:
    world.deploy(line("call"), NAME_FORM)
    world.start()
    world.deploy(line("ring", "thank"), NAME_FORM)
    migration = migrations.plan({"call": "ring"})
    migrations.apply(migration)

    with world.database.write() as session:
        assert forget_moved(session, before=world.now) == 0
        assert forget_moved(session, before=world.now + HOUR) == 1
        assert forget_moved(session, before=world.now + HOUR) == 0
    migrations.undo(migration)

    assert (world.open_elements(), migrations.versions(), agree(world)) == (["call"], [1], True)
