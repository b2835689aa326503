"""Until when a step may sleep, wherever it is postponed: on its case page, or many at once in the diary."""

from datetime import datetime, time, timedelta

from webapp.core.errors import RuleViolation

MORNING = time(9)  # specification §0.5: a postponed task is back at nine
LONGEST = timedelta(days=366)


def require_possible(until: datetime, *, now: datetime) -> None:
    """RuleViolation: postponed_into_past, postponed_too_far."""
    if until <= now:
        raise RuleViolation("postponed_into_past", "Choose a time in the future.")
    if until > now + LONGEST:
        raise RuleViolation("postponed_too_far", "Choose a date within a year.")
