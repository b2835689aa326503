"""The print of a worksheet (specification §7.2): two pages, filled from records and case document, or empty."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.config import settings
from webapp.core.papers import Lack, Paper, PaperSubject
from webapp.inquiries.models import Source
from webapp.papers.parts import centre_block, employee_block
from webapp.sales.labels import LOST_REASONS, PAY_METHODS
from webapp.sales.models import SUBJECT, Competitor, RefusalReason, Sale, Worksheet
from webapp.sales.papers.chronicle import contact_rows, offer_rows
from webapp.sales.papers.labels import (
    APPRAISALS,
    DRIVE_RESULTS,
    HISTORIES,
    PLACES,
    REACTIONS,
    ROUTES,
    TITLES,
    YES_NO,
)
from webapp.sales.papers.needs import asked
from webapp.sales.papers.people import customer_block, customer_of, is_named, model_name, primary_car, worksheet_of
from webapp.sales.papers.values import Pen, part, rows, ticks
from webapp.vehicles.queries import get_model_name

FOLDER = Path(__file__).parent / "worksheet"
CARS, OFFERS, CONTACTS, DAYS = 3, 4, 12, 14
NOBODY = {"name": "", "short": "", "phone": "", "mail": "", "born": ""}


def compose_worksheet(session: Session, subject: PaperSubject) -> Mapping[str, object]:
    """The sheet of this case."""
    worksheet = worksheet_of(session, subject)
    pen = Pen(subject.language, subject.zone)
    customer = customer_of(session, worksheet)
    content = _sheet(session, subject.document, worksheet, pen)
    return {
        **content,
        "centre": centre_block(session, worksheet.centre_id),
        "manager": employee_block(session, worksheet.manager_id),
        "opened": pen.day(worksheet.opened_at),
        "customer": customer_block(customer, pen),
        "phone_only": not is_named(customer),
        "contacts": _filled(contact_rows(session, subject.case_key, pen, CONTACTS), CONTACTS),
        "offers": _filled(offer_rows(session, subject.case_key, pen, OFFERS), OFFERS),
    }


def blank_worksheet(session: Session, centre_id: int | None, language: str) -> Mapping[str, object]:
    """The sheet as it lies in the showroom."""
    pen = Pen(language, ZoneInfo(settings().time_zone))
    return {
        **_sheet(session, {}, None, pen),
        "centre": centre_block(session, centre_id),
        "manager": employee_block(session, None),
        "opened": "",
        "customer": NOBODY,
        "phone_only": False,
        "contacts": _filled([], CONTACTS),
        "offers": _filled([], OFFERS),
    }


def lacks_nothing(session: Session, subject: PaperSubject) -> Sequence[Lack]:
    """A worksheet is printed as it is: what is missing is filled in by hand."""
    return ()


def _sheet(session: Session, document: Mapping[str, Any], worksheet: Worksheet | None, pen: Pen) -> dict[str, object]:
    return {
        "sources": _sources(session, worksheet, pen),
        "campaign": worksheet.campaign if worksheet else "",
        "asked": asked(session, part(document, "needs_analysis"), pen),
        "wish": get_model_name(session, worksheet.model_code) if worksheet else "",
        "comment": pen.text(part(document, "needs_analysis").get("comment")),
        "cars": _filled(_cars(session, document, pen), CARS),
        "presentation": _presentation(document, pen),
        "drive": _drive(document, pen),
        "trade_in": _trade_in(document, pen),
        "competitors": _competitors(session, worksheet, document, pen),
        "result": _result(session, worksheet, pen),
        "instruction": worksheet.instruction if worksheet else "",
        "checked": pen.day(worksheet.checked_at) if worksheet else "",
        "days": DAYS,
    }


def _filled(found: list[Mapping[str, object]], least: int) -> list[Mapping[str, object]]:
    """At least so many rows: the rest is empty, to be written on."""
    return found + [{} for _row in range(least - len(found))]


def _sources(session: Session, worksheet: Worksheet | None, pen: Pen) -> list[tuple[str, bool]]:
    chosen = worksheet.source_code if worksheet else ""
    known = session.scalars(select(Source).where(Source.active).order_by(Source.position))
    return [(source.name_in(pen.language), source.code == chosen) for source in known]


def _cars(session: Session, document: Mapping[str, Any], pen: Pen) -> list[Mapping[str, object]]:
    chosen = primary_car(document)
    return [
        {
            "model": model_name(session, car.get("model")),
            "configuration": pen.text(car.get("configuration")),
            "place": pen.label(PLACES, car.get("place")),
            "price": pen.money(car.get("price")),
            "days": pen.number(car.get("eta_days")),
            "shown": _yes_no(car.get("shown")),
            "primary": car is chosen,
        }
        for car in rows(part(document, "choose_car"), "candidates")[:CARS]
    ]


def _presentation(document: Mapping[str, Any], pen: Pen) -> Mapping[str, object]:
    shown = part(document, "presentation")
    return {
        "reactions": ticks(REACTIONS, shown.get("reaction")),
        "liked": pen.text(shown.get("liked")),
        "disliked": pen.text(shown.get("disliked")),
    }


def _drive(document: Mapping[str, Any], pen: Pen) -> Mapping[str, object]:
    drive = part(document, "test_drive")
    return {
        "car": pen.text(drive.get("demo_car")),
        "at": pen.moment(drive.get("slot_at")),
        "routes": ticks(ROUTES, drive.get("route")),
        "results": ticks(DRIVE_RESULTS, drive.get("result")),
        "remarks": pen.text(drive.get("remarks")),
    }


def _trade_in(document: Mapping[str, Any], pen: Pen) -> Mapping[str, object]:
    car = part(document, "tradein_appraisal")
    needs = part(document, "needs_analysis")
    name = " ".join(filter(None, (pen.text(car.get("brand")), pen.text(car.get("model")))))
    wished = " ".join(filter(None, (pen.text(needs.get("current_brand")), pen.text(needs.get("current_model")))))
    return {
        "car": name or wished,
        "year": pen.text(_whole(car.get("year") or needs.get("current_year"))),
        "mileage": pen.number(car.get("mileage") or needs.get("current_mileage")),
        "vin": pen.text(car.get("vin") or needs.get("current_vin")),
        "plate": pen.text(car.get("plate")),
        "owners": pen.number(car.get("owners")),
        "title": pen.label(TITLES, car.get("pts")),
        "history": pen.label(HISTORIES, car.get("service_history")),
        "expectation": pen.money(car.get("customer_expectation")),
        "market": pen.money(car.get("market_price")),
        "repair": pen.money(car.get("repair_total")),
        "offer": pen.money(car.get("offer_price")),
        "valid_until": pen.day(car.get("valid_until")),
        "outcomes": ticks(APPRAISALS, car.get("outcome")),
    }


def _competitors(
    session: Session, worksheet: Worksheet | None, document: Mapping[str, Any], pen: Pen
) -> list[tuple[str, bool]]:
    named = part(document, "needs_analysis").get("competitors")
    chosen = {str(code) for code in named} if isinstance(named, list) else set()
    if worksheet and worksheet.competitor_code:
        chosen.add(worksheet.competitor_code)
    known = session.scalars(select(Competitor).where(Competitor.active).order_by(Competitor.position))
    return [(each.name_in(pen.language), each.code in chosen) for each in known]


def _result(session: Session, worksheet: Worksheet | None, pen: Pen) -> Mapping[str, object]:
    """How it ended: sold, refused with the reason, or lost."""
    sale = session.get(Sale, worksheet.id) if worksheet else None
    refusal = session.get(RefusalReason, worksheet.refusal_code) if worksheet and worksheet.refusal_code else None
    lost = worksheet.lost_reason if worksheet else None
    return {
        "outcomes": [(_("Sold"), sale is not None), (_("Refused"), refusal is not None), (_("Lost"), lost is not None)],
        "car": get_model_name(session, sale.model_code) if sale else "",
        "price": pen.money(sale.price) if sale else "",
        "contract": sale.contract_number if sale else "",
        "delivered": pen.day(sale.delivered_on) if sale else "",
        "reason": refusal.name_in(pen.language) if refusal else pen.label(LOST_REASONS, lost),
        "comment": worksheet.refusal_comment if worksheet else "",
        "pay_method": pen.label(PAY_METHODS, worksheet.pay_method) if worksheet else "",
    }


def _yes_no(value: object) -> str:
    return str(YES_NO[value]) if isinstance(value, bool) else ""


def _whole(value: object) -> str:
    return str(value).partition(".")[0] if value else ""


WORKSHEET = Paper(
    name="sales.worksheet",
    title=_l("Worksheet"),
    subject=SUBJECT,
    letters={"ru": "РЛ", "en": "RL"},
    parts={"paper.html": FOLDER / "paper.html"},
    compose=compose_worksheet,
    lacks=lacks_nothing,
    number_of=lambda case_key: int(case_key.rpartition(":")[2]),
    blank=blank_worksheet,
)
