"""What a form fetches and sends while it is filled in: files, and records that are found by typing."""

from flask import Blueprint, Response, jsonify, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.cases import services
from webapp.core import choices
from webapp.core.clock import now
from webapp.core.database import database, session
from webapp.core.errors import NotFound, RuleViolation
from webapp.core.i18n import current_language
from webapp.core.permissions import actor_id, require
from webapp.kit import files

bp = Blueprint("case_files", __name__)

SHOWN = frozenset({"image/png", "image/jpeg", "image/webp", "application/pdf"})  # a browser may open these itself
FOUND_AT_MOST = 20


@bp.post("/cases/<int:instance_id>/files")
@require("cases.change")
def add_file(instance_id: int) -> ResponseReturnValue:
    """Put one file on the shelf of a case; a form names it afterwards."""
    services.require_case(session(), instance_id)
    given = request.files.get("file")
    if given is None:
        raise RuleViolation("file_missing")
    with given.stream as stream:
        data = stream.read()
    stored = files.store(
        session(),
        data,
        name=given.filename or "",
        instance_id=instance_id,
        actor_id=actor_id(),
        at=now(),
    )
    url = url_for("case_files.show_file", instance_id=instance_id, sha256=stored.sha256)
    return jsonify(
        file=stored.sha256,
        name=stored.name,
        size=stored.size,
        image=stored.type.startswith("image/"),
        url=url,
    ), 201


@bp.get("/cases/<int:instance_id>/files/<sha256>")
@require("cases.see")
def show_file(instance_id: int, sha256: str) -> Response:
    """A file, for whoever may see the case it belongs to."""
    if not services.is_case_in_sight(session(), instance_id):
        raise NotFound("case_unknown", f"There is no case {instance_id}.")
    found = files.find_file(session(), instance_id, sha256)
    path = files.path_of(sha256) if found else None
    if found is None or path is None or not path.is_file():
        raise NotFound("file_unknown", "There is no such file.")
    inline = found.type in SHOWN
    answer = send_file(path, mimetype=found.type, as_attachment=not inline, download_name=found.name, etag=sha256)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; object-src 'self'; frame-ancestors 'self'"
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@bp.get("/choices/<source>")
@require("cases.change")
def find_choices(source: str) -> ResponseReturnValue:
    """Records of a source whose names hold the typed words, best first; or the one with this value."""
    value = request.args.get("value", "")
    if value:
        found = choices.named(session(), source, current_language(), value)
    else:
        typed = request.args.get("q", "")[:100]
        found = choices.search(session(), source, current_language(), typed, FOUND_AT_MOST)
    if found is None:
        raise NotFound("source_unknown", f"There is no source {source}.")
    return jsonify([{"value": each.value, "label": each.label, "group": each.group} for each in found])


def remove_forgotten_files() -> None:
    """Files that were added to a draft which is gone, or taken out of one, leave after some days."""
    with database().write() as opened:
        gone = files.remove_forgotten(opened, at=now())
    files.discard(gone, at=now())
