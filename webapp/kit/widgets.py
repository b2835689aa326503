"""What a form is drawn from: widgets with everything a template needs, and what is said of a wrong value."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from engine.human_tasks.form_values.single import NUMBER_LIMIT
from engine.human_tasks.forms import CHOICE_TYPES, MANY_TYPES, FileKind, FormField
from webapp.core import formats
from webapp.core.feature import Text

CHIPS_AT_MOST = 8  # more choices are read faster as a list
SELECT_AT_MOST = 12  # more records are found faster by typing
BOUNDS = frozenset({"min", "max"})
TABLE_AT_MOST = 4  # more columns do not fit beside each other: such rows are drawn as cards

ERRORS: Mapping[str, Text] = {
    "required": _l("Please fill this in."),
    "not_a_number": _l("Enter a number, for example 1 250 000."),
    "too_precise": _l("Too many digits after the point."),
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
    "file_unknown": _l("This file is not here any more. Add it again."),
    "wrong_file": _l("A file of another kind is asked for here. Take it out and add the right one."),
    "row_unknown": _l("There is no row with this number. Enter the number of another row."),
    "row_itself": _l("A row cannot follow itself. Enter the number of another row."),
    "row_circle": _l("These rows wait for each other in a circle: none of them could begin. Change one of them."),
    "invalid": _l("This value cannot be read."),
}


@dataclass(frozen=True)
class Choice:
    """An option as it is drawn; `rank` is its place among the chosen ones, from 1."""

    value: str
    label: str
    chosen: bool
    rank: int = 0


@dataclass(frozen=True)
class FileLink:
    """A file that was handed in; `paper`: a signature given on paper, which has no file."""

    sha256: str = ""
    name: str = ""
    url: str = ""
    is_image: bool = False
    size: int = 0
    paper: bool = False


@dataclass(frozen=True)
class Widget:
    """One input with everything the template needs; or a group, a text, a line.

    `kind`: chips, ranked, select, search, checks, text, area, number, date, time, datetime-local, check, list,
    photo, file, signature, computed, shown, group, note, line. `key` is the name under which it is posted.
    """

    kind: str
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
    earliest: str = ""  # of a date: the first one that is taken
    hide: str = ""  # FEEL, evaluated again in the browser
    hidden: bool = False
    wide: bool = True
    children: "tuple[Widget, ...]" = ()
    rows: "tuple[tuple[Widget, ...], ...]" = ()  # of a list
    spare: "tuple[tuple[Widget, ...], ...]" = ()  # rows for a browser without scripts
    blank: "tuple[Widget, ...]" = ()  # what a new row looks like; its number is still "__n__"
    as_table: bool = False
    numbered: bool = False  # of a list: its rows name each other by number
    names_row: bool = False
    least: int = 0
    most: int | None = None
    files: tuple[FileLink, ...] = ()
    accept: str = ""
    formula: str = ""  # FEEL of a computed value
    unit: str = ""  # money, number, text
    decimals: int | None = None
    source: str = ""  # where the choices of a search come from


def explain_error(code: str | None, item: FormField, *, label: str, language: str, missing: str = "") -> str:
    """What is wrong, and what to do. `missing`: the mandatory lines that are not ticked, in words."""
    if not code:
        return ""
    if code == "day_passed":
        return str(_("%(field)s: this day has passed. Choose today or a later day.", field=label))
    if code == "out_of_range":
        return _say_bounds(item, language)
    if code == "too_many":
        return str(_("At most %(most)s are possible here.", most=item.most or 0))
    if code == "too_few":
        return str(_("At least %(least)s are needed here.", least=item.least))
    if code == "not_ticked":
        return str(_("Not ticked: %(lines)s. Tick what is done, or say below why it is left out.", lines=missing))
    return str(ERRORS.get(code, ERRORS["invalid"]))


def _say_bounds(item: FormField, language: str) -> str:
    """Which numbers are taken; a form that sets no bounds takes what a field can hold."""
    limits = {"min": -NUMBER_LIMIT, "max": NUMBER_LIMIT} if not BOUNDS & item.validate.keys() else item.validate
    write = str if is_year(item) else partial(formats.format_number, language=language)
    least, most = (write(limits[name]) if name in limits else "" for name in ("min", "max"))
    if least and most:
        return str(_("Enter a number from %(least)s to %(most)s.", least=least, most=most))
    if least:
        return str(_("Enter a number of at least %(least)s.", least=least))
    return str(_("Enter a number of at most %(most)s.", most=most))


def count_hint(item: FormField) -> str:
    """How many are asked for, in words; empty when it goes without saying."""
    most = item.most if item.many or item.row is not None else None
    if item.ranked:
        return str(
            _("In order of importance, at most %(most)s. The first one chosen is the first.", most=item.most or 0)
        )
    if item.least > 1 and most:
        return str(_("From %(least)s to %(most)s", least=item.least, most=most))
    if item.least > 1:
        return str(ngettext("At least %(num)s", "At least %(num)s", item.least))
    return ""


def kind_of(item: FormField, choices: int) -> tuple[str, str]:
    """Widget and input type of a field."""
    if item.row is not None:
        return "list", ""
    if item.computed is not None:
        return "computed", ""
    if item.is_files:
        return str(FileKind(item.kind or FileKind.FILE)), ""
    if item.type in CHOICE_TYPES:
        if item.source and choices > SELECT_AT_MOST:
            return "search", ""
        return ("chips" if choices <= CHIPS_AT_MOST and not item.source else "select"), ""
    if item.ranked:
        return "ranked", ""
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


def is_year(item: FormField) -> bool:
    """A number that can only be a year is written without groups of digits."""
    least, most = item.validate.get("min"), item.validate.get("max")
    return least is not None and most is not None and float(least) >= 1000 and float(most) <= 9999
