"""Who calls the API: the bearer of a token, never of a cookie; with his owner's rights, and not too often."""

from collections.abc import Callable

from flask import Flask, Response, abort, current_app, g, request
from limits import RateLimitItem, parse_many
from sqlalchemy import update
from werkzeug.exceptions import TooManyRequests
from werkzeug.routing import RequestRedirect

from engine.clock import SystemClock
from engine.errors import DatabaseBusy
from webapp.api.models import ApiToken
from webapp.api.tokens import find_token, needs_noting
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import SAFE_METHODS, session, unit_of_work
from webapp.core.errors import Forbidden
from webapp.core.i18n import LANGUAGES
from webapp.core.permissions import Identity, current_identity
from webapp.core.problems import is_api
from webapp.core.rate_limits import limiter
from webapp.core.workflow import engine
from webapp.staff.identity import Person

SCHEME = "bearer"


class Bearer(Person):
    """The owner of a token, as a program that acts for him."""

    def __init__(self, token: ApiToken) -> None:
        super().__init__(token.user, session(), now())
        self.token = token

    @property
    def language(self) -> str | None:
        """What the program asks for, else what the owner reads."""
        return request.accept_languages.best_match(LANGUAGES) or super().language


def set_up(app: Flask) -> None:
    """Run when the application is created: calls of the API are identified by their token alone."""
    by_cookie: Callable[[], Identity | None] = app.extensions["identify"]
    app.extensions["identify"] = lambda: identify() if is_api() else by_cookie()
    # before the application asks who it is: a flood without a token counts as well
    app.before_request_funcs.setdefault(None, []).insert(0, limit_address)
    app.after_request(tell_limit)


def identify() -> Bearer | None:
    """The bearer of the token in the header Authorization."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME:
        return None
    found = find_token(session(), secret.strip(), now=now())
    if found is None:
        return None
    token, newest_deployment = found
    engine().store.notice(session(), newest_deployment)
    if needs_noting(token, now()):
        _note_use(token.id)
    return Bearer(token)


def bearer() -> Bearer:
    """The caller, once the route has let him in."""
    found = current_identity()
    if not isinstance(found, Bearer):
        raise Forbidden("not_signed_in")
    return found


def check_token() -> None:
    """Before each call: a token that only reads changes nothing, and none calls too often."""
    found = current_identity()
    if not isinstance(found, Bearer):
        return  # a public route
    _count("token", settings().api_token_limit, str(found.token.id))
    if found.token.read_only and request.method not in SAFE_METHODS:
        raise Forbidden("token_reads_only")


def limit_address() -> None:
    """Before each call, with a token or without. An address that is only nearly one is no address here."""
    if is_api():
        _count("address", settings().api_address_limit, request.remote_addr or "")
        if isinstance(request.routing_exception, RequestRedirect):
            abort(404)


def tell_limit(response: Response) -> Response:
    """How often the caller may still call, by the limit that was counted last."""
    counted = g.get("counted_limit")
    if counted is not None:
        item, whose = counted
        reset_at, remaining = limiter.limiter.get_window_stats(item, *whose)
        response.headers["RateLimit-Limit"] = str(item.amount)
        response.headers["RateLimit-Remaining"] = str(max(remaining, 0))
        response.headers["RateLimit-Reset"] = str(_seconds_until(reset_at))
    if response.status_code == 401 and is_api():
        response.headers["WWW-Authenticate"] = 'Bearer realm="Marshrut"'
    return response


def _count(kind: str, rule: str, whose: str) -> None:
    """Raises TooManyRequests. Counted in the memory of each process, as sign-ins are."""
    if not current_app.config.get("RATELIMIT_ENABLED", True):
        return
    for item in parse_many(rule):
        g.counted_limit = (item, (f"api-{kind}", whose))
        if not limiter.limiter.hit(item, f"api-{kind}", whose):
            raise TooManyRequests(retry_after=max(_wait(item, kind, whose), 1))


def _wait(item: RateLimitItem, kind: str, whose: str) -> int:
    return _seconds_until(limiter.limiter.get_window_stats(item, f"api-{kind}", whose).reset_time)


def _seconds_until(moment: float) -> int:
    """By the machine's clock: the limiter knows no other."""
    return max(int(moment - SystemClock().now().timestamp()) + 1, 0)


def _note_use(token_id: int) -> None:
    """Reading has a session that cannot write: the moment is kept in a unit of its own, or another time."""
    statement = update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now())
    if request.method not in SAFE_METHODS:
        session().execute(statement)
        return
    try:
        with unit_of_work() as apart:
            apart.execute(statement)
    except DatabaseBusy:
        current_app.logger.info("the use of token %s was not noted: the database was busy", token_id)
