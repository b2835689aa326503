"""Why a step stands still and how a case left its path, in a sentence: the most telling of what is known."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from engine.history.recording import Deviation
from webapp.cases.labels import POSTPONE_REASONS
from webapp.control.findings import DeviationRow
from webapp.control.queries import Colleague, ControlRow
from webapp.core.feature import Text
from webapp.core.formats import format_duration, format_moment
from webapp.customers.labels import CHANNELS
from webapp.customers.models import InteractionChannel
from webapp.kit.answers import lines_in_words
from webapp.staff.roles import BY_NAME

MANY_REMINDERS = 2
NOBODY_KNOWN = Colleague()


def explain(row: ControlRow, people: Mapping[int, Colleague], *, now: datetime, language: str, zone: ZoneInfo) -> Text:
    """Why it stands still, and who has been told of it; in the reader's language."""
    cause = _cause(row, people.get(row.person_id or 0, NOBODY_KNOWN), now=now, language=language, zone=zone)
    facts = row.circumstances
    names = [people[each].name for each in facts.escalated_to if each in people]
    if facts.escalated_at is None or not names:
        return cause
    moment = format_moment(facts.escalated_at, language, zone)
    told = _("Escalated to %(names)s on %(moment)s.", names=", ".join(names), moment=moment)
    return f"{cause} {told}"


def plan_and_fact(row: ControlRow, *, now: datetime, language: str) -> Text:
    """How long the drawing allows for the step, and how long it has been open."""
    if row.task_id is None or row.circumstances.planned is None:
        return ""
    plan = format_duration(row.circumstances.planned, language)
    fact = format_duration(now - row.created_at, language)
    return _("plan %(plan)s, so far %(fact)s", plan=plan, fact=fact)


def explain_deviation(row: DeviationRow, people: Mapping[int, Colleague], language: str) -> Text:
    """What was done otherwise, and why; in the reader's language."""
    payload = row.payload
    if row.kind is Deviation.SKIPPED:
        return _sentences(_("Marked as not needed"), payload.get("reason"))
    if row.kind is Deviation.CORRECTED:
        return _sentences(_("An earlier answer was corrected"), payload.get("reason"))
    if row.kind is Deviation.CONTACT:
        channel = CHANNELS[InteractionChannel(payload["channel"])]
        return _("A contact outside the step: %(channel)s.", channel=channel)
    if row.kind is Deviation.STRANGER:
        name = people.get(int(payload.get("assignee") or 0), NOBODY_KNOWN).name
        return _("Done although the step belonged to %(name)s.", name=name or "–")
    if row.kind is Deviation.OFFER:
        given = payload.get("values") or {}
        return _sentences(_("Left the planned way"), given.get("reason") or given.get("comment"))
    if row.kind is Deviation.LEFT_OUT:
        lines = lines_in_words(payload["lines"], language)
        return _sentences(_("Left out: %(lines)s", lines=lines), payload.get("reason"))
    if row.kind is Deviation.REPAIRED:
        return _sentences(_("Mended by hand"), payload.get("reason"))
    times = int(payload.get("times") or 0)
    postponed = ngettext("Postponed %(num)s time", "Postponed %(num)s times", times)
    return _sentences(postponed, POSTPONE_REASONS.get(payload.get("reason", "")))


def _sentences(*parts: object) -> str:
    return " ".join(f"{str(part).rstrip('.')}." for part in parts if part)


def _cause(row: ControlRow, person: Colleague, *, now: datetime, language: str, zone: ZoneInfo) -> Text:
    def at(moment: datetime) -> str:
        return format_moment(moment, language, zone)

    facts = row.circumstances
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
