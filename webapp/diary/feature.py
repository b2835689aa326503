"""The diary: My day, the calendar, notifications."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from webapp.core.clock import now
from webapp.core.feature import Feature, Job, NavItem, Permission
from webapp.core.i18n import current_zone
from webapp.core.telling import News
from webapp.core.workflow import current_actor
from webapp.diary import calendar_views, notification_views, queries
from webapp.diary.mails import send_pending
from webapp.diary.notifications import follow_incident, write_failed_send, write_news, write_notifications
from webapp.diary.refusals import REFUSALS
from webapp.diary.views import bp
from webapp.integrations.beats import SendFailed


def _count_pressing(session: Session) -> int:
    return queries.count_pressing(session, current_actor(), now=now(), zone=current_zone())


DIARY = Feature(
    name="diary",
    blueprints=(bp,),
    permissions=(Permission("diary.see", _l("Use My day, the calendar and notifications")),),
    navigation=(
        NavItem(
            _l("My day"),
            "diary.show_day",
            "diary.see",
            position=10,
            icon="layout-list",
            phone=True,
            count=_count_pressing,
            key="d",
        ),
        NavItem(_l("Calendar"), calendar_views.ENDPOINT, "diary.see", position=30, icon="calendar", key="w"),
    ),
    listeners=((SendFailed, write_failed_send), (News, write_news)),
    step_listeners=(write_notifications,),
    incident_listeners=(follow_incident,),
    jobs=(Job("notification mails", timedelta(seconds=30), send_pending),),
    refusals=REFUSALS,
    topbar=("diary/bell.html",),
    live="diary.stream",
    setup=notification_views.set_up,
)
