"""The API slice: /api/v1 for programs, tokens of people, webhooks."""

from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _l

from webapp.api import (
    cases,
    customers,
    definitions,
    delivering,
    describing,
    funnel,
    history,
    hook_views,
    identifying,
    inquiries,
    me,
    repeating,
    task_acts,
    tasks,
    telling,
    token_views,
)
from webapp.api.refusals import REFUSALS
from webapp.core.feature import Feature, Job, NavGroup, NavItem, Permission
from webapp.inquiries.services import InquiryRegistered

__all__ = ["API", "RESOURCES", "task_acts", "token_views"]  # these state their routes on what others have made

RESOURCES = (
    me.resource,
    tasks.resource,
    cases.resource,
    history.resource,
    definitions.resource,
    funnel.resource,
    customers.resource,
    inquiries.resource,
)


def _set_up(app: Flask) -> None:
    app.extensions[describing.RESOURCES] = RESOURCES
    identifying.set_up(app)
    telling.set_up(app)


API = Feature(
    name="api",
    blueprints=(*RESOURCES, describing.documents, describing.pages, hook_views.bp),
    permissions=(
        Permission("api.see_tokens", _l("See and revoke the API tokens of everybody")),
        Permission("api.send_messages", _l("Give messages to cases through the API")),
        Permission("api.change_webhooks", _l("Set up webhooks")),
    ),
    navigation=(
        NavItem(
            _l("Webhooks"),
            "webhooks.list_webhooks",
            "api.change_webhooks",
            position=80,
            icon="plug-connected",
            group=NavGroup.SETUP,
        ),
        NavItem(
            _l("API tokens"),
            "api_pages.list_all_tokens",
            "api.see_tokens",
            position=82,
            icon="key",
            group=NavGroup.SETUP,
        ),
    ),
    jobs=(
        Job("webhooks", timedelta(seconds=10), delivering.send_webhooks),
        Job("old deliveries of webhooks", timedelta(hours=24), delivering.forget_deliveries),
        Job("answers of the API", timedelta(hours=6), repeating.forget_answers),
    ),
    listeners=((InquiryRegistered, telling.tell_of_inquiry),),
    step_listeners=(telling.tell_of_step,),
    refusals=REFUSALS,
    setup=_set_up,
)
