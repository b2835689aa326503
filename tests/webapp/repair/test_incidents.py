"""Steps that broke down: the list of incidents, and trying again."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.human_tasks.models import HumanTask, TaskState
from engine.incidents import Incident, open_incident
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
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
        assert "Given up" in told
        assert "No need" in told
        assert 'data-test="retry"' not in told

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
    def fail(errands: Errands, task: HumanTask, by: User) -> None:
        """As the engine notes a step that broke down: what was typed is kept beside the incident."""

        def deed(session: Session, engine: object) -> None:
            errands.engine.save_draft(session, task.id, "test/name", {"name": "Ada"}, actor_id=by.id, now=NOW)
            command = {
                "task": task.id,
                "actor": by.id,
                "form": "test/name",
                "key": "k",
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
