"""Tasks through the API: lists, the form, and every act, with the rights and the reach of the token's owner."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import Database
from engine.human_tasks.models import HumanTask, TaskState
from tests.statements import counted_statements
from tests.webapp.api.bearers import Program, make_token
from tests.webapp.api.conftest import ProgramOf
from tests.webapp.conftest import on_both_databases
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.cases.labels import POSTPONE_REASONS

REASON = next(iter(POSTPONE_REASONS))


def state_of(session: Session, task_id: int) -> HumanTask:
    session.rollback()
    return session.scalars(
        select(HumanTask).where(HumanTask.id == task_id).execution_options(populate_existing=True)
    ).one()


class TestList:
    @on_both_databases
    def test_pages_lead_through_all_tasks_in_the_order_of_their_due_times(
        self, program: ProgramOf, errands: Errands
    ) -> None:
        caller, me = program("cases.see", "cases.change", scope="own")
        tasks = [errands.open(me, due=NOW + timedelta(hours=5 - number // 2)) for number in range(5)]
        seen: list[int] = []
        cursor = ""

        for _page in range(3):
            page = caller.get("/tasks", limit=2, cursor=cursor).get_json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next"]

        assert cursor is None
        assert seen == [task.id for task in sorted(tasks, key=lambda each: (each.due_at, each.id))]

    @on_both_databases
    def test_mine_those_of_my_roles_and_all_in_reach_are_told_apart(
        self, session: Session, program: ProgramOf, errands: Errands
    ) -> None:
        north, south = make_centre(session), make_centre(session)
        colleague = make_user(session, "sales_manager", centre=north)
        caller, me = program("sales_manager", "sales_head", centre=north)
        mine, free = errands.open(me, centre=north), errands.open(None, centre=north)
        of_colleague = errands.open(colleague, centre=north)
        errands.open(colleague, centre=south)

        found = {
            of: {item["id"] for item in caller.get("/tasks", of=of).get_json()["items"]}
            for of in ("mine", "role", "served", "reach")
        }

        assert found == {
            "mine": {mine.id},
            "role": {free.id},
            "served": {mine.id, free.id},
            "reach": {mine.id, free.id, of_colleague.id},
        }

    @pytest.mark.parametrize(("state", "found"), [("open", 2), ("late", 1), ("sleeping", 1), ("completed", 1)])
    def test_states_filter(self, program: ProgramOf, errands: Errands, state: str, found: int) -> None:
        caller, me = program("cases.see", "cases.change", scope="own")
        errands.open(me)
        errands.open_late(me)
        done, later = errands.open(me), errands.open(me)
        errands.complete(done, me, now=NOW)
        until = (NOW + timedelta(days=2)).isoformat()
        assert caller.post(f"/tasks/{later.id}/postpone", {"until": until, "reason": REASON}).status_code == 200

        answer = caller.get("/tasks", state=state, of="mine")

        assert len(answer.get_json()["items"]) == found

    def test_a_list_costs_the_same_however_long_it_is(self, app: Flask, program: ProgramOf, errands: Errands) -> None:
        caller, me = program("cases.see", scope="own")
        database: Database = app.extensions["database"]
        costs = []
        for _ in range(2):
            for _ in range(6):
                errands.open(me)
            caller.get("/tasks")
            with counted_statements(database.engine) as statements:
                assert caller.get("/tasks").status_code == 200
            costs.append(len(statements))

        assert costs[0] == costs[1] <= 9

    @pytest.mark.parametrize("query", [{"color": "red"}, {"limit": 0}, {"state": "odd"}, {"cursor": "rubbish"}])
    def test_what_is_not_understood_is_refused(self, program: ProgramOf, query: dict[str, object]) -> None:
        caller, _ = program("cases.see")

        answer = caller.get("/tasks", **query)

        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


class TestOneTask:
    def test_it_comes_with_its_form_its_prompt_and_the_draft(self, program: ProgramOf, errands: Errands) -> None:
        caller, me = program("cases.see", "cases.change", scope="own")
        task = errands.open(me)
        errands.act(
            lambda session, engine: engine.save_draft(
                session, task.id, "test/name", {"name": "Half"}, actor_id=me.id, now=NOW
            )
        )

        told = caller.get(f"/tasks/{task.id}").get_json()

        assert told["prompt"] == "Ask first. Then offer two times."
        assert [each["key"] for each in told["form"]["schema"]["components"]] == ["name"]
        assert (told["draft"], told["may_complete"], told["may_skip"]) == ({"name": "Half"}, True, True)

    def test_one_of_a_foreign_case_is_not_there(self, session: Session, program: ProgramOf, errands: Errands) -> None:
        stranger = make_user(session, "sales_manager")
        caller, _ = program("cases.see", "cases.change", scope="own")
        task = errands.open(stranger)

        answers = [
            caller.get(f"/tasks/{task.id}"),
            caller.post(f"/tasks/{task.id}/claim"),
            caller.post(f"/tasks/{task.id}/complete", {"values": {"name": "Ada"}}),
        ]

        assert [(each.status_code, each.get_json()["code"]) for each in answers] == [
            (404, "case_unknown"),
            (404, "task_unknown"),
            (404, "task_unknown"),
        ]


class TestActs:
    @on_both_databases
    def test_completing_moves_the_case_on(self, session: Session, program: ProgramOf, errands: Errands) -> None:
        caller, me = program("cases.see", "cases.change", scope="own")
        task = errands.open(me)

        answer = caller.post(f"/tasks/{task.id}/complete", {"values": {"name": "Ada"}})

        assert answer.get_json() == {
            "task_id": task.id,
            "case_id": task.instance_id,
            "next_tasks": [],
            "outcome": "won",
            "incident_id": None,
        }
        assert state_of(session, task.id).state is TaskState.COMPLETED

    @pytest.mark.parametrize("language", ["en", "ru"])
    def test_what_the_form_refuses_is_told_by_field_in_its_own_words(
        self, session: Session, program: ProgramOf, errands: Errands, language: str
    ) -> None:
        caller, me = program("cases.see", "cases.change", scope="own")
        caller.headers["Accept-Language"] = language
        task = errands.open(me)

        answer = caller.post(f"/tasks/{task.id}/complete", {"values": {}})

        told = answer.get_json()
        assert (answer.status_code, told["code"], list(told["errors"])) == (422, "form_invalid", ["name"])
        assert told["errors"]["name"] != ["required"]
        assert any("а" <= letter <= "я" for letter in told["errors"]["name"][0]) == (language == "ru")
        assert state_of(session, task.id).state is TaskState.OPEN

    @pytest.mark.parametrize(("language", "sentence"), [("en", "Unknown field."), ("ru", "Неизвестное имя.")])
    def test_a_name_that_the_form_does_not_have_is_refused_in_a_sentence(
        self, program: ProgramOf, errands: Errands, language: str, sentence: str
    ) -> None:
        caller, me = program("cases.see", "cases.change", scope="own")
        caller.headers["Accept-Language"] = language
        task = errands.open(me)

        answer = caller.post(f"/tasks/{task.id}/complete", {"values": {"name": "Ada", "color": "red"}})

        assert (answer.status_code, answer.get_json()["errors"]) == (422, {"color": [sentence]})

    @pytest.mark.parametrize(("language", "sentence"), [("en", "Unknown field."), ("ru", "Неизвестное имя.")])
    def test_an_act_that_takes_nothing_refuses_what_is_sent(
        self, session: Session, program: ProgramOf, errands: Errands, language: str, sentence: str
    ) -> None:
        north = make_centre(session)
        caller, _ = program("call_operator", centre=north)
        caller.headers["Accept-Language"] = language
        task = errands.open(None, key="lead", centre=north)

        refused = caller.post(f"/tasks/{task.id}/claim", {"assignee": 7})
        list_sent = caller.post(f"/tasks/{task.id}/claim", [7])

        assert (refused.status_code, refused.get_json()["errors"]) == (422, {"assignee": [sentence]})
        assert (list_sent.status_code, list_sent.mimetype) == (422, "application/problem+json")
        assert state_of(session, task.id).assignee_id is None
        assert caller.post(f"/tasks/{task.id}/claim", {}).status_code == 200

    def test_a_colleague_may_have_been_quicker(self, program: ProgramOf, errands: Errands) -> None:
        caller, me = program("cases.see", "cases.change", scope="own")
        task = errands.open(me)
        errands.complete(task, me, now=NOW)

        answer = caller.post(f"/tasks/{task.id}/complete", {"values": {"name": "Ada"}})

        assert (answer.status_code, answer.get_json()["code"]) == (409, "task_closed")

    def test_claiming_and_giving_back(self, session: Session, program: ProgramOf, errands: Errands) -> None:
        north = make_centre(session)
        caller, me = program("call_operator", centre=north)
        task = errands.open(None, key="lead", centre=north)

        assert caller.post(f"/tasks/{task.id}/claim").get_json() == {"case_id": task.instance_id}
        assert state_of(session, task.id).assignee_id == me.id
        assert caller.post(f"/tasks/{task.id}/release").status_code == 200
        assert state_of(session, task.id).assignee_id is None

    def test_skipping_postponing_and_delegating(self, session: Session, program: ProgramOf, errands: Errands) -> None:
        colleague = make_user(session, "sales_manager")
        caller, me = program("cases.see", "cases.change", scope="own")
        skipped, later, passed_on = (errands.open(me) for _ in range(3))
        until = NOW + timedelta(days=1)

        answers = [
            caller.post(f"/tasks/{skipped.id}/skip", {"reason": "Not needed."}),
            caller.post(f"/tasks/{later.id}/postpone", {"until": until.isoformat(), "reason": REASON}),
            caller.post(f"/tasks/{passed_on.id}/delegate", {"to": colleague.id}),
        ]

        assert [each.status_code for each in answers] == [200, 200, 200]
        assert state_of(session, skipped.id).state is TaskState.SKIPPED
        assert state_of(session, later.id).sleeps_until == until
        assert state_of(session, passed_on.id).assignee_id == colleague.id

    def test_a_token_that_only_reads_changes_nothing(
        self, session: Session, program: ProgramOf, errands: Errands
    ) -> None:
        caller, me = program("cases.see", "cases.change", scope="own")
        task = errands.open(me)
        reader = Program(caller.client, make_token(session, me, read_only=True))
        session.commit()

        answer = reader.post(f"/tasks/{task.id}/skip", {"reason": "Not needed."})

        assert (answer.status_code, answer.get_json()["code"]) == (403, "token_reads_only")
        assert reader.get(f"/tasks/{task.id}").status_code == 200
