"""The calendar: the week or the day on a grid and as a list, its JSON, and the feed under a secret link."""

from datetime import UTC, date, datetime, timedelta

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as BaseResponse

from engine.human_tasks.assignment import Actor
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import session
from webapp.core.forms import EARLIEST, LATEST, read_day
from webapp.core.i18n import LANGUAGES, current_zone, say_in
from webapp.core.permissions import actor_id, public, require
from webapp.core.workflow import current_actor
from webapp.diary import queries, services
from webapp.diary.day import DayTask, day_starts
from webapp.diary.feed import write_calendar
from webapp.diary.views import bp

ENDPOINT = "diary.show_calendar"
VIEWS = ("week", "day")
LONGEST_PERIOD = timedelta(days=45)  # a month on the grid with its rims
FEED_BEHIND, FEED_AHEAD = timedelta(days=14), timedelta(days=120)


@bp.get("/calendar")
@require("diary.see")
def show_calendar() -> str:
    """A week or a day. The list below the grid holds the same tasks and works without scripts."""
    zone = current_zone()
    view = request.args.get("view") if request.args.get("view") in VIEWS else "week"
    today = now().astimezone(zone).date()
    chosen = read_day(request.args.get("date")) or today
    first = chosen - timedelta(days=chosen.weekday()) if view == "week" else chosen
    days = [first + timedelta(days=number) for number in range(7 if view == "week" else 1)]
    tasks = queries.find_tasks_between(
        session(), current_actor(), start=day_starts(first, zone), end=day_starts(days[-1] + timedelta(days=1), zone)
    )
    by_day: dict[date, list[DayTask]] = {day: [] for day in days}
    for task in tasks:
        if task.due_at is not None:
            by_day[task.due_at.astimezone(zone).date()].append(task)
    step = timedelta(days=len(days))
    return render_template(
        "diary/calendar.html",
        view=view,
        as_list=request.args.get("as") == "list",
        chosen=chosen,
        today=today,
        days=by_day,
        earlier=chosen - step,
        later=chosen + step,
        moment=now(),
        zone=zone.key,
    )


@bp.get("/calendar/events")
@require("diary.see")
def list_events() -> Response:
    """Tasks of a period for the grid, in the person's own zone, as the grid knows no zones."""
    start, end = _asked_moment("start"), _asked_moment("end")
    if start is None or end is None or not timedelta(0) < end - start <= LONGEST_PERIOD:
        abort(400)
    zone, moment = current_zone(), now()
    tasks = queries.find_tasks_between(session(), current_actor(), start=start, end=end)
    return jsonify(
        [
            {
                "id": str(task.id),
                "start": task.due_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S"),
                "end": (task.due_at + timedelta(minutes=30)).astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S"),
                "title": f"{task.customer}, {task.step}",  # the grid cuts the end, and steps repeat
                "late": task.is_late(moment),
                "url": url_for("cases.show_case", instance_id=task.instance_id, task=task.id),
            }
            for task in tasks
            if task.due_at is not None
        ]
    )


@bp.get("/feed/<token>.ics")
@public
def show_feed(token: str) -> Response:
    """The person's tasks for his calendar programme, which cannot sign in: the secret in the address is the key."""
    found = queries.find_feed_by_hash(session(), services.hash_token(token))
    if found is None:
        abort(404)
    feed, person = found
    moment = now()
    actor = Actor(person.id)
    language = person.language if person.language in LANGUAGES else settings().default_language
    with say_in(language):
        tasks = queries.find_tasks_between(
            session(), actor, start=moment - FEED_BEHIND, end=moment + FEED_AHEAD, language=language
        )
        name = _("Marshrut: my tasks")
    host = settings().base_url.split("//")[-1].split("/")[0].split(":")[0]
    answer = Response(write_calendar(tasks, name=name, host=host, with_names=feed.with_names), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'inline; filename="marshrut.ics"'
    return answer


@bp.post("/feed")
@require("diary.see")
def renew_feed() -> str:
    """Make the link, or make another in its place; shown this once."""
    token = services.renew_feed(session(), user_id=actor_id(), now=now())
    address = settings().base_url.rstrip("/") + url_for("diary.show_feed", token=token)
    return render_template("diary/feed.html", address=address)


@bp.post("/feed/revoke")
@require("diary.see")
def revoke_feed() -> BaseResponse:
    """The link stops working."""
    services.revoke_feed(session(), user_id=actor_id())
    flash(_("The calendar link no longer works."), "success")
    return redirect(url_for("diary.show_settings"))


@bp.post("/feed/content")
@require("diary.see")
def choose_feed_content() -> BaseResponse:
    """Whether customers' names stand in the feed."""
    services.choose_feed_content(session(), user_id=actor_id(), with_names="with_names" in request.form)
    flash(_("Your calendar programme shows it at its next look."), "success")
    return redirect(url_for("diary.show_settings"))


def _asked_moment(name: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    if not EARLIEST <= moment.date() <= LATEST:
        return None
    return (moment.replace(tzinfo=current_zone()) if moment.tzinfo is None else moment).astimezone(UTC)
