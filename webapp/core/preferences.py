"""Language and theme for everybody, and whether the session still lives: small routes of every page."""

from flask import Blueprint, Response, jsonify, redirect, request
from flask_wtf.csrf import generate_csrf
from werkzeug import Response as BaseResponse

from webapp.core.i18n import COOKIE, LANGUAGES
from webapp.core.permissions import current_identity, public
from webapp.core.requests import local_path

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
ONE_YEAR = 365 * 24 * 3600

bp = Blueprint("core", __name__)


@bp.post("/preferences")
@public
def set_preferences() -> BaseResponse:
    """Remember language or theme: in a cookie, and with the person when there is one."""
    language, theme = request.form.get("language"), request.form.get("theme")
    answer = redirect(local_path(request.form.get("next")))
    identity = current_identity()
    if language in LANGUAGES:
        answer.set_cookie(COOKIE, language, max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
        if identity:
            identity.prefer(language=language)
    if theme in THEMES:
        answer.set_cookie(
            THEME_COOKIE, theme, max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=request.is_secure
        )
        if identity:
            identity.prefer(theme=theme)
    return answer


@bp.get("/session")
@public
def show_session() -> Response:
    """For an open page: does the session live, and with which CSRF token."""
    if current_identity() is None:
        return jsonify(signed_in=False, csrf="")  # no cookie: it would race with the sign-in of another tab
    return jsonify(signed_in=True, csrf=generate_csrf())


def current_theme() -> str:
    identity = current_identity()
    wished = (identity.theme if identity else None) or request.cookies.get(THEME_COOKIE)
    return wished if wished in THEMES else "auto"
