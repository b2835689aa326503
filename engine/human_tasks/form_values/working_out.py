"""What is shown and what is computed, given what has been answered.

Conditions and computed fields may read each other, so both are worked out again
until nothing changes. What is hidden counts as not answered. A field of a row
is read before a field of the form of the same key, that before an answer of
another step. The pages do the same in the browser (webapp/ui/base/working-out.ts).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from engine.feel import Expression, FeelError, YearsMonths
from engine.human_tasks.form_values.posted import address
from engine.human_tasks.forms.model import PHOTOS, Component, FormField, Layout

ROUNDS = 12
MONEY_DECIMALS = 2
LONGEST_TEXT = 10_000
LARGEST = Decimal(10) ** 15
PRECISE = Context(prec=40, rounding=ROUND_HALF_UP)
SCALARS = (str, bool, Decimal, date, time, timedelta, YearsMonths)


@dataclass(frozen=True)
class WorkedOut:
    """`values` with what was computed, rows included; `visible`: keys, and addresses such as `lines.0.price`."""

    values: Mapping[str, object]
    visible: frozenset[str]


def work_out(form: Layout, values: Mapping[str, object], known: Mapping[str, object], *, now: datetime) -> WorkedOut:
    """Visibility and computed values. `values`: typed, lists as lists of rows; `known`: the case document."""
    found: dict[str, Any] = {key: values.get(key) for key in form.fields}
    for key, _ in form.lists:
        given = found[key]
        found[key] = [dict(row) for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
    visible: frozenset[str] | None = None
    for _ in range(ROUNDS):
        before, seen = visible, _copy(found)
        for key, row in form.lists:
            outer = _seen(form, found, visible, known)
            for number, cells in enumerate(found[key]):
                _compute(row, cells, {**outer, **_seen_row(row, cells, visible, key, number)}, now)
        _compute(form, found, _seen(form, found, visible, known), now)
        visible = frozenset(_visible(form, found, _seen(form, found, visible, known), visible, now))
        if visible == before and found == seen:
            break
    return WorkedOut(found, visible or frozenset())


def _copy(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: [dict(each) if isinstance(each, dict) else each for each in value] if isinstance(value, list) else value
        for key, value in found.items()
    }


def _seen(
    form: Layout, found: Mapping[str, Any], visible: frozenset[str] | None, known: Mapping[str, object]
) -> dict[str, object]:
    """What an expression of the form reads."""
    seen = dict(known)
    rows = dict(form.lists)
    for key in form.fields:
        if visible is not None and key not in visible:
            seen[key] = [] if key in rows else None
        elif key in rows:
            seen[key] = [_seen_row(rows[key], cells, visible, key, at) for at, cells in enumerate(found[key])]
        else:
            seen[key] = found[key]
    return seen


def _seen_row(
    row: Layout, cells: Mapping[str, Any], visible: frozenset[str] | None, key: str, number: int
) -> dict[str, object]:
    return {
        name: cells.get(name) if visible is None or address(key, number, name) in visible else None
        for name in row.fields
    }


def _compute(layout: Layout, found: dict[str, Any], context: dict[str, object], now: datetime) -> None:
    """In the order of the form: a later field reads an earlier one at once."""
    for key, item in layout.fields.items():
        if item.computed is not None:
            found[key] = context[key] = _fit(item, _evaluate(item.computed, context, now))


def _evaluate(expression: Expression, context: Mapping[str, object], now: datetime) -> object:
    try:
        return expression.evaluate(context, now=now)
    except FeelError:
        return None  # an expression that costs too much says nothing; publishing has found those that cannot be read


def _fit(item: FormField, value: object) -> object:
    """The value as the kind of the field wants it, or nothing."""
    if item.kind == PHOTOS:
        return (
            [each for each in value if isinstance(each, dict) and "file" in each] if isinstance(value, list) else None
        )
    if isinstance(value, str):
        return value[:LONGEST_TEXT] if item.kind in (None, "text") and value else None
    if isinstance(value, Decimal) and item.kind != "text":
        if abs(value) > LARGEST:
            return None
        decimals = MONEY_DECIMALS if item.decimals is None and item.kind == "money" else item.decimals
        return value if decimals is None else value.quantize(Decimal(1).scaleb(-decimals), context=PRECISE)
    return value if item.kind is None and isinstance(value, SCALARS) else None


def _visible(
    form: Layout, found: Mapping[str, Any], seen: Mapping[str, object], visible: frozenset[str] | None, now: datetime
) -> Iterator[str]:
    rows = dict(form.lists)
    for key in _shown(form.components, seen, now):
        yield key
        if key in rows:
            for number, cells in enumerate(found[key]):
                context = {**seen, **_seen_row(rows[key], cells, visible, key, number)}
                for name in _shown(rows[key].components, context, now):
                    yield address(key, number, name)


def _shown(components: Sequence[Component], context: Mapping[str, object], now: datetime) -> Iterator[str]:
    for component in components:
        if component.hide is not None and _evaluate(component.hide, context, now) is True:
            continue
        if component.field is not None:
            yield component.field.key
        yield from _shown(component.components, context, now)
