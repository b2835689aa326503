"""Repairs: moving, cancelling, restarting, reopening, editing, passing over; each one step, with a reason, recorded."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from engine import case_data
from engine.checking import check_cases
from engine.database import Database
from engine.errors import NotAllowed, StaleState
from engine.history.recording import Deviation, EventKind, deviation_in
from engine.human_tasks.form_values import FormInvalid, Reading
from engine.incidents import Incident, IncidentAttempt, Resolution
from engine.instances.models import CaseData, InstanceStatus, ProcessInstance
from engine.messages import MessageSubscription
from engine.milestones.models import Episode, EpisodeMilestone
from engine.milestones.rebuilding import verify
from engine.repair.acts import Act
from engine.spiff import MoveRefused
from engine.timers.models import DueKind, DueRow
from tests.engine.world import (
    BROKEN,
    World,
    choice,
    end,
    flows,
    form,
    milestone,
    process,
    rows,
    user_task,
)

SALE = process(
    '<bpmn:startEvent id="begun"/>',
    user_task("call", "test/call", onComplete="test.keep_secret"),
    milestone("contact", "contact"),
    '<bpmn:exclusiveGateway id="worth" default="f4"/>',
    user_task("offer", due="PT1H", reminders="PT0S"),
    '<bpmn:serviceTask id="count"><bpmn:extensionElements><zeebe:taskDefinition type="test.count"/>'
    '<zeebe:ioMapping><zeebe:input source="=begun.step" target="step"/></zeebe:ioMapping>'
    "</bpmn:extensionElements></bpmn:serviceTask>",
    milestone("offered", "offered"),
    user_task("sign", onComplete="test.record"),
    end("sold", outcome="won"),
    end("not_worth", outcome="lost"),
    '<bpmn:boundaryEvent id="late" attachedToRef="offer"><bpmn:timerEventDefinition>'
    "<bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>",
    end("too_late", outcome="lost"),
    flows(
        "begun > call",
        "call > contact",
        'worth > offer : call.worth = "yes"',
        "worth > not_worth",
        "contact > worth",
        "offer > count",
        "count > offered",
        "offered > sign",
        "sign > sold",
        "late > too_late",
    ),
    milestones="contact, offered",
)
SECRET = {"type": "textfield", "key": "secret", "label": "Secret", "properties": {"personal": "true"}}
CALL_FORM = form("test/call", choice("worth", "yes", "no"), SECRET)


@pytest.fixture
def world(database: Database) -> World:
    world = World(database)
    world.deploy(SALE, CALL_FORM, form("test/name", "name"))
    world.start(payload={"step": 1})
    return world


def act(world: World, reason: str = "a slip", **changes: Any) -> Act:
    return Act(**{"reason": reason, "actor_id": 9, "now": world.now, "command_key": world.command_key(), **changes})


def case_of(world: World) -> ProcessInstance:
    with world.database.read() as session:
        found = session.scalars(select(ProcessInstance)).one()
        session.expunge_all()
        return found


def document(world: World) -> dict[str, Any]:
    with world.database.read() as session:
        return case_data.load(session.scalars(select(CaseData.document)).one())


def move(world: World, element: str, *path: str, by: Act | None = None, take_back: tuple[str, ...] = ()) -> Any:
    repair, case = world.engine.repair, case_of(world)
    with world.database.write() as session:
        (token,) = repair.standing(session, case.id, now=world.now)
        done = by or act(world)
        return repair.move(session, case.id, token.guid, element, path, done, take_back=take_back)


def payload_of(world: World, kind: EventKind) -> Mapping[str, Any]:
    (event,) = world.events(kind.value)
    return case_data.load(event.payload)


def entered(world: World) -> list[tuple[int, list[str]]]:
    """Milestones by episode."""
    with world.database.read() as session:
        episodes = session.scalars(select(Episode).order_by(Episode.number)).all()
        return [
            (
                each.number,
                sorted(
                    session.scalars(select(EpisodeMilestone.milestone).where(EpisodeMilestone.episode_id == each.id))
                ),
            )
            for each in episodes
        ]


def is_sound(world: World) -> bool:
    """Rows beside the state agree with it, and the funnel with the log."""
    with world.database.read() as session:
        plans = {"sale": world.kernel.store.current_plan(world.kernel.store.latest(session, "sale"))}
        found = list(check_cases(session, world.kernel.store, now=world.now))
        return not found and verify(session, plans) == []


class TestMoving:
    def test_back_opens_the_earlier_step_and_withdraws_what_was_open(self, world: World) -> None:
        world.complete("call", worth="yes")

        move(world, "call")

        assert world.open_elements() == ["call"]
        with world.database.read() as session:
            assert rows(session, DueRow) == []
        told = payload_of(world, EventKind.STEP_MOVED)
        assert (told["from"], told["to"], told["reason"]) == ("offer", "call", "a slip")
        assert told["withdrawn"] == [{"element": "offer", "path": []}]
        assert is_sound(world)

    def test_forward_goes_on_from_there_with_new_due_times(self, world: World) -> None:
        move(world, "offer")

        assert world.open_elements() == ["offer"]
        with world.database.read() as session:
            kinds = sorted(row.kind.value for row in rows(session, DueRow))
        assert kinds == ["bpmn_timer", "reminder"]
        assert is_sound(world)

    def test_is_a_deviation_by_whoever_did_it(self, world: World) -> None:
        move(world, "offer")

        (event,) = world.events("step_moved")
        assert event.actor_id == 9
        assert deviation_in(EventKind.STEP_MOVED, {}) is Deviation.REPAIRED

    def test_back_leaves_milestones_entered_unless_they_are_taken_back(self, world: World) -> None:
        world.complete("call", worth="yes")

        move(world, "call")
        kept = entered(world)
        move(world, "call", take_back=("contact",))

        assert (kept, entered(world)) == ([(1, ["contact"])], [(1, [])])
        assert is_sound(world)

    def test_takes_no_milestone_back_that_was_not_entered(self, world: World) -> None:
        with pytest.raises(NotAllowed) as refusal:
            move(world, "offer", take_back=("offered",))

        assert (refusal.value.code, world.open_elements()) == ("milestone_not_entered", ["call"])

    def test_twice_under_one_key_happens_once(self, world: World) -> None:
        done = act(world)
        first = move(world, "offer", by=done)

        again = move(world, "sign", by=done)

        assert (again.repeated, again.next_tasks, world.open_elements()) == (True, first.next_tasks, ["offer"])

    def test_of_a_case_that_has_gone_on_is_refused(self, world: World) -> None:
        seen = case_of(world).rev
        world.complete("call", worth="yes")

        with pytest.raises(StaleState):
            move(world, "call", by=act(world, rev=seen))

        assert world.open_elements() == ["offer"]

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_needs_a_reason(self, world: World, reason: str) -> None:
        with pytest.raises(NotAllowed) as refusal:
            move(world, "offer", by=act(world, reason))

        assert refusal.value.code == "reason_missing"

    def test_to_what_cannot_be_a_target_changes_nothing(self, world: World) -> None:
        with pytest.raises(MoveRefused):
            move(world, "late")

        assert (world.open_elements(), world.events("step_moved")) == (["call"], [])
        assert is_sound(world)

    def test_that_breaks_down_on_its_way_is_undone_and_says_why(self, world: World) -> None:
        BROKEN.add("count")

        with pytest.raises(NotAllowed, match="cannot count") as refusal:
            move(world, "count")

        assert (refusal.value.code, world.open_elements()) == ("repair_failed", ["call"])
        assert is_sound(world)

    def test_is_planned_without_a_trace(self, world: World) -> None:
        world.complete("call", worth="yes")
        case = case_of(world)

        with world.database.read() as session:
            (token,) = world.engine.repair.standing(session, case.id, now=world.now)
            plan = world.engine.repair.plan_move(session, case.id, token.guid, "call", (), now=world.now)

        assert [each.element for each in plan.withdrawn] == ["offer"]
        assert (case_of(world).rev, world.open_elements()) == (case.rev, ["offer"])


class TestCancelling:
    def cancel(self, world: World, outcome: str = "cancelled") -> None:
        with world.database.write() as session:
            world.engine.repair.cancel(session, case_of(world).id, act(world), outcome=outcome)

    def test_leaves_nothing_open_or_awaited(self, world: World) -> None:
        world.complete("call", worth="yes")

        self.cancel(world)

        case = case_of(world)
        with world.database.read() as session:
            left = [*rows(session, DueRow), *rows(session, MessageSubscription)]
        assert (case.status, case.ended_at, left) == (InstanceStatus.CANCELLED, world.now, [])
        assert world.open_elements() == []
        assert payload_of(world, EventKind.CASE_CANCELLED)["reason"] == "a slip"
        assert is_sound(world)

    def test_closes_the_episode_with_the_chosen_outcome(self, world: World) -> None:
        self.cancel(world, "lost")

        with world.database.read() as session:
            (episode,) = rows(session, Episode)
            assert (episode.outcome, episode.closed_at) == ("lost", world.now)

    def test_ends_the_trying_again(self, world: World) -> None:
        world.complete("call", worth="yes")
        BROKEN.add("count")
        world.complete("offer", name="anna")

        self.cancel(world)

        (incident,) = incidents(world)
        assert (incident.resolution, incident.resolved_because) == (Resolution.OVERTAKEN, "a slip")
        with world.database.read() as session:
            assert rows(session, DueRow) == []

    def test_refuses_an_outcome_that_the_drawing_does_not_know_and_a_closed_case(self, world: World) -> None:
        with pytest.raises(NotAllowed, match="cannot end as"):
            self.cancel(world, "sold twice")
        self.cancel(world)
        with pytest.raises(NotAllowed, match="closed"):
            self.cancel(world)


class TestRestarting:
    def restart(self, world: World, *, clear: bool) -> None:
        with world.database.write() as session:
            world.engine.repair.restart(session, case_of(world).id, act(world), clear=clear)

    @pytest.mark.parametrize("clear", [False, True])
    def test_begins_anew_and_keeps_or_drops_the_answers(self, world: World, clear: bool) -> None:
        world.complete("call", worth="yes")

        self.restart(world, clear=clear)

        assert (world.open_elements(), "call" in document(world)) == (["call"], not clear)
        assert entered(world) == [(1, ["contact"])]
        assert payload_of(world, EventKind.CASE_RESTARTED)["cleared"] is clear
        assert is_sound(world)

    def test_of_a_closed_case_opens_a_new_episode(self, world: World) -> None:
        world.complete("call", worth="no")

        self.restart(world, clear=True)

        assert (case_of(world).status, case_of(world).ended_at) == (InstanceStatus.ACTIVE, None)
        assert [number for number, _ in entered(world)] == [1, 2]
        assert is_sound(world)


class TestReopening:
    def reopen(self, world: World, element: str) -> None:
        with world.database.write() as session:
            world.engine.repair.reopen(session, case_of(world).id, element, (), act(world))

    def test_goes_on_at_the_chosen_step_in_a_new_episode(self, world: World) -> None:
        world.complete("call", worth="no")

        self.reopen(world, "offer")
        world.complete("offer", name="anna")

        assert (case_of(world).status, world.open_elements()) == (InstanceStatus.ACTIVE, ["sign"])
        assert entered(world) == [(1, ["contact"]), (2, ["offered"])]
        assert payload_of(world, EventKind.CASE_REOPENED)["reason"] == "a slip"
        assert is_sound(world)

    def test_a_cancelled_case_is_reopened_like_any_other(self, world: World) -> None:
        TestCancelling().cancel(world)

        self.reopen(world, "call")

        assert world.open_elements() == ["call"]
        assert is_sound(world)

    def test_refuses_an_open_case(self, world: World) -> None:
        with pytest.raises(NotAllowed) as refusal:
            self.reopen(world, "call")

        assert refusal.value.code == "case_open"


class TestEditing:
    def values(self, world: World, element: str, **values: object) -> None:
        with world.database.write() as session:
            world.engine.repair.edit_values(session, case_of(world).id, element, (), values, act(world))

    def answers(self, world: World, **raw: object) -> None:
        reading = Reading(now=world.now)
        with world.database.write() as session:
            world.engine.repair.edit_answers(session, case_of(world).id, "call", (), raw, reading, act(world))

    def test_changes_a_deciding_field_by_the_rules_of_its_form(self, world: World) -> None:
        world.complete("call", worth="yes", secret="blue")

        self.answers(world, worth="no")

        assert document(world)["call"] == {"worth": "no", "secret_note": "SECRET KEPT"}
        told = payload_of(world, EventKind.DATA_EDITED)
        assert (told["before"], told["after"], told["reason"]) == ({"worth": "yes"}, {"worth": "no"}, "a slip")

    def test_keeps_to_the_form(self, world: World) -> None:
        world.complete("call", worth="yes")

        with pytest.raises(FormInvalid):
            self.answers(world, worth="perhaps")

        assert document(world)["call"]["worth"] == "yes"

    def test_sets_single_values_with_their_type_where_there_is_no_form(self, world: World) -> None:
        self.values(world, "count", total=Decimal("12.50"))

        assert document(world)["count"] == {"total": Decimal("12.50")}
        assert payload_of(world, EventKind.DATA_EDITED)["before"] == {"total": None}

    def test_refuses_personal_fields_and_what_a_document_cannot_hold(self, world: World) -> None:
        with pytest.raises(NotAllowed) as refusal:
            self.values(world, "call", secret="blue")
        with pytest.raises(NotAllowed, match="not JSON serializable"):
            self.values(world, "count", total=object())

        assert (refusal.value.code, document(world)) == ("field_personal", {"begun": {"step": 1}})

    def test_that_changes_nothing_is_not_told(self, world: World) -> None:
        world.complete("call", worth="yes")

        self.answers(world, worth="yes")

        assert world.events("data_edited") == []


def incidents(world: World) -> list[Incident]:
    with world.database.read() as session:
        found = rows(session, Incident)
        session.expunge_all()
        return found


def attempts(world: World) -> list[tuple[int, int | None, str]]:
    with world.database.read() as session:
        found = session.scalars(select(IncidentAttempt).order_by(IncidentAttempt.number))
        return [(each.number, each.actor_id, each.cause) for each in found]


class TestAFailedStep:
    @pytest.fixture
    def failed(self, world: World) -> World:
        """The step between two people cannot be carried out: what it counts by is a text."""
        world.complete("call", worth="yes")
        self.edit(world, "begun", step="many")
        world.complete("offer", name="anna")
        return world

    def edit(self, world: World, element: str, **values: object) -> None:
        TestEditing().values(world, element, **values)

    def test_says_what_broke_down_and_why(self, failed: World) -> None:
        (incident,) = incidents(failed)

        assert (incident.element, incident.failed_element, incident.process_key) == ("offer", "count", "sale")
        assert "step" in incident.cause
        assert attempts(failed) == [(1, 1, incident.cause)]

    def test_goes_on_when_the_data_are_mended_and_it_is_tried_again(self, failed: World) -> None:
        self.edit(failed, "begun", step=3)
        (incident,) = incidents(failed)

        with failed.database.write() as session:
            went_on = failed.engine.repair.retry(session, incident.id, now=failed.now, actor_id=9)

        assert (went_on, failed.open_elements()) == (True, ["sign"])
        assert document(failed)["count"] == {"total": 3}
        assert attempts(failed) == [(1, 1, incident.cause), (2, 9, "")]
        assert incidents(failed)[0].resolution is Resolution.RETRIED

    def test_records_every_attempt_and_plans_one_retry(self, failed: World) -> None:
        (incident,) = incidents(failed)

        with failed.database.write() as session:
            failed.engine.repair.retry(session, incident.id, now=failed.now, actor_id=9)
        failed.advance(timedelta(minutes=2))

        assert [(number, actor) for number, actor, _ in attempts(failed)] == [(1, 1), (2, 9), (3, None)]
        with failed.database.read() as session:
            assert len([row for row in rows(session, DueRow) if row.kind is DueKind.RETRY]) == 1

    def test_is_passed_over_with_the_values_it_would_have_returned(self, failed: World) -> None:
        (incident,) = incidents(failed)

        with failed.database.write() as session:
            failed.engine.repair.pass_over(
                session, incident.id, values={"total": 7}, reason="counted by hand", now=failed.now, actor_id=9
            )

        assert (failed.open_elements(), document(failed)["count"]) == (["sign"], {"total": 7})
        assert failed.events("operation_called") == []
        assert payload_of(failed, EventKind.ELEMENT_PASSED_OVER)["reason"] == "counted by hand"
        assert incidents(failed)[0].resolution is Resolution.SKIPPED
        assert entered(failed) == [(1, ["contact", "offered"])]

    def test_is_given_up_with_a_reason(self, failed: World) -> None:
        (incident,) = incidents(failed)

        with failed.database.write() as session:
            failed.engine.repair.give_up(session, incident.id, reason="asked twice", now=failed.now, actor_id=9)
        failed.advance(timedelta(days=1))

        (incident,) = incidents(failed)
        assert (incident.resolution, incident.resolved_by, incident.resolved_because) == (
            Resolution.GIVEN_UP,
            9,
            "asked twice",
        )
        assert (failed.open_elements(), len(attempts(failed))) == (["offer"], 1)

    def test_is_not_given_up_twice_or_without_a_reason(self, failed: World) -> None:
        (incident,) = incidents(failed)
        repair = failed.engine.repair

        with failed.database.write() as session:
            with pytest.raises(NotAllowed, match="Say why"):
                repair.give_up(session, incident.id, reason=" ", now=failed.now, actor_id=9)
            repair.give_up(session, incident.id, reason="enough", now=failed.now, actor_id=9)
            with pytest.raises(NotAllowed) as refusal:
                repair.give_up(session, incident.id, reason="enough", now=failed.now, actor_id=9)

        assert refusal.value.code == "incident_closed"


def test_what_a_person_does_cannot_be_passed_over(world: World) -> None:
    move(world, "sign")
    BROKEN.add("record")
    world.complete("sign", name="anna")
    (incident,) = incidents(world)

    with world.database.write() as session, pytest.raises(NotAllowed) as refusal:
        world.engine.repair.pass_over(session, incident.id, values={}, reason="no need", now=world.now, actor_id=9)

    assert refusal.value.code == "incident_not_skippable"
