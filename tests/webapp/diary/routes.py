"""The routes of the diary: everybody's own tasks, notifications and feed."""

from tests.webapp.routes import Route
from webapp.core.permissions import PUBLIC

OWN = "diary.see"

ROUTES: dict[str, Route] = {
    "diary.ask_postpone": Route(OWN),
    "diary.change_settings": Route(OWN),
    "diary.choose_feed_content": Route(OWN),
    "diary.claim": Route(OWN, arguments={"task_id": 0}),
    "diary.explain": Route(OWN, arguments={"task_id": 0}),
    "diary.list_events": Route(OWN),
    "diary.mark_all_read": Route(OWN),
    "diary.mute": Route(OWN),
    "diary.open_notification": Route(OWN, arguments={"notification_id": 0}),
    "diary.open_notification_page": Route(OWN, arguments={"notification_id": 0}),
    "diary.postpone": Route(OWN),
    "diary.release": Route(OWN, arguments={"task_id": 0}),
    "diary.renew_feed": Route(OWN),
    "diary.revoke_feed": Route(OWN),
    "diary.show_calendar": Route(OWN),
    "diary.show_day": Route(OWN),
    "diary.show_feed": Route(PUBLIC, arguments={"token": "unknown"}),
    "diary.show_focus": Route(OWN),
    "diary.show_notifications": Route(OWN),
    "diary.show_recent": Route(OWN),
    "diary.show_settings": Route(OWN),
    "diary.stream": Route(OWN),
}
