"""Is the installation well? What a monitor asks every minute, and what the administrator reads.

Figures come from indexes and from the heartbeats; nothing here loads a case.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select, text, true
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine import heartbeat, outbox
from engine.history.models import LogSeal, LogVerification
from engine.incidents import Incident
from engine.timers import due_rows
from webapp.core import migrations
from webapp.core.feature import Job
from webapp.core.formats import is_moment

BEATS_MISSED = 6  # of a job, until its scheduler counts as gone
LEAST_PATIENCE = timedelta(minutes=1)
LATE, MUCH_TOO_LATE = timedelta(minutes=2), timedelta(minutes=15)  # a due row
MAIL_LATE = timedelta(hours=1)
LITTLE_SPACE, NO_SPACE = 2 << 30, 200 << 20  # bytes


class Part(StrEnum):
    TABLES = "tables"
    SCHEDULER = "scheduler"
    DUE = "due"
    OUTBOX = "outbox"
    INCIDENTS = "incidents"
    DISK = "disk"
    SEALS = "seals"


class Tone(StrEnum):
    """How it stands. Only what is `bad` makes a monitor call somebody."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Check:
    """One part with what was found. `facts` are numbers, spans and names for the sentence."""

    part: Part
    tone: Tone
    finding: str = ""  # a code; "": nothing to say
    facts: Mapping[str, object] = field(default_factory=dict)


def examine(session: Session, jobs: Sequence[Job], data: Path, *, now: datetime) -> list[Check]:
    """Every part in the order of the page. Seven statements."""
    return [
        _tables(session),
        _scheduler(session, jobs, now),
        _due(session, now),
        _outbox(session, now),
        _incidents(session),
        _disk(data),
        _seals(session, now),
    ]


def is_well(checks: Sequence[Check]) -> bool:
    return all(check.tone is not Tone.BAD for check in checks)


def count_warnings(checks: Sequence[Check]) -> int:
    """Parts that run, and where something waits for somebody."""
    return sum(check.tone is Tone.WARN for check in checks)


def _tables(session: Session) -> Check:
    try:
        with session.begin_nested():
            stands_at = session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        stands_at = None
    if stands_at == migrations.newest():
        return Check(Part.TABLES, Tone.OK, "present", {"revision": stands_at})
    return Check(Part.TABLES, Tone.BAD, "other_shape", {"revision": stands_at or "–"})


def _scheduler(session: Session, jobs: Sequence[Job], now: datetime) -> Check:
    ages = heartbeat.ages(session, now)
    silent = sorted(_silent(jobs, ages))
    if silent:
        return Check(Part.SCHEDULER, Tone.BAD, "silent", {"jobs": tuple(silent)})
    newest = min(ages.values(), default=timedelta())
    return Check(Part.SCHEDULER, Tone.OK, "beats_now" if is_moment(newest) else "beats", {"age": newest})


def _silent(jobs: Sequence[Job], ages: Mapping[str, timedelta]) -> Iterator[str]:
    """Jobs whose last good end is too long ago, or who never had one."""
    for job in jobs:
        if ages.get(job.name, timedelta.max) > max(BEATS_MISSED * job.every, LEAST_PATIENCE):
            yield job.name


def _due(session: Session, now: datetime) -> Check:
    found = due_rows.health(session, now)
    behind = found.oldest_overdue or timedelta()
    facts = {"number": found.overdue, "behind": behind, "failed": found.failed}
    if behind > LATE:
        return Check(Part.DUE, Tone.BAD if behind > MUCH_TOO_LATE else Tone.WARN, "behind", facts)
    if found.failed:
        return Check(Part.DUE, Tone.WARN, "given_up", facts)
    return Check(Part.DUE, Tone.OK, "in_time", facts)


def _outbox(session: Session, now: datetime) -> Check:
    found = outbox.health(session, now)
    waits = found.oldest_overdue or timedelta()
    facts = {"number": found.overdue, "waits": waits}
    return Check(
        Part.OUTBOX, Tone.WARN if waits > MAIL_LATE else Tone.OK, "waiting" if found.overdue else "empty", facts
    )


def _incidents(session: Session) -> Check:
    number = session.scalar(select(func.count()).select_from(Incident).where(Incident.resolved_at.is_(None))) or 0
    return Check(Part.INCIDENTS, Tone.WARN if number else Tone.OK, "open" if number else "none", {"number": number})


def _disk(data: Path) -> Check:
    free = shutil.disk_usage(data).free
    tone = Tone.BAD if free < NO_SPACE else Tone.WARN if free < LITTLE_SPACE else Tone.OK
    return Check(Part.DISK, tone, "full" if tone is Tone.BAD else "free", {"free": f"{free / (1 << 30):.1f}"})


def _seals(session: Session, now: datetime) -> Check:
    """How far the logs are sealed, and what the last `marshrut audit verify` said."""
    columns = LogSeal.number, LogSeal.total, LogSeal.at, LogVerification.at.label("checked"), LogVerification.findings
    newest = select(*columns).outerjoin(LogVerification, true()).order_by(LogSeal.number.desc()).limit(1)
    try:
        with session.begin_nested():
            found = session.execute(newest).one_or_none()
    except SQLAlchemyError:  # tables of another version, which has a part of its own
        found = None
    if found is None:
        return Check(Part.SEALS, Tone.OK, "none")
    facts: dict[str, object] = {"rows": found.total, "seal": found.number, "age": max(now - found.at, timedelta())}
    if found.checked is None:
        return Check(Part.SEALS, Tone.OK, "unverified", facts)
    facts |= {"checked": max(now - found.checked, timedelta()), "findings": found.findings}
    return Check(Part.SEALS, *((Tone.BAD, "broken") if found.findings else (Tone.OK, "verified")), facts)
