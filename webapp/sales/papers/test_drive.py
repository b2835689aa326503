"""The agreement of a test drive (specification §7.8), to be signed before the drive.

Passport and licence are personal and stand in no case document: they are ruled lines, filled in by hand.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from webapp.core.papers import Lack, Paper, PaperSubject
from webapp.kit.declension import NameCase
from webapp.papers.parts import centre_block, employee_block
from webapp.sales.models import SUBJECT
from webapp.sales.papers.labels import DRIVE_RESULTS, ROUTES
from webapp.sales.papers.people import (
    customer_block,
    customer_of,
    declined_name,
    is_named,
    nameless_sentence,
    worksheet_of,
)
from webapp.sales.papers.values import Pen, part, ticks

STEP = "test_drive"
FOLDER = Path(__file__).parent / "test_drive"


def compose_agreement(session: Session, subject: PaperSubject) -> Mapping[str, object]:
    """Everything the agreement shows; what is not known yet is empty."""
    worksheet = worksheet_of(session, subject)
    customer = customer_of(session, worksheet)
    pen = Pen(subject.language, subject.zone)
    drive = part(subject.document, STEP)
    return {
        "centre": centre_block(session, worksheet.centre_id),
        "manager": employee_block(session, worksheet.manager_id),
        "customer": customer_block(customer, pen),
        "with_whom": declined_name(customer, NameCase.INSTRUMENTAL, subject.language),
        "licence": {"expiry": pen.day(drive.get("licence_expiry")), "years": pen.number(drive.get("experience_years"))},
        "car": pen.text(drive.get("demo_car")),
        "slot": pen.moment(drive.get("slot_at")),
        "minutes": pen.number(drive.get("minutes")),
        "odometer": {"start": pen.number(drive.get("odo_start")), "end": pen.number(drive.get("odo_end"))},
        "routes": ticks(ROUTES, drive.get("route")),
        "results": ticks(DRIVE_RESULTS, drive.get("result")),
        "remarks": pen.text(drive.get("remarks")),
        "damage": pen.text(drive.get("damage_note")),
    }


def lacks_agreement(session: Session, subject: PaperSubject) -> Sequence[Lack]:
    """An agreement needs somebody to agree with."""
    customer = worksheet_of(session, subject).customer
    if is_named(customer):
        return ()
    return (Lack(nameless_sentence(), url=url_for("customers.show_customer", customer_id=customer.id)),)


TEST_DRIVE = Paper(
    name="sales.test_drive",
    title=_l("Test-drive agreement"),
    subject=SUBJECT,
    letters={"ru": "ТД", "en": "TD"},
    parts={name: FOLDER / name for name in ("paper.html", "legal.ru.html", "legal.en.html")},
    compose=compose_agreement,
    lacks=lacks_agreement,
)
