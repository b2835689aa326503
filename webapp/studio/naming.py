"""Ids made of the names that people write, “Выезд к клиенту” → vyezd_k_klientu: of processes, forms and tables."""

import re
from collections.abc import Callable, Collection

from marshmallow import fields, validate

from webapp.core.i18n import LANGUAGES
from webapp.kit.spelling import in_latin

LONGEST = 60
SMALL = frozenset({"the", "a", "an", "of", "to", "and", "in", "on", "for"})
KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")

# how people call it, by language, as a page sends it; languages may be left out
NAMES = fields.Dict(
    fields.String(validate=validate.OneOf(tuple(LANGUAGES))),
    fields.String(validate=validate.Length(min=1, max=120)),
    load_default=dict,
)


def key_from(name: str, *, without: Collection[str] = ()) -> str:
    """Small Latin letters, digits and underscores, a letter first; empty where the name has no letters to make it of.

    `without`: words that are left out.
    """
    words = [word for word in re.findall("[a-z0-9]+", in_latin(name)) if word not in without]
    return "_".join(words).lstrip("0123456789_")[:LONGEST].rstrip("_")


def free_key(stem: str, is_taken: Callable[[str], bool]) -> str:
    """The stem, or with the first number from 2 on under which nothing stands."""
    key, number = stem, 1
    while is_taken(key):
        number += 1
        ending = f"_{number}"
        key = stem[: LONGEST - len(ending)].rstrip("_") + ending
    return key
