"""Test drives and appraisals: what is checked before a customer drives, and what his own car is worth."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.errors import NotFound, RuleViolation
from webapp.sales.limits import LIMITS, price_needs_approval
from webapp.sales.models import TestDrive, TradeInAppraisal, Worksheet

LONGEST_DRIVE = timedelta(minutes=60)


@dataclass(frozen=True)
class Driver:
    """Who drives, as his licence says."""

    licence_number: str
    licence_expiry: date
    age: int
    experience_years: int


@dataclass(frozen=True)
class Ride:
    """What was driven, how far, and how it was liked. `agreement`: hash of the signature, empty on paper."""

    at: datetime
    minutes: int
    demo_car: str
    route: str
    odometer_start: int
    odometer_end: int
    agreement: str
    result: str
    remarks: str
    damage: str


def record_test_drive(
    session: Session,
    worksheet: Worksheet,
    driver: Driver,
    ride: Ride,
    *,
    actor_id: int | None,
    today: date,
    now: datetime,
) -> TestDrive:
    """Write a drive that took place; `today` is the day where the centre is.

    RuleViolation: licence_expired, driver_too_young, driver_inexperienced, odometer_reversed, demo_car_taken,
    drive_in_future.
    """
    if ride.at > now + LIMITS.drive_buffer:
        raise RuleViolation("drive_in_future", "A drive is recorded when it is over.")
    if driver.licence_expiry < today:
        raise RuleViolation("licence_expired", "The licence has run out.")
    if driver.age < LIMITS.driver_age:
        raise RuleViolation("driver_too_young", f"Drivers are {LIMITS.driver_age} or older.", least=LIMITS.driver_age)
    if driver.experience_years < LIMITS.driver_experience:
        raise RuleViolation("driver_inexperienced", "Too short a time at the wheel.", least=LIMITS.driver_experience)
    if ride.odometer_end < ride.odometer_start:
        raise RuleViolation("odometer_reversed", "The odometer ends below its beginning.")
    if _is_taken(session, ride):
        raise RuleViolation("demo_car_taken", f"{ride.demo_car} was on another drive.", car=ride.demo_car)
    driven = TestDrive(
        worksheet_id=worksheet.id,
        at=ride.at,
        minutes=ride.minutes,
        demo_car=ride.demo_car,
        licence_number=driver.licence_number,
        licence_expiry=driver.licence_expiry,
        driver_age=driver.age,
        experience_years=driver.experience_years,
        route=ride.route,
        odometer_start=ride.odometer_start,
        odometer_end=ride.odometer_end,
        agreement=ride.agreement,
        result=ride.result,
        remarks=ride.remarks,
        damage=ride.damage,
        recorded_by=actor_id,
        recorded_at=now,
    )
    session.add(driven)
    session.flush()
    return driven


def _is_taken(session: Session, ride: Ride) -> bool:
    """Was the car on another drive at that time, with the time between two drives?"""
    ends = ride.at + timedelta(minutes=ride.minutes) + LIMITS.drive_buffer
    earliest = ride.at - LONGEST_DRIVE - LIMITS.drive_buffer
    near = select(TestDrive).where(TestDrive.demo_car == ride.demo_car, TestDrive.at > earliest, TestDrive.at < ends)
    return any(
        other.at + timedelta(minutes=other.minutes) + LIMITS.drive_buffer > ride.at for other in session.scalars(near)
    )


def decide_damage(session: Session, worksheet: Worksheet, *, decision: str, cost: Decimal | None) -> None:
    """The head has looked at the damage of the last drive. NotFound: test_drive_unknown."""
    driven = find_test_drive(session, worksheet.id)
    if driven is None:
        raise NotFound("test_drive_unknown", "There was no drive.")
    driven.damage_decision, driven.damage_cost = decision, cost


def find_test_drive(session: Session, worksheet_id: int) -> TestDrive | None:
    """The last drive of a worksheet."""
    statement = select(TestDrive).where(TestDrive.worksheet_id == worksheet_id).order_by(TestDrive.id.desc())
    return session.scalar(statement.limit(1))


@dataclass(frozen=True)
class AppraisedCar:
    """The customer's car, as it stands there; `details`: paint, nodes, papers, photos as the form asks them."""

    vin: str
    plate: str
    brand: str
    model: str
    year: int
    mileage: int
    owners: int
    details: Mapping[str, object]


@dataclass(frozen=True)
class TradeInPrice:
    """How the price of a trade-in comes about (specification §1.3, S08), in roubles."""

    market: Decimal
    repairs: Sequence[Decimal]
    margin: Decimal
    offered: Decimal

    @property
    def repair_total(self) -> Decimal:
        return sum(self.repairs, Decimal())

    @property
    def calculated(self) -> Decimal:
        """market − repair − margin"""
        return self.market - self.repair_total - self.margin

    @property
    def needs_approval(self) -> bool:
        return price_needs_approval(self.offered, self.calculated, self.market)


def record_appraisal(
    session: Session,
    worksheet: Worksheet,
    car: AppraisedCar,
    price: TradeInPrice,
    *,
    valid_until: date,
    expectation: Decimal | None,
    outcome: str,
    reject_reason: str,
    actor_id: int | None,
    today: date,
    now: datetime,
) -> TradeInAppraisal:
    """Write an appraisal; `today` is the day where the centre is.

    RuleViolation: appraisal_expired, appraisal_too_long, year_in_future.
    """
    if valid_until < today:
        raise RuleViolation("appraisal_expired", "The price is good until a day that has passed.")
    if valid_until > today + LIMITS.appraisal_valid:
        days = LIMITS.appraisal_valid.days
        raise RuleViolation("appraisal_too_long", f"A price is good for {days} days at most.", days=days)
    if car.year > today.year:
        raise RuleViolation("year_in_future", "The year lies ahead.")
    appraisal = TradeInAppraisal(
        worksheet_id=worksheet.id,
        vin=car.vin,
        plate=car.plate,
        brand=car.brand,
        model=car.model,
        year=car.year,
        mileage=car.mileage,
        owners=car.owners,
        details=json.dumps(car.details, ensure_ascii=False, default=str),
        market_price=price.market,
        repair_total=price.repair_total,
        margin=price.margin,
        offer_price=price.offered,
        customer_expectation=expectation,
        valid_until=valid_until,
        outcome=outcome,
        reject_reason=reject_reason,
        appraised_by=actor_id,
        appraised_at=now,
    )
    session.add(appraisal)
    session.flush()
    return appraisal


def find_appraisal(session: Session, worksheet_id: int) -> TradeInAppraisal | None:
    """The newest appraisal of a worksheet: the one that counts."""
    statement = select(TradeInAppraisal).where(TradeInAppraisal.worksheet_id == worksheet_id)
    return session.scalar(statement.order_by(TradeInAppraisal.id.desc()).limit(1))


def approve_appraisal(session: Session, worksheet: Worksheet, price: Decimal, *, actor_id: int | None) -> None:
    """The head stands for a price beyond the limit. NotFound: appraisal_unknown."""
    appraisal = find_appraisal(session, worksheet.id)
    if appraisal is None:
        raise NotFound("appraisal_unknown", "Nothing was appraised.")
    appraisal.offer_price, appraisal.approved_by = price, actor_id
