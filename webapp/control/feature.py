"""The control board: the daily five minutes of a head, and the incidents."""

from flask_babel import lazy_gettext as _l

from webapp.control import acts, cli, daily_views, incident_views, models, views  # noqa: F401  # routes and tables
from webapp.control.following import follow
from webapp.control.reaching import bp
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
    step_listeners=(follow,),
    commands=(cli.commands,),
    refusals={
        "escalation_unknown": _l("This escalation has been answered, its step is done, or it did not reach you."),
        "answer_empty": _l("Write in a few words what is to be done."),
        "step_not_free": _l("Somebody has taken the step meanwhile, or the colleague does not have its role."),
        "incident_unknown": _l("This incident does not exist, or it is not visible to you."),
    },
)
