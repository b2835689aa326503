"""The brands and models that ship: invented ones, to be replaced by the dealer's own."""

from sqlalchemy.orm import Session

from webapp.core.reference import ship
from webapp.vehicles.models import Brand, CarModel

BRANDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "aurelia": ("Aurelia", ("City", "S4", "S4 Touring", "Vista")),
    "nordis": ("Nordis", ("Alma", "Terra", "Fjord", "Polar")),
}


def ship_reference_lists(session: Session) -> None:
    """Add what is missing; what the dealer has changed stays as it is."""
    ship(
        session,
        Brand,
        {code: {"name": name, "position": place} for place, (code, (name, _)) in enumerate(BRANDS.items())},
    )
    models = [(code, name) for code, (_, names) in BRANDS.items() for name in names]
    ship(
        session,
        CarModel,
        {
            f"{brand}_{name.lower().replace(' ', '_')}": {"brand_code": brand, "name": name, "position": place}
            for place, (brand, name) in enumerate(models)
        },
    )
