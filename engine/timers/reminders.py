"""When a human task is due, when its people are reminded, and when somebody above them hears of it.

The grammars of the properties `due`, `reminders` and `escalate`:

    due        = duration | "=" FEEL giving a date and time, a date, a duration or null
    reminders  = offset {"," offset}
    escalate   = rule {";" rule}
    rule       = (percent "%" | offset) ["min" duration] ["max" duration] "to" ("head" | "owner" | role)
    offset     = ISO 8601 duration from the due moment, "-" before it

All durations are working time (engine.timers.calendars). A percentage is a share of the allowed time, which
runs from the task's creation to its due moment; `min` and `max` bound the distance from the due moment.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.errors import BusinessError
from engine.timers.calendars import LONGEST, WorkingCalendar
from engine.timers.iso import YearsMonths, parse_duration

Duration = timedelta | YearsMonths

HEAD = "head"  # the direct head of the assignee
OWNER = "owner"  # the owner of the case; every other target is a role

_RULE = re.compile(
    r"(?:(?P<share>\d{1,4})\s*%|(?P<offset>-?P\S+))"
    r"(?:\s+min\s+(?P<least>P\S+))?(?:\s+max\s+(?P<most>P\S+))?\s+to\s+(?P<target>[a-z][a-z0-9_]*)"
)


@dataclass(frozen=True)
class EscalationRule:
    """One rule of `escalate`: a share of the allowed time in percent, or an offset from the due moment."""

    target: str
    share: int | None = None
    offset: Duration | None = None
    least: Duration | None = None
    most: Duration | None = None


@dataclass(frozen=True)
class PlannedEscalation:
    """At this moment (UTC) the target is told: `head`, `owner`, or a role."""

    at: datetime
    target: str


def plan_due(
    text: str | None, *, created: datetime, calendar: WorkingCalendar, evaluate: Callable[[str], object]
) -> datetime | None:
    """The due moment in UTC; None when the property is absent or its expression gives null.

    A date and time from an expression is an appointment and stays as it is, in the calendar's zone if it has
    none; a date means the closing of that day, or of the next working day.
    `evaluate` gets the FEEL text without the leading "=". BusinessError: due_unreadable, due_not_a_time, due_too_far.
    """
    if not text or not text.strip():
        return None
    given = parse_due(text)
    value = evaluate(given) if isinstance(given, str) else given
    if value is None:
        return None
    due = _moment(value, created, calendar)
    if abs(due - created) > LONGEST:
        raise BusinessError("due_too_far", due=due)
    return due


def plan_reminders(
    text: str | None, *, created: datetime, due: datetime | None, calendar: WorkingCalendar
) -> list[datetime]:
    """Moments in order, each once. Those before the creation are dropped; if none is left, one at the creation."""
    if due is None:
        return []
    offsets = parse_reminders(text)
    moments = {_from_due(due, offset, calendar) for offset in offsets}
    return sorted(moment for moment in moments if moment >= created) or [created] * bool(offsets)


def plan_escalations(
    text: str | None, *, created: datetime, due: datetime | None, calendar: WorkingCalendar
) -> list[PlannedEscalation]:
    """Who is told when, in order; nobody before the creation of the task."""
    if due is None:
        return []
    planned = {
        PlannedEscalation(max(created, _escalation_moment(rule, created, due, calendar)), rule.target)
        for rule in parse_escalations(text)
    }
    return sorted(planned, key=lambda escalation: (escalation.at, escalation.target))


def parse_due(text: str) -> Duration | str:
    """A duration, or the FEEL text behind the "=". BusinessError: due_unreadable."""
    text = text.strip()
    if text.startswith("="):
        return text[1:].strip()
    duration = _duration(text, "due_unreadable")
    if _is_negative(duration):
        raise BusinessError("due_unreadable", text=text)
    return duration


@lru_cache(maxsize=1024)
def parse_reminders(text: str | None) -> tuple[Duration, ...]:
    """Offsets from the due moment. BusinessError: reminders_unreadable, with the part that is wrong."""
    return tuple(_duration(part, "reminders_unreadable") for part in _parts(text, ","))


@lru_cache(maxsize=1024)
def parse_escalations(text: str | None) -> tuple[EscalationRule, ...]:
    """Rules as drawn. BusinessError: escalate_unreadable, with the part that is wrong."""
    return tuple(_rule(part) for part in _parts(text, ";"))


def _parts(text: str | None, separator: str) -> list[str]:
    return [part.strip() for part in text.split(separator)] if text and text.strip() else []


def _rule(part: str) -> EscalationRule:
    found = _RULE.fullmatch(part)
    if not found:
        raise BusinessError("escalate_unreadable", text=part)
    offset, least, most = (
        _duration(found[name], "escalate_unreadable") if found[name] else None for name in ("offset", "least", "most")
    )
    if isinstance(least, timedelta) and isinstance(most, timedelta) and least > most:
        raise BusinessError("escalate_unreadable", text=part)
    share = int(found["share"]) if found["share"] else None
    return EscalationRule(found["target"], share, offset, least, most)


def _duration(text: str, code: str) -> Duration:
    try:
        return parse_duration(text)
    except BusinessError as error:
        raise BusinessError(code, text=text) from error


def _is_negative(duration: Duration) -> bool:
    return duration.months < 0 if isinstance(duration, YearsMonths) else duration < timedelta(0)


def _negated(duration: Duration) -> Duration:
    return YearsMonths(-duration.months) if isinstance(duration, YearsMonths) else -duration


def _moment(value: object, created: datetime, calendar: WorkingCalendar) -> datetime:
    if isinstance(value, timedelta | YearsMonths):
        return calendar.add(created, value)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(calendar.zone))).astimezone(UTC)
    if isinstance(value, date):
        return calendar.closing_of(value)
    raise BusinessError("due_not_a_time", value=value)


def _from_due(due: datetime, offset: Duration, calendar: WorkingCalendar) -> datetime:
    """Counted in working time; an offset of nothing is the due moment even when that is a closed one."""
    if offset in (timedelta(0), YearsMonths(0)):
        return due
    moment = calendar.add(due, offset)
    return min(moment, due) if _is_negative(offset) else moment


def _escalation_moment(rule: EscalationRule, created: datetime, due: datetime, calendar: WorkingCalendar) -> datetime:
    if rule.share is None:
        before = rule.offset is not None and _is_negative(rule.offset)
        moment = _from_due(due, rule.offset or timedelta(0), calendar)
    else:
        before = rule.share < 100
        allowed = max(calendar.working_time(created, due), timedelta(0))
        distance = allowed * (rule.share - 100) / 100
        moment = calendar.add_working_time(due, distance) if distance else due
    if rule.least is not None:
        moment = (min if before else max)(moment, _distant(due, rule.least, before, calendar))
    if rule.most is not None:
        moment = (max if before else min)(moment, _distant(due, rule.most, before, calendar))
    return moment


def _distant(due: datetime, distance: Duration, before: bool, calendar: WorkingCalendar) -> datetime:
    return _from_due(due, _negated(distance) if before else distance, calendar)
