"""Steps that broke down: the list of incidents, and trying again."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.human_tasks.models import HumanTask, TaskState
from engine.incidents import Incident, IncidentAttempt, open_incident
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.repair.bulk_views import AT_ONCE
from webapp.staff.models import User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TestIncidents:
    def test_a_failed_step_is_listed_and_tried_again(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        self.fail(errands, task, seller)
        log_in("repair.see")

        page = client.get("/incidents").text
        number = session.scalar(select(Incident.id))
        again = client.post(f"/incidents/{number}/retry", follow_redirects=True).text

        assert "The program broke down in this step." in page
        assert "no paper" in page
        assert "The step went through." in again
        assert errands.task(task.id).state is TaskState.COMPLETED
        assert again.count('data-test="attempt"') == 2
        assert 'data-test="incident"' not in client.get("/incidents").text

    def test_one_that_went_through_meanwhile_is_not_said_to_fail_again(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        self.fail(errands, errands.open(seller), seller)
        log_in("repair.see")
        number = session.scalar(select(Incident.id))
        client.post(f"/incidents/{number}/retry")

        twice = client.post(f"/incidents/{number}/retry", follow_redirects=True).text

        assert "This incident is resolved already." in twice
        assert "It failed again" not in twice

    def test_one_of_no_step_is_called_in_the_readers_language(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        session.add(Incident(kind="send", error="550 no such user", opened_at=NOW))
        log_in("repair.see")

        page = client.get("/incidents", headers={"Accept-Language": "ru"}).text

        assert "Сообщение наружу" in page

    def test_they_are_not_for_everybody(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        log_in(user=seller)

        assert client.get("/incidents").status_code == 403

    def test_is_given_up_with_a_reason_only(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        self.fail(errands, errands.open(seller), seller)
        log_in("repair.see")
        number = session.scalar(select(Incident.id))

        silent = client.post(f"/incidents/{number}/give-up", data={"reason": ""})
        told = client.post(f"/incidents/{number}/give-up", data={"reason": "No need"}, follow_redirects=True).text

        assert (silent.status_code, "Say why" in silent.text) == (422, True)
        assert "nothing was mended" in told
        assert "No need" in told
        assert "note is-warn" in told
        assert 'data-test="incident"' not in client.get("/incidents?show=resolved").text
        listed = client.get("/incidents?show=given_up").text
        assert ('data-test="incident"' in listed, "No need" in listed) == (True, True)
        assert 'data-test="retry"' not in told

    def test_all_of_a_cause_are_tried_again_and_each_is_recorded(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        tasks = [errands.open(seller) for _ in range(3)]
        for task in tasks:
            self.fail(errands, task, seller)
        other = self.fail_otherwise(errands, errands.open(seller))
        me = log_in("repair.see")

        cause = session.scalar(select(Incident.cause).where(Incident.kind == "complete"))
        page = client.post("/incidents/retry", data={"which": "all", "cause": cause or ""}, follow_redirects=True).text

        assert "3 steps went through." in page
        assert [errands.task(task.id).state for task in tasks] == [TaskState.COMPLETED] * 3
        session.rollback()
        left = session.scalars(select(Incident.id).where(Incident.resolved_at.is_(None))).all()
        by = session.scalars(select(IncidentAttempt.actor_id).where(IncidentAttempt.cause == "")).all()
        assert (left, by) == ([other], [me.id] * 3)

    def test_the_ticked_ones_alone_so_many_at_once_and_those_in_reach(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User, head: User
    ) -> None:
        for _ in range(AT_ONCE + 2):
            self.fail(errands, errands.open(seller), seller)
        numbers = session.scalars(select(Incident.id)).all()
        log_in("repair.see")

        none = client.post("/incidents/retry", data={"which": "ticked"}, follow_redirects=True).text
        one = client.post("/incidents/retry", data={"which": "ticked", "incident": numbers[-1]}, follow_redirects=True)
        rest = client.post("/incidents/retry", data={"which": "all"}, follow_redirects=True).text
        session.rollback()
        left = session.scalars(select(Incident.id).where(Incident.resolved_at.is_(None))).all()

        assert "Tick the incidents" in none
        assert "1 step went through." in one.text
        assert "50 steps went through. 1 is left: at most 50 are tried at once." in rest
        assert left == [numbers[-2]]

    def test_those_out_of_reach_are_not_tried(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        self.fail(errands, errands.open(seller, owner=seller), seller)
        number = session.scalar(select(Incident.id))
        log_in("repair.see", scope="own")

        page = client.post("/incidents/retry", data={"which": "ticked", "incident": number}, follow_redirects=True).text

        assert "Tick the incidents" in page
        session.rollback()
        assert session.scalar(select(Incident.resolved_at)) is None

    def test_a_timer_leads_to_the_data_of_its_case(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        number = self.fail_otherwise(errands, task)
        log_in("repair.see", "repair.change", "cases.see")
        address = f"/cases/{task.instance_id}/repair/data"

        assert address in client.get("/incidents").text
        page = client.get(f"/incidents/{number}").text
        assert f"{address}?place=begun" in page
        assert "=begun.due" in page

    def test_a_step_of_a_person_cannot_be_passed_over(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        self.fail(errands, errands.open(seller), seller)
        log_in("repair.see", "repair.change", "cases.see")
        number = session.scalar(select(Incident.id))

        page = client.get(f"/incidents/{number}").text
        answer = client.post(f"/incidents/{number}/skip", data={"reason": "No need"})

        assert ('data-test="skip"' in page, answer.status_code) == (False, 422)

    @staticmethod
    def fail_otherwise(errands: Errands, task: HumanTask) -> int:
        """As a reminder that was given up."""
        found: list[int] = []

        def deed(session: Session, engine: object) -> None:
            row = open_incident(
                session,
                kind="timer",
                error=ValueError("no moment"),
                command={"due_row": 0},
                now=NOW,
                instance_id=task.instance_id,
                element=task.element,
                retry=False,
            )
            found.append(row.id)

        errands.act(deed)
        return found[0]

    @staticmethod
    def fail(errands: Errands, task: HumanTask, by: User) -> None:
        """As the engine notes a step that broke down: what was typed is kept beside the incident."""

        def deed(session: Session, engine: object) -> None:
            errands.engine.save_draft(session, task.id, "test/name", {"name": "Ada"}, actor_id=by.id, now=NOW)
            command = {
                "task": task.id,
                "actor": by.id,
                "form": "test/name",
                "key": f"k-{task.id}",
                "zone": "UTC",
                "boundary": None,
            }
            open_incident(
                session,
                kind="complete",
                error=RuntimeError("no paper"),
                command={**command, "boundary": None},
                now=NOW,
                instance_id=task.instance_id,
                element=task.element,
            )

        errands.act(deed)
