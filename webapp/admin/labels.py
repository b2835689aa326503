"""What the parts of the installation are called, and what is said of them."""

from collections.abc import Mapping
from datetime import timedelta

from flask_babel import lazy_gettext as _l

from webapp.admin.health import Check, Part
from webapp.core.feature import Text
from webapp.core.formats import format_duration

PARTS: Mapping[Part, Text] = {
    Part.TABLES: _l("Database"),
    Part.SCHEDULER: _l("Scheduler"),
    Part.DUE: _l("Reminders and timers"),
    Part.OUTBOX: _l("Outgoing messages"),
    Part.INCIDENTS: _l("Incidents"),
    Part.DISK: _l("Disk space"),
    Part.SEALS: _l("Seals over the logs"),
}
FINDINGS: Mapping[tuple[Part, str], Text] = {
    (Part.TABLES, "present"): _l("The tables have the shape of this version (%(revision)s)."),
    (Part.TABLES, "other_shape"): _l(
        "The tables have another shape than this version needs (%(revision)s). "
        "Stop Marshrut and run `marshrut prepare`."
    ),
    (Part.SCHEDULER, "beats_now"): _l("Every job does its part in time; the last one within this minute."),
    (Part.SCHEDULER, "beats"): _l("Every job does its part in time; the last one %(age)s ago."),
    (Part.SCHEDULER, "silent"): _l(
        "These jobs are silent: %(jobs)s. Start `marshrut scheduler`, and look into its log."
    ),
    (Part.DUE, "in_time"): _l("Nothing is late."),
    (Part.DUE, "behind"): _l("%(number)s wait, the first for %(behind)s. Is the scheduler running, is it overloaded?"),
    (Part.DUE, "given_up"): _l("%(failed)s were given up after several attempts. Look at the incidents."),
    (Part.OUTBOX, "empty"): _l("Nothing waits."),
    (Part.OUTBOX, "waiting"): _l("%(number)s wait, the first for %(waits)s. Is the mail server named and reachable?"),
    (Part.INCIDENTS, "none"): _l("No failed step."),
    (Part.INCIDENTS, "open"): _l("Failed steps that are not resolved: %(number)s."),
    (Part.SEALS, "none"): _l("Nothing is sealed yet."),
    (Part.SEALS, "unverified"): _l(
        "%(rows)s entries are sealed, the last seal (%(seal)s) is %(age)s old. `marshrut audit verify` was never run."
    ),
    (Part.SEALS, "verified"): _l(
        "%(rows)s entries are sealed, the last seal (%(seal)s) is %(age)s old. Verified %(checked)s ago: all agrees."
    ),
    (Part.SEALS, "broken"): _l(
        "%(rows)s entries are sealed (last seal: %(seal)s). Verified %(checked)s ago: %(findings)s disagree. "
        "Run `marshrut audit verify` and look what was changed."
    ),
    (Part.DISK, "free"): _l("%(free)s GB are free."),
    (Part.DISK, "full"): _l("Only %(free)s GB are free: soon nothing can be saved. Make room at once."),
}
JOBS: Mapping[str, Text] = {
    "due rows": _l("reminders and timers"),
    "outgoing messages": _l("outgoing messages"),
    "notification mails": _l("mails of the bell"),
    "campaign batches": _l("sending of campaigns"),
    "service reminders": _l("reminders of service"),
    "service attendance": _l("who comes to the service"),
    "forgotten files": _l("files that nothing refers to"),
    "webhooks": _l("webhooks"),
    "old deliveries of webhooks": _l("old deliveries of webhooks"),
    "answers of the API": _l("old answers of the API"),
    "figures of steps": _l("figures of steps"),
    "moved cases": _l("moving cases to another version"),
    "seals": _l("sealing of the logs"),
    "old details": _l("digests of old cases"),
}


def sentence(check: Check, language: str) -> str:
    """What was found, for a reader of this language."""
    shown = {name: _shown(value, language) for name, value in check.facts.items()}
    return str(FINDINGS[check.part, check.finding]) % shown


def _shown(value: object, language: str) -> object:
    if isinstance(value, timedelta):
        return format_duration(value, language)
    if isinstance(value, tuple):
        return ", ".join(str(JOBS.get(each, each)) for each in value)
    return value
