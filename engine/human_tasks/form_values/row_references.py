"""Numbers that name another row of their list, counted from 1: one that there is, not itself, and never in a circle."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.human_tasks.forms.model import ROW, FormField, Layout


def reference_names(row: Layout) -> list[str]:
    """The fields of a row that name another one."""
    return [key for key, item in row.fields.items() if item.type == "number" and item.kind == ROW]


def wrong_references(fields: Mapping[str, FormField], values: Mapping[str, Any]) -> dict[tuple[str, int, str], str]:
    """Code of the refusal by list, row (from 0) and field."""
    return {
        (key, place, name): code
        for key, item in fields.items()
        if item.row is not None
        for name in reference_names(item.row)
        for place, code in judge([cells.get(name) for cells in values[key]]).items()
    }


def judge(named: Sequence[Any]) -> dict[int, str]:
    """Code of the refusal by row (from 0): row_unknown, row_itself, row_circle. `named`: what each row names."""
    wrong = {}
    for place, number in enumerate(named):
        if number is None:
            continue
        if number != int(number) or not 1 <= number <= len(named):
            wrong[place] = "row_unknown"
        elif number == place + 1:
            wrong[place] = "row_itself"
        elif _comes_back(named, place):
            wrong[place] = "row_circle"
    return wrong


def _comes_back(named: Sequence[Any], start: int) -> bool:
    place = start
    for _ in named:
        number = named[place]
        if number is None or number != int(number) or not 1 <= number <= len(named):
            return False
        place = int(number) - 1
        if place == start:
            return True
    return False


def renumbered(row: Layout, kept: Mapping[int, Mapping[str, object]]) -> list[dict[str, object]]:
    """Rows after others were left out, by their place before; what named a row that is gone names none any more."""
    places = {str(before + 1): str(after + 1) for after, before in enumerate(kept)}
    names = [name for name in reference_names(row) if list(kept) != list(range(len(kept)))]
    rows = []
    for given in kept.values():
        cells = dict(given)
        for name in names:
            typed = str(cells.get(name) or "").strip()
            if typed.isdecimal():
                cells[name] = places.get(typed, "0")
        rows.append(cells)
    return rows
