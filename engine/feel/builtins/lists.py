"""List functions: search, cut, join, sort. Positions count from 1, from the end when negative."""

from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import cmp_to_key
from types import NoneType

from engine.feel.budget import Run
from engine.feel.builtins.registry import Library
from engine.feel.comparison import equal
from engine.feel.values import FeelFunction, YearsMonths

library = Library()
declare = library.declare

# Values of these kinds are equal exactly when Python says so, and can be looked up by their hash.
HASHED = frozenset({Decimal, str, bool, NoneType, date, timedelta, YearsMonths})


def position_in(length: int, position: Decimal) -> int | None:
    """The index from 0; null for 0, a fraction, or a place outside."""
    if position != position.to_integral_value() or not 1 <= abs(position) <= length:
        return None
    index = int(position)
    return index - 1 if index > 0 else length + index


@declare("list contains", "list: list, element: any")
def list_contains(run: Run, values: list[object], element: object) -> bool:
    return any(equal(value, element, run) is True for value in values)


@declare("count", "list: list")
def count(run: Run, values: list[object]) -> Decimal:
    return Decimal(len(values))


@declare("is empty", "list: list")
def is_empty(run: Run, values: list[object]) -> bool:
    return not values


@declare("sublist", "list: list, start position: number, length: number?")
def sublist(run: Run, values: list[object], start: Decimal, length: Decimal | None = None) -> list[object] | None:
    first = position_in(len(values), start)
    if first is None or (length is not None and length < 0):
        return None
    if length is None or length > len(values):
        return values[first:]
    return values[first : first + int(length)] if first + int(length) <= len(values) else None


@declare("append", "list: list, item: any...")
def append(run: Run, values: list[object], items: list[object]) -> list[object]:
    run.charge_list(len(values) + len(items))
    return [*values, *items]


@declare("concatenate", "list: list...")
def concatenate(run: Run, lists: list[list[object]]) -> list[object]:
    run.charge_list(sum(len(values) for values in lists))
    return [value for values in lists for value in values]


@declare("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, values: list[object], position: Decimal, item: object) -> list[object] | None:
    index = position_in(len(values), position)
    return None if index is None else [*values[:index], item, *values[index:]]


@declare("remove", "list: list, position: number")
def remove(run: Run, values: list[object], position: Decimal) -> list[object] | None:
    index = position_in(len(values), position)
    return None if index is None else [*values[:index], *values[index + 1 :]]


@declare("list replace", "list: list, position: number, newItem: any")
def replace_at(run: Run, values: list[object], position: Decimal, item: object) -> list[object] | None:
    """The fraction of a position is cut off."""
    index = position_in(len(values), position.to_integral_value(rounding=ROUND_DOWN))
    return None if index is None else [*values[:index], item, *values[index + 1 :]]


@declare("list replace", "list: list, match: function, newItem: any")
def replace_matching(run: Run, values: list[object], match: FeelFunction, item: object) -> list[object] | None:
    verdicts = [match.invoke(run, [value, item]) for value in values]
    if any(not isinstance(verdict, bool) for verdict in verdicts):
        return None
    return [item if verdict else value for value, verdict in zip(values, verdicts, strict=True)]


@declare("reverse", "list: list")
def reverse(run: Run, values: list[object]) -> list[object]:
    return values[::-1]


@declare("index of", "list: list, match: any")
def index_of(run: Run, values: list[object], match: object) -> list[Decimal]:
    return [Decimal(index) for index, value in enumerate(values, 1) if equal(value, match, run) is True]


@declare("union", "list: list...")
def union(run: Run, lists: list[list[object]]) -> list[object]:
    return _distinct(concatenate(run, lists), run)  # type: ignore[arg-type]  # registered unchanged


@declare("distinct values", "list: list")
def distinct_values(run: Run, values: list[object]) -> list[object]:
    return _distinct(values, run)


@declare("duplicate values", "list: list")
def duplicate_values(run: Run, values: list[object]) -> list[object]:
    """Each value that stands in the list more than once, once."""
    repeated = []
    for value in _distinct(values, run):
        run.charge(len(values))
        if sum(equal(value, other, run) is True for other in values) > 1:
            repeated.append(value)
    return repeated


def _distinct(values: list[object], run: Run) -> list[object]:
    seen: set[tuple[type, object]] = set()
    others: list[object] = []
    kept: list[object] = []
    for value in values:
        if type(value) in HASHED:
            key = (type(value), value)
            if key in seen:
                continue
            seen.add(key)
        else:
            run.charge(len(others))
            if any(equal(value, other, run) is True for other in others):
                continue
            others.append(value)
        kept.append(value)
    return kept


@declare("flatten", "list: list")
def flatten(run: Run, values: list[object]) -> list[object]:
    """Lists within lists to one list, however deep."""
    flat: list[object] = []
    _flatten_into(flat, values, run)
    run.charge_list(len(flat))
    return flat


def _flatten_into(flat: list[object], values: list[object], run: Run) -> None:
    run.charge(len(values))
    for value in values:
        if isinstance(value, list):
            _flatten_into(flat, value, run)
        else:
            flat.append(value)


@declare("partition", "list: list, size: number")
def partition(run: Run, values: list[object], size: Decimal) -> list[list[object]] | None:
    """Consecutive parts of this size; the last may be shorter."""
    if size < 1 or size != size.to_integral_value():
        return None
    width = int(min(size, Decimal(len(values) + 1)))
    return [values[start : start + width] for start in range(0, len(values), width)]


@declare("sort", "list: list, precedes: function")
def sort(run: Run, values: list[object], precedes: FeelFunction) -> list[object] | None:
    """Stable; null when `precedes` does not answer true or false."""
    undecided = False

    def compare(left: object, right: object) -> int:
        nonlocal undecided
        forward = precedes.invoke(run, [left, right])
        if not isinstance(forward, bool):
            undecided = True
            return 0
        return -1 if forward else int(precedes.invoke(run, [right, left]) is True)

    ordered = sorted(values, key=cmp_to_key(compare))
    return None if undecided else ordered
