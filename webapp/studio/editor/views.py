"""The editor's pages, and what its script asks the server: the text, its turn, what can be chosen, what is wrong."""

from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import Schema, fields, validate

from engine.definitions.limits import MAX_BYTES
from webapp.cases.drawing import localize
from webapp.core.clock import now
from webapp.core.database import forget_and_read, keep_and_read, session
from webapp.core.errors import Conflict, Forbidden
from webapp.core.formats import format_time
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import actor_id, require
from webapp.core.workflow import engine
from webapp.staff.queries import names_of
from webapp.studio import drafts
from webapp.studio.access import own_draft, whole_group
from webapp.studio.approval import services as approval
from webapp.studio.checks import examine_drafts
from webapp.studio.editor.catalogue import catalogue
from webapp.studio.findings.telling import told
from webapp.studio.models import Draft, DraftKind
from webapp.studio.panel.book import book

bp = Blueprint("drafts", __name__, url_prefix="/studio/drafts", template_folder="../templates")

PAGES = {
    DraftKind.PROCESS: "studio/editor/process.html",
    DraftKind.DECISION: "studio/decisions/draft.html",
    DraftKind.FORM: "studio/forms/draft.html",
}


MAX_REV = 2**31 - 1  # what the column holds


class TurnIn(Schema):
    """A page asks for the draft: `token` tells it from other pages."""

    token = fields.String(required=True, validate=validate.Length(min=8, max=64))
    take = fields.Boolean(load_default=False)


class TextIn(Schema):
    """What a page has drawn."""

    token = fields.String(required=True, validate=validate.Length(min=8, max=64))
    rev = fields.Integer(required=True, strict=True, validate=validate.Range(1, MAX_REV))
    body = fields.String(required=True, validate=validate.Length(max=MAX_BYTES))


@bp.post("")
@require("studio.edit")
def open_draft() -> ResponseReturnValue:
    """The draft of what is live under a key; begun where there is none."""
    whole_group("studio.edit")
    kind = request.form.get("kind", "")
    if kind not in set(DraftKind):
        abort(422)
    found = drafts.open_draft(session(), DraftKind(kind), request.form.get("key", ""), actor_id=actor_id(), now=now())
    back = request.form.get("back", type=int)
    return redirect(url_for("drafts.show_draft", draft_id=found.id, back=back, at=request.form.get("at")))


@bp.get("/<int:draft_id>")
@require("studio.edit")
def show_draft(draft_id: int) -> str:
    """The page that draws this kind of file."""
    draft = own_draft(draft_id)
    title = drafts.title_of(draft, current_language())
    return render_template(PAGES[draft.kind], draft=draft, title=title, back=_way_back())


def _way_back() -> tuple[str, str] | None:
    """The drawing from which one came to a form or a table, at its element: address and title."""
    number = request.args.get("back", type=int)
    drawing = session().get(Draft, number) if number is not None else None
    if drawing is None:
        return None
    address = url_for("drafts.show_draft", draft_id=drawing.id, at=request.args.get("at"))
    return address, drafts.title_of(drawing, current_language())


@bp.get("/<int:draft_id>/body")
@require("studio.edit")
def show_body(draft_id: int) -> Response:
    """The text as it was saved last; with `as=read` a drawing in the reader's language, to be looked at only."""
    draft = own_draft(draft_id)
    kind = "application/json" if draft.kind is DraftKind.FORM else "application/xml"
    is_read = request.args.get("as") == "read" and draft.kind is DraftKind.PROCESS
    body = localize(draft.body, current_language()) if is_read else draft.body
    return Response(body, mimetype=kind, headers={"Cache-Control": "no-store", "ETag": f'"{draft.rev}"'})


@bp.get("/<int:draft_id>/book")
@require("studio.edit")
def show_book(draft_id: int) -> Response:
    """What the panel asks for each kind of element, and what can be chosen there."""
    draft = own_draft(draft_id)
    language = current_language()
    return jsonify(**book(), catalogue=catalogue(session(), engine().kernel, language, draft.path), key=draft.key)


@bp.post("/<int:draft_id>/turn")
@require("studio.edit")
def ask_turn(draft_id: int) -> ResponseReturnValue:
    """Whether this page may save; asked again while it is open."""
    draft = own_draft(draft_id)
    asked = TurnIn().load(request.get_json())
    mine = drafts.hold(session(), draft, asked["token"], actor_id=_me(), now=now(), take=asked["take"])
    return jsonify(mine=mine, **_state(draft))


@bp.post("/<int:draft_id>/release")
@require("studio.edit")
def give_up_turn(draft_id: int) -> ResponseReturnValue:
    """The page is closed."""
    drafts.release(session(), own_draft(draft_id).id, str(request.args.get("token", "")))
    return "", 204


@bp.post("/<int:draft_id>/save")
@require("studio.edit")
def save_draft(draft_id: int) -> ResponseReturnValue:
    """Keep what was drawn, and say what would stand in the way of publishing it: telling that holds nobody up."""
    draft = own_draft(draft_id)
    sent = TextIn().load(request.get_json())
    try:
        drafts.save_draft(
            session(), draft, sent["body"], token=sent["token"], rev=sent["rev"], actor_id=_me(), now=now()
        )
    except Conflict as conflict:
        forget_and_read()
        return jsonify(code=conflict.code, **_state(own_draft(draft_id))), 409
    keep_and_read()
    return jsonify(problems=_problems(draft), **_state(draft))


@bp.get("/<int:draft_id>/problems")
@require("studio.edit")
def show_problems(draft_id: int) -> Response:
    """What would stand in the way of publishing the saved text."""
    return jsonify(problems=_problems(own_draft(draft_id)))


@bp.post("/<int:draft_id>/discard")
@require("studio.edit")
def discard_draft(draft_id: int) -> ResponseReturnValue:
    """Throw the draft away; what is live stays."""
    draft = own_draft(draft_id)
    approval.close(session(), draft, None)
    drafts.remove_draft(session(), draft)
    flash(_("The draft is discarded. What is live was not changed."), "success")
    return redirect(url_for("studio.list_processes"))


def _me() -> int:
    person = actor_id()
    if person is None:
        raise Forbidden("not_signed_in")
    return person


def _problems(draft: Draft) -> list[dict[str, Any]]:
    kernel = engine().kernel
    examined = examine_drafts(session(), kernel, drafts.together(session(), draft))
    return told(session(), kernel, examined.problems, draft)


def _state(draft: Draft) -> dict[str, Any]:
    """What every page that has the draft open wants to know of it."""
    people = names_of(session(), {each for each in (draft.held_by, draft.changed_by) if each is not None})
    return {
        "rev": draft.rev,
        "saved": format_time(draft.changed_at, current_zone()),
        "saved_by": people.get(draft.changed_by or 0, ""),
        "held_by": people.get(draft.held_by or 0, ""),
        "own": draft.held_by == actor_id(),
    }
