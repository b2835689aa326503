"""The staff slice: who works here, and who may do what."""

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Feature, Permission
from webapp.staff import models  # noqa: F401  # the tables belong to the metadata

STAFF = Feature(
    name="staff",
    permissions=(
        Permission("staff.see", _l("See the staff")),
        Permission("staff.add", _l("Add people")),
        Permission("staff.change", _l("Change people, their roles and absences")),
    ),
)
