"""A car with its buyer is one project: departments that were asked to serve it go on seeing it, and only read."""

import re

import pytest

from tests.dealer import START, Dealer
from tests.webapp.sales.answers import CONTRACT, reserve
from webapp.staff.models import RoleGrant, User

SEES, SEES_NOT = 200, 404


@pytest.fixture
def case(dealer: Dealer) -> str:
    """The address of a case whose deposit is at the cashier's; the contract is being signed."""
    reserve(dealer)
    (opened,) = dealer.cases()
    return f"/cases/{opened.id}"


def hire(dealer: Dealer, role: str, centre: str | None) -> None:
    """One more person, known as "new"."""
    with dealer.write() as session:
        user = User(email="new@example.com", name="Klim Rudov", fs_uniquifier="new", created_at=START)
        user.grants.append(RoleGrant(role=role, centre_id=dealer.centres[centre] if centre else None))
        session.add(user)
        session.flush()
        dealer.people["new"] = user.id


def answer(dealer: Dealer, person: str, path: str, **data: str) -> tuple[int, str]:
    client = dealer.app.test_client()
    with dealer.read() as session:
        known = session.get_one(User, dealer.people[person]).fs_uniquifier
    with client.session_transaction() as opened:
        opened["_user_id"], opened["_fresh"] = known, True
    found = client.post(path, data=data) if data else client.get(path)
    return found.status_code, found.text


def test_it_stays_open_to_a_department_that_has_done_its_step(dealer: Dealer, case: str) -> None:
    status, page = answer(dealer, "cashier", case)

    assert status == SEES
    assert "Marina Belova" in page
    assert f'href="{case}' in answer(dealer, "cashier", "/cases")[1]


def test_who_has_done_his_step_only_reads(dealer: Dealer, case: str) -> None:
    _, page = answer(dealer, "cashier", case)

    for act in ("note-contact", "correct-make_offer", "paper-", "delegate", "submit"):
        assert f'data-test="{act}' not in page, act
    assert answer(dealer, "cashier", f"{case}/comments", text="I was here")[0] == SEES_NOT
    contact = {"channel": "call", "direction": "in", "result": "Agreed"}
    assert answer(dealer, "cashier", f"{case}/contacts", **contact)[0] == SEES_NOT
    assert 'data-test="note-contact"' in answer(dealer, "seller", case)[1]


@pytest.mark.parametrize("person", ["workshop", "delivery", "finance", "accountant", "colleague", "far"])
def test_nobody_else_sees_it(dealer: Dealer, case: str, person: str) -> None:
    assert answer(dealer, person, case)[0] == SEES_NOT
    assert case not in answer(dealer, person, "/cases")[1]


def test_the_next_department_sees_it_from_the_moment_it_is_asked(dealer: Dealer, case: str) -> None:
    assert answer(dealer, "accountant", case)[0] == SEES_NOT

    dealer.complete("sign_contract", **CONTRACT)

    assert answer(dealer, "accountant", case)[0] == SEES


@pytest.mark.parametrize(("centre", "status"), [("South", SEES_NOT), ("North", SEES), (None, SEES)])
def test_the_centre_of_the_role_counts(dealer: Dealer, case: str, centre: str | None, status: int) -> None:
    hire(dealer, "cashier", centre)

    assert answer(dealer, "new", case)[0] == status


def test_the_card_of_the_customer_links_to_it(dealer: Dealer, case: str) -> None:
    _, page = answer(dealer, "cashier", case)
    customer = re.search(r'href="(/customers/\d+)', page)
    assert customer

    assert f'href="{case}' in answer(dealer, "cashier", customer[1])[1]
    assert f'href="{case}' not in answer(dealer, "accountant", customer[1])[1]
