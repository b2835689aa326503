"""The part of the case page about papers, and the papers themselves in the browser."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from engine import case_data
from engine.instances.models import CaseData
from tests.dealer import Dealer, client_of
from tests.statements import counted_statements
from tests.webapp.papers.conftest import describe
from tests.webapp.papers.documents import DOCUMENT
from webapp.papers.models import PrintedPaper

PART = "/cases/1/papers"


def put(dealer: Dealer, document: Mapping[str, Any]) -> None:
    """Let the case have these answers: the steps that ask for them are not asked here."""
    with dealer.write() as session:
        row = session.scalars(select(CaseData)).one()
        row.document = case_data.dump({**case_data.load(row.document), **document})


@pytest.fixture
def at_work(dealer: Dealer) -> Dealer:
    dealer.register(model_code="aurelia_s4", name="Марина Белова")
    with dealer.write() as session:
        describe(session, dealer)
    return dealer


def printed_count(dealer: Dealer) -> int:
    with dealer.read() as session:
        return len(session.scalars(select(PrintedPaper)).all())


def test_the_page_offers_papers_and_says_what_an_offer_lacks(at_work: Dealer) -> None:
    page = client_of(at_work, "seller").get("/cases/1").text

    assert 'data-test="paper-sales.worksheet"' in page
    assert "В предложении ещё нет строк." in page
    assert "Документы" in page


def test_printing_opens_the_paper_and_lists_it(at_work: Dealer) -> None:
    put(at_work, DOCUMENT)
    client = client_of(at_work, "seller")

    answer = client.post(PART, data={"paper": "sales.offer", "language": "ru"})
    paper = client.get(answer.location)

    assert answer.status_code == 303
    assert (paper.status_code, paper.mimetype, paper.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert paper.headers["Cache-Control"] == "private, no-store"
    name = paper.headers["Content-Disposition"]
    assert name.encode("latin-1") == name.encode()  # what a server cannot send it drops the answer for
    assert unquote(name) == "inline; filename*=UTF-8''КП-000001 ru.pdf"
    assert "Коммерческое предложение КП-000001" in client.get("/cases/1").text
    assert client.get(answer.location).data == paper.data


def test_an_incomplete_paper_is_refused_with_what_is_missing(at_work: Dealer) -> None:
    answer = client_of(at_work, "seller").post(PART, data={"paper": "sales.offer", "language": "ru"})

    assert answer.status_code == 422
    assert "В предложении ещё нет строк." in answer.text
    assert printed_count(at_work) == 0


def test_a_lack_leads_to_the_answers_that_have_to_be_corrected(at_work: Dealer) -> None:
    put(at_work, {"make_offer": {**DOCUMENT["make_offer"], "valid_until": None}})

    part = client_of(at_work, "seller").get(PART).text

    assert "до какого дня" in part
    assert 'href="/cases/1/correct/make_offer"' in part


@pytest.mark.parametrize("data", [{}, {"paper": "nothing"}, {"paper": "sales.offer' --", "language": "ru"}])
def test_a_paper_that_does_not_exist_is_not_found(at_work: Dealer, data: dict[str, str]) -> None:
    assert client_of(at_work, "seller").post(PART, data=data).status_code == 404


def test_whoever_may_not_see_the_case_sees_no_paper(at_work: Dealer) -> None:
    put(at_work, DOCUMENT)
    place = client_of(at_work, "seller").post(PART, data={"paper": "sales.offer", "language": "en"}).location
    stranger = client_of(at_work, "far")

    assert stranger.get(place).status_code == 404
    assert stranger.get(PART).status_code == 404
    assert stranger.post(PART, data={"paper": "sales.offer"}).status_code == 404


def test_a_paper_of_another_case_is_not_found(at_work: Dealer) -> None:
    at_work.register(phone="8 900 000-41-18", name="Олег Титов")
    client = client_of(at_work, "seller")
    place = client.post(PART, data={"paper": "sales.worksheet", "language": "ru"}).location

    assert client.get(place.replace("/cases/1/", "/cases/2/")).status_code == 404


def test_the_part_costs_few_statements(at_work: Dealer) -> None:
    put(at_work, DOCUMENT)
    client = client_of(at_work, "seller")
    for language in ("ru", "en"):
        client.post(PART, data={"paper": "sales.worksheet", "language": language})
    client.get(PART)

    with counted_statements(at_work.database.engine) as statements:
        client.get(PART)

    assert len(statements) <= 14


def test_the_empty_worksheet_is_printed_from_the_lists(at_work: Dealer) -> None:
    client = client_of(at_work, "reception")
    place = re.search(r'href="(/papers/blank/[^"]+)"', client.get("/cases").text)
    assert place

    paper = client.get(place[1].replace("&amp;", "&"))

    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")
    assert place[1] in client.get("/register", follow_redirects=True).text or place[1] in client.get("/inquiries").text


def test_a_paper_with_no_empty_form_is_refused(at_work: Dealer) -> None:
    assert client_of(at_work, "reception").get("/papers/blank/sales.offer.pdf").status_code == 422
    assert client_of(at_work, "reception").get("/papers/blank/nothing.pdf").status_code == 404
