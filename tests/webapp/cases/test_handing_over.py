"""Many cases to one colleague: the preview, the portions, the chronicle, and back again."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.history.models import HistoryEvent
from tests.webapp.cases.deals import Deals
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW, make_centre
from webapp.cases import handing_over
from webapp.staff.models import Centre, User


def order(client: FlaskClient, to: User, *cases: int, **more: str) -> object:
    data = {"case": [str(case) for case in cases], "to": str(to.id), "comment": "She is on leave", **more}
    return client.post("/cases/hand-over", data=data, follow_redirects=True)


class TestPreview:
    def test_says_how_many_whose_and_which_not(
        self,
        client: FlaskClient,
        log_in: LogIn,
        deals: Deals,
        session: Session,
        seller: User,
        colleague: User,
        head: User,
        centre: Centre,
    ) -> None:
        mine = [deals.open(seller, centre=centre) for _ in range(2)]
        his = deals.open(colleague, centre=centre)
        closed = deals.open(seller, centre=centre)
        for values in ({"outcome": "came"}, {"name": "x"}, {"name": "x"}):
            deals.complete(closed, **values)
        log_in(user=head)

        page = client.get("/cases/hand-over", query_string={"case": [*mine, his, closed]}).text

        assert "Hand over 3 cases" in page
        assert "already closed" in page
        assert ("Alina Lebedeva" in page, "Roman Titov" in page) == (True, True)

    def test_what_lies_outside_ones_rights_is_refused(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, session: Session, seller: User, colleague: User
    ) -> None:
        south = make_centre(session, name="South")
        session.commit()
        case = deals.open(colleague, centre=south)
        log_in(user=seller)

        preview = client.get("/cases/hand-over", query_string={"case": case}).text
        order(client, seller, case)

        assert "Nothing to hand over" in preview
        assert deals.owner(case) == colleague.id

    def test_all_of_a_filter(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User, head: User, centre: Centre
    ) -> None:
        for _ in range(4):
            deals.open(seller, centre=centre)
        log_in(user=head)

        page = client.get("/cases/hand-over", query_string={"whole": "1", "back": f"/cases?person={seller.id}"}).text

        assert "Hand over 4 cases" in page

    def test_a_filter_too_long_to_carry_is_refused_not_cut(
        self, client: FlaskClient, log_in: LogIn, head: User, centre: Centre
    ) -> None:
        log_in(user=head)
        back = "/cases?" + "&".join(f"person={number}" for number in range(1000, 1200))

        answer = client.get("/cases/hand-over", query_string={"whole": "1", "back": back})

        assert answer.status_code == 422
        assert "too many filters" in answer.text


class TestHandingOver:
    def test_moves_case_and_step_and_writes_it_down(
        self,
        client: FlaskClient,
        log_in: LogIn,
        deals: Deals,
        session: Session,
        seller: User,
        colleague: User,
        head: User,
        centre: Centre,
    ) -> None:
        cases = [deals.open_late(seller, centre=centre) for _ in range(2)]
        log_in(user=head)

        page = order(client, colleague, *cases).text  # type: ignore[attr-defined]

        assert "2 cases are handed over to Roman Titov." in page
        assert [(deals.owner(case), deals.task(case).assignee_id) for case in cases] == [(colleague.id,) * 2] * 2
        assert deals.task(cases[0]).due_at == NOW + timedelta(days=1)
        chronicle = client.get(f"/cases/{cases[0]}").text
        assert "Responsible now: Roman Titov" in chronicle
        assert "She is on leave" in chronicle

    def test_undo_brings_everything_back_as_it_was(
        self,
        client: FlaskClient,
        log_in: LogIn,
        deals: Deals,
        seller: User,
        colleague: User,
        head: User,
        centre: Centre,
    ) -> None:
        case = deals.open_late(seller, centre=centre)
        due = deals.task(case).due_at
        log_in(user=head)
        order(client, colleague, case)

        page = client.post("/cases/hand-over/undo", data={"act": "1"}, follow_redirects=True).text

        task = deals.task(case)
        assert "Undone: 1 case is where it was." in page
        assert (deals.owner(case), task.assignee_id, task.due_at) == (seller.id, seller.id, due)

    def test_a_day_later_the_case_is_the_colleagues(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, clock: SettableClock, seller: User, colleague: User
    ) -> None:
        case = deals.open(seller)
        log_in(user=seller)
        order(client, colleague, case)
        clock.set(NOW + timedelta(days=1, minutes=1))

        late = client.post("/cases/hand-over/undo", data={"act": "1"}, headers={"Accept-Language": "ru"})

        assert (late.status_code, "в течение суток" in late.text) == (422, True)
        assert deals.owner(case) == colleague.id

    def test_what_went_on_meanwhile_is_not_undone(
        self,
        client: FlaskClient,
        log_in: LogIn,
        deals: Deals,
        seller: User,
        colleague: User,
        head: User,
        centre: Centre,
    ) -> None:
        kept, back = (deals.open(seller, centre=centre) for _ in range(2))
        log_in(user=head)
        order(client, colleague, kept, back)
        task = deals.task(kept)
        client.post(f"/tasks/{task.id}/delegate", data={"to": str(head.id), "with_case": "true"})

        page = client.post("/cases/hand-over/undo", data={"act": "1"}, follow_redirects=True).text

        assert "1 case has gone on meanwhile and stays." in page
        assert (deals.owner(kept), deals.owner(back)) == (head.id, seller.id)

    def test_many_go_in_portions_that_can_be_stopped(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        deals: Deals,
        seller: User,
        colleague: User,
        head: User,
        centre: Centre,
    ) -> None:
        portion = handing_over.PORTION
        cases = [deals.open(seller, centre=centre) for _ in range(portion + 5)]
        log_in(user=head)

        progress = order(client, colleague, *cases).text  # type: ignore[attr-defined]
        stopped = client.post("/cases/hand-over/1/cancel", follow_redirects=True).text

        assert f"{portion} of {portion + 5}" in progress
        assert f"{portion} cases are handed over" in stopped
        assert "cancelled by you: 5" in stopped
        assert [deals.owner(case) for case in cases].count(seller.id) == 5

    def test_somebody_elses_act_is_unknown(
        self,
        client: FlaskClient,
        log_in: LogIn,
        deals: Deals,
        seller: User,
        colleague: User,
        head: User,
        centre: Centre,
    ) -> None:
        case = deals.open(seller, centre=centre)
        log_in(user=head)
        order(client, colleague, case)
        log_in(user=seller)

        answers = [
            client.get("/cases/hand-over/1").status_code,
            client.post("/cases/hand-over/undo", data={"act": "1"}).status_code,
            client.post("/cases/hand-over/1/go-on").status_code,
        ]

        assert answers == [404, 404, 404]
        assert deals.owner(case) == colleague.id

    def test_a_case_without_a_step_of_its_owner_goes_as_well(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        session: Session,
        seller: User,
        colleague: User,
        head: User,
        centre: Centre,
    ) -> None:
        task = errands.open(colleague, owner=seller, centre=centre)
        log_in(user=head)

        order(client, head, task.instance_id)

        moved = session.scalars(
            select(HistoryEvent.kind).where(HistoryEvent.instance_id == task.instance_id).order_by(HistoryEvent.seq)
        ).all()
        assert errands.task(task.id).assignee_id == colleague.id
        assert moved[-1] == "case_moved"

    def test_asks_for_a_person_and_a_reason(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        case = deals.open(seller)
        log_in(user=seller)

        answer = client.post("/cases/hand-over", data={"case": str(case), "comment": "x"})

        assert answer.status_code == 422
        assert "Choose a colleague." in answer.text
        assert ">x</textarea>" in answer.text
