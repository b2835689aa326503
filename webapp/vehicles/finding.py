"""Cars in the global search, and on the card of their owner."""

from collections.abc import Mapping

from flask import url_for
from sqlalchemy.orm import Session

from webapp.core.feature import Hit
from webapp.core.forms import Form
from webapp.core.permissions import current_scope
from webapp.vehicles.queries import find_matches, list_models
from webapp.vehicles.services import find_cars_of


def find_hits(session: Session, text: str, limit: int) -> list[Hit]:
    """By VIN or its last six, by plate in any letters or its digits, by the owner's name or phone."""
    return [
        Hit(
            ", ".join(filter(None, (car.name, car.shown_plate))),
            car.customer.name,
            url_for("vehicles.show_car", car_id=car.id),
            "car",
        )
        for car in find_matches(session, text, scope=current_scope("vehicles.see"), limit=limit)
    ]


def load_panel(session: Session, customer_id: int) -> Mapping[str, object]:
    """The cars of the customer whose card is open; who opens it has him in reach."""
    return {
        "customer_id": customer_id,
        "cars": find_cars_of(session, customer_id, former=True),
        "form": Form(),
        "models": [(model.code, model.full_name) for model in list_models(session)],
    }
