"""Pages about notifications: the bell, the list, the wishes of a person, and the live stream."""

import json
from datetime import time

from flask import Flask, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import fields, validate
from werkzeug import Response as BaseResponse

from webapp.core import forms
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import database, db, session
from webapp.core.forms import Form, FormSchema
from webapp.core.i18n import current_language, current_zone
from webapp.core.live import topics_heard
from webapp.core.permissions import actor_id, may, require
from webapp.diary import queries, services
from webapp.diary.models import Notification, NotificationKind
from webapp.diary.sentences import KINDS, Told, tell
from webapp.diary.stream import EventStream, Streams
from webapp.diary.views import bp

RECENT = 8
STREAMS = "notification_streams"


class WishesForm(FormSchema):
    """How a person wants to be told."""

    mail = fields.Boolean(load_default=False)
    quiet_from = fields.Time(required=True, format="%H:%M")
    quiet_until = fields.Time(required=True, format="%H:%M")
    wanted = fields.List(fields.String(validate=validate.OneOf([kind.value for kind in KINDS])), load_default=list)


def set_up(app: Flask) -> None:
    """The bell stands on every page: its count is asked once per request."""
    app.extensions[STREAMS] = Streams()
    app.jinja_env.globals["unread_count"] = unread_count


def unread_count() -> int:
    if "unread_count" not in g:
        g.unread_count = queries.count_unread(session(), actor_id())
    count: int = g.unread_count
    return count


@bp.get("/notifications")
@require("diary.see")
def show_notifications() -> str:
    """All notifications, newest first."""
    return render_template("diary/notifications.html", told=_told(100))


@bp.get("/notifications/recent")
@require("diary.see")
def show_recent() -> str:
    """The list below the bell."""
    return render_template("diary/recent.html", told=_told(RECENT))


@bp.post("/notifications/read")
@require("diary.see")
def mark_all_read() -> BaseResponse:
    """Everything has been seen."""
    services.mark_read(session(), user_id=actor_id(), now=now())
    return redirect(url_for("diary.show_notifications"))


@bp.get("/notifications/<int:notification_id>")
@require("diary.see")
def open_notification_page(notification_id: int) -> BaseResponse:
    """Where a link in a mail leads: to the case; the notification stays unread until the bell is used."""
    found = services.get_notification(session(), user_id=actor_id(), notification_id=notification_id)
    return redirect(_target(found))


@bp.post("/notifications/<int:notification_id>")
@require("diary.see")
def open_notification(notification_id: int) -> BaseResponse:
    """Mark it as read and go to what it is about."""
    found = services.get_notification(session(), user_id=actor_id(), notification_id=notification_id)
    services.mark_read(session(), user_id=actor_id(), now=now(), notification_id=notification_id)
    return redirect(_target(found))


@bp.get("/settings")
@require("diary.see")
def show_settings() -> str:
    """Notifications and the calendar link. `?mute=` is where the link in a mail leads: one button mutes the kind."""
    wish = queries.find_preference(session(), actor_id())
    muted = set(wish.muted.split(","))
    values = {
        "mail": wish.mail,
        "quiet_from": f"{wish.quiet_from:%H:%M}",
        "quiet_until": f"{wish.quiet_until:%H:%M}",
        "wanted": [kind.value for kind in KINDS if kind.value not in muted],
    }
    return _settings_page(Form(values=values))


@bp.post("/settings")
@require("diary.see")
def change_settings() -> BaseResponse | tuple[str, int]:
    """Remember how the person wants to be told."""
    form = forms.read_form(WishesForm())
    if not form.ok:
        return _settings_page(form), 422
    quiet_from: time = form.data["quiet_from"]
    services.save_preference(
        session(),
        user_id=actor_id(),
        mail=form.data["mail"],
        quiet_from=quiet_from,
        quiet_until=form.data["quiet_until"],
        muted=[kind for kind in KINDS if kind.value not in form.data["wanted"]],
    )
    flash(_("Your wishes are saved."), "success")
    return redirect(url_for("diary.show_settings"))


@bp.post("/settings/mute")
@require("diary.see")
def mute() -> BaseResponse:
    """Hear no more of one kind; the way out that every mail offers."""
    wish = queries.find_preference(session(), actor_id())
    kind = NotificationKind(request.form.get("kind", "")) if request.form.get("kind") in set(KINDS) else None
    muted = {NotificationKind(each) for each in wish.muted.split(",") if each} | ({kind} if kind else set())
    services.save_preference(
        session(),
        user_id=actor_id(),
        mail=wish.mail,
        quiet_from=wish.quiet_from,
        quiet_until=wish.quiet_until,
        muted=muted,
    )
    flash(_("You will not hear of this any more."), "success")
    return redirect(url_for("diary.show_settings"))


@bp.get("/stream")
@require("diary.see")
def stream() -> ResponseReturnValue:
    """Server-sent events for one page, also of each ?topic=; 204 when the person has three streams already."""
    user_id = actor_id()
    topics = topics_heard(request.args.getlist("topic"))
    streams: Streams = current_app.extensions[STREAMS]
    if not streams.enter(user_id):
        return Response(status=204)
    opened = database()
    db.session.remove()  # a stream lives for an hour; it must not hold a connection
    answer = Response(EventStream(opened, streams, user_id, topics=topics), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _told(limit: int) -> list[Told]:
    found = queries.find_notifications(session(), actor_id(), limit=limit)
    return tell(session(), found, language=current_language(), zone=current_zone())


def _target(found: Notification) -> str:
    """What it is about: an incident, for who looks after those; else a case."""
    if found.kind is NotificationKind.INCIDENT and may("repair.see"):
        number = json.loads(found.params).get("incident")
        return url_for("repair.show_incident", incident_id=number) if number else url_for("repair.list_incidents")
    if found.kind is NotificationKind.PROCESS:
        return url_for("publishing.show_preview", draft_id=json.loads(found.params)["draft"])
    if found.instance_id is not None:
        return url_for("cases.show_case", instance_id=found.instance_id, task=found.task_id)
    return url_for("diary.show_notifications")


def _settings_page(form: Form) -> str:
    kind = request.args.get("mute", "")
    return render_template(
        "diary/settings.html",
        form=form,
        kinds=[(each.value, title) for each, title in KINDS.items()],
        mute=NotificationKind(kind) if kind in set(KINDS) else None,
        kind_titles=KINDS,
        feed=queries.find_feed(session(), actor_id()),
        base_url=settings().base_url,
    )
