"""The rows of a worksheet's second page: contacts with the customer, offers that were printed."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.customers.labels import CHANNELS, result_text, subject_text
from webapp.customers.models import Interaction
from webapp.papers.models import PrintedPaper
from webapp.sales.papers.values import Pen

OFFER = "sales.offer"


def contact_rows(session: Session, case_key: str, pen: Pen, most: int) -> list[Mapping[str, object]]:
    """The latest contacts, the earliest of them first: date, kind, content, next contact, who."""
    statement = (
        select(Interaction)
        .where(Interaction.case_key == case_key)
        .options(joinedload(Interaction.employee))
        .order_by(Interaction.at.desc(), Interaction.id.desc())
        .limit(most)
    )
    return [
        {
            "at": pen.moment(each.at),
            "channel": str(CHANNELS[each.channel]),
            "content": _said(each),
            "next": pen.day(each.next_at),
            "employee": each.employee.name if each.employee else "",
        }
        for each in reversed(session.scalars(statement).all())
    ]


def offer_rows(session: Session, case_key: str, pen: Pen, most: int) -> list[Mapping[str, object]]:
    """The latest printed offers, one row for each number, the earliest of them first."""
    statement = select(PrintedPaper).where(PrintedPaper.case_key == case_key, PrintedPaper.paper == OFFER)
    by_number: dict[tuple[str, int], PrintedPaper] = {}
    for printed in session.scalars(statement.order_by(PrintedPaper.id)):
        known = by_number.get((printed.series, printed.number))
        if known is None or printed.language == pen.language:
            by_number[printed.series, printed.number] = printed
    return [_offer(printed, pen) for printed in list(by_number.values())[-most:]]


def _offer(printed: PrintedPaper, pen: Pen) -> Mapping[str, object]:
    content = printed.frozen["content"]
    return {
        "number": printed.label,
        "dated": pen.day(printed.dated),
        "car": content["car"],
        "price": content["totals"]["price"],
        "trade_in": content["totals"]["trade_in"],
        "due": content["totals"]["due"],
        "valid_until": content["valid_until"],
    }


def _said(row: Interaction) -> str:
    subject, result = subject_text(row.subject), result_text(row.subject, row.result)
    return ": ".join(filter(None, (subject, ". ".join(filter(None, (result, row.comment))))))
