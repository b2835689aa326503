"""Pages and files: a new process, files brought in, files and bundles taken out, element templates."""

import json
from pathlib import PurePosixPath

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.definitions.problem_texts import describe
from engine.definitions.problems import DefinitionRejected
from engine.errors import BusinessError
from webapp.core.clock import now
from webapp.core.database import begin_writing, forget_and_read, keep_and_read, reads_first, session
from webapp.core.engine_errors import explain
from webapp.core.errors import NotFound
from webapp.core.feature import Text
from webapp.core.i18n import current_language
from webapp.core.permissions import actor_id, require
from webapp.core.publishing import shipped_contents
from webapp.core.workflow import engine
from webapp.studio import drafts
from webapp.studio.access import own_departments, own_draft, whole_group
from webapp.studio.departments.rules import DEPARTMENTS, OWN, department_of
from webapp.studio.editor.catalogue import catalogue
from webapp.studio.exchange import beginnings, bundles
from webapp.studio.exchange.element_templates import element_templates
from webapp.studio.models import Draft, DraftKind
from webapp.studio.naming import KEY, key_from
from webapp.studio.panel.texts import TEXTS

bp = Blueprint("exchange", __name__, template_folder="../templates")


@bp.get("/studio/new")
@require("studio.edit")
def choose_beginning() -> str:
    """Blank, as a copy of what ships, or from files."""
    whole_group("studio.edit")
    return _page()


@bp.post("/studio/new")
@require("studio.edit")
@reads_first
def begin_process() -> ResponseReturnValue:
    """A draft of a process under a name of its own."""
    whole_group("studio.edit")
    name = request.form.get("name", "").strip()[:120]
    key = request.form.get("key", "").strip() or key_from(name)
    if not name:
        return _page(errors={"name": _("Write what the process is called.")}), 422
    if _is_taken(key):
        return _page(errors={"key": _("“%(key)s” is taken. Choose another id.", key=key)}), 422
    if not KEY.fullmatch(key):
        said = _("An id consists of Latin letters, digits and underscores, and begins with a letter.")
        return _page(errors={"key": said}), 422
    origin = request.form.get("origin", "")
    text = beginnings.blank(key, name)
    if origin:
        body = shipped_contents().get(origin)
        models = drafts.models_of_text(body.decode()) if body is not None and origin.endswith(".bpmn") else []
        if not models:
            raise NotFound("process_unknown")
        text = beginnings.renamed((body or b"").decode(), models[0].key, key, name)
    department = request.form.get("department", OWN) or (
        department_of(origin) if origin else next(iter(own_departments()), OWN)
    )
    if department not in DEPARTMENTS:
        abort(422)
    folder = "processes" if department == OWN else f"processes/{department}"
    begin_writing()
    made = drafts.new_draft(session(), DraftKind.PROCESS, f"{folder}/{key}.bpmn", text, actor_id=actor_id(), now=now())
    return redirect(url_for("drafts.show_draft", draft_id=made.id))


@bp.post("/studio/import")
@require("studio.edit")
@reads_first
def bring_files() -> ResponseReturnValue:
    """A draft for every file that can be opened, and a sentence for every other one."""
    whole_group("studio.edit")
    given = [(PurePosixPath(each.filename or "").name, each.read()) for each in request.files.getlist("files")]
    files = [(name, body) for name, body in given if name]
    if not files:
        return _page(errors={"files": _("Choose at least one file.")}), 422
    read = bundles.read_files(files)
    begin_writing()
    brought = bundles.bring(
        session(), read, replace=request.form.get("replace") == "yes", actor_id=actor_id(), now=now()
    )
    opened = [each.draft for each in brought if each.draft is not None]
    if len(brought) == len(opened) == 1:
        flash(_("The file is opened as a draft. Nothing is live yet."), "success")
        return redirect(url_for("drafts.show_draft", draft_id=opened[0].id))
    if opened:
        keep_and_read()
    else:
        forget_and_read()
    told = [(each, _place(each.draft), _sentences(each.refusal) if each.refusal else []) for each in brought]
    return _page(brought=told), 200 if opened or all(each.same for each in brought) else 422


@bp.get("/studio/drafts/<int:draft_id>/file")
@require("studio.edit")
def take_draft(draft_id: int) -> Response:
    """The draft as a file."""
    draft = own_draft(draft_id)
    return _file(draft.body.encode(), f"{PurePosixPath(draft.key).name}{draft.kind.suffix}", "application/octet-stream")


@bp.get("/processes/<key>/bundle")
@require("studio.see")
def take_bundle(key: str) -> Response:
    """What is live of a process, with the forms and tables that it asks."""
    whole_group("studio.see")
    files = bundles.bundle_of(session(), engine().kernel, key)
    return _file(bundles.zipped(files), f"{key}.zip", "application/zip")


@bp.get("/studio/element-templates.json")
@require("studio.see")
def take_templates() -> Response:
    """Element templates for the desktop Modeler, in the reader's language."""
    whole_group("studio.see")
    offered = catalogue(session(), engine().kernel, current_language(), "")
    templates = element_templates(offered, {name: str(text) for name, text in TEXTS.items()})
    body = json.dumps(templates, ensure_ascii=False, indent=2).encode()
    return _file(body, "marshrut-element-templates.json", "application/json")


def _page(
    errors: dict[str, str] | None = None, brought: list[tuple[bundles.Brought, Text, list[str]]] | None = None
) -> str:
    gallery = []
    for path, body in shipped_contents().items():
        models = drafts.models_of_text(body.decode()) if path.endswith(".bpmn") else []
        if models:
            gallery.append((path, models[0].name.in_language(current_language()) or models[0].key))
    return render_template(
        "studio/exchange/new.html",
        gallery=sorted(gallery, key=lambda each: each[1].casefold()),
        departments=own_departments(),
        errors=errors or {},
        values=request.form,
        brought=brought or [],
    )


def _is_taken(key: str) -> bool:
    found = drafts.find_draft(session(), DraftKind.PROCESS, key)
    return found is not None or drafts.live_text(session(), DraftKind.PROCESS, key) is not None


def _place(draft: Draft | None) -> Text:
    """The department that a draft has come to: a file that is live stays where it is."""
    return DEPARTMENTS[department_of(draft.path)] if draft is not None else ""


def _sentences(refusal: BusinessError) -> list[str]:
    """Why a file could not be opened, for people."""
    if isinstance(refusal, DefinitionRejected):
        return [describe(problem, current_language()) for problem in refusal.problems]
    return [explain(refusal) or refusal.code]


def _file(body: bytes, name: str, kind: str) -> Response:
    answer = Response(body, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
