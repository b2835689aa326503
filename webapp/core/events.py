"""In-process events: how a slice speaks to those above it, within the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

Listener = Callable[[Any, Session], None]

_listeners: defaultdict[type, list[Listener]] = defaultdict(list)


def subscribe(event_type: type, listener: Listener) -> None:
    """Call the listener for each published event of exactly this type; once, however often it is subscribed."""
    if listener not in _listeners[event_type]:
        _listeners[event_type].append(listener)


def publish(event: object, *, session: Session) -> None:
    """Tell the listeners, in the order of the features. What they raise refuses the act itself."""
    for listener in _listeners[type(event)]:
        listener(event, session)
