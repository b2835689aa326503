"""Papers without a case: the empty ones for the showroom."""

from urllib.parse import quote

from flask import Blueprint, Response, request

from webapp.core.database import session
from webapp.core.errors import NotFound
from webapp.core.i18n import LANGUAGES, current_language
from webapp.core.papers import Paper, declared_papers
from webapp.core.permissions import actor_id, signed_in
from webapp.kit.pdf import render_pdf
from webapp.papers import services
from webapp.staff.queries import get_user

bp = Blueprint("papers", __name__, url_prefix="/papers", template_folder="templates")


@bp.get("/blank/<name>.pdf")
@signed_in
def show_blank(name: str) -> Response:
    """The empty paper, with the head of the reader's own centre. It shows nothing of anybody."""
    language = request.args.get("language", "")
    paper = require_paper(name)
    centres = [grant.centre_id for grant in get_user(session(), actor_id()).grants if grant.centre_id]
    page = services.blank_page(
        session(),
        paper,
        centre_id=centres[0] if centres else None,
        language=language if language in LANGUAGES else current_language(),
    )
    return pdf_response(render_pdf(page), name)


def require_paper(name: str, *, of: str = "") -> Paper:
    """The declared paper of this name; `of`: the case that must be of its kind. NotFound: paper_unknown."""
    paper = declared_papers().get(name)
    if paper is None or (of and paper.subject != of.rpartition(":")[0]):
        raise NotFound("paper_unknown", f"There is no paper {name}.")
    return paper


def pdf_response(content: bytes, name: str) -> Response:
    """A PDF to look at in the browser; `name` is what it is saved as. It may hold personal data: no cache keeps it."""
    response = Response(content, mimetype="application/pdf")
    # a header is Latin-1, a label may be Cyrillic: RFC 6266
    response.headers.set("Content-Disposition", "inline", **{"filename*": f"UTF-8''{quote(name)}.pdf"})
    response.headers["Cache-Control"] = "private, no-store"
    # the browser's own viewer is a plug-in to its page
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    return response
