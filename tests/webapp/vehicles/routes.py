"""The routes of the pages about cars; a car is in reach with its owner."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from tests.webapp.customers.routes import customer
from tests.webapp.routes import Route
from tests.webapp.staff.factories import NOW
from webapp.staff.models import Centre, User
from webapp.vehicles.models import CustomerCar


def car(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    record = CustomerCar(description="Grey estate car", recorded_at=NOW, **customer(session, owner, centre))
    session.add(record)
    session.flush()
    return {"car_id": record.id}


def customer_asked_for(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    return {"customer": customer(session, owner, centre)["customer_id"]}


ROUTES: dict[str, Route] = {
    "vehicles.list_cars": Route("vehicles.see"),
    "vehicles.show_new_car": Route("vehicles.change", customer_asked_for),
    "vehicles.add_car": Route("vehicles.change", customer_asked_for),
    "vehicles.show_car": Route("vehicles.see", car),
    "vehicles.show_car_form": Route("vehicles.change", car),
    "vehicles.change_car": Route("vehicles.change", car),
    "vehicles.show_owner_form": Route("vehicles.change", car),
    "vehicles.change_owner": Route("vehicles.change", car),
}
