"""What the step of the work order finds filled in: its kind, the booked jobs, what was agreed at the inspection."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from sqlalchemy.orm import Session

from webapp.aftersales.estimating import FREE
from webapp.aftersales.models import OrderKind, ServiceVisit, VisitReason
from webapp.aftersales.needs import find_jobs
from webapp.aftersales.order_sums import KOPECK, round2

NOW = "now"
PART = "part"
ONE = Decimal(1)

Row = Mapping[str, object]


def propose_kind(reasons: Sequence[str]) -> OrderKind:
    """Warranty or recall when the car comes for nothing else: with paid work beside it, somebody has to decide."""
    if not reasons or not set(reasons) <= FREE:
        return OrderKind.PAID
    return OrderKind.WARRANTY if VisitReason.WARRANTY.value in reasons else OrderKind.RECALL


def propose_labour(session: Session, visit: ServiceVisit, *, rate: Decimal | None, language: str) -> list[Row]:
    """Rows of the form: the booked jobs, then the work agreed at the inspection. `rate`: of a norm hour.

    Our own code of a job says nothing to a customer; that of the maker is for the advisor to enter.
    """
    booked: list[Row] = [
        {"title": job.name_in(language), "hours": job.hours, "rate": rate, "qty": 1}
        for job in find_jobs(session, visit.jobs)
    ]
    return booked + [_work(found, rate) for found in visit.agreed if found["kind"] != PART]


def propose_parts(visit: ServiceVisit) -> list[Row]:
    """Rows of the form: the parts agreed at the inspection; article and maker are still to be named."""
    return [
        {"title": found["title"], "unit": "piece", "qty": 1, "own": "no", "price": _number(found["price"])}
        for found in visit.agreed
        if found["kind"] == PART
    ]


def agreed_now(findings: Iterable[Mapping[str, Any]]) -> list[dict[str, str | None]]:
    """What of the findings the customer wants at once, as the visit keeps it: JSON, sums as texts."""
    return [
        {
            "kind": PART if row.get("kind") == PART else "labour",
            "title": row.get("job") or row["item"],
            "hours": _text(row.get("hours")),
            "price": _text(row.get("price")),
        }
        for row in findings
        if row.get("decision") == NOW
    ]


def _work(found: Mapping[str, str | None], rate: Decimal | None) -> Row:
    hours, price = _number(found["hours"]), _number(found["price"])
    if price is not None and hours:
        rate = (price / hours).quantize(KOPECK, ROUND_DOWN)  # never more than was named
    elif price is not None:
        hours, rate = _split(price, rate)
    return {"title": found["title"], "hours": hours, "rate": rate, "qty": 1}


def _split(price: Decimal, rate: Decimal | None) -> tuple[Decimal, Decimal]:
    """Norm hours and rate that come to the price that was named: at the centre's rate where it goes without a rest."""
    hours = round2(price / rate) if rate else ONE
    return (hours, rate) if rate and round2(hours * rate) == price else (ONE, price)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
