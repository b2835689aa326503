"""The page of the event log: whoever studies processes with other tools takes the log from here."""

from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from marshmallow import fields

from engine.history.export.reading import count_cases
from webapp.core import audit
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.forms import Form, FormSchema, choice, day, read_form, text
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import actor_id, current_scope, require
from webapp.core.streaming import streamed
from webapp.core.workflow import engine
from webapp.funnel.event_log import LogFormat, Wish, write_file

bp = Blueprint("event_log", __name__, template_folder="templates")

FORMATS = ((LogFormat.XES, "XES"), (LogFormat.OCEL, "OCEL 2.0"))
TAKE, TAKE_NAMED = "funnel.export_log", "funnel.export_named"


class WishIn(FormSchema):
    """Process, days and format; both days are included."""

    process = text(120)
    first = day()
    last = day()
    format = choice(LogFormat, required=True)
    named = fields.Boolean(load_default=False)


@bp.get("/funnel/log")
@require(TAKE)
def show_form() -> str:
    """What can be had."""
    return _page(Form(values={"format": LogFormat.XES.value}))


@bp.post("/funnel/log")
@require(TAKE)
def take_log() -> Response | tuple[str, int]:
    """The file, written while it is sent. That it was taken stands in the audit log."""
    form = read_form(WishIn())
    if form.ok and form.data.get("process") and form.data["process"] not in _processes():
        form.refuse("process", _("Choose a process from the list."))
    first, last = form.data.get("first"), form.data.get("last")
    if first and last and first > last:
        form.refuse("last", _("The last day is before the first: no case would be in the file."))
    if not form.ok:
        return _page(form), 422
    wish = _wish(form)
    reach = current_scope(TAKE_NAMED if wish.named else TAKE)
    cases = count_cases(session(), wish.chosen(reach))
    audit.record(
        session(),
        action="funnel.log.exported",
        subject=f"funnel.log:{wish.process or 'all'}",
        actor_id=actor_id(),
        now=now(),
        format=wish.format.value,
        named=wish.named,
        since=wish.since,
        until=wish.until,
        cases=cases,
    )
    session().flush()
    pieces = streamed(lambda reading: write_file(reading, wish, reach))
    name = f'attachment; filename="{wish.file_name}"'
    return Response(pieces, mimetype=wish.format.mimetype, headers={"Content-Disposition": name})


def _wish(form: Form) -> Wish:
    first, last = form.data.get("first"), form.data.get("last")
    zone = current_zone()
    return Wish(
        format=LogFormat(form.data["format"]),
        process=form.data.get("process") or "",
        since=datetime.combine(first, time.min, zone).astimezone(UTC) if first else None,
        until=datetime.combine(last + timedelta(days=1), time.min, zone).astimezone(UTC) if last else None,
        named=form.data["named"],
    )


def _processes() -> dict[str, str]:
    store = engine().store
    store.refresh(session())
    names = {each.key: each.model.name.in_language(current_language()) for each in store.live(session())}
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


def _page(form: Form) -> str:
    return render_template(
        "funnel/log.html", form=form, processes=_processes().items(), formats=FORMATS, take_named=TAKE_NAMED
    )
