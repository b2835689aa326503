"""What a card of the board of the day says about the work: jobs, what the customer is asked about, or what he pays."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from webapp.aftersales.models import LabourLine, LineStatus, PartLine, ServiceVisit, VisitStatus, WorkOrder


@dataclass(frozen=True)
class Work:
    """The line about the work; `amount` in roubles, tax included; `owed`: is it still to be paid, None: not asked."""

    text: str
    amount: Decimal | None = None
    owed: bool | None = None


def work_of(visit: ServiceVisit, jobs: Mapping[str, str], order: WorkOrder | None) -> Work:
    """While an answer is awaited the work that was found, when the car is ready its price, else what is done.

    `jobs`: names of jobs by code.
    """
    if order is not None and visit.status is VisitStatus.READY:
        return Work(_planned(visit, jobs, order), order.payable, order.balance > 0)
    if order is not None and visit.status is VisitStatus.WAITING_APPROVAL:
        lines: list[LabourLine | PartLine] = [*order.labour_lines, *order.part_lines]
        asked = [line for line in lines if line.status is LineStatus.ASKED]
        if asked:
            total = sum((line.sums(order.vat).total for line in asked), Decimal(0))
            return Work(_first([line.title for line in asked]), total)
    return Work(_planned(visit, jobs, order))


def titles_of(visit: ServiceVisit, jobs: Mapping[str, str], order: WorkOrder | None) -> list[str]:
    """What is done: the agreed work of the order, before there is one the booked jobs."""
    agreed = [line.title for line in order.labour_lines if line.status is LineStatus.AGREED] if order else []
    return agreed or [jobs[code] for code in visit.jobs if code in jobs]


def _planned(visit: ServiceVisit, jobs: Mapping[str, str], order: WorkOrder | None) -> str:
    return _first(titles_of(visit, jobs, order)) or visit.customer_words


def _first(names: list[str]) -> str:
    """The first and how many more there are."""
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    return names[0] + more if names else ""
