"""A step's form as a page shows it: widgets, labels in the reader's language, values, errors."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from engine.human_tasks.form_values import FoundFile, address, gather, work_out
from engine.human_tasks.form_values.files import PAPER
from engine.human_tasks.forms import CHOICE_TYPES, MANY_TYPES, ROW, Component, FileKind, Form, FormField, Layout
from webapp.core import formats
from webapp.kit.answers import AnswerReader
from webapp.kit.widgets import (
    TABLE_AT_MOST,
    Choice,
    FileLink,
    Widget,
    count_hint,
    explain_error,
    is_year,
    kind_of,
)

GAPS = str.maketrans("\u2212", "-", "\u00a0\u202f ")
NEW_ROW = "__n__"  # stands for the number of a row that is not there yet
SPARE_ROWS = 3
NO_TABLE = frozenset({"area", "file", "photo", "signature", "checks", "ranked"})
NOTHING: Final[Mapping[str, Any]] = {}
IMAGES = "image/jpeg,image/png,image/webp"


@dataclass(frozen=True)
class _Page:
    """What every widget of one form needs besides its value."""

    today: date
    errors: Mapping[str, str]
    visible: frozenset[str]
    without: frozenset[str]
    fresh: Mapping[str, Mapping[str, object]]


def no_file(_: str) -> FoundFile | None:
    return None


@dataclass
class FormReader(AnswerReader):
    """How a form and its values are shown to this reader. `find_file`: a file of this case by its SHA-256."""

    find_file: Callable[[str], FoundFile | None] = no_file

    def widgets(
        self,
        form: Form,
        values: Mapping[str, object],
        errors: Mapping[str, str],
        known: Mapping[str, object],
        now: datetime,
        *,
        without: frozenset[str] = frozenset(),
        fresh: Mapping[str, Mapping[str, object]] = NOTHING,
    ) -> tuple[Widget, ...]:
        """The form with these values, typed or as the person left them; `errors` are codes by address.

        `fresh`: what stands in a new row, by its list.
        """
        posted = gather(form, values).values
        worked = work_out(form, _plain(form, posted), known, now=now)
        shown = {key: worked.values[key] if item.computed else posted.get(key) for key, item in form.fields.items()}
        for key, _ in form.lists:
            given = posted.get(key)
            typed = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
            found: Any = worked.values[key]
            shown[key] = [{**cells, **_computed(form.fields[key], found[at])} for at, cells in enumerate(typed)]
        page = _Page(now.astimezone(self.zone).date(), errors, worked.visible, without, fresh)
        return tuple(self._build(form.components, shown, page, "{}".format))

    def _build(
        self,
        components: tuple[Component, ...],
        values: Mapping[str, Any],
        page: _Page,
        name_of: Callable[[str], str],
        *,
        in_row: bool = False,
    ) -> Iterator[Widget]:
        for component in components:
            if component.type == "group":
                children = tuple(self._build(component.components, values, page, name_of, in_row=in_row))
                hidden = bool(children) and all(child.hidden for child in children if child.kind != "note")
                label = component.label.in_language(self.language)
                yield Widget("group", label=label, hide=_feel(component), hidden=hidden, children=children)
            elif component.type == "text":
                yield Widget("note", label=component.text.in_language(self.language), hide=_feel(component))
            elif component.field is None:
                yield Widget("line")
            elif component.field.key not in page.without and not _is_unasked(component.field, values, page):
                item = component.field
                yield self._input(item, values.get(item.key), name_of(item.key), page, component, in_row=in_row)

    def _input(
        self, item: FormField, value: Any, name: str, page: _Page, component: Component, *, in_row: bool
    ) -> Widget:
        if value is None:
            value = item.default
        choices = self._choices(item, value) if item.type in CHOICE_TYPES | MANY_TYPES else ()
        kind, input_type = kind_of(item, len(choices))
        if in_row and kind == "chips" and not item.many:
            kind = "select"
        hints = filter(None, (item.hint.in_language(self.language), count_hint(item)))
        common: dict[str, Any] = {
            "kind": kind,
            "key": name,
            "label": self.label(item),
            "hint": ". ".join(hints),
            "required": item.required or item.least > 0 or bool(item.mandatory) or item.excuses is not None,
            "error": explain_error(
                page.errors.get(name),
                item,
                label=self.label(item),
                language=self.language,
                missing=self._missing(item, value),
            ),
            "hide": _feel(component),
            "hidden": name not in page.visible and NEW_ROW not in name,
            "least": item.least,
            "most": item.most,
        }
        if item.row is not None:
            return Widget(**common, **self._list(item, item.row, value, page))
        if item.only_shows:
            return Widget(**{**common, "kind": "shown"}, files=self._files(value))
        if item.computed is not None:
            text = "" if value is None else self.text(item, value)
            common |= {"formula": item.computed.text, "unit": item.kind or "", "decimals": item.decimals}
            return Widget(**common, value=text, wide=False)
        if item.is_files:
            accept = IMAGES if item.kind == FileKind.PHOTO else ",".join(sorted(item.accept))
            return Widget(**common, files=self._files(value), accept=accept, many=item.most != 1)
        return Widget(
            **common,
            value=self._raw(item, value),
            choices=choices,
            many=item.many,
            suffix=item.suffix.in_language(self.language),
            input_type=input_type,
            longest=item.validate.get("maxLength"),
            earliest=_earliest(item, page.today),
            source=item.source or "",
            names_row=in_row and item.kind == ROW,
            wide=kind in {"chips", "ranked", "checks", "area", "note"} or (component.columns or 16) > 8,
        )

    def _list(self, item: FormField, row: Layout, value: Any, page: _Page) -> dict[str, Any]:
        def build(number: object, cells: Mapping[str, Any], around: _Page = page) -> tuple[Widget, ...]:
            def name(key: str) -> str:
                return f"{item.key}.{number}.{key}"

            return tuple(self._build(row.components, cells, around, name, in_row=True))

        given: list[Any] = value if isinstance(value, list) else []
        new = page.fresh.get(item.key, NOTHING)
        wanted = max(len(given), item.least, 1)
        most = item.most or wanted
        numbers = range(min(wanted, most))
        fresh = {address(item.key, number, key) for number in range(len(given), most) for key in row.fields}
        around = replace(page, visible=page.visible | fresh)
        rows = tuple(build(n, given[n] if n < len(given) else new, around) for n in numbers)
        spare = tuple(build(n, new, around) for n in range(len(rows), min(len(rows) + SPARE_ROWS, most)))
        blank = build(NEW_ROW, new)
        drawn = [each.kind for each in blank]
        as_table = len(drawn) <= TABLE_AT_MOST and not NO_TABLE & {*drawn} and "group" not in drawn
        numbered = any(each.names_row for each in blank)
        return {"rows": rows, "spare": spare, "blank": blank, "as_table": as_table, "numbered": numbered}

    def _missing(self, item: FormField, ticked: object) -> str:
        """The mandatory lines that are not ticked, in words."""
        return ", ".join(option.label.in_language(self.language) for option in item.left_out(ticked))

    def _files(self, value: Any) -> tuple[FileLink, ...]:
        given = value if isinstance(value, list) else [value] if value else []
        links = []
        for each in given:
            if isinstance(each, Mapping):
                links.append(self.file(each))
            elif each == PAPER:
                links.append(self.file({PAPER: True}))
            elif isinstance(each, str) and (found := self.find_file(each)) is not None:
                links.append(self.file({"file": each, "name": found.name, "type": found.type, "size": found.size}))
        return tuple(links)

    def _choices(self, item: FormField, value: object) -> tuple[Choice, ...]:
        options = {option.value: option.label.in_language(self.language) for option in item.options}
        if item.source:
            options = dict(self.source(item.source))
        chosen = [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
        if item.ranked:
            first = [each for each in dict.fromkeys(chosen) if each in options]
            ranks = {each: place for place, each in enumerate(first, 1)}
            ordered = [*first, *(each for each in options if each not in ranks)]
            return tuple(Choice(each, options[each], each in ranks, ranks.get(each, 0)) for each in ordered)
        return tuple(Choice(key, label, key in chosen) for key, label in options.items())

    def _typed_number(self, value: Decimal) -> str:
        """As one types it: spaces between thousands in either language, since a comma could be read as a point."""
        text = formats.format_number(value, self.language, 0 if value == value.to_integral_value() else None)
        return text if self.language == "ru" else text.replace(",", formats.NBSP)

    def _raw(self, item: FormField, value: object) -> str:
        """The value as an input of the browser wants it."""
        if isinstance(value, datetime):
            return value.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, time):
            return value.strftime("%H:%M")
        if isinstance(value, Decimal):
            return str(int(value)) if is_year(item) else self._typed_number(value)
        if item.type == "checkbox":
            return "1" if value in (True, "on", "true", "1") else ""
        return "" if value is None or isinstance(value, list | dict) else str(value)


def _computed(item: FormField, cells: Mapping[str, Any]) -> dict[str, Any]:
    fields = item.row.fields if item.row else {}
    return {key: cells.get(key) for key, each in fields.items() if each.computed is not None}


def _plain(form: Layout, values: Mapping[str, Any]) -> dict[str, object]:
    """Values for conditions: what a browser sent as text counts as the type of its field."""
    plain: dict[str, object] = {}
    for key, item in form.fields.items():
        value = values.get(key, item.default)
        if item.row is not None:
            rows = value if isinstance(value, list) else []
            value = [_plain(item.row, row) for row in rows if isinstance(row, Mapping)]
        elif item.is_files:
            value = value if isinstance(value, list) else [value] if value else []
        elif item.type == "checkbox":
            value = value in (True, "on", "true", "1")
        elif item.many and isinstance(value, str):
            value = [value] if value else []
        elif item.type == "number":
            value = _number(value)
        elif item.type == "datetime" and item.subtype == "date" and isinstance(value, str):
            value = _date(value)
        plain[key] = None if value == "" else value
    return plain


def _number(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if not isinstance(value, str):
        return value
    text = value.strip().translate(GAPS)
    text = text.replace(",", "") if "." in text or text.count(",") > 1 else text.replace(",", ".")
    digits = text.removeprefix("-").replace(".", "", 1)
    return Decimal(text) if digits.isascii() and digits.isdecimal() and len(digits) < 30 else None


def _date(value: str) -> date | str:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


def _is_unasked(item: FormField, values: Mapping[str, Any], page: _Page) -> bool:
    """Why a line is left out is asked when the form has been refused for it, or the reason was told already."""
    if item.excuses is None:
        return False
    return not (values.get(item.key) or item.key in page.errors or item.excuses in page.errors)


def _earliest(item: FormField, today: date) -> str:
    """The first day or moment that is taken, as an input of the browser wants it."""
    if not item.coming:
        return ""
    return today.isoformat() if item.subtype == "date" else f"{today.isoformat()}T00:00"


def _feel(component: Component) -> str:
    return component.hide.text if component.hide else ""


def for_browser(known: Mapping[str, Any]) -> dict[str, Any]:
    """The case document as JSON that conditions in the browser can read; typed values become their texts."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: plain(item) for name, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        return value if isinstance(value, str | int | bool | None) else str(value)

    return {name: plain(value) for name, value in known.items()}
