"""The list of cases: filters, orders, saved views, next and previous; what it asks of the database."""

import re
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.cases.deals import Deals, shown
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW, make_centre
from webapp.staff.models import Centre, User

pytestmark = on_both_databases


class TestFilters:
    def test_by_process_person_milestone_and_dimension(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, errands: Errands, seller: User, colleague: User
    ) -> None:
        first, second = deals.open(seller, source="site"), deals.open(seller, source="call")
        other = deals.open(colleague)
        deals.complete(second, outcome="came")
        errands.open(seller)
        log_in("cases.see")

        found = {
            query: shown(client.get(f"/cases?{query}").text)
            for query in (
                "process=deal",
                f"process=deal&person={colleague.id}",
                "process=deal&milestone=seen",
                "process=deal&milestone=-",
                "process=deal&d.source=call",
                f"q=%23{other}",
            )
        }

        assert {query: set(cases) for query, cases in found.items()} == {
            "process=deal": {str(first), str(second), str(other)},
            f"process=deal&person={colleague.id}": {str(other)},
            "process=deal&milestone=seen": {str(second)},
            "process=deal&milestone=-": {str(first), str(other)},
            "process=deal&d.source=call": {str(second)},
            f"q=%23{other}": {str(other)},
        }

    def test_by_centre_and_silence(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, session: Session, seller: User, centre: Centre
    ) -> None:
        south = make_centre(session, name="South")
        session.commit()
        old, young = deals.open_late(seller, centre=centre), deals.open(seller, centre=south)
        noted = deals.open_late(seller, centre=centre)
        log_in("cases.see", "cases.change")
        client.post(f"/cases/{noted}/contacts", data={"channel": "call", "direction": "in", "result": "Agreed."})

        by_centre = shown(client.get(f"/cases?centre={south.id}").text)
        silent = shown(client.get("/cases?silent=1").text)

        assert (by_centre, silent) == ([str(young)], [str(old)])

    def test_overdue_and_closed(self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User) -> None:
        late, young, done = deals.open_late(seller), deals.open(seller), deals.open(seller)
        for values in ({"outcome": "came"}, {"name": "x"}, {"name": "x"}):
            deals.complete(done, **values)
        log_in("cases.see")

        states = {state: shown(client.get(f"/cases?state={state}").text) for state in ("late", "open", "closed")}

        assert states == {"late": [str(late)], "open": [str(late), str(young)], "closed": [str(done)]}

    def test_an_empty_list_names_the_filters_that_hide_cases(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User, colleague: User
    ) -> None:
        deals.open(seller)
        deals.open(colleague)
        log_in("cases.see")

        page = client.get(f"/cases?state=open&person={seller.id}&silent=30").text

        assert re.findall(r"Without contact: [^<]* hides (\d+)", page) == ["1"]

    def test_nonsense_in_the_address_is_taken_for_not_said(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        case = deals.open(seller)
        log_in("cases.see")

        page = client.get("/cases?state=x&person=y&silent=-4&sort=z&page=0&columns=q&view=99&milestone=")

        assert shown(page.text) == [str(case)]

    def test_columns_are_chosen_and_only_then_asked_for(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        case = deals.open(seller, source="Billboard")
        deals.complete(case, outcome="came")
        log_in("cases.see")

        page = client.get("/cases?process=deal&columns=milestone&columns=d.source").text

        assert "Billboard</td>" in page
        assert 'class="c-milestone">seen' in page
        assert 'class="c-step"' not in page

    def test_a_row_is_seen_until_something_happens(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        case = deals.open(seller, now=NOW - timedelta(hours=2))
        log_in("cases.see")

        before = 'class="is-seen"' in client.get("/cases").text
        client.post(f"/cases/{case}/seen")
        seen = 'class="is-seen"' in client.get("/cases").text

        assert (before, seen) == (False, True)


class TestNextAndPrevious:
    def test_keep_order_filter_and_position(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        cases = [deals.open(seller, now=NOW - timedelta(hours=hours)) for hours in (5, 4, 3)]
        log_in(user=seller)
        address = row_link(client.get("/cases?process=deal").text, cases[1])

        page = client.get(address).text
        following = client.get(link(page, "next")).text

        assert (position(page), position(following)) == ("2 of 3", "3 of 3")
        assert case_of(link(page, "prev")) == cases[0]
        assert case_of(link(page, "next")) == cases[2]
        assert 'rel="next"' not in following
        assert "process%3Ddeal" in link(page, "next")

    def test_next_is_what_stood_below_even_when_the_step_is_done(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        cases = [deals.open_late(seller) for _ in range(3)]
        log_in(user=seller)
        address = row_link(client.get("/cases?state=late").text, cases[1])
        query = address.partition("?")[2]
        task = deals.task(cases[1])

        done = client.post(f"/tasks/{task.id}/complete?{query}", data={"outcome": "came"})
        page = client.get(done.location).text

        assert case_of(link(page, "next")) == cases[2]
        assert case_of(link(page, "prev")) == cases[0]

    def test_a_spoilt_place_leads_nowhere_and_breaks_nothing(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        case = deals.open(seller)
        log_in(user=seller)

        for place in ("x", "[]", "[1,2,3]", '[0,"2026-03-02T09:00:00",1]', '[0,"nonsense",1]', "[0,null,99999999999]"):
            page = client.get(f"/cases/{case}", query_string={"list": "state=open", "at": place, "n": "x"})
            assert (page.status_code, 'data-test="walk"' in page.text) == (200, False)


class TestSavedViews:
    def test_a_view_is_saved_reopened_renamed_and_deleted(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        late = deals.open_late(seller)
        deals.open(seller)
        log_in(user=seller)

        saved = client.post("/cases/views", data={"name": "Mine, late", "back": "/cases?state=late"})
        opened = client.get(saved.location, follow_redirects=True)
        client.post(f"{saved.location}/rename", data={"name": "Burning"})
        renamed = client.get("/cases?state=open").text
        client.post(f"{saved.location}/delete")

        assert shown(opened.text) == [str(late)]
        assert ("Burning" in renamed, "Mine, late" in renamed) == (True, False)
        assert "Burning" not in client.get("/cases?state=open").text.partition("messages")[0]

    def test_the_default_view_is_where_one_begins(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        log_in(user=seller)
        client.post("/cases/views", data={"name": "Late", "back": "/cases?state=late", "default": "1"})

        begins = client.get("/cases").location
        client.post("/cases/views/default", data={"back": "/cases?state=late"})

        assert "state=late" in begins
        assert client.get("/cases").status_code == 200

    def test_a_personal_view_is_nobody_elses(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User, colleague: User
    ) -> None:
        log_in(user=seller)
        saved = {"name": "Anna", "back": "/cases?q=anna"}
        address = client.post("/cases/views", data=saved).location
        log_in(user=colleague)

        read = client.get(address)
        number = address.rpartition("/")[2]
        chosen = client.post("/cases/views/default", data={"view": number, "back": "/cases"})

        assert (read.status_code, "anna" in read.text, chosen.status_code) == (404, False, 404)

    def test_a_link_that_is_offered_shows_everybody_what_lies_within_his_own_rights(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User, colleague: User, head: User
    ) -> None:
        hers, his = deals.open(seller), deals.open(colleague)
        log_in(user=head)
        offered = {"name": "Deals", "role": "sales_manager", "back": "/cases?process=deal"}
        address = client.post("/cases/views", data=offered).location
        log_in(user=colleague)

        page = client.get(address, follow_redirects=True).text
        refused = client.post(f"{address}/delete")

        assert (shown(page), str(hers) in shown(page)) == ([str(his)], False)
        assert refused.status_code == 404

    def test_a_view_is_offered_to_a_role_by_who_may(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User, head: User
    ) -> None:
        offered = {"name": "For the desk", "role": "sales_manager", "back": "/cases?state=late"}
        log_in(user=seller)
        refused = client.post("/cases/views", data=offered)
        log_in(user=head)
        client.post("/cases/views", data=offered)
        log_in(user=seller)

        assert refused.status_code == 403
        assert "For the desk" in client.get("/cases").text


class TestStatements:
    def test_sixty_cases_or_six_hundred_make_no_difference(
        self, client: FlaskClient, log_in: LogIn, deals: Deals, seller: User
    ) -> None:
        log_in(user=seller)
        pages = ("/cases?process=deal&columns=centre&columns=contact&columns=d.source", "/cases/board?process=deal")
        counts: list[list[int]] = []
        for more in (60, 540):
            for _ in range(more):
                last = deals.open(seller)
            walk = row_link(client.get("/cases?sort=newest").text, last)
            counts.append([])
            for page in (*pages, walk):
                client.get(page)
                with counted_statements(deals.database.engine) as statements:
                    assert client.get(page).status_code == 200
                counts[-1].append(len(statements))

        assert counts[0] == counts[1]
        assert all(number <= most for number, most in zip(counts[0], (24, 22, 20), strict=True)), counts[0]


def row_link(page: str, case: int) -> str:
    found = re.search(rf'href="(/cases/{case}\?[^"]+)"', page)
    assert found
    return found[1].replace("&amp;", "&")


def link(page: str, rel: str) -> str:
    found = re.search(rf'href="([^"]+)" rel="{rel}"', page)
    assert found, page
    return found[1].replace("&amp;", "&")


def case_of(address: str) -> int:
    return int(address.partition("?")[0].rpartition("/")[2])


def position(page: str) -> str:
    found = re.search(r'data-test="position">([^<]+)<', page)
    assert found
    return found[1]
