"""The list of a segment for letters and short messages: whom the consent check lets through, and what is printed."""

import re
from collections.abc import Mapping
from html import unescape
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.campaigns.routes import segment as make_segment
from tests.webapp.conftest import LogIn
from tests.webapp.customers.factories import agree, make_customer
from tests.webapp.papers.pictures import pages_of
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.campaigns import mailing_files
from webapp.campaigns.mailing import AT_ONCE, Addressee, Audience, letter_for
from webapp.core.models import AuditEntry
from webapp.customers.models import ConsentChannel
from webapp.customers.services import CustomerFacts, change_customer
from webapp.staff.models import Centre

POST, SMS = ConsentChannel.POST, ConsentChannel.SMS
LABEL = (70.0, 37.0)


@pytest.fixture
def centre(session: Session) -> Centre:
    return make_centre(session, name="North", address="Nevsky 1", city="Petersburg")


@pytest.fixture
def list_address(session: Session, centre: Centre) -> str:
    """A segment of everybody: two who agree to letters, one of them without an address, and one of another centre."""
    for name, address, channels in (
        ("Anna", "Lesnaya 5, flat 12, Pskov", (POST, SMS)),
        ("Boris", "", (POST,)),
        ("Clara", "Sadovaya 7, Pskov", ()),
    ):
        customer = make_customer(
            session, first_name=name, centre_id=centre.id, post_address=address, post_code="180000" if address else ""
        )
        agree(session, customer, *channels) if channels else None
    foreign = make_customer(
        session, first_name="Fedor", centre_id=make_centre(session, name="South").id, post_address="Far 1"
    )
    agree(session, foreign, POST)
    owner = make_user(session, email="owner@example.com")
    ids = make_segment(session, owner, centre)
    session.commit()
    return f"/campaigns/segments/{ids['segment_id']}"


def counts(page: str) -> Mapping[str, str]:
    return dict(re.findall(r'data-test="(\w+)-count">([^<]*)<', page))


def test_the_page_says_whom_it_reaches_and_why_not_the_others(
    app: Flask, client: FlaskClient, log_in: LogIn, list_address: str, centre: Centre
) -> None:
    log_in("campaigns.see", "campaigns.export", "customers.see", scope="centre", centre=centre)

    with counted_statements(app.extensions["database"].engine) as statements:
        page = unescape(client.get(f"{list_address}/list").text)

    assert counts(page) == {"post": "1", "sms": "1"}
    left_out = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.split('data-test="post-left-out"')[1].split("</ul>")[0]))
    assert "no consent: 1" in left_out
    assert "no address: 1" in left_out
    assert len(statements) <= 20


def test_labels_go_to_whom_the_page_counts_and_it_is_noted_who_took_them(
    client: FlaskClient, log_in: LogIn, list_address: str, centre: Centre, session: Session, tmp_path: Path
) -> None:
    user = log_in("campaigns.see", "campaigns.export", "customers.see", scope="centre", centre=centre)

    answer = client.post(f"{list_address}/labels.pdf")

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    (sheet,) = pages_of(answer.data, tmp_path)
    assert sheet.size == (210, 297)
    assert sheet.ink(0, 0.5, *LABEL) > 0.005
    assert sheet.ink(LABEL[0], 0, 210, 297) == 0
    noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "campaigns.segment.taken_away")).one()
    assert (noted.actor_id, noted.facts["customers"], noted.facts["kind"]) == (user.id, 1, "labels")


def test_a_full_sheet_holds_24_labels_and_nothing_crosses_their_edges(app: Flask, tmp_path: Path) -> None:
    line = Addressee(
        1,
        "Константинопольская-Преображенская Александра Владимировна",
        "Ленинградская область, Всеволожский муниципальный район, посёлок имени Свердлова, дом 44, кв. 107",
        "188682",
        {},
    )

    with app.test_request_context():
        sheets = pages_of(mailing_files.label_sheets([line] * 25), tmp_path)

    assert len(sheets) == 2
    for column in range(1, 3):
        assert sheets[0].ink(column * 70 - 2, 0, column * 70 + 2, 297) == 0
    for row in range(1, 8):
        assert sheets[0].ink(0, row * 37 - 1, 210, row * 37 + 2) == 0
    assert sheets[0].ink(140, 7 * 37 + 0.5, 210, 8 * 37) > 0.005
    assert sheets[1].ink(70, 0, 210, 297) == 0


def test_a_letter_stands_on_a_page_of_its_own_with_its_gaps_filled(
    client: FlaskClient, log_in: LogIn, list_address: str, centre: Centre, tmp_path: Path
) -> None:
    log_in("campaigns.see", "campaigns.export", "customers.see", scope="centre", centre=centre)
    letter = {"subject": "Winter is near", "text": "Dear {first_name}!\r\n\r\nCome and see {centre}."}

    (page,) = pages_of(client.post(f"{list_address}/letters.pdf", data=letter).data, tmp_path)

    left, top, right, bottom = page.bounds
    assert (left > 20, top > 15, right < 195, bottom < 280) == (True,) * 4
    assert page.ink(110, 35, 195, 70) > 0.005  # where the window of an envelope is
    anna = Addressee(1, "Anna", "", "", {"first_name": "Anna", "centre": "North"})
    assert letter_for(anna, "Dear {first_name}!\n\nCome  to\n{centre} .") == ["Dear Anna!", "Come to North."]


@pytest.mark.parametrize(
    ("letter", "says"),
    [
        ({"subject": "", "text": "Come"}, "Enter what the letter says."),
        ({"subject": "Tyres", "text": "Dear {name}"}, "Nobody can fill in {name}."),
        ({"subject": "Tyres", "text": "x" * 8001}, "At most 8000 characters."),
    ],
)
def test_a_letter_that_cannot_be_printed_comes_back_with_what_was_typed(
    client: FlaskClient, log_in: LogIn, list_address: str, letter: Mapping[str, str], says: str
) -> None:
    log_in("campaigns.see", "campaigns.export", "customers.see")

    answer = client.post(f"{list_address}/letters.pdf", data=letter)

    assert answer.status_code == 422
    assert says in unescape(answer.text)
    assert letter["text"][:5] in unescape(answer.text)


def test_numbers_are_texts_in_a_workbook(client: FlaskClient, log_in: LogIn, list_address: str) -> None:
    log_in("campaigns.see", "campaigns.export", "customers.see")

    book = openpyxl.load_workbook(BytesIO(client.post(f"{list_address}/phones.xlsx").data))

    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[0][:2] == ["Phone", "Customer"]
    assert [row[1:3] for row in rows[1:]] == [["Belova Anna", "Anna"]]
    assert str(rows[1][0]).startswith("+7900000")


def test_who_sees_no_customers_takes_none_away(client: FlaskClient, log_in: LogIn, list_address: str) -> None:
    log_in("campaigns.see", "campaigns.export")

    assert counts(client.get(f"{list_address}/list").text) == {"post": "0", "sms": "0"}
    answer = client.post(f"{list_address}/labels.pdf", follow_redirects=True)
    assert "Nobody of this segment may be written to this way." in answer.text


def test_a_long_list_is_printed_in_parts() -> None:
    audience = Audience(dict.fromkeys(range(AT_ONCE * 2 + 1), "x"), {})

    assert (audience.parts, len(audience.part(1)), list(audience.part(3))) == (3, AT_ONCE, [AT_ONCE * 2])


def test_the_address_of_the_card_goes_before_that_of_the_passport(session: Session, centre: Centre) -> None:
    customer = make_customer(session, post_address=" Home 1 ", post_code="180000")
    assert (customer.post_address, customer.post_code) == (" Home 1 ", "180000")

    facts = CustomerFacts(first_name="Marina", post_address="Away 2")
    change_customer(session, customer.id, facts, actor_id=None, now=NOW)

    assert (customer.post_address, customer.post_code) == ("Away 2", "")
