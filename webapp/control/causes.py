"""Why a step stands still, in a sentence: the most telling of what is known. Never just "overdue"."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.cases.labels import POSTPONE_REASONS
from webapp.control.queries import Colleague, ControlRow
from webapp.core.feature import Text
from webapp.core.formats import format_moment
from webapp.staff.roles import BY_NAME

MANY_REMINDERS = 2


def cause_of(row: ControlRow, person: Colleague, *, now: datetime, language: str, zone: ZoneInfo) -> Text:
    """One sentence or two, in the reader's language."""

    def at(moment: datetime) -> str:
        return format_moment(moment, language, zone)

    facts = row.circumstances
    if row.skipped_at is not None:
        return _("Passed over: %(reason)s", reason=facts.skip_reason or "–")
    if row.task_id is None:
        return _("The case waits for nothing. Somebody must look at its drawing.")
    if row.sleeps_until is not None and row.sleeps_until > now:
        return _("Postponed until %(moment)s.", moment=at(row.sleeps_until)) + " " + _postponed(row)
    if facts.draft_at is not None:
        return _("Half filled since %(moment)s, not submitted.", moment=at(facts.draft_at))
    if row.is_refusal:
        return _(
            "The customer has refused; the refusal waits for a confirmation since %(moment)s.",
            moment=at(row.created_at),
        )
    if row.assignee_id is None:
        role = BY_NAME[row.role].title if row.role in BY_NAME else row.role
        return _("Waits for “%(role)s”; nobody has taken it since %(moment)s.", role=role, moment=at(row.created_at))
    if person.away_until is not None:
        return _("%(name)s is away until %(moment)s.", name=person.name, moment=at(person.away_until))
    if facts.postponed:
        return _postponed(row)
    if facts.delegated_at is not None:
        return _("Handed over on %(moment)s, nothing done since.", moment=at(facts.delegated_at))
    if facts.reminded >= MANY_REMINDERS:
        return ngettext("%(num)s reminder without an effect.", "%(num)s reminders without an effect.", facts.reminded)
    return _("Open since %(moment)s, nothing has been recorded.", moment=at(row.created_at))


def _postponed(row: ControlRow) -> Text:
    facts = row.circumstances
    if not facts.postponed:
        return ""
    times = ngettext("Postponed %(num)s time.", "Postponed %(num)s times.", facts.postponed)
    reason = POSTPONE_REASONS.get(facts.last_reason)
    return f"{times} {reason}." if reason else times
