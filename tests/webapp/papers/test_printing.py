"""What is printed stays as it was; what has changed gets a new number."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.dealer import Dealer
from tests.webapp.papers.conftest import Print, describe, printing
from tests.webapp.papers.documents import DOCUMENT
from webapp.core.errors import RuleViolation
from webapp.core.papers import declared_papers
from webapp.papers import services, shipping
from webapp.papers.models import PaperTemplate, PrintedPaper
from webapp.papers.queries import get_printed
from webapp.sales.models import Worksheet
from webapp.staff.models import Centre

OFFER, DRIVE, SHEET = "sales.offer", "sales.test_drive", "sales.worksheet"
PAPERS = (OFFER, DRIVE, SHEET)


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = deepcopy(DOCUMENT)
    change(document)
    return document


def dearer() -> dict[str, Any]:
    return changed(lambda document: document["make_offer"]["lines"][0].update(price=Decimal(2300000)))


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_printed_paper_is_the_same_after_everything_has_changed(
    customer_at_dealer: Dealer, print_of: Print, monkeypatch: pytest.MonkeyPatch, paper: str, language: str
) -> None:
    dealer = customer_at_dealer
    printed, first = print_of(paper, language)

    with dealer.write() as session:
        session.get_one(Centre, dealer.centres["North"]).name = "Другой центр"
        customer = session.get_one(Worksheet, 1).customer
        customer.rename(last_name="Иная", first_name="Анна", middle_name="", company_name="")
        newer = PaperTemplate(paper=paper, version=2, parts='{"paper.html": "new"}', checksum="", shipped=False)
        session.add(newer)
    monkeypatch.setattr("webapp.papers.rendering.gettext", lambda text: f"<{text}>")
    dealer.clock.advance(timedelta(days=400))
    with dealer.read() as session, dealer.app.test_request_context():
        again = services.page_of(session, get_printed(session, "sales.worksheet:1", printed.id))

    assert again == first
    assert "Белов" in first


def test_printing_the_same_again_opens_what_is_printed(print_of: Print) -> None:
    assert print_of(OFFER)[0].id == print_of(OFFER)[0].id


def test_the_other_language_of_the_same_offer_has_its_number_and_day(
    customer_at_dealer: Dealer, print_of: Print
) -> None:
    russian, _ = print_of(OFFER, "ru")
    customer_at_dealer.clock.advance(timedelta(days=1))

    english, page = print_of(OFFER, "en", on=date(2026, 3, 3))

    assert (russian.label, english.label) == ("КП-000001", "CO-000001")
    assert "No. CO-000001 of 2 Mar 2026" in page
    assert print_of(OFFER, "ru")[0].id == russian.id


def test_a_changed_offer_gets_the_next_number(print_of: Print) -> None:
    first, _ = print_of(OFFER)

    second, page = print_of(OFFER, document=dearer())

    assert (first.label, second.label) == ("КП-000001", "КП-000002")
    assert "2\u00a0411\u00a0000,50" in page
    assert print_of(OFFER, "en", dearer())[0].label == "CO-000002"


def test_numbers_begin_anew_with_the_year(print_of: Print) -> None:
    print_of(OFFER)

    next_year, _ = print_of(OFFER, document=dearer(), on=date(2027, 1, 11))

    assert (next_year.label, next_year.dated) == ("КП-000001", date(2027, 1, 11))


def test_a_worksheet_keeps_its_own_number_and_counts_its_printings(print_of: Print) -> None:
    first, _ = print_of(SHEET)
    second, page = print_of(SHEET, document=changed(lambda document: document.pop("presentation")))

    assert (first.label, first.edition, second.label, second.edition) == ("РЛ-000001", 1, "РЛ-000001", 2)
    assert "печать 2" in page


def test_an_offer_without_lines_says_what_is_missing_and_takes_no_number(
    customer_at_dealer: Dealer, print_of: Print
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        print_of(OFFER, document={})

    assert refusal.value.code == "paper_incomplete"
    assert "lines" in str(refusal.value) or "строк" in str(refusal.value)
    assert print_of(OFFER)[0].number == 1


@pytest.mark.parametrize("paper", [DRIVE, SHEET])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_is_not_known_is_empty_and_never_none(print_of: Print, paper: str, language: str) -> None:
    _, page = print_of(paper, language, {})

    assert "None" not in page.replace("None</span>", "")
    assert "Undefined" not in page


def test_two_who_print_the_same_offer_at_once_get_one_paper(postgresql_dealer: Dealer) -> None:
    dealer = postgresql_dealer
    dealer.register(model_code="aurelia_s4", name="Марина Белова")
    with dealer.write() as session:
        describe(session, dealer)
    print_one = printing(dealer)

    with ThreadPoolExecutor(2) as people:
        both = list(people.map(lambda _who: print_one(OFFER)[0].id, range(2)))

    assert both[0] == both[1]
    with dealer.read() as session:
        assert session.scalar(select(func.count()).select_from(PrintedPaper)) == 1


class TestTemplates:
    def test_ship_once(self, customer_at_dealer: Dealer) -> None:
        with customer_at_dealer.write() as session:
            shipping.ship_templates(session)
            shipping.ship_templates(session)
            versions = {each.paper: each.version for each in session.scalars(select(PaperTemplate))}
            declared = set(declared_papers())

        assert versions == dict.fromkeys(declared, 1)
        assert declared > set(PAPERS)

    def test_changed_files_become_a_new_version(
        self, customer_at_dealer: Dealer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with customer_at_dealer.write() as session:
            paper = declared_papers()[OFFER]
            shipping.ship_template(session, paper)
            files = {**shipping.shipped_files(paper), "legal.ru.html": "<p>Иначе.</p>"}
            monkeypatch.setattr(shipping, "shipped_files", lambda _paper: files)

            assert shipping.ship_template(session, paper).version == 2

    def test_what_the_dealer_has_edited_is_not_overwritten(self, customer_at_dealer: Dealer, print_of: Print) -> None:
        with customer_at_dealer.write() as session:
            paper = declared_papers()[OFFER]
            files = {**shipping.shipped_files(paper), "legal.ru.html": "<p>Утверждено.</p>"}
            session.add(PaperTemplate(paper=OFFER, version=2, parts=_json(files), checksum="x", shipped=False))
            session.flush()
            assert shipping.ship_template(session, paper).version == 2

        _, page = print_of(OFFER)

        assert "Утверждено." in page
        assert "утверждает юрист" not in page


def _json(files: dict[str, str]) -> str:
    import json

    return json.dumps(files, ensure_ascii=False)
