"""Answers in words: what "Known so far", the chronicle and documents show of a form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from engine.definitions.model import Texts
from engine.human_tasks.forms import CHOICE_TYPES, MANY_TYPES, FormField, Layout
from webapp.core import formats
from webapp.kit.widgets import FileLink, is_year

SourceChoices = Callable[[str], Mapping[str, str]]  # source name -> value -> label, for this reader
FileAddress = Callable[[str], str]  # SHA-256 -> address


@dataclass(frozen=True)
class Answer:
    """One thing that is known: a field's label and its value as text, or as files, or as rows of answers."""

    label: str
    text: str
    key: str
    files: Sequence[FileLink] = ()
    rows: "Sequence[Sequence[Answer]]" = ()
    ranked: Sequence[str] = ()


def lines_in_words(lines: Sequence[Mapping[str, Any]], language: str) -> str:
    """Mandatory lines that were left out, as the log keeps them (EventKind.LINES_LEFT_OUT)."""
    return ", ".join(Texts(line["label"], line["others"]).in_language(language) for line in lines)


@dataclass
class AnswerReader:
    """How values are shown to this reader."""

    language: str
    zone: ZoneInfo
    choices_of: SourceChoices
    file_url: FileAddress = str
    _sources: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def source(self, name: str) -> Mapping[str, str]:
        if name not in self._sources:
            self._sources[name] = self.choices_of(name)
        return self._sources[name]

    def answers(self, form: Layout, values: Mapping[str, Any]) -> list[Answer]:
        """What was answered, in the order of the form; personal and empty fields are left out."""
        found = []
        for key, item in form.fields.items():
            value = values.get(key)
            if value in (None, [], "") or item.personal:
                continue
            rows = self._rows(item, value)
            files = tuple(map(self.file, value)) if item.is_files and isinstance(value, list) else ()
            ranked = [self.text(item, each) for each in value] if item.ranked and isinstance(value, list) else ()
            label = self.label(item)
            found.append(Answer(label, self.text(item, value), key, files=files, rows=rows, ranked=ranked))
        return found

    def label(self, item: FormField) -> str:
        return str(_("Why it is left out")) if item.excuses else item.label.in_language(self.language)

    def _rows(self, item: FormField, value: Any) -> Sequence[Sequence[Answer]]:
        if item.row is None or not isinstance(value, list):
            return ()
        return [self.answers(item.row, row) for row in value if isinstance(row, Mapping)]

    def file(self, value: Mapping[str, Any]) -> FileLink:
        """A file as it is kept in an answer."""
        if value.get("paper"):
            return FileLink(name=_("Signed on paper"), paper=True)
        sha256 = str(value.get("file", ""))
        is_image = str(value.get("type", "")).startswith("image/")
        size = int(value.get("size") or 0)
        return FileLink(sha256, str(value.get("name", "")), self.file_url(sha256), is_image, size)

    def text(self, item: FormField, value: Any) -> str:
        """A value in words."""
        if item.is_files and isinstance(value, list):
            return ", ".join(self.file(each).name for each in value)
        if item.row is not None and isinstance(value, list):
            rows = (self.answers(item.row, row) for row in value)
            return "; ".join(", ".join(answer.text for answer in row) for row in rows)
        if isinstance(value, list):
            return ", ".join(self.text(item, each) for each in value)
        if item.type in CHOICE_TYPES | MANY_TYPES:
            labels = {option.value: option.label.in_language(self.language) for option in item.options}
            return labels[str(value)] if str(value) in labels else self._told(item.source or "", str(value))
        if isinstance(value, bool):
            return str(_("Yes") if value else _("No"))
        if isinstance(value, Decimal):
            return self.number(item, value)
        if isinstance(value, datetime):
            return formats.format_moment(value, self.language, self.zone)
        if isinstance(value, date):
            return formats.format_day(value, self.language, self.zone, "date")
        if isinstance(value, time):
            return value.strftime("%H:%M")
        if item.kind == "phone":
            return formats.format_phone(str(value))
        return str(value)

    def _told(self, source: str, value: str) -> str:
        """A value of a source in words; as it is kept when nobody knows it."""
        try:
            return self.source(source)[value]
        except KeyError:
            return value

    def number(self, item: FormField, value: Decimal) -> str:
        suffix = item.suffix.in_language(self.language)
        if suffix == "₽" or (item.computed is not None and item.kind == "money"):
            return formats.format_money(value, self.language, "RUB")
        if is_year(item):
            return str(int(value))
        places = 0 if value == value.to_integral_value() else None
        return f"{formats.format_number(value, self.language, places)} {suffix}".strip()
