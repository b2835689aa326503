"""Cars that are kept for a customer: until when, for which deposit, and released again."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core import audit
from webapp.core.errors import NotFound, RuleViolation
from webapp.sales.limits import LIMITS
from webapp.sales.models import Reservation, Worksheet
from webapp.staff.models import User

REMOTE_PLACES = frozenset({"group_centre", "importer_warehouse", "in_transit", "production"})
CONTRACT_BEFORE_ARRIVAL = timedelta(days=7)  # of a car that is ordered


def reserve(
    session: Session,
    worksheet: Worksheet,
    *,
    vehicle: str,
    vin: str,
    place: str,
    until: datetime,
    deposit: Decimal,
    actor_id: int | None,
    now: datetime,
) -> Reservation:
    """Keep a car for the customer; an earlier reservation of the worksheet ends.

    RuleViolation: reservation_in_past, reservation_too_long, reservation_without_deposit, vehicle_reserved.
    """
    _require_term(until, deposit, now)
    release(session, worksheet, now=now)
    session.flush()
    _require_free(session, vin)
    made = Reservation(
        worksheet_id=worksheet.id,
        vehicle=vehicle,
        vin=vin,
        place=place,
        until=until,
        deposit=deposit,
        made_by=actor_id,
        made_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(
        session, action="sales.car.reserved", subject=worksheet.business_key, actor_id=actor_id, now=now, vin=vin
    )
    return made


def _require_term(until: datetime, deposit: Decimal, now: datetime) -> None:
    if until <= now:
        raise RuleViolation("reservation_in_past", "The reservation ends in the past.")
    if not deposit and until > now + LIMITS.reserved_without_deposit:
        hours = int(LIMITS.reserved_without_deposit.total_seconds() // 3600)
        raise RuleViolation("reservation_without_deposit", f"Without a deposit {hours} hours at most.", hours=hours)
    if until > now + LIMITS.reserved_with_deposit_at_most:
        days = LIMITS.reserved_with_deposit_at_most.days
        raise RuleViolation("reservation_too_long", f"{days} days at most.", days=days)


def _require_free(session: Session, vin: str) -> None:
    """The database says so too (a unique index); this says to whom the car is promised."""
    if not vin:
        return
    holder = session.execute(
        select(Reservation.until, User.name)
        .join(Worksheet, Worksheet.id == Reservation.worksheet_id)
        .outerjoin(User, User.id == Worksheet.manager_id)
        .where(Reservation.vin == vin, Reservation.released_at.is_(None))
    ).first()
    if holder is not None:
        until, name = holder
        raise RuleViolation("vehicle_reserved", f"{vin} is reserved until {until}.", manager=name or "–", until=until)


def find_reservation(session: Session, worksheet_id: int) -> Reservation | None:
    """The one in force."""
    statement = select(Reservation).where(Reservation.worksheet_id == worksheet_id, Reservation.released_at.is_(None))
    return session.scalar(statement.order_by(Reservation.id.desc()).limit(1))


def exchange(session: Session, worksheet: Worksheet, *, vehicle: str, vin: str, place: str) -> None:
    """Another car instead of the kept one, by the same term and deposit; `vin` "" while it has none.

    NotFound: reservation_unknown; RuleViolation: vehicle_reserved.
    """
    made = find_reservation(session, worksheet.id)
    if made is None:
        raise NotFound("reservation_unknown", "Nothing is reserved.")
    if vin != made.vin:
        _require_free(session, vin)
    made.vehicle, made.vin, made.place = vehicle, vin, place


def prolong(session: Session, worksheet: Worksheet, *, until: datetime, now: datetime) -> None:
    """Keep the car longer. NotFound: reservation_unknown; RuleViolation as in `reserve`."""
    made = find_reservation(session, worksheet.id)
    if made is None:
        raise NotFound("reservation_unknown", "Nothing is reserved.")
    _require_term(until, made.deposit, now)
    made.until = until


def release(session: Session, worksheet: Worksheet, *, now: datetime) -> None:
    """The car is free again, if one was kept."""
    if made := find_reservation(session, worksheet.id):
        made.release(now)


def note_deposit(session: Session, worksheet: Worksheet, amount: Decimal) -> None:
    """The deposit has come in. NotFound: reservation_unknown."""
    made = find_reservation(session, worksheet.id)
    if made is None:
        raise NotFound("reservation_unknown", "Nothing is reserved.")
    made.deposit, made.deposit_paid = amount, True


def contract_due(place: str, eta_days: int | None, *, now: datetime) -> datetime | None:
    """A week before an ordered car arrives; None: the usual time (specification §1.3, S14)."""
    if place not in REMOTE_PLACES or eta_days is None:
        return None
    due = now + timedelta(days=eta_days) - CONTRACT_BEFORE_ARRIVAL
    return due if due > now + timedelta(days=1) else None
