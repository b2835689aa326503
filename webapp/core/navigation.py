"""The rail, the bottom bar of the phone, and the menu under New: what this person may open."""

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for

from webapp.core.database import session
from webapp.core.feature import Feature, NavGroup, NavItem
from webapp.core.permissions import current_identity, may


@dataclass(frozen=True)
class Link:
    """One entry as it is drawn."""

    title: str
    short: str  # for the bottom bar
    url: str
    icon: str
    current: bool
    count: int | None
    phone: bool
    key: str
    group: NavGroup


def register(app: Flask, feature: Feature) -> None:
    app.extensions.setdefault("navigation", []).extend(feature.navigation)
    app.extensions.setdefault("actions", []).extend(feature.actions)
    app.extensions.setdefault("topbar", []).extend(feature.topbar)
    if feature.live:
        app.extensions["live"] = feature.live


def rail() -> list[Link]:
    """Entries of the rail in their order; the group changes where a heading belongs."""
    return _links("navigation")


def actions() -> list[Link]:
    """What can be created from anywhere."""
    return _links("actions")


def topbar_templates() -> list[str]:
    found: list[str] = current_app.extensions.get("topbar", [])
    return found


def live_url(topics: str = "") -> str:
    """Where server-sent events come from; empty when no slice offers them. `topics`: names with blanks between them."""
    endpoint = current_app.extensions.get("live")
    return url_for(endpoint, topic=topics.split() or None) if endpoint else ""


def first_page() -> str:
    """Where a person lands who asked for no page in particular: the home of his role, else the first entry."""
    identity = current_identity()
    roles = {role for role, _ in identity.actor().roles} if identity else set()
    visible = _visible("navigation")
    home = next((item for item in visible if roles & set(item.home_of)), visible[0] if visible else None)
    return url_for(home.endpoint, **home.arguments) if home else url_for("staff.show_profile")


def _visible(kind: str) -> list[NavItem]:
    items: list[NavItem] = current_app.extensions.get(kind, [])
    mine = (item for item in items if may(item.permission) and (item.useful is None or item.useful(session())))
    return sorted(mine, key=lambda item: (item.group, item.position))


def _links(kind: str) -> list[Link]:
    visible = [(item, url_for(item.endpoint, **item.arguments)) for item in _visible(kind)]
    covered = [(path, url) for item, url in visible for path in (url, *item.also) if _is_within(request.path, path)]
    _path, here = max(covered, key=lambda found: len(found[0]), default=("", ""))
    return [
        Link(
            title=str(item.title),
            short=str(item.short or item.title),
            url=url,
            icon=item.icon,
            current=url == here,
            count=item.count(session()) if item.count else None,
            phone=item.phone,
            key=item.key,
            group=item.group,
        )
        for item, url in visible
    ]


def _is_within(path: str, url: str) -> bool:
    return path == url or path.startswith(url.rstrip("/") + "/")
