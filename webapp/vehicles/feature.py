"""The vehicles slice: brands and models that customers ask about."""

from webapp.core.feature import Feature
from webapp.vehicles.queries import BRAND_CHOICES, MODEL_CHOICES
from webapp.vehicles.reference import ship_reference_lists

VEHICLES = Feature(
    name="vehicles",
    choices={"vehicles.models": MODEL_CHOICES, "vehicles.brands": BRAND_CHOICES},
    reference=ship_reference_lists,
)
