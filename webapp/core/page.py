"""What every template may use: the person, his rights, the rail, and where the page is."""

from flask import Flask, request

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
        now=now,
        settings=settings,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def current_path() -> str:
    """This page's address within the application, for forms that come back to it."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
