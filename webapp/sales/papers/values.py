"""How values read on paper: in the paper's language, and nothing where nothing is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from webapp.core import formats
from webapp.core.feature import Text


@dataclass(frozen=True)
class Pen:
    """Writes values. What is not known, or not of the expected kind, is an empty text: a rule to write on."""

    language: str
    zone: ZoneInfo

    def text(self, value: object) -> str:
        return "" if value is None or isinstance(value, dict | list) else str(value).strip()

    def money(self, value: object) -> str:
        amount = amount_of(value)
        return "" if amount is None else formats.format_money(amount, self.language)

    def number(self, value: object, unit: str = "") -> str:
        amount = amount_of(value)
        if amount is None:
            return self.text(value)
        text = formats.format_number(amount.normalize() if amount else Decimal(0), self.language)
        return f"{text}{formats.NBSP}{unit}" if unit else text

    def day(self, value: object) -> str:
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
            except ValueError:
                return str(value)
        return formats.format_day(value, self.language, self.zone) if isinstance(value, date) else ""

    def moment(self, value: object) -> str:
        if isinstance(value, datetime) and value.tzinfo:
            return formats.format_moment(value, self.language, self.zone)
        return self.day(value)

    def phone(self, value: object) -> str:
        return formats.format_phone(str(value)) if value else ""

    def label(self, labels: Mapping[Any, Text], code: object) -> str:
        """A code in words; one that has no word yet stays as it is."""
        return str(labels.get(code, code)) if isinstance(code, str) and code else ""

    def labels(self, labels: Mapping[Any, Text], codes: object) -> str:
        return ", ".join(self.label(labels, code) for code in many(codes))


def part(document: Mapping[str, Any], element: str) -> Mapping[str, Any]:
    """What was answered at a step; empty before."""
    found = document.get(element)
    return found if isinstance(found, Mapping) else {}


def rows(answers: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The lines of a list field."""
    return [each for each in many(answers.get(key)) if isinstance(each, Mapping)]


def many(value: object) -> list[Any]:
    """The values of a field that takes several."""
    return list(value) if isinstance(value, list | tuple) else []


def amount_of(value: object) -> Decimal | None:
    """A number, whichever way it was kept; None for anything else."""
    if isinstance(value, bool) or value in (None, ""):
        return None
    try:
        found = Decimal(str(value).replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def ticks(labels: Mapping[Any, Text], chosen: object) -> list[tuple[str, bool]]:
    """All that could be chosen, with what was: (label, ticked)."""
    picked = {str(each) for each in (many(chosen) or [chosen])}
    return [(str(label), str(code) in picked) for code, label in labels.items()]
