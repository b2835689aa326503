"""Reading a whole form: every field by its type, then what is shown, what is computed, what is still missing."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from marshmallow import ValidationError

from engine.feel import FeelError
from engine.human_tasks.form_values.posted import address, gather
from engine.human_tasks.form_values.refusal import FormInvalid, Reading
from engine.human_tasks.form_values.row_references import wrong_references
from engine.human_tasks.form_values.single import code_of, read_single
from engine.human_tasks.form_values.working_out import WorkedOut, work_out
from engine.human_tasks.forms.model import MAX_ROWS, Form, FormField, Layout

LEFT_OUT: Final[tuple[object, ...]] = (None, [])
NO_KEYS: frozenset[str] = frozenset()
NO_ANSWERS: Final[Mapping[str, object]] = {}


def read_values(
    form: Form,
    raw: Mapping[str, object],
    known: Mapping[str, object],
    reading: Reading,
    *,
    without: frozenset[str] = NO_KEYS,
    before: Mapping[str, object] = NO_ANSWERS,
) -> dict[str, object]:
    """Typed values of the visible fields, computed ones included; raises FormInvalid naming every field at fault.

    `raw`: texts, lists of texts, booleans or numbers as a browser or the API
    sends them; rows as `posted` describes. `known`: the case document, which
    conditions and computed fields may refer to. `without`: keys that are not
    asked this time. `before`: the answers that are corrected; a day among them
    may stay although it has passed.
    """
    posted = gather(form, raw)
    wrong: dict[str, str] = {}
    unknown = dict.fromkeys(posted.unknown, "unknown_field")
    values: dict[str, object] = {}
    for key, item in form.fields.items():
        given = None if key in without else posted.values.get(key)
        if item.row is not None:
            values[key] = _read_rows(item, item.row, given, reading, wrong, unknown)
        elif item.computed is None:
            values[key] = _read(form, item, given, key, reading, wrong)
    worked = work_out(form, values, known, now=reading.now.astimezone(reading.zone))
    wrong |= {address(*place): code for place, code in wrong_references(form.fields, worked.values).items()}
    asked = {place: item for place, item in _places(form, worked) if place in worked.visible and place not in without}
    errors = {**unknown, **{place: code for place, code in wrong.items() if place in asked}}
    for place, item in asked.items():
        if place not in errors:
            value = _value_at(worked, place)
            code = _silence(item, worked) or _lack(item, value)
            if not code and item.coming and reading.has_passed(value) and value not in _given_at(before, place):
                code = "day_passed"
            if code:
                errors[place] = code
    if errors:
        raise FormInvalid(errors)
    return {key: value for key, value in _kept(form, worked).items() if key in asked}


def _read(layout: Layout, item: FormField, raw: object, place: str, reading: Reading, wrong: dict[str, str]) -> object:
    try:
        return read_single(layout, item, raw, reading)
    except ValidationError as error:
        wrong[place] = code_of(error)
        return None


def _read_rows(
    item: FormField,
    row: Layout,
    raw: object,
    reading: Reading,
    wrong: dict[str, str],
    unknown: dict[str, str],
) -> list[dict[str, object]]:
    given = [] if raw in (None, "") else raw
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        wrong[item.key] = "invalid"
        return []
    if len(given) > (item.most or MAX_ROWS):
        wrong[item.key] = "too_many"
        return []
    rows = []
    for number, cells in enumerate(given):
        for name in cells.keys() - row.fields.keys():
            unknown[address(item.key, number, str(name))] = "unknown_field"
        rows.append(
            {
                key: _read(row, each, cells.get(key), address(item.key, number, key), reading, wrong)
                for key, each in row.fields.items()
                if each.computed is None
            }
        )
    return rows


def _places(form: Form, worked: WorkedOut) -> Iterator[tuple[str, FormField]]:
    """Every field with its address, those of rows included."""
    for key, item in form.fields.items():
        yield key, item
        if item.row is not None:
            rows: Any = worked.values[key]
            for number in range(len(rows)):
                for name, each in item.row.fields.items():
                    yield address(key, number, name), each


def _value_at(worked: WorkedOut, place: str) -> object:
    key, _, rest = place.partition(".")
    value: Any = worked.values[key]
    if not rest:
        return value
    number, _, name = rest.partition(".")
    return value[int(number)].get(name)


def _given_at(before: Mapping[str, Any], place: str) -> list[object]:
    """What an earlier answer says in this field: in a row, what it says in this field of any row."""
    key, _, rest = place.partition(".")
    if not rest:
        return [before.get(key)]
    name = rest.rpartition(".")[2]
    return [row.get(name) for row in before.get(key) or () if isinstance(row, Mapping)]


def _lack(item: FormField, value: Any) -> str | None:
    """What is missing in a visible field; computed ones lack nothing."""
    if item.computed is not None:
        return None
    if value is None or value is False or value in ("", []):
        return "required" if item.required or item.least else None
    if item.row is not None and len(value) < item.least:
        return "too_few"
    return None


def _silence(item: FormField, worked: WorkedOut) -> str | None:
    """Mandatory lines that are left out without a word."""
    if not item.mandatory or worked.values[item.excuse]:
        return None
    return "not_ticked" if item.left_out(worked.values[item.key]) else None


def _kept(form: Form, worked: WorkedOut) -> dict[str, object]:
    """The visible values that say something."""
    kept: dict[str, object] = {}
    for key, item in form.fields.items():
        value: Any = worked.values[key]
        if item.row is not None:
            value = [
                {
                    name: cells[name]
                    for name in item.row.fields
                    if cells.get(name) not in LEFT_OUT and address(key, number, name) in worked.visible
                }
                for number, cells in enumerate(value)
            ]
        if value not in LEFT_OUT and not item.only_shows:
            kept[key] = value
    return kept


def first_values(form: Form, known: Mapping[str, object], *, now: datetime) -> dict[str, object]:
    """What stands in the fields of a step that nobody has typed on yet, by the expressions of the form.

    An expression that finds nothing, or fails, leaves its field as it would be without one: a step must open.
    """
    values: dict[str, object] = {}
    for key, item in form.fields.items():
        value = _first(item, known, now)
        if item.row is not None and not (isinstance(value, list) and all(isinstance(row, dict) for row in value)):
            continue
        if value not in (None, "", []):
            values[key] = value
    return values


def first_cells(form: Form, known: Mapping[str, object], *, now: datetime) -> dict[str, dict[str, object]]:
    """What stands in a row that is added, by the list it is added to; only lists whose form says something of it."""
    cells = {
        key: {name: _first(each, known, now) for name, each in row.fields.items() if each.first}
        for key, row in form.lists
    }
    return {key: found for key, found in cells.items() if found}


def _first(item: FormField, known: Mapping[str, object], now: datetime) -> Any:
    try:
        return item.first.evaluate(known, now=now) if item.first else None
    except FeelError:
        return None
