"""What is done with the cars of customers. Each function is one act; none commits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from webapp.core import audit
from webapp.core.errors import Conflict, NotFound, RuleViolation
from webapp.customers.models import Customer
from webapp.kit.identifiers import read_plate, read_vin, tidy_plate
from webapp.vehicles.models import Brand, CarModel, CustomerCar

FIRST_YEAR = 1900
LONGEST_COUNTRY, LONGEST_BODY = 3, 17  # some letters become two when they are made capitals
ELSEWHERE = timedelta(days=1)  # by UTC it may still be yesterday


@dataclass(frozen=True)
class CarFacts:
    """What a person tells about a car. `vin`, `plate` as typed; `km` read just now; `since`: owned from that day on.

    `brand_code` matters when the model is not ours: then `description` names it in free words.
    """

    vin: str = ""
    plate: str = ""
    plate_country: str = ""  # international sign of another country; empty: a Russian plate
    body_number: str = ""
    brand_code: str | None = None
    model_code: str | None = None
    description: str = ""
    year: int | None = None
    km: int | None = None
    since: date | None = None
    service_months: int | None = None  # one of SERVICE_MONTHS; None: as usual


def get_car(session: Session, car_id: int) -> CustomerCar:
    """The car with its owner and model. NotFound: car_unknown."""
    statement = (
        select(CustomerCar)
        .where(CustomerCar.id == car_id)
        .options(joinedload(CustomerCar.customer), joinedload(CustomerCar.model))
    )
    car = session.scalar(statement)
    if car is None:
        raise NotFound("car_unknown", f"There is no car {car_id}.", car_id=car_id)
    return car


def find_cars_of(session: Session, customer_id: int, *, former: bool = False) -> Sequence[CustomerCar]:
    """The cars of a customer with their models, the newest first; `former`: also those he no longer has, at the end."""
    statement = select(CustomerCar).where(CustomerCar.customer_id == customer_id).options(joinedload(CustomerCar.model))
    if not former:
        statement = statement.where(CustomerCar.until.is_(None))
    return session.scalars(
        statement.order_by(CustomerCar.until.is_not(None), CustomerCar.until.desc(), CustomerCar.id.desc())
    ).all()


def find_cars_of_all(session: Session, customer_ids: Sequence[int]) -> dict[int, list[CustomerCar]]:
    """The cars that these customers have now, with their models, by customer, the newest first."""
    statement = (
        select(CustomerCar)
        .where(CustomerCar.customer_id.in_(customer_ids), CustomerCar.until.is_(None))
        .options(joinedload(CustomerCar.model))
        .order_by(CustomerCar.id.desc())
    )
    found: dict[int, list[CustomerCar]] = {}
    for car in session.scalars(statement):
        found.setdefault(car.customer_id, []).append(car)
    return found


def find_by_vin(session: Session, vin: str) -> CustomerCar | None:
    """The living ownership of the car with this VIN (as `read_vin` gives it)."""
    return session.scalar(
        select(CustomerCar)
        .where(CustomerCar.vin == vin, CustomerCar.until.is_(None))
        .options(joinedload(CustomerCar.customer), joinedload(CustomerCar.model))
    )


def find_by_plate(session: Session, plate: str) -> Sequence[CustomerCar]:
    """The cars that have this plate (as typed) now, with their owners; the newest first."""
    statement = (
        select(CustomerCar)
        .where(CustomerCar.plate == tidy_plate(plate), CustomerCar.plate_country == "", CustomerCar.until.is_(None))
        .options(joinedload(CustomerCar.customer), joinedload(CustomerCar.model))
    )
    return session.scalars(statement.order_by(CustomerCar.id.desc())).all()


def record_car(
    session: Session, *, customer: Customer, facts: CarFacts, actor_id: int | None, now: datetime
) -> CustomerCar:
    """A car that the customer owns.

    RuleViolation: car_unnamed, vin_invalid, plate_invalid, model_unknown, brand_unknown, year_unlikely,
    since_in_future, since_after_parting; Conflict: car_known (with car_id and customer_id of who owns it by our books).
    """
    car = CustomerCar(customer_id=customer.id, customer=customer, recorded_by=actor_id, recorded_at=now)
    _apply(session, car, facts, now=now)
    session.add(car)
    _flush(session)
    audit.record(session, action="vehicles.car.recorded", subject=subject_of(car), actor_id=actor_id, now=now)
    return car


def change_car(
    session: Session, car: CustomerCar, facts: CarFacts, *, actor_id: int | None, now: datetime
) -> CustomerCar:
    """Replace what is known of it. The same refusals as `record_car`."""
    _apply(session, car, facts, now=now)
    _flush(session)
    audit.record(session, action="vehicles.car.changed", subject=subject_of(car), actor_id=actor_id, now=now)
    return car


def part_with(session: Session, car: CustomerCar, *, on: date, actor_id: int | None, now: datetime) -> None:
    """He no longer has it, and nobody told us who has. Conflict: car_gone; RuleViolation: parting_unlikely."""
    if not car.alive:
        raise Conflict("car_gone", f"Car {car.id} has gone already.")
    if on > now.date() + ELSEWHERE or (car.since is not None and on < car.since):
        raise RuleViolation("parting_unlikely", "A car is parted with after it was got, and not in the future.")
    car.until = on
    session.flush()
    audit.record(session, action="vehicles.car.parted", subject=subject_of(car), actor_id=actor_id, now=now, on=on)


def pass_on(
    session: Session, car: CustomerCar, *, customer: Customer, on: date, actor_id: int | None, now: datetime
) -> CustomerCar:
    """From that day on the car of another customer: what is known of it goes with it; returns his row.

    Conflict: car_gone; RuleViolation: owner_same, parting_unlikely.
    """
    if customer.id == car.customer_id:
        raise RuleViolation("owner_same", f"Car {car.id} is already that of customer {customer.id}.")
    part_with(session, car, on=on, actor_id=actor_id, now=now)
    following = CustomerCar(
        customer_id=customer.id,
        customer=customer,
        brand_code=car.brand_code,
        model_code=car.model_code,
        description=car.description,
        year=car.year,
        service_months=car.service_months,
        km=car.km,
        km_at=car.km_at,
        since=on,
        recorded_by=actor_id,
        recorded_at=now,
    )
    following.mark(vin=car.vin, plate=car.plate, plate_country=car.plate_country, body_number=car.body_number)
    session.add(following)
    _flush(session)
    audit.record(
        session,
        action="vehicles.car.passed_on",
        subject=subject_of(following),
        actor_id=actor_id,
        now=now,
        before=car.customer_id,
    )
    return following


def record_bought_car(
    session: Session,
    *,
    customer: Customer,
    facts: CarFacts,
    sale_key: str,
    actor_id: int | None,
    now: datetime,
) -> CustomerCar:
    """The car that a sale of ours ended with; told again, it is corrected. `facts.since` is the day of the handover.

    A car that was somebody's until now, such as one taken in payment, changes hands. Refusals as of `record_car`.
    """
    known = find_by_vin(session, _vin(facts.vin) or "") or _car_of_sale(session, customer, sale_key)
    if known is not None and known.customer_id != customer.id and facts.since is not None:
        on = max(facts.since, known.since or facts.since)
        known = pass_on(session, known, customer=customer, on=on, actor_id=actor_id, now=now)
    if known is None:
        car = record_car(session, customer=customer, facts=facts, actor_id=actor_id, now=now)
    else:
        kept = replace(
            facts,
            plate=facts.plate or known.plate,
            year=facts.year or known.year,
            service_months=facts.service_months or known.service_months,
        )
        car = change_car(session, known, kept, actor_id=actor_id, now=now)
    car.bought_here, car.sale_key = True, sale_key
    session.flush()
    return car


def subject_of(car: CustomerCar) -> str:
    return f"vehicles.car:{car.id}"


def _apply(session: Session, car: CustomerCar, facts: CarFacts, *, now: datetime) -> None:
    model = session.get(CarModel, facts.model_code) if facts.model_code else None
    if facts.model_code and model is None:
        raise RuleViolation("model_unknown", f"There is no model {facts.model_code}.", model=facts.model_code)
    if facts.brand_code and session.get(Brand, facts.brand_code) is None:
        raise RuleViolation("brand_unknown", f"There is no brand {facts.brand_code}.")
    description = facts.description.strip()
    if model is None and not description:
        raise RuleViolation("car_unnamed", "A car needs a model or a description.")
    if facts.year is not None and not FIRST_YEAR <= facts.year <= now.year + 1:
        raise RuleViolation("year_unlikely", f"{facts.year} is no year of a car.")
    if facts.since is not None and facts.since > now.date() + ELSEWHERE:
        raise RuleViolation("since_in_future", "Nobody owns a car from a future day on.")
    if facts.since is not None and car.until is not None and facts.since > car.until:
        raise RuleViolation("since_after_parting", "An ownership begins before it ends.")
    vin = _vin(facts.vin)
    if car.alive:
        _refuse_known(session, vin, car.id)
    country = facts.plate_country.strip().upper()[:LONGEST_COUNTRY]
    car.mark(
        vin=vin,
        plate=_plate(facts.plate, abroad=bool(country)),
        plate_country=country if facts.plate.strip() else "",
        body_number="" if vin else facts.body_number.strip().upper()[:LONGEST_BODY],
    )
    car.model, car.model_code = model, model.code if model else None
    car.brand_code = model.brand_code if model else facts.brand_code or None
    car.description, car.year, car.since = description, facts.year, facts.since
    car.service_months = facts.service_months
    if facts.km is not None and facts.km != car.km:
        car.read_odometer(facts.km, at=now)


def _car_of_sale(session: Session, customer: Customer, sale_key: str) -> CustomerCar | None:
    return session.scalar(
        select(CustomerCar).where(
            CustomerCar.customer_id == customer.id, CustomerCar.sale_key == sale_key, CustomerCar.until.is_(None)
        )
    )


def _vin(typed: str) -> str | None:
    if not typed.strip():
        return None
    try:
        return read_vin(typed)
    except ValueError as error:
        raise RuleViolation("vin_invalid", str(error), typed=typed) from error


def _plate(typed: str, *, abroad: bool) -> str:
    if not typed.strip():
        return ""
    if abroad:
        return " ".join(typed.upper().split())[:12]
    try:
        return read_plate(typed)
    except ValueError as error:
        raise RuleViolation("plate_invalid", str(error), typed=tidy_plate(typed)) from error


def _refuse_known(session: Session, vin: str | None, car_id: int | None) -> None:
    known = find_by_vin(session, vin) if vin else None
    if known is not None and known.id != car_id:
        raise Conflict(
            "car_known",
            f"{vin} is car {known.id}.",
            owner=known.customer.name,
            car_id=known.id,
            customer_id=known.customer_id,
        )


def _flush(session: Session) -> None:
    """Write; a VIN that somebody else has just taken is the same refusal as one taken before."""
    try:
        session.flush()
    except IntegrityError as error:
        if "customer_car" not in str(error.orig) or "vin" not in str(error.orig):
            raise
        raise Conflict(
            "car_known", "The VIN belongs to another car.", owner="", car_id=None, customer_id=None
        ) from error
