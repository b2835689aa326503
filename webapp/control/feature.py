"""The control board: the daily five minutes of a head, and the incidents."""

from flask_babel import lazy_gettext as _l

from webapp.control import models  # noqa: F401  # the table belongs to the metadata
from webapp.control.views import bp
from webapp.core.feature import Feature, NavGroup, NavItem, Permission

CONTROL = Feature(
    name="control",
    blueprints=(bp,),
    permissions=(
        Permission("control.see", _l("See the control board")),
        Permission("control.change", _l("Hand over, comment and check cases of others")),
        Permission("control.incidents", _l("See failed steps and try them again")),
    ),
    navigation=(
        NavItem(
            _l("Control"),
            "control.show_board",
            "control.see",
            position=15,
            icon="layout-dashboard",
            phone=True,
            key="b",
        ),
        NavItem(
            _l("Incidents"),
            "control.list_incidents",
            "control.incidents",
            position=80,
            icon="alert-triangle",
            group=NavGroup.SETUP,
        ),
    ),
    refusals={
        "incident_unknown": _l("This incident does not exist, or it is not visible to you."),
    },
)
