"""What every template may use: the person, his rights, the rail, and where the page is."""

from flask import Flask, current_app, g, request
from werkzeug.exceptions import HTTPException

from webapp.core import navigation
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.permissions import current_identity, may, permission_title
from webapp.core.preferences import current_theme


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        me=current_identity,
        may=may,
        permission_title=permission_title,
        rail=navigation.rail,
        actions=navigation.actions,
        topbar_templates=navigation.topbar_templates,
        live_url=navigation.live_url,
        current_theme=current_theme,
        current_path=current_path,
        return_path=return_path,
        now=now,
        settings=settings,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def current_path() -> str:
    """This page's address within the application, for forms that come back to it."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def return_path() -> str:
    """Where a page that answers a form can be asked for again; "" for a page that was asked for, or without such."""
    if request.method == "GET":
        return ""
    known: str = g.get("return_path", "")
    return known or (request.path if _can_be_asked_for() else "")


def return_to(path: str) -> None:
    """The answer to this form belongs to the page with this address."""
    g.return_path = path


def _can_be_asked_for() -> bool:
    try:
        current_app.create_url_adapter(request).match(method="GET")  # type: ignore[union-attr]  # within a request
    except HTTPException:
        return False
    return True
