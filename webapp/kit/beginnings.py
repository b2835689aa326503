"""Numbers and words that begin with something, found in the index of their column."""

from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

from sqlalchemy import ColumnElement, and_

# each script ends for itself: which comes first is a matter of the database's locale
ROWS = (digits + ascii_uppercase, ascii_lowercase, "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ")
LAST = {row[-1] for row in ROWS}
NEXT = {before: after for row in ROWS for before, after in pairwise(row)}


def begins_with(column: Any, start: str) -> ColumnElement[bool]:
    """`column` begins with `start`, of signs as numbers of phones, cars and bodies and the sounds of words are stored.

    All letters of a column are capitals, or none is.

    An index is no help for LIKE where it ignores case (SQLite) or where texts are sorted by a locale (PostgreSQL).
    The range that it lies in is found in the index; LIKE decides within it.
    """
    found: ColumnElement[bool] = column.startswith(start, autoescape=True)
    if not start or any(sign not in NEXT and sign not in LAST for sign in start):
        return found
    found = and_(column >= start, found)
    kept = start.rstrip("".join(LAST))
    return and_(column < kept[:-1] + NEXT[kept[-1]], found) if kept else found
