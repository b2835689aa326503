"""The customer, the car and the dealer as the papers of sales show them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.core.papers import PaperSubject
from webapp.customers.models import Customer, Sex
from webapp.customers.services import get_customer
from webapp.kit.declension import NameCase, decline, short_name
from webapp.kit.phones import is_phone
from webapp.sales import queries
from webapp.sales.models import Worksheet
from webapp.sales.papers.values import Pen, part, rows
from webapp.vehicles.queries import get_model_name


def worksheet_of(session: Session, subject: PaperSubject) -> Worksheet:
    return queries.get_worksheet(session, subject.record_id)


def customer_of(session: Session, worksheet: Worksheet) -> Customer:
    return get_customer(session, worksheet.customer_id)


def is_named(customer: Customer) -> bool:
    """Whether a paper can be made out to him: until somebody asked, a caller is called by his number."""
    return bool(customer.name) and not is_phone(customer.name)


def customer_block(customer: Customer, pen: Pen) -> Mapping[str, object]:
    """Name, phones and mails; a name that is only a phone number counts as none."""
    name = customer.full_name if is_named(customer) else ""
    return {
        "name": name,
        "short": short_name(customer.last_name, customer.first_name, customer.middle_name) if name else "",
        "phone": ", ".join(pen.phone(each.number) for each in customer.phones[:2]),
        "mail": ", ".join(each.address for each in customer.emails[:1]),
        "born": pen.day(customer.birth_date),
    }


def declined_name(customer: Customer, case: NameCase, language: str) -> str:
    """«Беловой Марины»; empty where the name cannot be declined or the paper is not Russian."""
    if language != "ru" or customer.company_name or not is_named(customer):
        return ""
    female = {Sex.FEMALE: True, Sex.MALE: False}.get(customer.sex)
    return decline(customer.last_name, customer.first_name, customer.middle_name, case, female=female) or ""


def primary_car(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The candidate that the customer likes best: the one named primary, else the first."""
    chosen = part(document, "choose_car")
    candidates = rows(chosen, "candidates")
    wanted = str(chosen.get("primary") or "1")
    place = int(wanted) - 1 if wanted.isdigit() else 0
    return candidates[place] if 0 <= place < len(candidates) else (candidates[0] if candidates else {})


def model_name(session: Session, value: object) -> str:
    """A model by its code, or as it was written."""
    text = str(value or "")
    return get_model_name(session, text) or text


def car_name(session: Session, worksheet: Worksheet, document: Mapping[str, Any]) -> str:
    """«Aurelia S4, Comfort»: the primary candidate, else the model of interest."""
    car = primary_car(document)
    if car:
        return ", ".join(filter(None, (model_name(session, car.get("model")), str(car.get("configuration") or ""))))
    return get_model_name(session, worksheet.model_code)


def nameless_sentence() -> str:
    return str(_("The customer has no name yet. Enter it on the customer’s card."))
