"""The sheets on which consents are signed: one document for each purpose, made of what the card knows."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from webapp.core.feature import Text
from webapp.core.formats import format_day, format_phone
from webapp.core.papers import Lack, Paper, PaperSubject
from webapp.customers.consent_labels import CHANNELS
from webapp.customers.consents import find_text
from webapp.customers.models import ConsentKind, Customer, CustomerKind, IdentityDocument
from webapp.customers.papers import find_company_details, find_passport
from webapp.customers.services import get_customer
from webapp.kit.declension import short_name
from webapp.kit.phones import is_phone
from webapp.papers.parts import centre_block
from webapp.staff.models import Centre

SUBJECT = "customers.customer"
FOLDER = Path(__file__).parent / "consent_sheet"
SHORT_CHECKSUM = 12

TITLES: Mapping[ConsentKind, Text] = {
    ConsentKind.PERSONAL_DATA: _l("Consent to processing of personal data"),
    ConsentKind.TRANSFER: _l("Consent to the transfer of personal data"),
    ConsentKind.ADVERTISING: _l("No objection: consent to advertising"),
    ConsentKind.PROFILE: _l("Consent to an extended profile"),
    ConsentKind.RECORDING: _l("Consent to the recording of calls"),
}
LETTERS: Mapping[ConsentKind, Mapping[str, str]] = {
    ConsentKind.PERSONAL_DATA: {"ru": "СПД", "en": "CPD"},
    ConsentKind.TRANSFER: {"ru": "СПЛ", "en": "CTD"},
    ConsentKind.ADVERTISING: {"ru": "НВ", "en": "CAD"},
    ConsentKind.PROFILE: {"ru": "САН", "en": "CXP"},
    ConsentKind.RECORDING: {"ru": "СЗР", "en": "CRC"},
}


def subject_key(customer_id: int) -> str:
    """Under which the sheets of a customer are kept."""
    return f"{SUBJECT}:{customer_id}"


def paper_name(kind: ConsentKind) -> str:
    return f"customers.consent_{kind}"


def compose_consent(kind: ConsentKind, session: Session, subject: PaperSubject) -> Mapping[str, object]:
    """Everything the sheet shows; what is not known is a rule to write on. No box is ticked beforehand."""
    customer = get_customer(session, subject.record_id)
    centre = session.get(Centre, customer.centre_id) if customer.centre_id else None
    text = find_text(session, kind)
    return {
        "title": str(TITLES[kind]),
        "centre": centre_block(session, customer.centre_id),
        "operator": {
            "name": (centre.legal_name or centre.name) if centre else "",
            "tax_number": centre.tax_number if centre else "",
            "address": (centre.address or centre.city) if centre else "",
        },
        "person": _person(session, customer, subject),
        "paragraphs": re.split(r"\s*\n\s*\n\s*", text.text_in(subject.language)) if text else [],
        "channels": [(str(label), False) for label in CHANNELS.values()] if kind is ConsentKind.ADVERTISING else [],
        "version": text.version if text else 0,
        "checksum": text.checksum[:SHORT_CHECKSUM] if text else "",
        "unapproved": bool(text and text.shipped),
    }


def lacks_for_consent(kind: ConsentKind, session: Session, subject: PaperSubject) -> Sequence[Lack]:
    """A sheet needs somebody who consents, an operator, and words."""
    customer = get_customer(session, subject.record_id)
    found = []
    if not customer.name or is_phone(customer.name):
        found.append(_lack(customer, _("The customer has no name yet. Enter it on the card.")))
    if customer.centre_id is None:
        found.append(_lack(customer, _("The customer belongs to no centre yet. Choose it on the card.")))
    if find_text(session, kind) is None:
        found.append(Lack(_("There is no text of this consent yet. The marketer writes it.")))
    return found


def _lack(customer: Customer, sentence: str) -> Lack:
    return Lack(sentence, url=url_for("customers.show_customer_form", customer_id=customer.id))


def _person(session: Session, customer: Customer, subject: PaperSubject) -> Mapping[str, object]:
    passport = find_passport(session, customer.id)
    company = find_company_details(session, customer.id)
    address = passport.registration_address if passport else ""
    if company is not None and customer.kind is not CustomerKind.PERSON:
        address = company.legal_address or address
    return {
        "name": customer.full_name,
        "short": short_name(customer.last_name, customer.first_name, customer.middle_name),
        "born": format_day(customer.birth_date, subject.language, subject.zone) if customer.birth_date else "",
        "document": _document(passport, subject) if passport else "",
        "address": address,
        "phone": ", ".join(format_phone(each.number) for each in customer.phones[:1]),
        "mail": ", ".join(each.address for each in customer.emails[:1]),
    }


def _document(passport: IdentityDocument, subject: PaperSubject) -> str:
    text: str = _(
        "passport %(series)s No. %(number)s, issued by %(issuer)s on %(day)s, code %(code)s",
        series=passport.series,
        number=passport.number,
        issuer=passport.issuer,
        day=format_day(passport.issued_on, subject.language, subject.zone),
        code=passport.department_code,
    )
    return text


def _paper(kind: ConsentKind) -> Paper:
    compose: Callable[[Session, PaperSubject], Mapping[str, object]] = partial(compose_consent, kind)
    return Paper(
        name=paper_name(kind),
        title=TITLES[kind],
        subject=SUBJECT,
        letters=LETTERS[kind],
        parts={"paper.html": FOLDER / "paper.html"},
        compose=compose,
        lacks=partial(lacks_for_consent, kind),
    )


CONSENT_PAPERS = tuple(_paper(kind) for kind in ConsentKind)
