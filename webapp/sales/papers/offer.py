"""The commercial offer (specification §7.3): lines, total in words, tax, ways to pay, comparison of the cars."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from webapp.core.feature import Text
from webapp.core.papers import Lack, Paper, PaperSubject
from webapp.kit.declension import NameCase
from webapp.kit.money_words import amount_in_words
from webapp.papers.parts import centre_block, employee_block
from webapp.sales.labels import PAY_METHODS
from webapp.sales.models import SUBJECT
from webapp.sales.papers.labels import LINE_KINDS, PLACES
from webapp.sales.papers.people import (
    car_name,
    customer_block,
    customer_of,
    declined_name,
    is_named,
    model_name,
    nameless_sentence,
    primary_car,
    worksheet_of,
)
from webapp.sales.papers.pricing import TRADE_IN, Bill, read_bill
from webapp.sales.papers.values import Pen, amount_of, part, rows

STEP = "make_offer"
FOLDER = Path(__file__).parent / "offer"

# what a way to pay is compared by: key of the variant, label, kind
COMPARED: tuple[tuple[str, Text, str], ...] = (
    ("pay_method", _l("Way to pay"), "label"),
    ("price", _l("Price of the car"), "money"),
    ("down_payment", _l("Down payment"), "money"),
    ("tradein", _l("Trade-in"), "money"),
    ("financed_insurance", _l("Insurance within the credit"), "money"),
    ("principal", _l("Sum of the credit"), "money"),
    ("term_months", _l("Term, months"), "number"),
    ("annual_rate", _l("Rate, % a year"), "number"),
    ("residual", _l("Last payment (residual)"), "money"),
    ("monthly_payment", _l("Monthly payment"), "money"),
    ("total_cost", _l("All payments together"), "money"),
    ("overpayment", _l("Overpayment"), "money"),
)
EMPHASISED = {"monthly_payment"}
DETAILS = {"financed_insurance", "principal", "residual", "total_cost"}  # only in the appendix


def compose_offer(session: Session, subject: PaperSubject) -> Mapping[str, object]:
    """Everything the offer shows."""
    worksheet = worksheet_of(session, subject)
    customer = customer_of(session, worksheet)
    document, pen = subject.document, Pen(subject.language, subject.zone)
    offer = part(document, STEP)
    bill = read_bill(rows(offer, "lines"), subject.on)
    return {
        "centre": centre_block(session, worksheet.centre_id),
        "manager": employee_block(session, worksheet.manager_id),
        "customer": customer_block(customer, pen),
        "addressee": declined_name(customer, NameCase.GENITIVE, subject.language),
        "car": car_name(session, worksheet, document),
        "specification": _specification(session, subject, pen),
        "valid_until": pen.day(offer.get("valid_until")),
        "lines": [_line(line, pen) for line in bill.lines if line.kind != TRADE_IN],
        "totals": _totals(bill, pen),
        "counted": _counted(bill, pen),
        "variants": compare_variants(rows(offer, "variants"), pen),
        "candidates": _candidates(session, document, pen),
    }


def lacks_offer(session: Session, subject: PaperSubject) -> Sequence[Lack]:
    """An offer needs somebody it is made to, and lines with prices."""
    found = []
    customer = worksheet_of(session, subject).customer
    if not is_named(customer):
        found.append(Lack(nameless_sentence(), url=url_for("customers.show_customer", customer_id=customer.id)))
    lines = rows(part(subject.document, STEP), "lines")
    if not lines:
        found.append(Lack(_("The offer has no lines yet. They are entered in the step where the offer is made."), STEP))
    else:
        bill = read_bill(lines, subject.on)
        if bill.price <= 0 or bill.due < 0:
            found.append(Lack(_("The lines of the offer come to nothing, or to less. Correct their prices."), STEP))
        if not isinstance(part(subject.document, STEP).get("valid_until"), date):
            found.append(Lack(_("The offer does not say until when it is valid. Enter the day."), STEP))
    return found


def compare_variants(variants: Sequence[Mapping[str, Any]], pen: Pen) -> Mapping[str, object] | None:
    """Ways to pay side by side: heads, and rows of what at least one of them has; None without any."""
    if not variants:
        return None
    heads = [_("Variant %(name)s", name=pen.text(each.get("variant")) or str(n)) for n, each in enumerate(variants, 1)]
    compared = []
    for key, label, kind in COMPARED:
        texts = [_value(each.get(key), kind, pen) for each in variants]
        if any(texts):
            compared.append(
                {"label": str(label), "values": texts, "strong": key in EMPHASISED, "detail": key in DETAILS}
            )
    return {"heads": heads, "rows": compared}


def _value(value: object, kind: str, pen: Pen) -> str:
    if kind == "label":
        return pen.label(PAY_METHODS, value)
    amount = amount_of(value)
    if not amount:  # nothing, or naught: a way to pay without a credit has no term
        return ""
    return pen.money(amount) if kind == "money" else pen.number(amount)


def _specification(session: Session, subject: PaperSubject, pen: Pen) -> list[tuple[str, str]]:
    """What car it is, in labels and values; what is not known is left out."""
    car, needs = primary_car(subject.document), part(subject.document, "needs_analysis")
    reserved = part(subject.document, "reserve_car")
    known = (
        (_("Model"), model_name(session, car.get("model")) if car else ""),
        (_("Version"), pen.text(car.get("configuration"))),
        (_("Colour wished"), pen.text(needs.get("colour_wish"))),
        (_("VIN"), pen.text(reserved.get("vin"))),
        (_("Where it is"), pen.label(PLACES, car.get("place"))),
        (_("Delivery"), _delivery(car, pen)),
    )
    return [(label, value) for label, value in known if value]


def _delivery(car: Mapping[str, Any], pen: Pen) -> str:
    days = amount_of(car.get("eta_days"))
    if days is None:
        return ""
    return str(_("at once") if days == 0 else _("within %(days)s days", days=pen.number(days)))


def _line(line: Any, pen: Pen) -> Mapping[str, object]:
    return {
        "title": line.title or pen.label(LINE_KINDS, line.kind),
        "quantity": pen.number(line.quantity),
        "price": pen.money(line.price) if line.total >= 0 else "",
        "discount": pen.money(line.discount) if line.discount else "",
        "total": pen.money(line.total),
        "lowers": line.total < 0,
    }


def _totals(bill: Bill, pen: Pen) -> Mapping[str, object]:
    sold = bill.price
    return {
        "price": pen.money(sold),
        "words": amount_in_words(sold, pen.language) if sold >= 0 else "",
        "taxes": [{"rate": pen.number(rate), "amount": pen.money(tax)} for rate, tax in bill.taxes.items()],
        "trade_in": pen.money(bill.trade_in) if bill.trade_in else "",
        "own_car": ", ".join(line.title for line in bill.lines if line.kind == TRADE_IN and line.title),
        "due": pen.money(bill.due) if bill.trade_in else "",
    }


def _counted(bill: Bill, pen: Pen) -> str:
    sold = [line for line in bill.lines if line.total >= 0]
    return str(_("Lines: %(number)s, for the sum of %(sum)s", number=len(sold), sum=pen.money(bill.price)))


def _candidates(session: Session, document: Mapping[str, Any], pen: Pen) -> list[Mapping[str, object]]:
    """The cars that were looked at, for the comparison; of one alone there is nothing to compare."""
    found = rows(part(document, "choose_car"), "candidates")
    if len(found) < 2:
        return []
    chosen = primary_car(document)
    return [
        {
            "model": model_name(session, car.get("model")),
            "configuration": pen.text(car.get("configuration")),
            "place": pen.label(PLACES, car.get("place")),
            "delivery": _delivery(car, pen),
            "price": pen.money(car.get("price")),
            "primary": car is chosen,
        }
        for car in found
    ]


OFFER = Paper(
    name="sales.offer",
    title=_l("Commercial offer"),
    subject=SUBJECT,
    letters={"ru": "КП", "en": "CO"},
    parts={name: FOLDER / name for name in ("paper.html", "legal.ru.html", "legal.en.html")},
    compose=compose_offer,
    lacks=lacks_offer,
)
