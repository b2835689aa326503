"""What a head does on the control board: gives to a colleague, checks, comments, instructs."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.history.models import HistoryEvent
from engine.instances.models import ProcessInstance
from tests.webapp.conftest import LogIn
from tests.webapp.control.pages import rows
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.control.models import ControlCheck
from webapp.staff.models import Centre, User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TestActs:
    def test_several_steps_go_to_one_colleague_after_a_preview(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        colleague: User,
        centre: Centre,
    ) -> None:
        tasks = [errands.open_late(seller, centre=centre) for _ in range(3)]
        log_in(user=head)

        chosen = {"task": [task.id for task in tasks[:2]]}
        preview = client.get("/control/reassign", query_string=chosen).text
        client.post("/control/reassign", data={**chosen, "to": colleague.id, "comment": "Ill", "with_case": "true"})

        assert preview.count("Alina Lebedeva</td>") == 2
        assert [errands.task(task.id).assignee_id for task in tasks] == [colleague.id, colleague.id, seller.id]

    def test_the_responsibility_goes_over_only_when_ticked(
        self,
        client: FlaskClient,
        session: Session,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        colleague: User,
        centre: Centre,
    ) -> None:
        one, other = errands.open(seller, centre=centre), errands.open(seller, centre=centre)
        log_in(user=head)

        client.post("/control/reassign", data={"task": one.id, "to": colleague.id, "comment": "x"})
        client.post(
            "/control/reassign", data={"task": other.id, "to": colleague.id, "comment": "x", "with_case": "true"}
        )

        owners = session.scalars(select(ProcessInstance.owner_id).order_by(ProcessInstance.id)).all()
        assert owners == [seller.id, colleague.id]

    def test_a_reason_is_demanded(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        colleague: User,
        centre: Centre,
    ) -> None:
        task = errands.open(seller, centre=centre)
        log_in(user=head)

        answer = client.post("/control/reassign", data={"task": task.id, "to": colleague.id})

        assert answer.status_code == 422
        assert errands.task(task.id).assignee_id == seller.id

    def test_a_strangers_case_cannot_be_touched(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, head: User, colleague: User
    ) -> None:
        south = make_centre(session, name="South")
        stranger = make_user(session, "sales_manager", centre=south)
        session.commit()
        task = errands.open(stranger, centre=south)
        log_in(user=head)

        client.post("/control/reassign", data={"task": task.id, "to": colleague.id, "comment": "mine"})
        client.post("/control/check", data={"instance": task.instance_id})
        client.post("/control/comment", data={"instance": task.instance_id, "text": "hello"})

        assert errands.task(task.id).assignee_id == stranger.id
        assert session.scalars(select(ControlCheck)).all() == []
        assert session.scalar(select(HistoryEvent.seq).where(HistoryEvent.kind == "commented")) is None

    def test_a_checked_case_is_marked_for_the_day(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        centre: Centre,
        clock: SettableClock,
    ) -> None:
        task = errands.open_late(seller, centre=centre)
        errands.open_late(seller, centre=centre)
        log_in(user=head)

        client.post("/control/check", data={"task": task.id})
        today = client.get("/control/").text
        clock.set(NOW + DAY)
        tomorrow = client.get("/control/").text

        assert today.count('data-test="is-checked"') == 1
        assert "Checked today 1 of 2" in today
        assert "Checked today 0 of 2" in tomorrow

    def test_an_instruction_is_read_in_the_list_and_in_the_log(
        self,
        client: FlaskClient,
        session: Session,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        centre: Centre,
    ) -> None:
        task = errands.open_late(seller, centre=centre)
        log_in(user=head)

        client.post("/control/check", data={"instance": task.instance_id, "text": "Call today"})

        assert "“Call today”" in client.get("/control/").text
        assert session.scalars(select(ControlCheck.instruction)).all() == ["Call today"]

    def test_reading_the_board_is_not_changing_it(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open_late(seller)
        log_in("control.see")

        page = client.get("/control/").text

        assert rows(page) == [task.instance_id]
        assert 'data-test="check"' not in page
        assert client.post("/control/check", data={"task": task.id}).status_code == 403
