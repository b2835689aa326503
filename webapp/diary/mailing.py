"""When a person gets a mail, and which notifications stand in it. Pure: no database, no clock.

Calm before complete: what is urgent goes at once, the rest is collected; two urgent things at the same
time are one mail; nobody is written to in his quiet hours, nor more than CAP times a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

CAP = 5  # mails a day and person
COLLECT = timedelta(hours=2)  # what is not urgent waits so long for company
SETTLE = timedelta(minutes=5)  # reminders missed by an outage wait until all of them are in


@dataclass(frozen=True)
class Pending:
    """A notification that has been neither read nor mailed."""

    id: int
    created_at: datetime
    subject: int = 0  # the task; several urgent notifications of one task are one matter
    urgent: bool = False  # a reminder at its moment, or an escalation
    missed: bool = False  # a reminder that came long after its moment


@dataclass(frozen=True)
class Wishes:
    """How the person wants to be told."""

    mail: bool
    quiet_from: time
    quiet_until: time
    zone: ZoneInfo


@dataclass(frozen=True)
class PlannedMail:
    """One mail: about one thing, or a digest of all that is pending."""

    ids: Sequence[int]
    digest: bool


def is_quiet(wishes: Wishes, now: datetime) -> bool:
    """From the first time until before the second, over midnight if need be; equal times: never."""
    local = now.astimezone(wishes.zone).time()
    if wishes.quiet_from <= wishes.quiet_until:
        return wishes.quiet_from <= local < wishes.quiet_until
    return local >= wishes.quiet_from or local < wishes.quiet_until


def plan_mail(pending: Sequence[Pending], wishes: Wishes, *, sent_today: int, now: datetime) -> PlannedMail | None:
    """The one mail to send at this beat, or none. The last mail of the day is a digest, never a single reminder."""
    if not pending or not wishes.mail or sent_today >= CAP or is_quiet(wishes, now):
        return None
    everything = PlannedMail([each.id for each in pending], digest=len(pending) > 1)
    urgent = [each for each in pending if each.urgent and not each.missed]
    collected = now - min(each.created_at for each in pending) >= COLLECT
    settled = any(each.missed and now - each.created_at >= SETTLE for each in pending)
    if collected or settled:
        return everything
    if not urgent or sent_today == CAP - 1:
        return None
    if len({each.subject for each in urgent}) > 1:
        return everything
    return PlannedMail([each.id for each in urgent], digest=False)
