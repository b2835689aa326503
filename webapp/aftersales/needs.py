"""What a visit needs of the workshop: hours and a kind of bay, by the jobs that were asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.aftersales.models import BayType, ServiceJob
from webapp.core.errors import RuleViolation

UNKNOWN_HOURS = Decimal("1.0")  # nobody has said yet what is to be done: somebody looks at the car


@dataclass(frozen=True)
class Needs:
    """Norm hours, the bay (that of the longest job), whether the reception is a short one, and why the car comes."""

    hours: Decimal
    bay_type: BayType
    express: bool
    reasons: tuple[str, ...] = ()


UNKNOWN = Needs(UNKNOWN_HOURS, BayType.DIAGNOSTICS, express=False)


def needs_of(session: Session, codes: Sequence[str]) -> Needs:
    """What these jobs need together. RuleViolation: job_unknown."""
    if not codes:
        return UNKNOWN
    jobs = find_jobs(session, codes)
    longest = max(jobs, key=lambda job: job.hours)
    return Needs(
        sum((job.hours for job in jobs), Decimal(0)),
        longest.bay_type,
        express=all(job.express for job in jobs),
        reasons=tuple(dict.fromkeys(job.reason for job in jobs)),
    )


def find_jobs(session: Session, codes: Sequence[str]) -> list[ServiceJob]:
    """The jobs in the order they were named. RuleViolation: job_unknown."""
    known = {job.code: job for job in session.scalars(select(ServiceJob).where(ServiceJob.code.in_(codes)))}
    if missing := [code for code in codes if code not in known]:
        raise RuleViolation("job_unknown", f"There is no job {missing[0]}.")
    return [known[code] for code in dict.fromkeys(codes)]


def list_jobs(session: Session) -> Sequence[ServiceJob]:
    """The jobs on offer in their order."""
    return session.scalars(select(ServiceJob).where(ServiceJob.active).order_by(ServiceJob.position)).all()
