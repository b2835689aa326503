"""Reference lists: rows that ship with the product and that the dealer may change."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from engine.persistence import Base

RUSSIAN = "ru"


class Bilingual:
    """Mixin of a reference row with a name in both languages."""

    name_en: Any
    name_ru: Any

    def name_in(self, language: str) -> str:
        """The name a reader of this language sees."""
        return str(self.name_ru if language == RUSSIAN else self.name_en)


def ship(session: Session, model: type[Base], rows: Mapping[str, Mapping[str, object]]) -> int:
    """Add the rows whose key is not there yet; returns how many. Existing rows are never touched."""
    (key,) = inspect(model).primary_key
    known = set(session.scalars(select(key)))
    missing = {code: values for code, values in rows.items() if code not in known}
    session.add_all(model(**{key.name: code, **values}) for code, values in missing.items())
    session.flush()
    return len(missing)
