"""The guide in the product: its chapters in the reader's language, and their pictures."""

from pathlib import Path

from flask import Blueprint, Response, abort, render_template, request, url_for
from werkzeug.security import safe_join

from webapp.core.i18n import current_language
from webapp.core.permissions import require
from webapp.studio.guide.chapters import BY_NAME, CHAPTERS, CONTENTS, PICTURES, Chapter
from webapp.studio.guide.rendering import render

bp = Blueprint("guide", __name__, url_prefix="/studio/guide", template_folder="../templates")

AN_HOUR = 3600


@bp.get("")
@require("studio.see")
def show_contents() -> str:
    """The first page: what there is, and the shortest way from a wish to a change."""
    return _show(CONTENTS)


@bp.get("/<name>")
@require("studio.see")
def show_chapter(name: str) -> str:
    """One chapter."""
    if name not in BY_NAME:
        abort(404)
    return _show(BY_NAME[name])


@bp.get("/pictures/<name>")
@require("studio.see")
def show_picture(name: str) -> Response:
    """A picture of a chapter. It is small: read at once, so that nothing stays open when the reader leaves."""
    path = safe_join(str(PICTURES), name)
    if path is None or not Path(path).is_file():
        abort(404)
    answer = Response(Path(path).read_bytes(), mimetype="image/webp")
    answer.cache_control.max_age = AN_HOUR
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _show(chapter: Chapter) -> str:
    language, root = current_language(), url_for("guide.show_contents")
    pages = [render(each, language, root) for each in CHAPTERS]
    here = CHAPTERS.index(chapter) if chapter in CHAPTERS else -1
    return render_template(
        "studio/guide/chapter.html",
        page=render(chapter, language, root),
        pages=pages,
        before=pages[here - 1] if here > 0 else None,
        after=pages[here + 1] if here + 1 < len(pages) else None,
    )
