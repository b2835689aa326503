"""The booking page before the case of a visit: who reads it from there, and whose it is after the visit is moved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.dealer import Dealer, client_of, hire
from tests.webapp.aftersales.service import (
    book,
    call_in,
    follow,
    open_service,
    prepare_service,
    visit,
)
from webapp.aftersales.reference import DEFAULT_STANDARD
from webapp.staff.models import User

SECOND = {"second": ("Kirill Reutov", "service_advisor", "North")}
SEERS = ("dispatcher", "advisor", "second", "mechanic")


@pytest.fixture
def dealer(dealer_template: Path, tmp_path: Path) -> Iterator[Dealer]:
    template = prepare_service(dealer_template, tmp_path)
    (tmp_path / "desk").mkdir()
    with open_service(template, tmp_path / "desk") as opened:
        follow(opened, DEFAULT_STANDARD)
        yield opened


def page_of(dealer: Dealer, person: str, path: str) -> tuple[int, str]:
    if person in SECOND:
        with dealer.read() as session:
            dealer.people[person] = session.scalars(select(User.id).where(User.name == SECOND[person][0])).one()
    answer = client_of(dealer, person).get(path, headers={"Accept-Language": "en"})
    return answer.status_code, answer.text


class TestToTheCase:
    def test_leads_whoever_works_at_the_desk_of_this_centre_to_a_page_that_opens(self, dealer: Dealer) -> None:
        with dealer.write() as session:
            hire(session, SECOND)
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
