"""make_car: a valid car of a customer with the least words; override what the test is about."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.customers.factories import make_customer
from tests.webapp.staff.factories import NOW
from webapp.customers.models import Customer
from webapp.vehicles import services
from webapp.vehicles.models import CarModel, CustomerCar
from webapp.vehicles.reference import ship_reference_lists
from webapp.vehicles.services import CarFacts

VIN = "XTA00000000000017"


def make_car(session: Session, customer: Customer | None = None, **overrides: Any) -> CustomerCar:
    """An Aurelia S4 with a VIN and a plate."""
    if session.scalar(select(CarModel.code).limit(1)) is None:
        ship_reference_lists(session)
        session.flush()
    facts = CarFacts(**({"vin": VIN, "plate": "А123ВС178", "model_code": "aurelia_s4"} | overrides))
    owner = customer or make_customer(session)
    return services.record_car(session, customer=owner, facts=facts, actor_id=None, now=NOW)
