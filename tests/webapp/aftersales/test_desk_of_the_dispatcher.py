"""The booking page before the case of a visit: who reads it from there, and whose it is after the visit is moved."""

import pytest
from sqlalchemy import select, update

from engine.human_tasks.models import HumanTask, TaskState
from tests.dealer import Dealer, client_of, hire, moscow
from tests.webapp.aftersales.service import (
    book,
    call_in,
    prepare,
    remind,
    visit,
)
from webapp.aftersales.models import ResourceKind, ServiceVisit
from webapp.aftersales.setting_up import ResourceFacts, add_resource
from webapp.customers.models import Interaction
from webapp.staff.models import User

SECOND = {"second": ("Kirill Reutov", "service_advisor", "North")}
SEERS = ("dispatcher", "advisor", "second", "mechanic")


@pytest.fixture
def dealer(service_dealer: Dealer) -> Dealer:
    return service_dealer


def employ(dealer: Dealer) -> int:
    """A second advisor comes to the workshop; his line in the calendar."""
    with dealer.write() as session:
        hire(session, SECOND)
        session.flush()
        dealer.people["second"] = session.scalars(select(User.id).where(User.name == "Kirill Reutov")).one()
        facts = ResourceFacts(ResourceKind.ADVISOR, user_id=dealer.people["second"])
        return add_resource(session, dealer.centres["North"], facts, actor_id=None, now=dealer.clock.now()).id


def page_of(dealer: Dealer, person: str, path: str) -> tuple[int, str]:
    answer = client_of(dealer, person).get(path, headers={"Accept-Language": "en"})
    return answer.status_code, answer.text


def move(dealer: Dealer, line: int, at: str = "2026-03-06T12:00") -> tuple[ServiceVisit, str]:
    """The dispatcher drags the bar of the visit to this line; what he reads then."""
    answer = client_of(dealer, "dispatcher").post(
        f"/service/booking/{visit(dealer).id}/move",
        data={"starts_at": at, "resource": line},
        headers={"Accept": "application/json", "Accept-Language": "en"},
    )
    assert answer.status_code == 200
    return visit(dealer), answer.json["message"]


class TestToTheCase:
    def test_leads_whoever_works_at_the_desk_of_this_centre_to_a_page_that_opens(self, dealer: Dealer) -> None:
        employ(dealer)
        call_in(dealer)
        (case,) = dealer.cases()
        path, link = f"/service/booking?visit={visit(dealer).id}", f'href="/cases/{case.id}"'
        asked = {person: link in page_of(dealer, person, path)[1] for person in SEERS}
        book(dealer)
        dealer.do("reserve_parts", by="parts", outcome="none_needed")
        booked = {person: link in page_of(dealer, person, path)[1] for person in SEERS}
        opens = {person: page_of(dealer, person, f"/cases/{case.id}")[0] == 200 for person in SEERS}

        # before the appointment the mechanic has nothing to do there, so he gets no link that would fail
        assert asked == booked == opens == {"dispatcher": True, "advisor": True, "second": True, "mechanic": False}


class TestMoving:
    def test_the_case_goes_with_the_visit_and_both_chronicles_tell_of_it(self, dealer: Dealer) -> None:
        second = employ(dealer)
        call_in(dealer)
        book(dealer)
        prepare(dealer)
        remind(dealer)
        assert dealer.assignee("receive_car") == dealer.people["advisor"]  # whose step is none of the dispatcher's

        moved, message = move(dealer, second)
        (case,) = dealer.cases()
        assert "Kirill Reutov" in message
        assert moved.advisor_id == case.owner_id == dealer.people["second"]
        with dealer.read() as session:
            told = session.scalars(select(Interaction).where(Interaction.subject == "visit.moved")).one()
        assert (told.result, told.next_at, told.case_key) == ("customer", moved.starts_at, case.business_key)
        page = page_of(dealer, "second", f"/cases/{case.id}?view=chronicle")[1]
        assert "Another time" in page.partition('data-test="chronicle"')[2]
        prepare(dealer)
        remind(dealer)
        assert dealer.assignee("receive_car") == dealer.people["second"]
        dealer.wait_until(moscow(6, 11))  # an hour before the new time, a day after the old one
        assert dealer.open_elements() == ["receive_car"]

    def test_where_no_step_offers_it_the_case_goes_along_all_the_same(self, dealer: Dealer) -> None:
        second = employ(dealer)
        call_in(dealer)
        book(dealer)
        with dealer.write() as session:
            session.execute(update(HumanTask).values(state=TaskState.CANCELLED))
        moved, _message = move(dealer, second)

        assert moved.advisor_id == dealer.cases()[0].owner_id == dealer.people["second"]
        with dealer.read() as session:
            assert session.scalars(select(Interaction.result).where(Interaction.subject == "visit.moved")).all() == [
                "customer"
            ]
