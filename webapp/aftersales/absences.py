"""Customers who did not come: after the second time within a year somebody makes sure (specification §2.4, rule 7)."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.aftersales.models import ServiceVisit, VisitStatus

YEAR = timedelta(days=365)
TOO_OFTEN = 2


def count_missed(session: Session, customer_id: int, *, now: datetime) -> int:
    """Appointments of the past year to which the customer did not come, and of which he had said nothing."""
    statement = select(func.count(ServiceVisit.id)).where(
        ServiceVisit.customer_id == customer_id,
        ServiceVisit.status == VisitStatus.NO_SHOW,
        ServiceVisit.starts_at > now - YEAR,
    )
    return session.scalar(statement) or 0


def is_unreliable(session: Session, customer_id: int, *, now: datetime) -> bool:
    """Whether he is asked for a prepayment or called before his time is kept."""
    return count_missed(session, customer_id, now=now) >= TOO_OFTEN
