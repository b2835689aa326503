"""The only writer of the table of occupied quarters: takes them all or none, and gives them back."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.persistence import insert_for, table_of
from webapp.aftersales.models import Occupancy, ServiceVisit, SlotHold

_TABLE = table_of(Occupancy)
_SHARED = ("status", "starts_at", "ends_at", "bay_id", "advisor_id", "courtesy_car_id", "moved_count", "closed_at")


def occupy(
    session: Session,
    quarters: Iterable[tuple[int, datetime]],
    *,
    visit_id: int | None = None,
    hold_id: int | None = None,
) -> bool:
    """Take these quarters of these resources; false: somebody has one of them, and some may have been taken.

    The caller undoes what was taken (a savepoint). The order is the same for all, so that two never wait for each
    other in a circle; who comes second waits for the first and then finds the quarter gone.
    """
    rows = [
        {"resource_id": resource, "quarter": quarter, "visit_id": visit_id, "hold_id": hold_id}
        for resource, quarter in sorted(set(quarters))
    ]
    if not rows:  # a hold of what the visit has already
        return True
    dialect = session.get_bind().dialect.name
    statement = insert_for(dialect, _TABLE).on_conflict_do_nothing().returning(_TABLE.c.resource_id)
    written = session.execute(statement.values(rows)).all()
    return len(written) == len(rows)


def lock_visit(session: Session, visit: ServiceVisit) -> None:
    """Until the transaction ends nobody else moves or ends the visit; what others have done to it is known from here.

    Whoever needs the lock of the workshop too takes this one first.
    """
    session.flush()
    session.execute(select(ServiceVisit.id).where(ServiceVisit.id == visit.id).with_for_update())
    session.refresh(visit, _SHARED)


def quarters_of_visit(session: Session, visit_id: int) -> set[tuple[int, datetime]]:
    """What the visit has taken."""
    statement = select(Occupancy.resource_id, Occupancy.quarter).where(Occupancy.visit_id == visit_id)
    return {(resource, quarter) for resource, quarter in session.execute(statement)}


def free_visit(session: Session, visit_id: int) -> None:
    """Everything that the visit has taken."""
    session.execute(delete(Occupancy).where(Occupancy.visit_id == visit_id))


def free_hold(session: Session, hold_id: int) -> None:
    """The hold with its quarters."""
    session.execute(delete(Occupancy).where(Occupancy.hold_id == hold_id))
    session.execute(delete(SlotHold).where(SlotHold.id == hold_id))


def sweep(session: Session, centre_id: int, *, now: datetime) -> None:
    """The expired holds of a centre; whoever wants a slot does it, under the lock of the workshop."""
    expired = select(SlotHold.id).where(SlotHold.centre_id == centre_id, SlotHold.expires_at <= now)
    session.execute(delete(Occupancy).where(Occupancy.hold_id.in_(expired)))
    session.execute(delete(SlotHold).where(SlotHold.id.in_(expired)))
