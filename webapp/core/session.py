"""What protects a browser's session: cookies, the CSRF token, and the headers of every answer."""

from datetime import timedelta
from typing import Any

from flask import Flask, Response, abort, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from webapp.core import permissions
from webapp.core.config import Settings
from webapp.core.forms import LARGEST_NUMBER

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

csrf = CSRFProtect()


class RecordNumber(IntegerConverter):
    """`<int:…>` of an address: a number that no record can have is an unknown address, not a broken statement."""

    def __init__(self, *options: Any, **more: Any) -> None:
        super().__init__(*options, **{"max": LARGEST_NUMBER, **more})


class PageSessions(SecureCookieSessionInterface):
    """The cookie is renewed by pages, not by what a page asks for in the background.

    Such an answer would carry the session as it was when its request left. Arriving late, it would undo a
    sign-in or swallow a message that was written meanwhile; and a forgotten open page would never be idle.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether this answer carries the cookie: the session changed, or a page was opened."""
        return session.modified or (session.permanent and _is_page())


def _is_page() -> bool:
    return "text/html" in request.headers.get("Accept", "") and "HX-Request" not in request.headers


def init_app(app: Flask) -> None:
    """Install the checks. The route's rule is asked before the CSRF token: a lost session is told as such."""
    chosen: Settings = app.extensions["settings"]
    app.session_interface = PageSessions()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if chosen.secure_cookies else "session",
        SESSION_COOKIE_SECURE=chosen.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=chosen.session_hours),
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session
        WTF_CSRF_HEADERS=["X-CSRF-Token"],
    )
    if chosen.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=chosen.proxies, x_proto=chosen.proxies, x_host=chosen.proxies
        )
    app.url_map.converters["int"] = RecordNumber
    app.before_request(permissions.enforce)
    app.before_request(limit_typed_forms)
    app.before_request(refuse_null_characters)
    csrf.init_app(app)
    app.after_request(protect)


def limit_typed_forms() -> None:
    """A form without files is read whole, and Werkzeug limits only the others: what nobody types is refused unread."""
    if request.mimetype == "application/x-www-form-urlencoded":
        known = current_app.config
        request.max_content_length = min(known["MAX_FORM_MEMORY_SIZE"], known["MAX_CONTENT_LENGTH"])


def refuse_null_characters() -> None:
    """PostgreSQL keeps no text with U+0000, and nobody types it: such a request is refused as a whole."""
    texts = [request.path, *(text for pair in request.values.items(multi=True) for text in pair)]
    if any("\0" in text for text in texts) or (request.is_json and rb"\u0000" in request.get_data()):
        abort(400)


def protect(response: Response) -> Response:
    """Add the headers; pages are never kept by a cache, built files have their own rule."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
