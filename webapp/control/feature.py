"""The control board: the daily five minutes of a head."""

from flask_babel import lazy_gettext as _l

from webapp.control import acts, cli, daily_views, models, views  # noqa: F401  # routes and tables
from webapp.control.following import follow
from webapp.control.reaching import bp
from webapp.core.feature import Feature, NavItem, Permission

CONTROL = Feature(
    name="control",
    blueprints=(bp,),
    permissions=(
        Permission("control.see", _l("See the control board")),
        Permission("control.change", _l("Hand over, comment and check cases of others")),
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
    ),
    step_listeners=(follow,),
    commands=(cli.commands,),
    refusals={
        "escalation_unknown": _l("This escalation has been answered, its step is done, or it did not reach you."),
        "answer_empty": _l("Write in a few words what is to be done."),
        "step_not_free": _l("Somebody has taken the step meanwhile, or the colleague does not have its role."),
    },
)
