"""Equality, order and membership, with null for what cannot be compared."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from engine.feel.budget import Run
from engine.feel.temporal import since_epoch, since_midnight
from engine.feel.values import Range, YearsMonths
from engine.feel.wide import WIDE, order_of

SECOND: Final = timedelta(seconds=1)


def equal(left: object, right: object, run: Run) -> bool | None:
    """True or false for values of one kind, and for null against anything; else null."""
    kind = type(left)
    if kind is not type(right) or kind in WIDE:
        found = order_of(left, right) if kind in WIDE or type(right) in WIDE else None
        return False if left is None or right is None else None if found is None else found == 0
    if kind is list:
        return _equal_lists(left, right, run)  # type: ignore[arg-type]  # both are lists
    if kind is dict:
        return _equal_contexts(left, right, run)  # type: ignore[arg-type]  # both are dicts
    if kind is Range:
        return _equal_ranges(left, right, run)  # type: ignore[arg-type]  # both are ranges
    if isinstance(left, datetime | time):
        return _order_of_clocks(left, right) == 0
    return left == right


def _equal_lists(left: list[object], right: list[object], run: Run) -> bool | None:
    if len(left) != len(right):
        return False
    run.charge(len(left))
    return all_true(equal(one, other, run) for one, other in zip(left, right, strict=True))


def _equal_contexts(left: dict[str, object], right: dict[str, object], run: Run) -> bool | None:
    if left.keys() != right.keys():
        return False
    run.charge(len(left))
    return all_true(equal(entry, right[key], run) for key, entry in left.items())


def _equal_ranges(left: Range, right: Range, run: Run) -> bool | None:
    if (left.start_included, left.end_included, left.endless) != (
        right.start_included,
        right.end_included,
        right.endless,
    ):
        return False
    return all_true((equal(left.start, right.start, run), equal(left.end, right.end, run)))


def all_true(verdicts: object) -> bool | None:
    """Conjunction in three values: one false decides, else one null does."""
    result: bool | None = True
    for verdict in verdicts:  # type: ignore[attr-defined]  # an iterable of verdicts
        if verdict is False:
            return False
        if verdict is not True:
            result = None
    return result


def any_true(verdicts: object) -> bool | None:
    """Disjunction in three values: one true decides, else one null does."""
    result: bool | None = False
    for verdict in verdicts:  # type: ignore[attr-defined]  # an iterable of verdicts
        if verdict is True:
            return True
        if verdict is not False:
            result = None
    return result


def order(left: object, right: object) -> int | None:
    """-1, 0 or 1 for two values of one ordered kind; null for anything else."""
    kind = type(left)
    if kind in WIDE or type(right) in WIDE:
        return order_of(left, right)
    if kind is not type(right):
        return None
    if kind is datetime or kind is time:
        return _order_of_clocks(left, right)  # type: ignore[arg-type]  # just compared
    if kind in (Decimal, str, date, timedelta, YearsMonths):
        return (left > right) - (left < right)  # type: ignore[operator,no-any-return]  # ordered kinds
    return None


def _order_of_clocks(left: datetime | time, right: object) -> int | None:
    """By whole seconds, as the standard has it; a local value and one with an offset or zone have no order."""
    if isinstance(left, datetime) and isinstance(right, datetime):
        one, other = since_epoch(left), since_epoch(right)
    elif isinstance(left, time) and isinstance(right, time):
        one, other = since_midnight(left), since_midnight(right)
    else:
        return None
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    left_seconds, right_seconds = one // SECOND, other // SECOND
    return (left_seconds > right_seconds) - (left_seconds < right_seconds)


def compare(sign: str, left: object, right: object, run: Run) -> bool | None:
    """One of the six comparison signs."""
    if sign == "=":
        return equal(left, right, run)
    if sign == "!=":
        verdict = equal(left, right, run)
        return None if verdict is None else not verdict
    found = order(left, right)
    if found is None:
        return None
    if sign == "<":
        return found < 0
    if sign == "<=":
        return found <= 0
    return found > 0 if sign == ">" else found >= 0


def in_range(value: object, interval: Range) -> bool | None:
    """Null when the value cannot be compared with the ends."""
    if value is None:
        return None
    if excludes(interval):
        found = order(value, interval.start)
        return None if found is None else found != 0
    above = _beyond(order(value, interval.start), interval.start_included)
    below = _beyond(order(interval.end, value), interval.end_included)
    if interval.endless:
        above, below = above or interval.start is None, below or interval.end is None
    return all_true((above, below))


def excludes(interval: Range) -> bool:
    """Whether it is `(!= x)`: everything but its ends."""
    return interval.endless and interval.start is not None and interval.end is not None and not interval.end_included


def _beyond(found: int | None, included: bool) -> bool | None:
    if found is None:
        return None
    return found > 0 or (included and found == 0)


def passes(value: object, test: object, run: Run) -> bool | None:
    """`value in test`: inside a range, among the elements of a list (or equal to it), or equal."""
    if isinstance(test, Range):
        return in_range(value, test)
    if isinstance(test, list):
        run.charge(len(test))
        if isinstance(value, list) and equal(value, test, run) is True:
            return True
        return any(passes(value, element, run) is True for element in test)
    return equal(value, test, run)
