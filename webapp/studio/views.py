"""Pages of the studio: the processes, and moving running cases to another version."""

from collections import Counter
from collections.abc import Callable

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug import Response

from engine.definitions.store import Definition
from engine.migration import runs
from engine.migration.mapping import read_pairs
from engine.migration.models import CaseStage, Migration, MigrationState
from webapp.core.clock import now
from webapp.core.database import session, unit_of_work
from webapp.core.forms import number
from webapp.core.i18n import current_language
from webapp.core.permissions import actor_id, may, require
from webapp.core.workflow import engine
from webapp.staff.queries import names_of
from webapp.studio import batches, labels, library, queries, uses
from webapp.studio.access import own_departments, own_process, whole_group
from webapp.studio.approval.services import waiting
from webapp.studio.departments.rules import DEPARTMENTS, rules_of
from webapp.studio.models import DraftKind
from webapp.studio.planning import plan, typed_pairs

bp = Blueprint("studio", __name__, template_folder="templates")

MAX_NOTE = 500
SHOWN = 8  # elements in the list beside the drawing


@bp.get("/processes")
@require("studio.see")
def list_processes() -> str:
    """Every process with its live version, its cases, drafts and problems; one of them with where its cases stand."""
    whole_group("studio.see")
    live = {definition.key: definition for definition in engine().store.live(session())}
    titles = {key: labels.process_title(definition) for key, definition in live.items()}
    found = library.entries(session(), titles, now())
    moves = queries.migrations(session())
    asked, shown = request.args.get("only", ""), request.args.get("show", "")
    listed = [each for each in found if _is_asked(each, asked)]
    chosen = next((each for each in listed if each.key == shown), listed[0] if listed else None)
    owners = {name: each.owner_id for name, each in rules_of(session()).items() if each.owner_id is not None}
    asked_looks = waiting(session())
    people = _names(
        {each.versions.live.published_by for each in found}
        | {each.actor_id for each in moves}
        | {each.asked_by for each, _draft in asked_looks}
        | set(owners.values())
    )
    return render_template(
        "studio/processes.html",
        entries=listed,
        found=found,
        only=asked,
        chosen=chosen,
        asked_for=chosen is not None and chosen.key == shown,
        standing=_standing(live[chosen.key]) if chosen is not None else [],
        drafts=library.new_drafts(session()) if may("studio.edit") else [],
        departments=DEPARTMENTS,
        titles=titles,
        people=people,
        owners=owners,
        waiting=asked_looks,
        migrations=moves,
        versions=_versions(moves),
        labels=labels,
    )


@bp.get("/processes/<key>/standing")
@require("studio.see")
def show_standing(key: str) -> ResponseReturnValue:
    """How many steps are open at each element, for the drawing."""
    whole_group("studio.see")
    cases, late = Counter[str](), Counter[str]()
    for each in library.standing(session(), queries.newest_of(session(), key).model, now()):
        cases[each.shown_at] += each.cases
        late[each.shown_at] += each.late
    return jsonify(
        tokens=[
            {"element": element, "text": str(number), "tone": "bad" if late[element] else "idle"}
            for element, number in cases.most_common()
        ]
    )


@bp.get("/studio/decisions")
@require("studio.see")
def list_decisions() -> str:
    """Every file of decisions, and who asks it."""
    return _list_files(DraftKind.DECISION)


@bp.get("/studio/forms")
@require("studio.see")
def list_forms() -> str:
    """Every form, and where it is used."""
    return _list_files(DraftKind.FORM)


def _list_files(kind: DraftKind) -> str:
    whole_group("studio.see")
    kernel, language = engine().kernel, current_language()
    live = kernel.store.live(session())

    def used_in(key: str, text: str) -> list[uses.Mention]:
        asked = uses.Asked(form=key) if kind is DraftKind.FORM else uses.asked_of_table(text)
        return uses.mentions(live, kernel.operations, asked, language)

    found = library.files(session(), kind, language, used_in)
    return render_template(
        "studio/files.html",
        kind=kind.value,
        files=found,
        people=_names({each.published_by for each in found}),
        departments=DEPARTMENTS,
        own_departments=own_departments(),
    )


def _is_asked(entry: library.Entry, asked: str) -> bool:
    if asked == "drafts":
        return entry.draft is not None
    if asked == "problems":
        return entry.problems > 0
    return not asked or entry.department == asked


def _standing(definition: Definition) -> list[tuple[str, library.Standing]]:
    """The elements where most cases stand, by their names."""
    found = library.standing(session(), definition.model, now())[:SHOWN]
    named = []
    for each in found:
        element = definition.find(each.element)
        named.append((labels.element_title(element) if element is not None else each.element, each))
    return named


@bp.get("/processes/<key>/move")
@require("studio.publish")
def show_plan(key: str) -> str:
    """What two versions differ in, and what is to become of steps that are gone."""
    whole_group("studio.publish")
    old = queries.definition_of(session(), key, request.args.get("from", type=number))
    new = queries.newest_of(session(), key)
    if "to" in request.args:
        new = queries.definition_of(session(), key, request.args.get("to", type=number))
    if old.id == new.id:
        abort(404)
    again = request.args.get("again", type=number)
    known = queries.migration_of(session(), again) if again is not None else None
    pairs = read_pairs(known.mapping) if known is not None else None
    drawn = plan(old, new, queries.standing_at(session(), old.id), pairs)
    cases = {version.definition_id: version.open_cases for version in _all_versions(key)}
    return render_template(
        "studio/plan.html",
        plan=drawn,
        title=labels.process_title(new),
        note=known.note if known is not None else "",
        again=again,
        cases=cases.get(old.id, 0),
        labels=labels,
    )


@bp.post("/processes/<key>/move")
@require("studio.publish")
def check_plan(key: str) -> Response:
    """Write the plan down and try it over all open cases; nothing of them is changed."""
    own_process(key)
    old = queries.definition_of(session(), key, request.args.get("from", type=number))
    new = queries.definition_of(session(), key, request.args.get("to", type=number))
    replaced = request.form.get("again", type=number)
    if replaced is not None:
        earlier = queries.migration_of(session(), replaced)
        if earlier.process_key == key and earlier.state in {MigrationState.CHECKING, MigrationState.CHECKED}:
            runs.discard(session(), earlier)
    planned = runs.plan(
        session(),
        engine().kernel,
        from_id=old.id,
        to_id=new.id,
        pairs=typed_pairs(request.form),
        note=request.form.get("note", "").strip()[:MAX_NOTE],
        actor_id=actor_id(),
        now=now(),
    )
    return _go(planned)


@bp.get("/migrations/<int:migration_id>")
@require("studio.see")
def show_migration(migration_id: int) -> str:
    """How far a migration is, what was found, and case by case."""
    whole_group("studio.see")
    migration = queries.migration_of(session(), migration_id)
    change = runs.change_for(session(), engine().kernel, migration)
    counts = runs.counts(session(), migration.id)
    asked = request.args.get("stage", "")
    stage = CaseStage(asked) if asked in set(CaseStage) else None
    page = max(request.args.get("page", 1, type=number), 1)
    return render_template(
        "studio/migration.html",
        migration=migration,
        change=change,
        title=labels.process_title(change.new),
        counts=counts,
        pairs=[
            (labels.title_in(change.old, process, old), labels.title_in(change.new, process, new))
            for process, pairs in change.pairs.items()
            for old, new in pairs.items()
        ],
        groups=queries.groups_of(session(), migration.id),
        stage=stage,
        lines=queries.cases_of(session(), migration.id, stage, page) if stage is not None else [],
        page=page,
        pages=-(-counts.get(stage, 0) // queries.PAGE) if stage is not None else 0,
        people=_names({migration.actor_id}),
        labels=labels,
        is_live=queries.newest_of(session(), migration.process_key).id == change.new.id,
        **_progress(migration, counts),
    )


@bp.get("/migrations/<int:migration_id>/progress")
@require("studio.see")
def show_progress(migration_id: int) -> ResponseReturnValue:
    """The bar alone, while batches run; the whole page is loaded anew when they are through."""
    whole_group("studio.see")
    migration = queries.migration_of(session(), migration_id)
    if not migration.state.goes_on:
        return "", 204, {"HX-Refresh": "true"}
    counts = runs.counts(session(), migration.id)
    return render_template("studio/_progress.html", migration=migration, labels=labels, **_progress(migration, counts))


@bp.post("/migrations/<int:migration_id>/apply")
@require("studio.publish")
def apply_migration(migration_id: int) -> Response:
    """Move every case that can be moved."""
    return _act(migration_id, lambda found: runs.apply(session(), found, now=now()))


@bp.post("/migrations/<int:migration_id>/stop")
@require("studio.publish")
def stop_migration(migration_id: int) -> Response:
    """Leave the rest where it is."""
    return _act(migration_id, lambda found: runs.stop(session(), found))


@bp.post("/migrations/<int:migration_id>/undo")
@require("studio.publish")
def undo_migration(migration_id: int) -> Response:
    """Put the moved cases back."""
    return _act(migration_id, lambda found: runs.undo(session(), found, now=now()))


@bp.post("/migrations/<int:migration_id>/discard")
@require("studio.publish")
def discard_migration(migration_id: int) -> Response:
    """Forget a plan that was not carried out."""
    migration = queries.migration_of(session(), migration_id)
    own_process(migration.process_key)
    runs.discard(session(), migration)
    flash(_("The plan is discarded. No case was changed."), "success")
    return redirect(url_for("studio.list_processes"))


def carry_on() -> None:
    """The job: the batches that requests have left over."""
    runs.carry_on(unit_of_work, engine().kernel, now)


def _act(migration_id: int, act: Callable[[Migration], None]) -> Response:
    migration = queries.migration_of(session(), migration_id)
    own_process(migration.process_key)
    act(migration)
    return _go(migration)


def _go(migration: Migration) -> Response:
    migration_id = migration.id
    batches.begin(migration_id)
    return redirect(url_for("studio.show_migration", migration_id=migration_id))


def _progress(migration: Migration, counts: dict[CaseStage, int]) -> dict[str, int]:
    """How many cases are through with what is being done at the moment."""
    left = {
        MigrationState.CHECKING: CaseStage.WAITING,
        MigrationState.APPLYING: CaseStage.SAFE,
        MigrationState.UNDOING: CaseStage.MOVED,
    }.get(migration.state)
    whole = sum(counts.values())
    return {"done": whole - (counts.get(left, 0) if left is not None else 0), "whole": whole}


def _names(ids: set[int | None]) -> dict[int, str]:
    return names_of(session(), {each for each in ids if each is not None})


def _versions(moves: list[Migration]) -> dict[int, int]:
    """Numbers of the versions that these migrations name, by id."""
    return queries.numbers_of(session(), {each.from_id for each in moves} | {each.to_id for each in moves})


def _all_versions(key: str) -> list[queries.Version]:
    (found,) = [each for each in queries.processes(session()) if each.key == key]
    return [found.live, *found.older]
