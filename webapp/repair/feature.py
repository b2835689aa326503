"""The repair slice: incidents, and the mending of cases by hand."""

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Feature, NavGroup, NavItem, Permission
from webapp.repair import bulk_views, case_views, data_views, incident_views  # noqa: F401  # routes
from webapp.repair.reaching import bp

REPAIR = Feature(
    name="repair",
    blueprints=(bp,),
    permissions=(
        Permission("repair.see", _l("See failed steps, try them again or give them up")),
        Permission(
            "repair.change", _l("Move, cancel, restart and reopen cases, change their data, pass failed steps over")
        ),
    ),
    navigation=(
        NavItem(
            _l("Incidents"),
            "repair.list_incidents",
            "repair.see",
            position=80,
            icon="alert-triangle",
            group=NavGroup.SETUP,
        ),
    ),
    refusals={
        "incident_unknown": _l("This incident does not exist, or it is not visible to you."),
        "incident_closed": _l("This incident is resolved already."),
        "incident_not_skippable": _l(
            "What failed is not a step that is carried out by itself, so it cannot be passed over."
        ),
        "reason_missing": _l("Say why: the reason stands in the chronicle of the case."),
        "case_open": _l("This case is open already."),
        "repair_failed": _l("It was not done, because a step on the way failed."),
        "milestone_not_entered": _l("The case has not reached this milestone, so there is nothing to take back."),
        "outcome_unknown": _l("The process does not know this outcome."),
        "field_personal": _l("Personal data are changed where they are kept, not here."),
        "value_unreadable": _l("What was typed is no value of the kind “%(kind)s”."),
        "element_unknown": _l("The case has no data under this name."),
        "answer_is_list": _l(
            "These answers are a list of several rounds: they can only be changed where they were given."
        ),
        "token_unknown": _l("The case does not stand there any more. Look where it stands now and repeat."),
        "move_target_unknown": _l("The version of this case does not have this element."),
        "move_to_start": _l("A start cannot be the target. Choose the first step, or restart the case."),
        "move_to_boundary": _l("This event sits on a step and cannot be the target. Choose what comes after it."),
        "move_behind_gateway": _l("This event competes with others. Choose the gateway before them."),
        "move_to_join": _l("Branches meet here and wait for each other. Choose a step before or after it."),
        "move_into_loop": _l("This is inside something that is repeated. Choose the repeated step itself."),
        "move_across_branches": _l(
            "This is in another branch of a part that runs in parallel. Choose the gateway where the part begins, or a "
            "step outside it."
        ),
        "move_across_side_branch": _l(
            "One of the two is a side branch that runs on its own; nothing leads from one to the other."
        ),
    },
)
