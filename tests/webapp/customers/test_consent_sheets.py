"""The sheets on which consents are signed, as pictures: one page, in both languages, with no box ticked."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.webapp.customers.factories import make_customer
from tests.webapp.papers.pictures import pages_of
from tests.webapp.papers.test_looks import A4, assert_within_margins
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.core.papers import PaperSubject, declared_papers
from webapp.customers.consent_papers import paper_name, subject_key
from webapp.customers.models import ConsentKind, Customer
from webapp.customers.papers import PassportFacts, record_passport
from webapp.customers.shipped_texts import ship_texts
from webapp.kit.pdf import render_pdf
from webapp.papers import services

KINDS = [ConsentKind.PERSONAL_DATA, ConsentKind.ADVERTISING, ConsentKind.TRANSFER]


@pytest.fixture
def customer(app: Flask, session: Session) -> Customer:
    """Somebody with long names, long addresses and every field filled."""
    centre = make_centre(
        session,
        name="Автоцентр «Северо-Западный»",
        legal_name="Общество с ограниченной ответственностью «Демонстрационный автоцентр»",
        tax_number="7801000005",
        city="Санкт-Петербург",
        address="Санкт-Петербург, проспект Первых Испытателей, дом 10, корпус 3, строение 2",
    )
    found = make_customer(
        session,
        last_name="Константинопольская-Преображенская",
        first_name="Александра",
        middle_name="Константиновна",
        emails=["aleksandra.konstantinopolskaya@example.com"],
        centre_id=centre.id,
    )
    facts = PassportFacts(
        born=date(1986, 5, 14),
        series="4006",
        number="123456",
        issuer="Отделением УФМС России по Санкт-Петербургу и Ленинградской области в Калининском районе",
        issued_on=date(2006, 7, 3),
        department_code="780-010",
        registration_address="Санкт-Петербург, проспект Просвещения, дом 112, корпус 2, квартира 348",
    )
    record_passport(session, found, facts, actor_id=None, zone="Europe/Moscow", now=NOW)
    with app.app_context():
        ship_texts(session)
    session.commit()
    return found


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_one_page_with_everything_the_card_knows(
    app: Flask, session: Session, customer: Customer, tmp_path: Path, kind: ConsentKind, language: str
) -> None:
    subject = PaperSubject(subject_key(customer.id), {}, language, ZoneInfo("Europe/Moscow"), NOW.date())
    with app.test_request_context():
        printed = services.print_paper(
            session,
            declared_papers()[paper_name(kind)],
            subject,
            centre_id=customer.centre_id,
            actor_id=make_user(session, "marketer").id,
            now=NOW,
        )
        html = services.page_of(session, printed)

    (page,) = pages_of(render_pdf(html), tmp_path)
    assert page.size == A4
    assert_within_margins(page)
    assert page.ink(14, page.size[1] - 14, page.size[0] - 12, page.size[1] - 6) > 0.003  # the foot of the page
    for known in (customer.full_name, "4006", "780-010", "7801000005", "квартира 348", "Демонстрационный автоцентр"):
        assert known in html
    assert html.count('<i class="">') == (5 if kind is ConsentKind.ADVERTISING else 0)
    assert '<i class="on">' not in html
