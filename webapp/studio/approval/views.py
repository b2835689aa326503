"""Asking for a second look, and giving it."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.errors import BusinessError
from engine.migration.mapping import read_pairs
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import Conflict, RuleViolation
from webapp.core.permissions import actor_id, require
from webapp.core.workflow import engine
from webapp.studio import drafts
from webapp.studio.access import own_draft, whole_group
from webapp.studio.approval import services
from webapp.studio.planning import FIELD, typed_pairs

bp = Blueprint(
    "approval", __name__, url_prefix="/studio/drafts/<int:draft_id>/approval", template_folder="../templates"
)

MAX_NOTE = 500
RUNNING = frozenset({"move", "stay"})


@bp.post("")
@require("studio.edit")
def ask_approval(draft_id: int) -> ResponseReturnValue:
    """Ask everybody who may approve this draft."""
    draft, note = own_draft(draft_id), request.form.get("note", "").strip()[:MAX_NOTE]
    running = request.form.get("running")
    try:
        services.ask(
            session(),
            engine().kernel,
            draft,
            digest=request.form.get("digest", ""),
            note=note,
            running=running if running in RUNNING else None,
            pairs=typed_pairs(request.form),
            actor_id=actor_id(),
            now=now(),
        )
    except (Conflict, RuleViolation) as refusal:
        return _again(draft_id, refusal, note=note, running=running or "", **_mapped())
    flash(_("Asked. You are told as soon as somebody has looked at it."), "success")
    return redirect(url_for("publishing.show_preview", draft_id=draft_id))


@bp.post("/withdrawal")
@require("studio.edit")
def withdraw(draft_id: int) -> ResponseReturnValue:
    """Take the request back; what was typed and chosen stands on the page again."""
    draft = own_draft(draft_id)
    try:
        asked = services.withdraw(session(), engine().kernel, draft, actor_id=actor_id(), now=now())
    except Conflict as refusal:
        return _again(draft_id, refusal)
    flash(_("The request is withdrawn."), "success")
    fields = {
        f"{FIELD}:{process}:{old}": new
        for process, each in read_pairs(asked.mapping).items()
        for old, new in each.items()
    }
    return _back(draft_id, note=asked.note, running=asked.running or "", **fields)


@bp.post("/decision")
@require("studio.approve")
def decide(draft_id: int) -> ResponseReturnValue:
    """Approve the draft as it was shown, or send it back with a word."""
    whole_group("studio.approve")
    approved = request.form.get("answer") == "approve"
    comment = request.form.get("comment", "").strip()[:MAX_NOTE]
    try:
        services.decide(
            session(),
            engine().kernel,
            drafts.draft_of(session(), draft_id),
            digest=request.form.get("digest", ""),
            approved=approved,
            comment=comment,
            actor_id=actor_id(),
            now=now(),
        )
    except (Conflict, RuleViolation) as refusal:
        return _again(draft_id, refusal, comment=comment)
    flash(_("Approved. It can be published now.") if approved else _("Sent back with your words."), "success")
    return redirect(url_for("publishing.show_preview", draft_id=draft_id))


def _mapped() -> dict[str, str]:
    """Where cases of removed steps go on, as it was typed."""
    return {name: value for name, value in request.form.items() if name.startswith(f"{FIELD}:")}


def _again(draft_id: int, refusal: BusinessError, **typed: str) -> ResponseReturnValue:
    """The page as it is now, with what was typed and why it was not done."""
    session().rollback()
    flash(explain(refusal) or refusal.code, "error")
    return _back(draft_id, **typed)


def _back(draft_id: int, **typed: str) -> ResponseReturnValue:
    kept = {name: text for name, text in typed.items() if text}
    return redirect(url_for("publishing.show_preview", draft_id=draft_id, **kept))  # type: ignore[arg-type]
