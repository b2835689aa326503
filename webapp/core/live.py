"""What open pages may hear of without reload, besides notifications: topics that slices declare, each with a state.

A page names its topics in the block `live_topics`; when the state of one changes, the body of the page gets the event
"live:<name>", on which htmx asks for the part of the page anew. The stream itself belongs to webapp.diary.
"""

from collections.abc import Callable, Iterable, Mapping

from flask import Flask, current_app
from sqlalchemy.orm import Session

from webapp.core.feature import LiveTopic
from webapp.core.permissions import scope_if_any

# reads what is compared from one look to the next
ReadState = Callable[[Session], object]


def register(app: Flask, topics: Iterable[LiveTopic]) -> None:
    app.extensions.setdefault("live_topics", {}).update({topic.name: topic for topic in topics})


def topics_heard(names: Iterable[str]) -> Mapping[str, ReadState]:
    """Those of the named topics that exist and that the person who asks may hear, each for his reach."""
    known: Mapping[str, LiveTopic] = current_app.extensions.get("live_topics", {})
    heard = {}
    for topic in filter(None, map(known.get, names)):
        scope = scope_if_any(topic.permission)
        if scope is not None:
            heard[topic.name] = topic.listen(scope)
    return heard
