"""Who is expected today, as the sales slice has agreed it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.human_tasks.assignment import Actor
from webapp.core.feature import Text
from webapp.core.workflow import describe_cases
from webapp.diary.day import Visit, day_starts
from webapp.sales.models import SUBJECT, Appointment, AppointmentStatus

STATES: Mapping[AppointmentStatus, tuple[Text, str]] = {
    AppointmentStatus.PLANNED: (_l("Not confirmed"), "is-warn"),
    AppointmentStatus.CONFIRMED: (_l("Confirmed"), "is-ok"),
    AppointmentStatus.ARRIVED: (_l("Arrived"), "is-ok"),
    AppointmentStatus.MISSED: (_l("Did not come"), "is-bad"),
}


def find_visits(session: Session, actor: Actor, *, now: datetime, zone: ZoneInfo) -> list[Visit]:
    """Visits to the person, and to those whose deputy he is, on this local day in their order."""
    start = day_starts(now.astimezone(zone).date(), zone)
    people = sorted({actor.user_id, *actor.represents} - {None}, key=str)
    rows = session.execute(
        select(Appointment.worksheet_id, Appointment.at, Appointment.status)
        .where(
            Appointment.manager_id.in_(people),
            Appointment.at >= start,
            Appointment.at < start + timedelta(days=1),
            Appointment.status.in_(list(STATES)),
        )
        .order_by(Appointment.at)
    ).all()
    labels = describe_cases(session, {f"{SUBJECT}:{row.worksheet_id}" for row in rows}) if rows else {}
    found = []
    for row in rows:
        label = labels[f"{SUBJECT}:{row.worksheet_id}"]
        state, tone = STATES[row.status]
        found.append(Visit(row.at, label.title, label.detail, label.url, str(state), tone))
    return found
