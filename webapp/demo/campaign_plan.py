"""Ten campaigns a year: when each begins, and how far it has come by now."""

from datetime import datetime, time, timedelta

from webapp.demo.behaviour import ZONE
from webapp.demo.campaign_course import CampaignCourse, Stage
from webapp.demo.campaign_themes import THEMES

APART = timedelta(days=36.6)  # so the same theme comes round in another year
LATEST = timedelta(days=12)  # so long ago the latest began to write: its answers still count
PREPARATION = timedelta(days=16)
BASE_GROWS = timedelta(days=30)  # a dealer who has just opened has nobody to write to
AHEAD = {1: (Stage.WAITING, timedelta(days=4)), 2: (Stage.BEGUN, timedelta(days=1.5))}  # by place; begun so long ago


def plan_campaigns(begins: datetime, ends: datetime) -> list[CampaignCourse]:
    """All of them, the earliest first, those that are being prepared last; none for a dealer who has just opened."""
    if ends - begins < BASE_GROWS:
        return []
    latest = ends - LATEST
    season = int((latest - latest.replace(month=1, day=1)) / timedelta(days=366) * len(THEMES))
    past = int(max(latest - PREPARATION - BASE_GROWS - begins, timedelta(0)) / APART)
    planned = []
    for place in range(-past, 1 + len(AHEAD)):
        day = latest + place * APART
        stage, ago = AHEAD.get(place, (Stage.WHOLE, ends - _working_day(day) + PREPARATION))
        planned.append(
            CampaignCourse(THEMES[(season + place) % len(THEMES)], day.year, _working_day(day), stage, ends - ago)
        )
    return planned


def _working_day(moment: datetime) -> datetime:
    """Eleven o'clock on that day, or on the Monday after it."""
    day = moment.astimezone(ZONE).date()
    if day.weekday() > 4:
        day += timedelta(days=7 - day.weekday())
    return datetime.combine(day, time(11), ZONE)
