"""A case to print papers of, and the printing of them."""

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

import pytest
from sqlalchemy.orm import Session

from tests.dealer import MOSCOW, START, Dealer
from tests.webapp.papers.documents import DOCUMENT
from webapp.core import i18n
from webapp.core.papers import PaperSubject, declared_papers
from webapp.customers.models import Sex
from webapp.papers import services
from webapp.papers.models import PrintedPaper
from webapp.sales.models import Worksheet
from webapp.staff.models import Centre, User

TODAY = START.date()
KEY = "sales.worksheet:1"


class Print(Protocol):
    """Prints a paper of the case, of this document, in this language; returns what was kept and its page."""

    def __call__(
        self, paper: str, language: str = ..., document: dict[str, Any] = ..., *, on: date = ...
    ) -> tuple[PrintedPaper, str]: ...


@pytest.fixture(scope="session", autouse=True)
def catalogs() -> None:
    i18n.compile_catalogs()


@pytest.fixture
def customer_at_dealer(dealer: Dealer) -> Dealer:
    """A dealer with requisites and a named customer in work."""
    dealer.register(model_code="aurelia_s4", name="Марина Белова")
    with dealer.write() as session:
        describe(session, dealer)
    return dealer


def describe(session: Session, dealer: Dealer) -> None:
    centre = session.get_one(Centre, dealer.centres["North"])
    centre.name, centre.legal_name, centre.tax_number = "Автоцентр «Север»", "ООО «Демо-Авто»", "7801000005"
    centre.address, centre.phone = "Санкт-Петербург, Учебная улица, дом 10", "+78120000001"
    seller = session.get_one(User, dealer.people["seller"])
    seller.name, seller.position, seller.phone = "Алина Лебедева", "Менеджер по продажам", "+79000000011"
    customer = session.get_one(Worksheet, 1).customer
    customer.rename(last_name="Белова", first_name="Марина", middle_name="Игоревна", company_name="")
    customer.sex = Sex.FEMALE


@pytest.fixture
def print_of(customer_at_dealer: Dealer) -> Print:
    return printing(customer_at_dealer)


def printing(dealer: Dealer) -> Print:
    def print_one(
        paper: str, language: str = "ru", document: dict[str, Any] = DOCUMENT, *, on: date = TODAY
    ) -> tuple[PrintedPaper, str]:
        with dealer.write() as session, dealer.app.test_request_context():
            printed = services.print_paper(
                session,
                declared_papers()[paper],
                PaperSubject(KEY, document, language, MOSCOW, on),
                centre_id=dealer.centres["North"],
                actor_id=dealer.people["seller"],
                now=dealer.clock.now(),
            )
            return printed, services.page_of(session, printed)

    return print_one


@pytest.fixture
def blank(customer_at_dealer: Dealer) -> Callable[[str], str]:
    """The empty worksheet's page in a language."""
    dealer = customer_at_dealer

    def of(language: str) -> str:
        with dealer.read() as session, dealer.app.test_request_context():
            paper = declared_papers()["sales.worksheet"]
            return services.blank_page(session, paper, centre_id=dealer.centres["North"], language=language)

    return of
