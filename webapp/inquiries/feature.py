"""The inquiries slice: calls, visits and mails, registered in seconds."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from webapp.core.feature import Feature, NavGroup, NavItem, Permission
from webapp.customers.labels import register_chronicle
from webapp.inquiries import spend_views, views
from webapp.inquiries.labels import LISTS_MISSING, RESULTS, SUBJECTS
from webapp.inquiries.queries import SOURCE_CHOICES
from webapp.inquiries.reference import ship_reference_lists


def _set_up(app: Flask) -> None:
    register_chronicle(app, subjects=SUBJECTS, results=RESULTS)


INQUIRIES = Feature(
    name="inquiries",
    blueprints=(views.bp, spend_views.bp),
    permissions=(
        Permission("inquiries.see", _l("See inquiries")),
        Permission("inquiries.add", _l("Register calls and visits")),
        Permission("inquiries.see_spend", _l("See what advertising costs")),
        Permission("inquiries.change_spend", _l("Enter what advertising costs")),
    ),
    navigation=(
        NavItem(
            _l("Register"),
            "inquiries.list_inquiries",
            "inquiries.see",
            position=12,
            icon="phone-call",
            phone=True,
            key="r",
        ),
        NavItem(
            _l("Advertising spend"),
            "spending.list_spend",
            "inquiries.see_spend",
            position=40,
            icon="coin",
            group=NavGroup.RESULTS,
        ),
    ),
    actions=(
        NavItem(
            _l("Register a call"), "inquiries.show_register", "inquiries.add", position=1, icon="phone-call", key="n"
        ),
    ),
    refusals={
        "visit_in_past": _l("This time has passed. Choose a later one."),
        "spend_unknown": _l("This entry does not exist, or is not visible to you."),
        "spend_reversed": _l("The last day lies before the first. Check both."),
        "spend_too_long": _l("One entry covers at most %(days)s days. Divide it."),
        "spend_amount": _l("Enter a sum above 0, at most %(most)s."),
        "spend_centre": _l("Choose one of your centres."),
        "source_unknown": _l("Choose a source from the list."),
        "sources_missing": LISTS_MISSING,
        "model_unknown": _l("Choose a model from the list."),
        "receiver_unknown": _l("Choose a colleague from the list."),
    },
    choices={"inquiries.sources": SOURCE_CHOICES},
    reference=ship_reference_lists,
    setup=_set_up,
)
