"""How rows are posted. Decided here, once:

A page posts every input of a row under a flat name, `<list>.<number>.<key>`,
such as `lines.0.title` and `lines.1.price`; a form can be sent without any
script, and a draft keeps the same names. The numbers order the rows and may
have gaps, where a row was taken out. A row in which nobody has changed anything
is left out, and the others are counted from 0 again: errors and the page shown
again use those numbers, and so does a field by which a row names another.

The API may send a list as it is read from a case: `{"lines": [{"title": …}]}`.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from engine.human_tasks.form_values.row_references import renumbered
from engine.human_tasks.forms.model import Layout

ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\.(0|[1-9][0-9]{0,3})\.([A-Za-z][A-Za-z0-9_]*)")


@dataclass(frozen=True)
class Posted:
    """Raw values by key, lists as lists of rows; and names that the form does not have."""

    values: Mapping[str, object]
    unknown: frozenset[str]


def address(key: str, number: int, field: str) -> str:
    """The name of a field in a row."""
    return f"{key}.{number}.{field}"


def is_address(name: str) -> bool:
    return ADDRESS.fullmatch(name) is not None


def gather(form: Layout, raw: Mapping[str, object]) -> Posted:
    """Rows put together from their flat names. What is computed is not listened to."""
    values: dict[str, object] = {}
    rows: defaultdict[str, defaultdict[int, dict[str, object]]] = defaultdict(lambda: defaultdict(dict))
    unknown: set[str] = set()
    for name, value in raw.items():
        found = ADDRESS.fullmatch(name)
        if name in form.fields:
            if form.fields[name].computed is None:
                values[name] = value
        elif found and found[1] in form.fields and form.fields[found[1]].row is not None:
            rows[found[1]][int(found[2])][found[3]] = value
        else:
            unknown.add(name)
    for key, numbered in rows.items():
        row = form.fields[key].row
        if row is not None:
            given = enumerate(cells for _, cells in sorted(numbered.items()))
            values[key] = renumbered(row, {place: cells for place, cells in given if not _is_untouched(row, cells)})
    return Posted(values, frozenset(unknown))


def _is_untouched(row: Layout, given: Mapping[str, object]) -> bool:
    """A row in which only defaults and first values stand, if anything does, and something is still open."""
    if any(key not in row.fields and _plain(value) for key, value in given.items()):
        return False
    asked = {key: item for key, item in row.fields.items() if item.computed is None and item.first is None}
    if not all(_plain(given.get(key)) in ("", _plain(item.default)) for key, item in asked.items()):
        return False
    return any(_plain(given.get(key)) == "" for key in asked)


def _plain(value: object) -> str:
    if value is None or value is False or value == []:
        return ""
    if value is True or value == "on":
        return "true"
    return str(value).strip()
