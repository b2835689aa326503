"""What a visit will cost, as it is named on the phone (specification §2.3, C02): an estimate, not an offer.

Norm hours × the centre's price of a norm hour, and the parts where it is known what a job usually takes. Warranty and
recalls cost the customer nothing. Money is Decimal in roubles, tax included.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from webapp.aftersales.models import ServiceJob, VisitReason, Workshop
from webapp.aftersales.needs import find_jobs
from webapp.aftersales.order_sums import round2

FREE = frozenset({VisitReason.WARRANTY.value, VisitReason.RECALL.value})


@dataclass(frozen=True)
class Estimate:
    """Work and parts; `complete`: the parts of every job that the customer pays are known."""

    labour: Decimal
    parts: Decimal
    complete: bool

    @property
    def total(self) -> Decimal:
        return self.labour + self.parts


def add_up(jobs: Iterable[ServiceJob], rate: Decimal) -> Estimate:
    """The estimate of these jobs; each line is rounded to kopecks, as on the order. Pure."""
    paid = [job for job in jobs if job.reason not in FREE]
    return Estimate(
        labour=sum((round2(job.hours * rate) for job in paid), Decimal("0.00")),
        parts=sum((job.parts_price or Decimal(0) for job in paid), Decimal("0.00")),
        complete=all(job.parts_price is not None for job in paid),
    )


def estimate_of(session: Session, centre_id: int, codes: Sequence[str]) -> Estimate | None:
    """What these jobs cost in a centre; None: no work is named, or nobody has set the price of a norm hour.

    RuleViolation: job_unknown.
    """
    workshop = session.get(Workshop, centre_id)
    if not codes or workshop is None or workshop.rate is None:
        return None
    return add_up(find_jobs(session, codes), workshop.rate)
