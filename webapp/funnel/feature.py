"""The funnel slice: bars, drill-down, comparison."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Dimension, Feature, Job, NavGroup, NavItem, Permission
from webapp.funnel import cli, log_views, step_cli, step_views, views
from webapp.inquiries.labels import CHANNELS
from webapp.sales.labels import LOST_REASONS

FUNNEL = Feature(
    name="funnel",
    blueprints=(views.bp, log_views.bp, step_views.bp),
    permissions=(
        Permission("funnel.see", _l("See the funnel")),
        Permission("funnel.see_money", _l("See what the cases of a funnel brought")),
        Permission("funnel.export_log", _l("Take the event log of cases, under pseudonyms")),
        Permission("funnel.export_named", _l("Take the event log with the names of employees")),
    ),
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
        NavItem(
            _l("Steps"),
            "steps.show_steps",
            "funnel.see",
            position=21,
            icon="hourglass",
            group=NavGroup.RESULTS,
        ),
    ),
    dimensions={
        "source": Dimension(_l("Source"), choices="inquiries.sources"),
        "model": Dimension(_l("Model"), choices="vehicles.models"),
        "brand": Dimension(_l("Brand"), choices="vehicles.brands"),
        "campaign": Dimension(_l("Campaign"), choices="campaigns.named"),
        "channel": Dimension(_l("Channel"), names=CHANNELS),
        "booked_by": Dimension(_l("Who booked"), choices="staff.people"),
        "outcome_reason": Dimension(_l("Reason"), choices="sales.refusal_reasons", names=LOST_REASONS),
    },
    commands=(cli.commands, step_cli.commands),
    jobs=(Job("figures of steps", timedelta(seconds=10), step_cli.follow_log),),
    refusals={
        "funnel_figure_unknown": _l("There is no such figure in this funnel."),
        "funnel_empty": _l("No process with milestones is published yet."),
    },
)
