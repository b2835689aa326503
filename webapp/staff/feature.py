"""The staff slice: who works here, who may do what, and how one signs in."""

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Feature, NavGroup, NavItem, Permission
from webapp.staff import centres, people, profile, sign_in  # noqa: F401  # their routes stand on the blueprint
from webapp.staff.accounts import set_up
from webapp.staff.blueprint import bp
from webapp.staff.commands import create_admin
from webapp.staff.queries import COLLEAGUE_CHOICES, PEOPLE_CHOICES
from webapp.staff.refusals import REFUSALS

STAFF = Feature(
    name="staff",
    blueprints=(bp,),
    permissions=(
        Permission("staff.see", _l("See the staff")),
        Permission("staff.add", _l("Add people")),
        Permission("staff.change", _l("Change people, their roles and absences")),
        Permission("staff.change_centres", _l("Change the centres")),
    ),
    navigation=(
        NavItem(_l("Staff"), "staff.show_people", "staff.see", 90, "users-group", NavGroup.SETUP, key="s"),
        NavItem(_l("Centres"), "staff.show_centres", "staff.change_centres", 91, "building-store", NavGroup.SETUP),
    ),
    actions=(NavItem(_l("Person"), "staff.show_new_person", "staff.add", 90, "user-plus"),),
    commands=(create_admin,),
    choices={"staff.colleagues": COLLEAGUE_CHOICES, "staff.people": PEOPLE_CHOICES},
    refusals=REFUSALS,
    setup=set_up,
)
