"""Four events a year: when each is held, and how far it has come by now."""

from datetime import datetime, time, timedelta

from webapp.demo.behaviour import ZONE
from webapp.demo.event_course import EventCourse, EventStage
from webapp.demo.event_themes import EVENT_THEMES, EventTheme

APART = timedelta(days=91.3)
LATEST = timedelta(days=15)  # so long ago at least the latest was held: it is settled, and its results are counted
PREPARATION = timedelta(days=33)
BASE_GROWS = timedelta(days=30)  # a dealer who has just opened has nobody to invite
# how long until the next ones, and how long ago somebody thought of them
AHEAD = (
    (EventStage.INVITING, timedelta(days=9), timedelta(days=4)),
    (EventStage.WAITING, timedelta(days=34), timedelta(days=3)),
)


def plan_events(begins: datetime, ends: datetime) -> list[EventCourse]:
    """All of them, the earliest first; none for a dealer who has just opened."""
    if ends - begins < BASE_GROWS:
        return []
    past = []
    latest = ends - LATEST
    place = 0
    while True:
        theme = EVENT_THEMES[place % len(EVENT_THEMES)]
        day = _day_of(theme, latest + place * APART - timedelta(days=6))
        if day - PREPARATION < begins + BASE_GROWS:
            break
        past.append(EventCourse(theme, place, day, EventStage.WHOLE, day - PREPARATION))
        place -= 1
    coming = []
    for place, (stage, until, ago) in enumerate(AHEAD, 1):
        theme = EVENT_THEMES[place % len(EVENT_THEMES)]
        coming.append(EventCourse(theme, place, _day_of(theme, ends + until), stage, ends - ago))
    return [*reversed(past), *coming]


def _day_of(theme: EventTheme, since: datetime) -> datetime:
    """The first fitting day of the week from then on, at the hour at which it begins."""
    day = since.astimezone(ZONE).date()
    day += timedelta(days=(theme.weekday - day.weekday()) % 7)
    return datetime.combine(day, time(theme.hour), ZONE)
