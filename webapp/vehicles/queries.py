"""What others ask about brands, models and the cars of customers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVarTuple

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from webapp.core.choices import Choice, ChoiceSource
from webapp.core.permissions import RowScope
from webapp.customers.models import Customer
from webapp.customers.queries import customers_meant
from webapp.kit.beginnings import begins_with
from webapp.kit.identifiers import tidy_plate, tidy_vin
from webapp.vehicles.models import Brand, CarModel, CustomerCar

Columns = TypeVarTuple("Columns")

_PART_OF_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{6,17}")
_PART_OF_PLATE = re.compile(r"[АВЕКМНОРСТУХ]{1,2}\d{1,4}[АВЕКМНОРСТУХ\d]*|\d{4}[АВЕКМНОРСТУХ]{1,2}\d*")
_DIGITS_OF_PLATE = re.compile(r"\d{3,7}")


@dataclass(frozen=True)
class CarFilter:
    """What the list of cars is narrowed to; `former`: those that their owners no longer have, and only those."""

    text: str = ""
    brand_code: str = ""
    former: bool = False


@dataclass(frozen=True)
class Ownership:
    """Who had a car from when until when; `visible`: whether the reader may open his card."""

    car_id: int
    customer: Customer
    since: date | None
    until: date | None
    visible: bool


def list_models(session: Session) -> Sequence[CarModel]:
    """Models on offer, by brand."""
    return session.scalars(select(CarModel).where(CarModel.active).order_by(CarModel.position)).all()


def list_brands(session: Session) -> Sequence[Brand]:
    """All brands in their order."""
    return session.scalars(select(Brand).order_by(Brand.position)).all()


def get_model_name(session: Session, code: str | None) -> str:
    """«Aurelia S4», or nothing."""
    model = session.get(CarModel, code) if code else None
    return model.full_name if model else ""


def get_brand_code(session: Session, model_code: str | None) -> str | None:
    """The brand of a model."""
    model = session.get(CarModel, model_code) if model_code else None
    return model.brand_code if model else None


def list_cars(
    session: Session, wanted: CarFilter, *, scope: RowScope, offset: int = 0, limit: int = 50
) -> Sequence[CustomerCar]:
    """A page of the list with owners and models, by the owners' names. `scope` is one over customers."""
    statement = (
        _narrow(select(CustomerCar).join(CustomerCar.customer), wanted, scope)
        .options(contains_eager(CustomerCar.customer), joinedload(CustomerCar.model))
        .order_by(Customer.sort_name, Customer.id, CustomerCar.id.desc())
    )
    return session.scalars(statement.offset(offset).limit(limit)).all()


def count_cars(session: Session, wanted: CarFilter, *, scope: RowScope, at_most: int = 10_000) -> int:
    """How many there are; stops counting at `at_most`."""
    limited = _narrow(select(CustomerCar.id).join(CustomerCar.customer), wanted, scope).limit(at_most)
    return session.scalar(select(func.count()).select_from(limited.subquery())) or 0


def find_matches(session: Session, text: str, *, scope: RowScope, limit: int = 8) -> list[CustomerCar]:
    """Cars that somebody means who types: first by VIN, its last six, plate or its digits, then by the owner."""
    attempts = (by_number(text), _of_owners(text))
    found: dict[int, CustomerCar] = {}
    for condition in attempts:
        if condition is None or len(found) >= limit:
            continue
        statement = (
            select(CustomerCar)
            .join(CustomerCar.customer)
            .where(CustomerCar.until.is_(None), CustomerCar.id.in_(condition))
            .options(contains_eager(CustomerCar.customer), joinedload(CustomerCar.model))
            .order_by(Customer.sort_name, CustomerCar.id.desc())
        )
        limited = scope.limit(statement, owner=Customer.owner_id, scope=Customer.centre_id).limit(limit)
        for car in session.scalars(limited):
            found.setdefault(car.id, car)
    return list(found.values())[:limit]


def by_number(text: str) -> Select[int] | None:
    """Ids of the cars with this VIN, number of the body, plate or a telling part of one; None: it is none of them."""
    vin, plate = tidy_vin(text), tidy_plate(text)
    ways = []
    if _PART_OF_VIN.fullmatch(vin):
        ways.append(begins_with(CustomerCar.vin_tail, vin[::-1]))
        ways.append(CustomerCar.body_number == text.strip().upper())
    if _PART_OF_PLATE.fullmatch(plate):
        ways.append(begins_with(CustomerCar.plate, plate))
    if _DIGITS_OF_PLATE.fullmatch(plate):
        ways.append(begins_with(CustomerCar.plate_digits, plate))
    return select(CustomerCar.id).where(or_(*ways)) if ways else None


def cars_meant(text: str) -> Select[int] | None:
    """Ids of the cars that this text names, by their numbers or their owners; None: it says too little."""
    ways = [condition for condition in (by_number(text), _of_owners(text)) if condition is not None]
    return select(CustomerCar.id).where(or_(*(CustomerCar.id.in_(way) for way in ways))) if ways else None


def list_owners(session: Session, car: CustomerCar, *, scope: RowScope | None) -> list[Ownership]:
    """Who has had the car with this VIN, the latest first. A car without one is known by its plate or its body."""
    same = CustomerCar.id == car.id
    if car.vin:
        same = CustomerCar.vin == car.vin
    elif car.plate or car.body_number:
        numbers = (CustomerCar.plate == car.plate, CustomerCar.body_number == car.body_number)
        same = and_(CustomerCar.vin.is_(None), *numbers)
    rows = session.execute(
        select(CustomerCar, Customer)
        .join(CustomerCar.customer)
        .where(same)
        .order_by(CustomerCar.until.is_not(None), CustomerCar.until.desc(), CustomerCar.id.desc())
    )
    return [
        Ownership(
            row.id,
            customer,
            row.since,
            row.until,
            visible=scope is not None and scope.covers(customer.owner_id, customer.centre_id),
        )
        for row, customer in rows
    ]


def _of_owners(text: str) -> Select[int] | None:
    owners = customers_meant(text)
    return None if owners is None else select(CustomerCar.id).where(CustomerCar.customer_id.in_(owners))


def _narrow(statement: Select[*Columns], wanted: CarFilter, scope: RowScope) -> Select[*Columns]:
    statement = scope.limit(statement, owner=Customer.owner_id, scope=Customer.centre_id)
    statement = statement.where(CustomerCar.until.is_not(None) if wanted.former else CustomerCar.until.is_(None))
    if wanted.brand_code:
        statement = statement.where(CustomerCar.brand_code == wanted.brand_code)
    if wanted.text:
        meant = cars_meant(wanted.text)
        statement = statement.where(CustomerCar.id.in_(meant) if meant is not None else false())
    return statement


def _choices(session: Session, language: str) -> list[Choice]:
    return [Choice(model.code, model.full_name, model.brand.name) for model in list_models(session)]


MODEL_CHOICES = ChoiceSource(_choices, lambda session, value: session.get(CarModel, value) is not None)


def _brands(session: Session, _language: str) -> list[Choice]:
    brands = session.scalars(select(Brand).order_by(Brand.position))
    return [Choice(brand.code, brand.name) for brand in brands]


BRAND_CHOICES = ChoiceSource(_brands, lambda session, value: session.get(Brand, value) is not None)
