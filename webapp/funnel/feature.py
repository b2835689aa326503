"""The funnel slice: bars, drill-down, comparison."""

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Feature, NavGroup, NavItem, Permission
from webapp.funnel import cli, views

FUNNEL = Feature(
    name="funnel",
    blueprints=(views.bp,),
    permissions=(Permission("funnel.see", _l("See the funnel")),),
    navigation=(
        NavItem(
            _l("Funnel"),
            "funnel.show_funnel",
            "funnel.see",
            position=20,
            icon="filter",
            group=NavGroup.RESULTS,
            key="f",
        ),
    ),
    commands=(cli.commands,),
    refusals={
        "funnel_figure_unknown": _l("There is no such figure in this funnel."),
        "funnel_empty": _l("No process with milestones is published yet."),
    },
)
