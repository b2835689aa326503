"""How often one address may try something: counted in the memory of each process."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

View = TypeVar("View", bound=Callable[..., Any])

limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")


def init_app(app: Flask) -> None:
    app.config.setdefault("RATELIMIT_HEADERS_ENABLED", False)
    limiter.init_app(app)


def limit(rule: Callable[[], str]) -> Callable[[View], View]:
    """At most so many requests of one address to this route; the rule reads like "10 per minute; 60 per hour"."""
    state: Callable[[View], View] = limiter.limit(rule)
    return state
