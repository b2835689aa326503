"""What a car needs later, and when its next service falls due."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.aftersales.models import Recommendation, RecommendationKind, ServiceVisit

LONGEST = 200


def recommend(
    session: Session, visit: ServiceVisit, what: str, *, by: date | None = None, price: Decimal | None = None
) -> None:
    """Remember that this was recommended; a visit without a car has nothing to remember it by."""
    if visit.car_id is None:
        return
    session.add(
        Recommendation(
            car_id=visit.car_id,
            visit_id=visit.id,
            kind=RecommendationKind.WORK,
            what=what[:LONGEST],
            by=by,
            price=price,
        )
    )


def agree_next_service(session: Session, visit: ServiceVisit, *, on: date, km: int | None) -> None:
    """The day of the next service; an earlier one is settled by this visit."""
    if visit.car_id is None:
        return
    for earlier in session.scalars(_open(visit.car_id, RecommendationKind.NEXT_SERVICE)):
        earlier.done_at = visit.arrived_at
    session.add(
        Recommendation(car_id=visit.car_id, visit_id=visit.id, kind=RecommendationKind.NEXT_SERVICE, by=on, km=km)
    )


def find_open_work(session: Session, car_id: int) -> Sequence[Recommendation]:
    """Recommended work that nobody has done, what is due first first."""
    statement = _open(car_id, RecommendationKind.WORK).order_by(
        Recommendation.by.is_(None), Recommendation.by, Recommendation.id
    )
    return session.scalars(statement).all()


def _open(car_id: int, kind: RecommendationKind) -> Select[Recommendation]:
    return select(Recommendation).where(
        Recommendation.car_id == car_id, Recommendation.kind == kind, Recommendation.done_at.is_(None)
    )
