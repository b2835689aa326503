"""The page before a draft goes live, its publication, the versions of a process, and the way back to any of them."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from engine.definitions.comparing import ChangeKind
from engine.definitions.models import ProcessDefinition
from engine.definitions.problems import DefinitionRejected
from engine.migration.looking import Alike
from engine.migration.mapping import read_pairs
from engine.migration.models import CaseStage, MigratedCase
from webapp.cases.drawing import localize
from webapp.core.clock import now
from webapp.core.database import forget_and_read, session
from webapp.core.engine_errors import explain
from webapp.core.errors import Conflict, NotFound
from webapp.core.i18n import current_language
from webapp.core.permissions import actor_id, may, require
from webapp.core.workflow import engine
from webapp.staff.queries import names_of
from webapp.studio import batches, drafts, labels, queries
from webapp.studio.access import own_process, whole_group
from webapp.studio.approval.page import second_look
from webapp.studio.approval.services import approvals_of, digest_of, newest
from webapp.studio.findings.telling import told
from webapp.studio.models import Draft
from webapp.studio.planning import typed_pairs
from webapp.studio.publishing import services
from webapp.studio.publishing.preview import CaseImpact, changed_lines, preview
from webapp.studio.publishing.restoring import Restoring, restoring

bp = Blueprint("publishing", __name__, template_folder="../templates")

MAX_NOTE = 500
NEEDS = {CaseStage.UNMAPPED: "unmapped", CaseStage.BLOCKED: "blocked", CaseStage.FAILED: "blocked"}


@bp.get("/studio/drafts/<int:draft_id>/publish")
@require("studio.see")
def show_preview(draft_id: int) -> str:
    """What would change, and what would become of running cases; the mapping is that of the address."""
    return _page(_draft(draft_id))


@bp.post("/studio/drafts/<int:draft_id>/publish")
@require("studio.publish")
def publish_draft(draft_id: int) -> ResponseReturnValue:
    """Put the draft live; move running cases if that was chosen."""
    whole_group("studio.publish")
    draft = _draft(draft_id)
    key, kind = draft.key, draft.kind
    note = request.form.get("note", "").strip()[:MAX_NOTE]
    moves = request.form.get("running") == "move"
    try:
        done = services.publish(
            session(),
            engine(),
            draft_id,
            digest=request.form.get("digest", ""),
            note=note,
            pairs=typed_pairs(request.form) if moves else None,
            actor_id=actor_id(),
            now=now(),
        )
    except DefinitionRejected:
        forget_and_read()
        return _page(_draft(draft_id)), 422
    except Conflict as conflict:
        forget_and_read()
        return _page(_draft(draft_id), refusal=explain(conflict)), 409
    said = _("Published. It is live for everybody.")
    flash(" ".join(filter(None, (said, _following(done.report.following)))), "success")
    if done.migration is not None:
        migration_id = done.migration.id
        batches.begin(migration_id, apply=True)
        return redirect(url_for("studio.show_migration", migration_id=migration_id))
    if kind == "process":
        return redirect(url_for("publishing.list_versions", key=key))
    return redirect(url_for("studio.list_processes"))


@bp.get("/studio/drafts/<int:draft_id>/marks")
@require("studio.see")
def show_marks(draft_id: int) -> Response:
    """What is new, changed and gone, for the drawing."""
    draft = _draft(draft_id)
    lines = changed_lines(session(), engine().kernel, draft)
    return jsonify({kind.value: [line.element for line in lines if line.kind is kind] for kind in ChangeKind})


@bp.get("/studio/drafts/<int:draft_id>/drawing")
@require("studio.see")
def show_drawing(draft_id: int) -> Response:
    """The drawing in the reader's language: the draft, or with `of=live` what is live."""
    draft = _draft(draft_id)
    text = draft.body
    if request.args.get("of") == "live":
        live = drafts.live_text(session(), draft.kind, draft.key)
        if live is None:
            raise NotFound("nothing_live")
        text = live.text
    return Response(localize(text, current_language()), mimetype="application/xml")


@bp.get("/processes/<key>/versions")
@require("studio.see")
def list_versions(key: str) -> str:
    """Every version that was ever published: when, by whom, why, and how many cases run on it."""
    whole_group("studio.see")
    found = queries.versions_of(session(), key)
    if not found:
        raise NotFound("process_unknown")
    approved = approvals_of(session(), [each.definition_id for each in found])
    involved = {each.published_by for each in found if each.published_by is not None} | set(approved.values())
    people = names_of(session(), involved)
    return render_template(
        "studio/publishing/versions.html",
        key=key,
        title=labels.process_title(queries.newest_of(session(), key)),
        versions=found,
        people=people,
        approved=approved,
    )


@bp.get("/processes/<key>/versions/<int:definition_id>/drawing")
@require("studio.see")
def show_version(key: str, definition_id: int) -> Response:
    """The drawing of a version in the reader's language."""
    whole_group("studio.see")
    queries.version_of(session(), key, definition_id)
    text = session().get_one(ProcessDefinition, definition_id).xml
    return Response(localize(text, current_language()), mimetype="application/xml")


@bp.get("/processes/<key>/versions/<int:definition_id>/again")
@require("studio.publish")
def ask_again(key: str, definition_id: int) -> str:
    """Before an older version goes live again: what changes, and what becomes of running cases."""
    whole_group("studio.publish")
    number = queries.version_of(session(), key, definition_id)
    return render_template(
        "studio/publishing/again.html",
        key=key,
        title=labels.process_title(queries.newest_of(session(), key)),
        definition_id=definition_id,
        number=number,
        restoring=restoring(session(), engine().kernel, key, definition_id),
    )


@bp.post("/processes/<key>/versions/<int:definition_id>/again")
@require("studio.publish")
def publish_again(key: str, definition_id: int) -> ResponseReturnValue:
    """Back to an older version: its text becomes the newest one."""
    old = queries.version_of(session(), key, definition_id)
    own_process(key)
    typed = request.form.get("note", "").strip()[:MAX_NOTE]
    note = _("Back to version %(number)s", number=old)
    note = f"{note}. {typed}" if typed else note
    before = restoring(session(), engine().kernel, key, definition_id)
    try:
        done = services.publish_again(session(), engine(), definition_id, note=note, actor_id=actor_id(), now=now())
    except DefinitionRejected as refusal:
        forget_and_read()
        sentences = "; ".join(each["text"] for each in told(session(), engine().kernel, refusal.problems, None))
        flash(_("It cannot be published as it was: %(problems)s", problems=sentences), "error")
        return redirect(url_for("publishing.list_versions", key=key))
    said = _("Version %(number)s is live again, as the newest version.", number=old)
    flash(" ".join(filter(None, (said, _following(done.following) or _staying(before)))), "success")
    return redirect(url_for("publishing.list_versions", key=key))


def _page(draft: Draft, refusal: str | None = None) -> str:
    asked = newest(session(), draft)
    kept = read_pairs(asked.mapping) if asked is not None else {}
    running = (asked.running if asked is not None else None) or "move"
    found = preview(session(), engine().kernel, draft, pairs=typed_pairs(request.values) or kept or None, now=now())
    look = second_look(session(), engine().kernel, found.together)
    return render_template(
        "studio/publishing/preview.html",
        preview=found,
        draft=draft,
        title=drafts.title_of(draft, current_language()),
        problems=told(session(), engine().kernel, found.problems, draft),
        hindered=_hindered(session(), found.cases) if found.cases is not None else {},
        note=request.values.get("note", asked.note if asked is not None else ""),
        comment=request.values.get("comment", ""),
        moves=request.values.get("running", running) == "move",
        counts=found.counts(),
        callers=[each.name.in_language(current_language()) or each.key for each in found.inside.callers]
        if found.inside is not None
        else [],
        refusal=refusal,
        look=look,
        digest=digest_of(found.together),
        draws=may("studio.edit") and look.need.may_draw(actor_id()),
    )


def _following(cases: int) -> str:
    if not cases:
        return ""
    return str(ngettext("%(num)s running case follows at once.", "%(num)s running cases follow at once.", cases))


def _staying(before: Restoring) -> str:
    """Of those on the version that is live no more."""
    if not before.cases:
        return ""
    return str(
        ngettext(
            "%(num)s case stays on version %(number)s. It can be moved from here.",
            "%(num)s cases stay on version %(number)s. They can be moved from here.",
            before.cases,
            number=before.live,
        )
    )


def _hindered(db: Session, cases: CaseImpact) -> dict[str, list[tuple[str, int, int, str]]]:
    """Why cases cannot be moved: sentence, how many, one of them and its name; by what they need."""
    groups: dict[str, list[tuple[str, int, int, str]]] = {"unmapped": [], "blocked": []}
    hindered = [each for each in cases.impact.alike if each.found.stage in NEEDS]
    titles = queries.titles_of(db, [each.sample for each in hindered])
    for each in hindered:
        groups[NEEDS[each.found.stage]].append((_reason(each, cases), each.cases, each.sample, titles[each.sample]))
    return groups


def _reason(each: Alike, cases: CaseImpact) -> str:
    obstacle = each.found.obstacle
    row = MigratedCase(code="", process="", element="", target="", error=each.found.error)
    if obstacle is not None:
        row.code, row.process, row.element, row.target = (
            obstacle.code,
            obstacle.process,
            obstacle.element,
            obstacle.target,
        )
    return labels.reason(row, cases.old, cases.new)


def _draft(draft_id: int) -> Draft:
    whole_group("studio.see")
    return drafts.draft_of(session(), draft_id)
