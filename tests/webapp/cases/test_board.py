"""The board: columns from the episodes, and what dropping a card means."""

import re

import pytest
from flask.testing import FlaskClient

from tests.webapp.cases.deals import Deals, shown
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import Errands
from webapp.cases.board import CARDS
from webapp.staff.models import Centre, User

pytestmark = on_both_databases

HTMX = {"HX-Request": "true"}


def columns(page: str) -> dict[str, list[str]]:
    """Cards by column."""
    parts = re.split(r'data-column="([^"]+)"', page)
    return {name: shown(part) for name, part in zip(parts[1::2], parts[2::2], strict=True)}


class TestColumns:
    def test_stand_on_the_milestones_reached_last(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        first, second, third = (deals.open(seller) for _ in range(3))
        deals.complete(second, outcome="came")
        deals.complete(third, outcome="away")
        log_in("cases.see", "cases.change")

        page = client.get("/cases/board?process=deal").text

        assert columns(page) == {
            "-": [str(first), str(third)],
            "seen": [str(second)],
            "offered": [],
            "outcome:refused": [],
        }

    def test_load_a_portion_and_more_on_demand(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        cases = [str(deals.open(seller)) for _ in range(CARDS + 3)]
        log_in("cases.see")

        page = client.get("/cases/board?process=deal").text
        more = client.get("/cases/board/column?process=deal&column=-&page=2").text

        assert columns(page)["-"] == cases[:CARDS]
        assert shown(more) == cases[CARDS:]
        assert f'<span class="t3 num">{len(cases)}</span>' in page

    def test_share_the_filter_with_the_list(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User, colleague: User
    ) -> None:
        deals.open(seller)
        his = deals.open(colleague)
        log_in("cases.see")

        page = client.get(f"/cases/board?process=deal&person={colleague.id}").text

        assert columns(page)["-"] == [str(his)]

    def test_a_process_without_milestones_has_none(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        errands.open(seller)
        log_in("cases.see")

        assert "No process has milestones" in client.get("/cases/board?process=errand").text


class TestDropping:
    def test_a_legal_drop_opens_the_form_with_the_outcome_that_leads_there(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        case = deals.open(seller)
        log_in(user=seller)

        answer = client.get(f"/cases/{case}/move/seen?board=process%3Ddeal", headers=HTMX)
        form = client.get(answer.headers["HX-Redirect"]).text

        assert answer.status_code == 204
        assert re.search(r'value="came" checked', form)
        assert f'action="/tasks/{deals.task(case).id}/complete?board=process%3Ddeal"' in form

    def test_doing_the_step_moves_the_card_and_leads_back_to_the_board(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        case = deals.open(seller)
        log_in(user=seller)

        task = deals.task(case)
        done = client.post(f"/tasks/{task.id}/complete?board=process%3Ddeal", data={"outcome": "came"})

        assert done.location == f"/cases/board?process=deal#case-{case}"
        assert columns(client.get(done.location).text)["seen"] == [str(case)]

    def test_steps_between_are_named_and_nothing_happens(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        case = deals.open(seller)
        log_in(user=seller)

        english = client.get(f"/cases/{case}/move/offered", headers=HTMX)
        russian = client.get(f"/cases/{case}/move/offered", headers={**HTMX, "Accept-Language": "ru"})

        assert english.status_code == 422
        assert "Before “offered” stand: call, show, offer." in english.text
        assert f"/cases/{case}?task={deals.task(case).id}" in english.text
        assert "ещё шаги: Звонок, Показ, Предложение." in russian.text
        assert deals.task(case).element == "call"

    @pytest.mark.parametrize("column", ["-", "seen"])
    def test_nothing_leads_back(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User, column: str
    ) -> None:
        case = deals.open(seller)
        deals.complete(case, outcome="came")
        log_in(user=seller)

        answer = client.get(f"/cases/{case}/move/{column}", headers=HTMX)

        assert (answer.status_code, "stays reached" in answer.text) == (422, True)

    def test_a_milestone_that_was_passed_by_is_out_of_reach(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        case = deals.open(seller)
        deals.complete(case, outcome="away")
        log_in(user=seller)

        answer = client.get(f"/cases/{case}/move/seen", headers=HTMX)

        assert (answer.status_code, "nothing leads to “seen”" in answer.text) == (422, True)

    def test_a_lost_column_opens_the_offered_button(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        case = deals.open(seller)
        log_in(user=seller)

        answer = client.get(f"/cases/{case}/move/outcome:refused", headers=HTMX)
        page = client.get(answer.headers["HX-Redirect"]).text

        assert "offer=refused" in answer.headers["HX-Redirect"]
        assert 'data-reopen="offer-refused"' in page

    def test_a_step_of_somebody_else_is_said_so(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User, centre: Centre
    ) -> None:
        case = deals.open(seller, centre=centre)
        log_in("cases.see", "cases.change", scope="group")

        answer = client.get(f"/cases/{case}/move/seen", headers=HTMX)

        assert (answer.status_code, "belongs to Alina Lebedeva" in answer.text) == (422, True)

    def test_without_scripts_it_is_a_page(self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User) -> None:
        case = deals.open(seller)
        log_in(user=seller)

        legal = client.get(f"/cases/{case}/move/seen")
        refused = client.get(f"/cases/{case}/move/offered?board=process%3Ddeal")

        assert legal.status_code == 302
        assert 'href="/cases/board?process=deal"' in refused.text

    def test_a_case_out_of_reach_is_unknown(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User, colleague: User
    ) -> None:
        case = deals.open(colleague)
        log_in(user=seller)

        assert client.get(f"/cases/{case}/move/seen").status_code == 404
