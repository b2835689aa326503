"""What the studio declares about itself."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Feature, Job, NavGroup, NavItem, Permission
from webapp.studio import views
from webapp.studio.approval import views as approval_views
from webapp.studio.decisions import views as decision_views
from webapp.studio.departments import views as department_views
from webapp.studio.editor import views as editor_views
from webapp.studio.exchange import views as exchange_views
from webapp.studio.forms import views as form_views
from webapp.studio.guide import views as guide_views
from webapp.studio.heat import views as heat_views
from webapp.studio.publishing import views as publishing_views
from webapp.studio.testing import views as testing_views
from webapp.studio.testing.words import REFUSALS as REFUSED_SCRIPTS

STUDIO = Feature(
    name="studio",
    blueprints=(
        views.bp,
        editor_views.bp,
        decision_views.bp,
        decision_views.beginning,
        form_views.bp,
        publishing_views.bp,
        approval_views.bp,
        department_views.bp,
        exchange_views.bp,
        testing_views.bp,
        heat_views.bp,
        guide_views.bp,
    ),
    permissions=(
        Permission("studio.see", _l("See processes and their versions")),
        Permission("studio.edit", _l("Draw processes, decisions and forms")),
        Permission("studio.publish", _l("Put drawings live, and move running cases")),
        Permission("studio.approve", _l("Be the second person who looks at a drawing before it goes live")),
        Permission("studio.set_up", _l("Say who draws and approves for which department, and what it may use")),
    ),
    navigation=(
        NavItem(
            _l("Processes"),
            "studio.list_processes",
            "studio.see",
            position=70,
            icon="route",
            group=NavGroup.SETUP,
            also=("/studio", "/migrations"),
        ),
    ),
    jobs=(Job("moved cases", timedelta(seconds=5), views.carry_on),),
    refusals={
        **REFUSED_SCRIPTS,
        "process_unknown": _l("There is no such version of this process."),
        "migration_unknown": _l("There is no such move of cases."),
        "migration_versions": _l("Choose two different versions of the same process."),
        "migration_mapping": _l(
            "“%(element)s” was mapped to an element that the new version does not have. Choose another one."
        ),
        "migration_runs": _l("Cases of this version are being moved at the moment. Wait until that is done."),
        "migration_state": _l("That is not possible any more: somebody has gone on with this move meanwhile."),
        "draft_unknown": _l("This draft does not exist any more: it was published or discarded."),
        "draft_moved_on": _l("The draft was changed since you looked at it. Look at it again, then publish."),
        "draft_exists": _l("“%(key)s” is being drawn already. Open its draft, or discard it first."),
        "department_unknown": _l("There is no such department."),
        "department_of_others": _l("The drawings of the department “%(department)s” are drawn by others."),
        "approval_needed": _l("A second person must look at this draft before it goes live."),
        "approval_nobody": _l("There is nobody who may approve it beside those who drew it."),
        "look_not_yours": _l("Who has drawn it or asked cannot approve it. Somebody else must look."),
        "approval_needs_reason": _l("Say in a word or two what is to be changed."),
        "draft_held": _l("Somebody else is drawing here at the moment."),
        "draft_changed": _l("Somebody else has saved another text meanwhile."),
        "draft_too_large": _l("The file is too large. Split it into called processes."),
        "bundle_folder_differs": _l(
            "The form calls itself “%(key)s”, but lies in the folder “%(folder)s”. Move the file or change its id."
        ),
        "bundle_folder_unknown": _l(
            "“%(folder)s” is the folder of no department. Put the file into one of these: %(known)s; or open it alone."
        ),
        "bundle_empty": _l("There is no drawing, table or form in it."),
        "bundle_too_large": _l("The bundle is too large. Open its files one by one."),
        "bundle_unreadable": _l("This is not a ZIP that can be read."),
        "file_kind_unknown": _l("Only .bpmn, .dmn, .form and .zip can be opened."),
        "file_not_utf8": _l("The file is not in UTF-8. Save it in UTF-8."),
        "draft_key_unfit": _l("The id “%(key)s” has signs that an id cannot have. Letters, digits, _ and - are right."),
        "draft_key_too_long": _l("The id of the file is longer than %(limit)s characters."),
        "draft_without_picture": _l("The file holds steps and no picture of them. Draw it in the Modeler first."),
        "key_unfit": _l("An id consists of Latin letters, digits and underscores, and begins with a letter."),
        "draft_without_key": _l("The file does not say what it is called: it has no id."),
        "decision_test_unknown": _l("This test does not exist any more."),
        "too_many_decision_tests": _l("A file holds at most %(limit)s tests. Remove one that you do not need."),
        "table_name_missing": _l("Write a name that has letters: the table is called so."),
        "form_name_missing": _l("Write a name that has letters: the form is called so."),
        "nothing_live": _l("Nothing is published under this name."),
        "whole_group_only": _l("Versions run in all centres at once: only who may do this for the whole group can."),
    },
)
