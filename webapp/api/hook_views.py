"""Pages of webhooks: who is told of what, the last deliveries, a test, a new secret."""

import json

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate
from werkzeug import Response

from engine.outbox import OutboxState
from webapp.api import subscribing, telling
from webapp.api.models import HookKind, Webhook
from webapp.api.subscribing import HookFacts
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import RuleViolation
from webapp.core.feature import Text
from webapp.core.forms import Form, FormSchema, read_form, text
from webapp.core.i18n import current_language
from webapp.core.permissions import actor_id, require
from webapp.core.sending_troubles import bare_code, why_not_sent
from webapp.core.workflow import engine

bp = Blueprint("webhooks", __name__, url_prefix="/webhooks", template_folder="templates")

CHANGE = "api.change_webhooks"
KINDS: dict[HookKind, Text] = {
    HookKind.TASK_CREATED: _l("A task was created"),
    HookKind.TASK_COMPLETED: _l("A task was completed"),
    HookKind.CASE_OPENED: _l("A case was opened"),
    HookKind.CASE_CLOSED: _l("A case was closed"),
    HookKind.MILESTONE_ENTERED: _l("A milestone was entered"),
    HookKind.INQUIRY_RECEIVED: _l("An inquiry was received"),
    HookKind.INCIDENT_OPENED: _l("A step failed for a technical reason"),
}
STATES: dict[OutboxState, tuple[Text, str]] = {
    OutboxState.WAITING: (_l("Is waiting"), "hollow"),
    OutboxState.SENT: (_l("Delivered"), "ok"),
    OutboxState.FAILED: (_l("Given up"), "bad"),
    OutboxState.REFUSED: (_l("Withdrawn"), ""),
}
Page = str | Response | tuple[str, int]


class WebhookForm(FormSchema):
    """Whom to tell, of what."""

    name = text(80, required=True)
    address = text(254, required=True)
    kinds = fields.List(
        fields.String(validate=validate.OneOf([kind.value for kind in HookKind])),
        required=True,
        error_messages={"required": _l("Choose at least one.")},
    )
    process_key = text(120)


@bp.get("")
@require(CHANGE)
def list_webhooks() -> str:
    """All subscriptions."""
    return render_template("api/webhooks.html", webhooks=subscribing.list_webhooks(session()), kinds=KINDS)


@bp.get("/new")
@require(CHANGE)
def show_new_webhook() -> str:
    """The form, empty."""
    return _form_page(Form())


@bp.post("/new")
@require(CHANGE)
def add_webhook() -> Page:
    """The secret stands on the page that follows."""
    form = read_form(WebhookForm())
    if form.ok:
        try:
            webhook = subscribing.add_webhook(
                session(), _facts(form), private=settings().webhook_private_addresses, actor_id=actor_id(), now=now()
            )
        except RuleViolation as refusal:
            form.refuse("address", explain(refusal))
        else:
            telling.forget_after_commit(session())
            return _page(webhook, secret=webhook.secret)
    return _form_page(form), 422


@bp.get("/<int:webhook_id>")
@require(CHANGE)
def show_webhook(webhook_id: int) -> str:
    """One subscription with its last deliveries."""
    return _page(subscribing.get_webhook(session(), webhook_id))


@bp.get("/<int:webhook_id>/edit")
@require(CHANGE)
def show_webhook_form(webhook_id: int) -> str:
    """The form, filled in."""
    webhook = subscribing.get_webhook(session(), webhook_id)
    values = {
        "name": webhook.name,
        "address": webhook.address,
        "kinds": [kind.value for kind in webhook.told_of],
        "process_key": webhook.process_key,
    }
    return _form_page(Form(values=values), webhook)


@bp.post("/<int:webhook_id>/edit")
@require(CHANGE)
def change_webhook(webhook_id: int) -> Page:
    """What is told from here on; steps of other processes see it within half a minute."""
    webhook = subscribing.get_webhook(session(), webhook_id)
    form = read_form(WebhookForm())
    if form.ok:
        private = settings().webhook_private_addresses
        try:
            subscribing.change_webhook(
                session(), webhook, _facts(form), private=private, actor_id=actor_id(), now=now()
            )
        except RuleViolation as refusal:
            form.refuse("address", explain(refusal))
        else:
            telling.forget_after_commit(session())
            flash(_("Saved."), "success")
            return _back(webhook_id)
    return _form_page(form, webhook), 422


@bp.post("/<int:webhook_id>/secret")
@require(CHANGE)
def renew_secret(webhook_id: int) -> str:
    """Shown on the answer, this once."""
    webhook = subscribing.get_webhook(session(), webhook_id)
    subscribing.renew_secret(session(), webhook, actor_id=actor_id(), now=now())
    return _page(webhook, secret=webhook.secret)


@bp.post("/<int:webhook_id>/test")
@require(CHANGE)
def send_test(webhook_id: int) -> Response:
    """A message to try the receiver with; it goes the way of all others."""
    webhook = subscribing.get_webhook(session(), webhook_id)
    webhook.failed_at = None  # at the next beat, also when the receiver was left alone
    telling.tell_of_test(session(), webhook, now())
    flash(_("A test is on its way. Look again in some seconds."), "success")
    return _back(webhook_id)


@bp.post("/<int:webhook_id>/on")
@require(CHANGE)
def switch_on(webhook_id: int) -> Response:
    subscribing.switch_on(session(), subscribing.get_webhook(session(), webhook_id), actor_id=actor_id(), now=now())
    telling.forget_after_commit(session())
    return _back(webhook_id)


@bp.post("/<int:webhook_id>/off")
@require(CHANGE)
def switch_off(webhook_id: int) -> Response:
    subscribing.switch_off(session(), subscribing.get_webhook(session(), webhook_id), actor_id=actor_id(), now=now())
    telling.forget_after_commit(session())
    return _back(webhook_id)


@bp.post("/<int:webhook_id>/delete")
@require(CHANGE)
def delete_webhook(webhook_id: int) -> Response:
    webhook = subscribing.get_webhook(session(), webhook_id)
    subscribing.delete_webhook(session(), webhook, actor_id=actor_id(), now=now())
    telling.forget_after_commit(session())
    flash(_("%(name)s is told nothing any more.", name=webhook.name), "success")
    return redirect(url_for("webhooks.list_webhooks"))


@bp.app_template_filter("trouble_of")
def trouble_of(error: str) -> str:
    """Why a message did not arrive, in words."""
    return why_not_sent(error) or str(_("The receiver cannot be reached."))


@bp.app_template_filter("event_of")
def event_of(body: str) -> str:
    """Of what a message tells."""
    return str(json.loads(body).get("event", ""))


def _facts(form: Form) -> HookFacts:
    data = form.data
    kinds = frozenset(HookKind(each) for each in data["kinds"])
    return HookFacts(data["name"], data["address"], kinds, data["process_key"] or "")


def _page(webhook: Webhook, secret: str = "") -> str:
    return render_template(
        "api/webhook.html",
        webhook=webhook,
        secret=secret,
        kinds=KINDS,
        states=STATES,
        deliveries=subscribing.last_deliveries(session(), webhook),
        bare_code=bare_code,
        at=now(),
    )


def _form_page(form: Form, webhook: Webhook | None = None) -> str:
    language = current_language()
    processes = [
        (each.key, each.model.name.in_language(language) or each.key) for each in engine().store.live(session())
    ]
    return render_template(
        "api/webhook_form.html",
        form=form,
        webhook=webhook,
        kinds=[(kind.value, title) for kind, title in KINDS.items()],
        processes=sorted(processes, key=lambda each: each[1]),
    )


def _back(webhook_id: int) -> Response:
    return redirect(url_for("webhooks.show_webhook", webhook_id=webhook_id))
