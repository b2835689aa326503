"""In-process events: how a slice speaks to those above it, within the same transaction."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

Listener = Callable[[Any, Session], None]


def subscribe(app: Flask, event_type: type, listener: Listener) -> None:
    """Call the listener for each event of exactly this type that is published within this application."""
    _listeners(app).setdefault(event_type, []).append(listener)


def publish(event: object, *, session: Session) -> None:
    """Tell the listeners, in the order of the features. What they raise refuses the act itself."""
    for listener in _listeners(current_app).get(type(event), ()):
        listener(event, session)


def _listeners(app: Flask) -> dict[type, list[Listener]]:
    known: dict[type, list[Listener]] = app.extensions.setdefault("listeners", {})
    return known
