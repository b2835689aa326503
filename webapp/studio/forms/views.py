"""What the page of a form asks the server: how it will look, where it is used; and new forms."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from engine.definitions.limits import MAX_BYTES
from engine.definitions.problem_texts import describe
from engine.definitions.problems import DefinitionRejected
from engine.human_tasks.forms import read_form
from webapp.core.choices import choice_sources
from webapp.core.clock import now
from webapp.core.database import reads_first, session
from webapp.core.i18n import LANGUAGES, current_language, current_zone, local_now, say_in
from webapp.core.permissions import actor_id, require
from webapp.core.requests import wants_json
from webapp.core.workflow import engine, source_choices
from webapp.kit.form_view import FormReader
from webapp.studio.access import own_draft, whole_group
from webapp.studio.departments.rules import department_of_process
from webapp.studio.forms import beginning, sources
from webapp.studio.forms.texts import TEXTS
from webapp.studio.models import Draft, DraftKind
from webapp.studio.naming import NAMES
from webapp.studio.uses import Asked, uses_of

bp = Blueprint("forms", __name__, url_prefix="/studio", template_folder="../templates")


class FormIn(Schema):
    """A new form, of a folder or of the department of a process."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=120))
    names = NAMES
    folder = fields.String(load_default="", validate=validate.Regexp(f"^({beginning.FOLDER.pattern})?$"))
    process = fields.String(load_default="", validate=validate.Length(max=120))


class PreviewIn(Schema):
    """The text as it is on the page."""

    body = fields.String(required=True, validate=validate.Length(max=MAX_BYTES))
    language = fields.String(required=True, validate=validate.OneOf(tuple(LANGUAGES)))


@bp.post("/forms")
@require("studio.edit")
def begin_form() -> ResponseReturnValue:
    """A draft of a new form with one field: JSON for a page's script, its page for a browser."""
    whole_group("studio.edit")
    sent = FormIn().load(request.get_json() if request.is_json else _posted())
    folder = sent["folder"] or department_of_process(session(), sent["process"])
    draft = beginning.begin_form(
        session(),
        sent["name"].strip(),
        folder,
        names={current_language(): sent["name"].strip(), **sent["names"]},
        actor_id=actor_id(),
        now=now(),
    )
    address = url_for("drafts.show_draft", draft_id=draft.id)
    return jsonify(key=draft.key, url=address) if wants_json() else redirect(address)


@bp.get("/drafts/<int:draft_id>/form-words")
@require("studio.edit")
def show_words(draft_id: int) -> Response:
    """The words of the page's script, and the lists from which a field can offer records."""
    _draft(draft_id)
    return jsonify(
        texts={name: str(text) for name, text in TEXTS.items()},
        sources=[{"value": value, "name": name} for value, name in sources.named(choice_sources())],
    )


@bp.post("/drafts/<int:draft_id>/preview")
@require("studio.edit")
@reads_first
def show_preview(draft_id: int) -> str:
    """The form as whoever does the step will see it, drawn by the same templates. Nothing is saved."""
    _draft(draft_id)
    asked = PreviewIn().load(request.get_json())
    try:
        form = read_form(asked["body"])
    except DefinitionRejected as refusal:
        language = current_language()
        return render_template(
            "studio/forms/_preview.html", problems=[describe(each, language) for each in refusal.problems]
        )
    reader = FormReader(asked["language"], current_zone(), source_choices)
    with say_in(asked["language"]):
        widgets = reader.widgets(form, {}, {}, {}, local_now())
        return render_template("studio/forms/_preview.html", widgets=widgets, language=asked["language"], problems=[])


@bp.get("/drafts/<int:draft_id>/uses")
@require("studio.edit")
def show_uses(draft_id: int) -> str:
    """Which steps ask this form."""
    draft = _draft(draft_id)
    found = uses_of(session(), engine().kernel, Asked(form=draft.key))
    return render_template("studio/_uses.html", kind="form", uses=found, language=current_language())


def _posted() -> dict[str, Any]:
    return {name: request.form[name] for name in ("name", "folder", "process") if name in request.form}


def _draft(draft_id: int) -> Draft:
    draft = own_draft(draft_id)
    if draft.kind is not DraftKind.FORM:
        abort(404)
    return draft
