"""Reference lists that ship with the product: rows which each slice adds when they are missing."""

from collections.abc import Callable, Mapping

from flask import Flask, current_app
from sqlalchemy import String, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.persistence import Base

RUSSIAN = "ru"

ShipLists = Callable[[Session], None]


class Bilingual:
    """Mixin of a reference row with a name in both languages."""

    name_en: Mapped[str] = mapped_column(String(80))
    name_ru: Mapped[str] = mapped_column(String(80))

    def name_in(self, language: str) -> str:
        """The name a reader of this language sees."""
        return self.name_ru if language == RUSSIAN else self.name_en


def ship(session: Session, model: type[Base], rows: Mapping[str, Mapping[str, object]]) -> int:
    """Add the rows whose key is not there yet; returns how many. Existing rows are never touched."""
    (key,) = inspect(model).primary_key
    known = set(session.scalars(select(key)))
    missing = {code: values for code, values in rows.items() if code not in known}
    session.add_all(model(**{key.name: code, **values}) for code, values in missing.items())
    session.flush()
    return len(missing)


def register(app: Flask, ship_lists: ShipLists) -> None:
    app.extensions.setdefault("reference", []).append(ship_lists)


def ship_all(session: Session) -> None:
    """Add what is missing in the lists of every slice, in the order of the features."""
    for ship_lists in current_app.extensions.get("reference", ()):
        ship_lists(session)
