"""The global search: what the slices find, and the pages and acts whose name fits."""

from dataclasses import dataclass

from flask import Blueprint, Flask, current_app, render_template, request
from flask_babel import gettext as _

from webapp.core import navigation
from webapp.core.database import session
from webapp.core.feature import Hit, SearchSource
from webapp.core.permissions import may, signed_in

LIMIT = 6
SHORTEST = 2

bp = Blueprint("search", __name__)


@dataclass(frozen=True)
class Group:
    """Hits of one kind under their heading."""

    title: str
    hits: list[Hit]


def register(app: Flask, sources: tuple[SearchSource, ...]) -> None:
    app.extensions.setdefault("search", []).extend(sources)


@bp.get("/search")
@signed_in
def show_hits() -> str:
    """The list below the input of the palette."""
    text = " ".join(request.args.get("q", "").split())
    return render_template("search_hits.html", groups=find(text), text=text)


def find(text: str) -> list[Group]:
    """What fits the text, by kind; for an empty text the pages and acts, as a reminder of what there is."""
    groups = [Group(_("Actions and pages"), _pages(text))]
    if len(text) >= SHORTEST:
        sources: list[SearchSource] = current_app.extensions.get("search", [])
        found = [
            Group(str(source.title), list(source.find(session(), text, LIMIT)))
            for source in sources
            if may(source.permission)
        ]
        groups = found + groups
    return [group for group in groups if group.hits]


def _pages(text: str) -> list[Hit]:
    wanted = text.casefold()
    links = {link.url: link for link in (*navigation.actions(), *navigation.rail())}
    return [Hit(link.title, "", link.url, link.icon) for link in links.values() if wanted in link.title.casefold()]
