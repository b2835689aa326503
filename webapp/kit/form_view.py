"""A step's form as a page shows it: widgets, labels in the reader's language, values, errors, answers as text."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.human_tasks.form_values import work_out
from engine.human_tasks.forms import CHOICE_TYPES, MANY_TYPES, Component, Form, FormField
from webapp.core import formats
from webapp.core.feature import Text

CHIPS_AT_MOST = 8  # more choices are read faster as a list

ERRORS: Mapping[str, Text] = {
    "required": _l("Please fill this in."),
    "not_a_number": _l("Enter a number, for example 1 250 000."),
    "too_precise": _l("Too many digits after the point."),
    "out_of_range": _l("This number is outside the allowed range."),
    "bad_length": _l("This text is too short or too long."),
    "bad_pattern": _l("This does not have the expected form."),
    "not_an_email": _l("Enter an e-mail address, for example anna@example.com."),
    "not_a_phone": _l("Enter a phone number with its code, for example +7 900 000-12-34."),
    "not_a_vin": _l("A VIN has 17 letters and digits, without I, O and Q."),
    "not_a_plate": _l("Enter a number plate, for example А 123 ВС 178."),
    "not_a_inn": _l("The INN has a typing error: its check digit does not fit."),
    "not_a_kpp": _l("A KPP has nine signs, for example 780101001."),
    "not_a_ogrn": _l("The OGRN has a typing error: its check digit does not fit."),
    "not_a_bic": _l("A BIC has nine digits, for example 044030998."),
    "not_a_date": _l("Enter a date."),
    "not_an_option": _l("Choose one of the options."),
    "unknown_field": _l("This field is not part of the form any more. Load the page again."),
    "invalid": _l("This value cannot be read."),
}


@dataclass(frozen=True)
class Choice:
    """An option as it is drawn."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Widget:
    """One input with everything the template needs; or a group, a text, a line."""

    kind: str  # chips, select, checks, text, area, number, date, time, datetime-local, check, group, note, line
    key: str = ""
    label: str = ""
    hint: str = ""
    value: str = ""
    choices: tuple[Choice, ...] = ()
    many: bool = False
    required: bool = False
    error: str = ""
    suffix: str = ""
    input_type: str = "text"
    longest: int | None = None
    hide: str = ""  # FEEL, evaluated again in the browser
    hidden: bool = False
    wide: bool = True
    children: "tuple[Widget, ...]" = ()


@dataclass(frozen=True)
class Answer:
    """One thing that is known: a field's label and its value as text."""

    label: str
    text: str
    key: str


SourceChoices = Callable[[str], Mapping[str, str]]  # source name -> value -> label, for this reader


@dataclass
class FormReader:
    """How values are shown to this reader."""

    language: str
    zone: ZoneInfo
    choices_of: SourceChoices
    _sources: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def source(self, name: str) -> Mapping[str, str]:
        if name not in self._sources:
            self._sources[name] = self.choices_of(name)
        return self._sources[name]

    def widgets(
        self,
        form: Form,
        values: Mapping[str, object],
        errors: Mapping[str, str],
        known: Mapping[str, object],
        now: datetime,
        *,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Widget, ...]:
        """The form with these values, typed or as the person left them; `errors` are codes by key."""
        shown = work_out(form, _plain(form, values), known, now=now).visible

        def build(components: tuple[Component, ...]) -> Iterator[Widget]:
            for component in components:
                if component.type == "group":
                    children = tuple(build(component.components))
                    hidden = bool(children) and all(child.hidden for child in children if child.kind != "note")
                    label = component.label.in_language(self.language)
                    yield Widget("group", label=label, hide=_feel(component), hidden=hidden, children=children)
                elif component.type == "text":
                    yield Widget("note", label=component.text.in_language(self.language), hide=_feel(component))
                elif component.field is None:
                    yield Widget("line")
                elif component.field.key not in without:
                    key = component.field.key
                    yield self._input(component.field, values.get(key), errors.get(key), key not in shown, component)

        return tuple(build(form.components))

    def _input(self, item: FormField, value: object, error: str | None, hidden: bool, component: Component) -> Widget:
        if value is None:
            value = item.default
        choices = self._choices(item, value) if item.type in CHOICE_TYPES | MANY_TYPES else ()
        kind, input_type = _kind(item, len(choices))
        return Widget(
            kind=kind,
            key=item.key,
            label=item.label.in_language(self.language),
            hint=item.hint.in_language(self.language),
            value=self._raw(item, value),
            choices=choices,
            many=item.many,
            required=item.required,
            error=str(ERRORS.get(error, ERRORS["invalid"])) if error else "",
            suffix=item.suffix.in_language(self.language),
            input_type=input_type,
            longest=item.validate.get("maxLength"),
            hide=_feel(component),
            hidden=hidden,
            wide=kind in {"chips", "checks", "area", "note"} or (component.columns or 16) > 8,
        )

    def _choices(self, item: FormField, value: object) -> tuple[Choice, ...]:
        options = {option.value: option.label.in_language(self.language) for option in item.options}
        if item.source:
            options = dict(self.source(item.source))
        chosen = {str(each) for each in value} if isinstance(value, list | tuple) else {str(value)}
        return tuple(Choice(key, label, key in chosen) for key, label in options.items())

    def _raw(self, item: FormField, value: object) -> str:
        """The value as an input of the browser wants it."""
        if isinstance(value, datetime):
            return value.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, time):
            return value.strftime("%H:%M")
        if isinstance(value, Decimal):
            return str(int(value)) if is_year(item) else formats.format_number(value, self.language)
        if item.type == "checkbox":
            return "1" if value in (True, "on", "true", "1") else ""
        return "" if value is None or isinstance(value, list) else str(value)

    def answers(self, form: Form, values: Mapping[str, object]) -> list[Answer]:
        """What was answered, in the order of the form; personal and empty fields are left out."""
        found = []
        for key, item in form.fields.items():
            value = values.get(key)
            if value not in (None, [], "") and not item.personal:
                found.append(Answer(item.label.in_language(self.language), self.text(item, value), key))
        return found

    def text(self, item: FormField, value: object) -> str:
        """A value in words."""
        if isinstance(value, list):
            return ", ".join(self.text(item, each) for each in value)
        if item.type in CHOICE_TYPES | MANY_TYPES:
            labels = {option.value: option.label.in_language(self.language) for option in item.options}
            labels = labels or dict(self.source(item.source or ""))
            return str(labels.get(str(value), value))
        if isinstance(value, bool):
            return str(_("Yes") if value else _("No"))
        if isinstance(value, Decimal):
            suffix = item.suffix.in_language(self.language)
            if suffix == "₽":
                return formats.format_money(value, self.language, "RUB")
            if is_year(item):
                return str(int(value))
            return f"{formats.format_number(value, self.language)} {suffix}".strip()
        if isinstance(value, datetime):
            return formats.format_moment(value, self.language, self.zone)
        if isinstance(value, date):
            return formats.format_day(value, self.language, self.zone, "date")
        if isinstance(value, time):
            return value.strftime("%H:%M")
        if item.kind == "phone":
            return formats.format_phone(str(value))
        return str(value)


def is_year(item: FormField) -> bool:
    """A number that can only be a year is written without groups of digits."""
    least, most = item.validate.get("min"), item.validate.get("max")
    return least is not None and most is not None and float(least) >= 1000 and float(most) <= 9999


def _plain(form: Form, values: Mapping[str, object]) -> dict[str, object]:
    """Values for conditions: what a browser sent as text counts as the type of its field."""
    plain: dict[str, object] = {}
    for key, item in form.fields.items():
        value = values.get(key, item.default)
        if item.type == "checkbox":
            value = value in (True, "on", "true", "1")
        elif item.many and isinstance(value, str):
            value = [value] if value else []
        elif item.type == "number" and isinstance(value, str):
            text = value.replace(" ", "").replace("\u00a0", "").replace(",", ".")
            value = Decimal(text) if text.replace(".", "", 1).isdecimal() else None
        plain[key] = None if value == "" else value
    return plain


def _feel(component: Component) -> str:
    return component.hide.text if component.hide else ""


def _kind(item: FormField, choices: int) -> tuple[str, str]:
    """Widget and input type of a field."""
    if item.type in CHOICE_TYPES:
        return ("chips" if choices <= CHIPS_AT_MOST and not item.source else "select"), ""
    if item.type in MANY_TYPES:
        return ("chips" if choices <= CHIPS_AT_MOST * 2 else "checks"), ""
    if item.type == "datetime":
        kind = {"date": "date", "time": "time"}.get(item.subtype or "", "datetime-local")
        return "input", kind
    if item.type == "number":
        return "number", "text"
    if item.type == "textarea":
        return "area", ""
    if item.type == "checkbox":
        return "check", ""
    return "input", {"phone": "tel", "email": "email"}.get(item.kind or "", "text")
