"""The cases slice: one page for every process."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from webapp.cases import acts, list_acts, list_views, papers, uploads
from webapp.cases.starting import BY_HAND, ERRAND, describe_started, errand_starts, something_starts, started_meant
from webapp.core.feature import Feature, Job, NavItem, Permission

CASES = Feature(
    name="cases",
    blueprints=(list_views.bp, acts.bp, list_acts.bp, papers.bp, uploads.bp),
    permissions=(
        Permission("cases.see", _l("See cases")),
        Permission("cases.add", _l("Start processes by hand")),
        Permission("cases.change", _l("Work on cases")),
        Permission("cases.export", _l("Download lists of cases")),
        Permission("cases.share", _l("Offer saved views to a role")),
    ),
    navigation=(NavItem(_l("Cases"), "cases.list_cases", "cases.see", position=20, icon="files", phone=True, key="c"),),
    actions=(
        NavItem(
            _lp("given to somebody", "Task"),
            "cases.show_start",
            "cases.add",
            position=35,
            icon="clipboard-check",
            useful=errand_starts,
            arguments={"process": ERRAND},
        ),
        NavItem(
            _l("Start a process"),
            "cases.show_start",
            "cases.add",
            position=40,
            icon="player-play",
            useful=something_starts,
        ),
    ),
    jobs=(Job("forgotten files", timedelta(hours=6), uploads.remove_forgotten_files),),
    case_labels={BY_HAND: describe_started},
    case_finders=(started_meant,),
    refusals={
        "case_unknown": _l("This case does not exist, or it is not visible to you."),
        "task_not_yours": _l("This step belongs to somebody else."),
        "case_not_yours": _l("You have this step, but a colleague leads the case. Hand over the step alone."),
        "task_claimed": _l("A colleague has already taken this step."),
        "skip_not_allowed": _l("This step cannot be passed over."),
        "offer_not_yours": _l("This is for the department that leads the case. Tell the colleague who has it."),
        "offer_unknown": _l("This is not possible in this step any more."),
        "answer_unknown": _l("There is nothing to correct at this step."),
        "answer_final": _l(
            "These answers are final: the process goes on from them. If they are wrong, do the step anew."
        ),
        "answer_not_yours": _l("Others have given these answers. Ask them or the head to correct them."),
        "case_centre_missing": _l("Choose the centre to which the case belongs."),
        "process_not_startable": _l("This process is not published, or it does not begin by hand."),
        "case_closed": _l("This case is closed."),
        "postponed_into_past": _l("Choose a time in the future."),
        "postponed_too_far": _l("Choose a date within a year."),
        "due_too_far": _l("The next step would be due more than ten years from now or ago. Check the time."),
        "duration_too_long": _l("The next step would be due more than ten years from now or ago. Check the time."),
        "colleague_unknown": _l("Choose a colleague from the list."),
        "view_unknown": _l("This view does not exist any more."),
        "filter_too_long": _l("The list has too many filters at once. Take some away and try again."),
        "view_nameless": _l("Give the view a name of up to 80 characters."),
        "view_name_taken": _l("You already have a view called “%(name)s”. Choose another name."),
        "view_too_long": _l("This filter names too many values to be saved. Take some away."),
        "too_many_views": _l("You have %(most)s views already. Delete one that you do not need."),
        "act_unknown": _l("This act does not exist, or somebody else ordered it."),
        "undo_too_late": _l("A hand-over can be undone within a day. Ask the colleague to hand the cases back."),
        "nothing_chosen": _l("None of the chosen cases can be handed over."),
        "already_with": _l("The case is with this colleague already."),
        "file_too_large": _l("This file is larger than %(limit)s MB. Choose a smaller one."),
        "file_not_accepted": _l(
            "This is not a file that can be added: photos (JPEG, PNG, WebP), PDF, Word and Excel without macros can."
        ),
        "file_missing": _l("Choose a file."),
        "file_unknown": _l("This file does not exist, or it is not visible to you."),
        "form_incomplete": "%(sentence)s",
        "form_invalid": _l("Please look at the marked fields."),
    },
)
