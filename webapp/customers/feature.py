"""The customers slice: cards of people and companies, and the chronicle of contacts."""

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Feature, NavItem, Permission, SearchSource
from webapp.customers import views
from webapp.customers.finding import find_hits
from webapp.kit.identifiers import read_bic, read_inn, read_kpp, read_ogrn, read_plate, read_vin
from webapp.kit.phones import normalise_phone

CUSTOMERS = Feature(
    name="customers",
    blueprints=(views.bp,),
    permissions=(
        Permission("customers.see", _l("See customers")),
        Permission("customers.add", _l("Add customers")),
        Permission("customers.change", _l("Change customers and note contacts")),
    ),
    navigation=(
        NavItem(
            _l("Customers"), "customers.list_customers", "customers.see", position=30, icon="users", phone=True, key="u"
        ),
    ),
    actions=(
        NavItem(_l("Add a customer"), "customers.show_new_customer", "customers.add", position=20, icon="user-plus"),
    ),
    search=(SearchSource(_l("Customers"), "customers.see", find_hits),),
    refusals={
        "customer_unknown": _l("This customer does not exist, or is not visible to you."),
        "name_missing": _l("Ask for a name."),
        "phone_invalid": _l("“%(typed)s” is not a complete phone number. Example: +7 900 000-12-34."),
        "phone_taken": _l(
            "The phone %(number)s stands on another card. Open that card instead of making a second one."
        ),
        "owner_unknown": _l("Choose a colleague from the list."),
        "birth_date_unlikely": _l("This birth date cannot be right."),
        "contact_in_future": _l("A contact that happened lies in the past. For a future one plan a task."),
        "next_contact_in_past": _l("The next contact lies in the past. Choose a later time."),
    },
    text_kinds={
        "phone": normalise_phone,
        "vin": read_vin,
        "plate": read_plate,
        "inn": read_inn,
        "kpp": read_kpp,
        "ogrn": read_ogrn,
        "bic": read_bic,
    },
)
