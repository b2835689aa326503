"""The vehicles slice: brands and models that customers ask about, and the cars they own."""

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Feature, NavItem, Panel, Permission, SearchSource
from webapp.vehicles import views
from webapp.vehicles.finding import find_hits, load_panel
from webapp.vehicles.queries import BRAND_CHOICES, MODEL_CHOICES
from webapp.vehicles.reference import ship_reference_lists

VEHICLES = Feature(
    name="vehicles",
    blueprints=(views.bp,),
    permissions=(
        Permission("vehicles.see", _l("See cars of customers")),
        Permission("vehicles.change", _l("Add and change cars of customers")),
    ),
    navigation=(NavItem(_l("Cars"), "vehicles.list_cars", "vehicles.see", position=32, icon="car", key="v"),),
    search=(SearchSource(_l("Cars"), "vehicles.see", find_hits),),
    panels=(Panel("customers.customer", "vehicles.see", "vehicles/_of_customer.html", load_panel, position=20),),
    choices={"vehicles.models": MODEL_CHOICES, "vehicles.brands": BRAND_CHOICES},
    reference=ship_reference_lists,
    refusals={
        "car_unknown": _l("This car does not exist, or is not visible to you."),
        "car_unnamed": _l("Choose a model, or say in words which car it is."),
        "car_known": _l("This VIN stands on a car of %(owner)s. If it has a new owner, pass that car on."),
        "car_gone": _l("He no longer has this car. Reload the page."),
        "vin_invalid": _l("A VIN has 17 letters and digits, without I, O and Q."),
        "plate_invalid": _l(
            "“%(typed)s” is not a Russian number plate. Example: А 123 ВС 178. For a foreign plate name the country."
        ),
        "model_unknown": _l("Choose a model from the list."),
        "brand_unknown": _l("Choose a brand from the list."),
        "year_unlikely": _l("This year of make cannot be right."),
        "since_in_future": _l("He has owned it since a day that has not come yet. Check the date."),
        "since_after_parting": _l("By that day he had already parted with the car. Check the date."),
        "parting_unlikely": _l("A car changes hands after it was bought, and not in the future. Check the date."),
        "owner_same": _l("The car already belongs to this customer. Choose another one."),
    },
)
