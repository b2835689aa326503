"""Made-up answers: what a form can be filled in with so that a test run goes on, and what stands for personal data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from engine.feel.pattern_syntax import (
    Alternatives,
    Anchor,
    Character,
    Group,
    Piece,
    Repeat,
    UnusablePattern,
    parse_pattern,
)
from engine.feel.pattern_syntax import Sequence as Parts
from engine.human_tasks.form_values import FormInvalid, FoundFile, Reading, address, read_values
from engine.human_tasks.form_values.files import PAPER
from engine.human_tasks.forms import CHOICE_TYPES, ROW, TEXT_TYPES, FileKind, Form, FormField, Layout

ROUNDS: Final = 8
FILES: Final = ((".png", "image/png"), (".jpg", "image/jpeg"), (".pdf", "application/pdf"))
OF_A_KIND: Final = 50  # made-up files of each kind, named by their number
LETTERS: Final = "1aAаА -_.,@+/:;()#"
WORD: Final = "Test"

Choices = Callable[[str], Sequence[str]]  # values that may be chosen from a source


def fill(
    form: Form,
    given: Mapping[str, Any],
    known: Mapping[str, object],
    reading: Reading,
    *,
    samples: Mapping[str, str],
    choices: Choices = lambda _: (),
) -> dict[str, Any]:
    """Raw values that the form takes: those given, and made-up ones wherever something is missing or does not fit.

    `samples`: a text of each kind. What only a person can put right, such as a limit of the form's own, is left.
    """
    values = dict(given)
    for _ in range(ROUNDS):
        try:
            read_values(form, values, known, reading)
        except FormInvalid as refusal:
            before = dict(values)
            for place, code in refusal.errors.items():
                values |= _mend(form, place, code, reading, samples, choices)
            if values == before:
                break
        else:
            break
    return values


def without_personal(
    form: Form, raw: Mapping[str, Any], reading: Reading, samples: Mapping[str, str]
) -> dict[str, Any]:
    """The same answers with made-up ones in place of personal data: a script may be kept."""
    personal = form.personal_keys
    kept: dict[str, Any] = {}
    for name, value in raw.items():
        key = name.partition(".")[0]
        if key not in personal or value in ("", None, []):
            kept[name] = value
        elif key == name and form.fields[key].row is None:
            kept[name] = _made_up(form.fields[key], reading, samples, lambda _: ())
        elif (row := form.fields[key].row) is not None and (cell := name.rpartition(".")[2]) in row.fields:
            kept[name] = _made_up(row.fields[cell], reading, samples, lambda _: ())
    return kept


def made_up_files(layout: Layout) -> dict[str, Any]:
    """For every field that asks for files, as many as it must have; hidden ones are not read."""
    return {key: _files(item) for key, item in layout.fields.items() if item.is_files and not item.only_shows}


def made_up_file(sha256: str) -> FoundFile | None:
    """Nothing is handed in for a test run: pictures and papers that do not exist stand for files."""
    if not sha256 or set(sha256) - set("0123456789abcdef"):
        return None
    kind, number = divmod(int(sha256, 16), OF_A_KIND)
    if kind >= len(FILES):
        return None
    ending, said = FILES[kind]
    return FoundFile(sha256, f"test-{number + 1}{ending}", said, 1, ending)


def _mend(
    form: Form, place: str, code: str, reading: Reading, samples: Mapping[str, str], choices: Choices
) -> dict[str, Any]:
    """What may stand in a field that was refused; for a list the cells of the rows that it lacks."""
    key, _, rest = place.partition(".")
    item = form.fields.get(key)
    if item is None:
        return {}
    if rest:
        cell = item.row.fields.get(rest.rpartition(".")[2]) if item.row is not None else None
        return {} if cell is None else {place: _made_up(cell, reading, samples, choices)}
    if item.row is None:
        return {place: _made_up(item, reading, samples, choices)}
    if code not in ("required", "too_few"):
        return {}
    rows = range(max(item.least, 1))
    return {
        address(key, number, name): value
        for number in rows
        for name, value in _row(item.row, reading, samples, choices, number)
    }


def _row(
    row: Layout, reading: Reading, samples: Mapping[str, str], choices: Choices, number: int
) -> Iterator[tuple[str, Any]]:
    asked = {name: cell for name, cell in row.fields.items() if cell.computed is None}
    needed = [name for name, cell in asked.items() if cell.required or cell.least]
    for name in needed or list(asked)[:1]:
        yield name, _made_up(asked[name], reading, samples, choices, number)


def _made_up(item: FormField, reading: Reading, samples: Mapping[str, str], choices: Choices, number: int = 0) -> Any:
    if item.is_files:
        return _files(item)
    if item.type in CHOICE_TYPES:
        return next(iter(_options(item, choices)), "1")
    if item.many:
        wanted = dict.fromkeys([*item.mandatory, *_options(item, choices)])
        return list(wanted)[: max(item.least, len(item.mandatory), 1)]
    if item.type == "checkbox":
        return "true"
    if item.type == "number":
        return "1" if item.kind == ROW else _number(item)
    if item.type == "datetime":
        return _moment(item, reading.now.astimezone(reading.zone) + timedelta(days=1))
    if item.type in TEXT_TYPES:
        return _text(item, samples)
    return WORD


def _options(item: FormField, choices: Choices) -> Sequence[str]:
    return choices(item.source) if item.source else [option.value for option in item.options]


def _number(item: FormField) -> str:
    low, high = item.validate.get("min"), item.validate.get("max")
    if low is not None and float(low) > 1:
        return str(low)
    return str(high) if high is not None and float(high) < 1 else "1"


def _moment(item: FormField, tomorrow: datetime) -> str:
    if item.subtype == "time":
        return "12:00"
    noon = tomorrow.replace(hour=12, minute=0, second=0, microsecond=0, tzinfo=None)
    return noon.date().isoformat() if item.subtype == "date" else noon.isoformat(timespec="minutes")


def _files(item: FormField) -> list[str] | str:
    if item.kind == FileKind.SIGNATURE:
        return PAPER
    kind = next((at for at, (ending, _) in enumerate(FILES) if not item.accept or ending in item.accept), 0)
    return [f"{kind * OF_A_KIND + number:064x}" for number in range(max(item.least, 1))]


def _text(item: FormField, samples: Mapping[str, str]) -> str:
    limits = item.validate
    if item.kind and item.kind in samples:
        return samples[item.kind]
    if "pattern" in limits:
        return _example(str(limits["pattern"]))
    if limits.get("validationType") == "email" or item.kind == "email":
        return "test@example.com"
    least, most = limits.get("minLength") or 0, limits.get("maxLength") or len(WORD)
    return (WORD * (least // len(WORD) + 1))[: max(least, min(len(WORD), most))]


def _example(pattern: str) -> str:
    """A short text that fits a pattern; empty when none is found."""
    try:
        tree, _ = parse_pattern(pattern, "")
        return _text_of(tree)
    except UnusablePattern:
        return ""


def _text_of(piece: Piece) -> str:
    if isinstance(piece, Character):
        return next(
            (each for each in LETTERS if piece.test(each)), next(filter(piece.test, map(chr, range(33, 127))), "")
        )
    if isinstance(piece, Parts):
        return "".join(_text_of(each) for each in piece.parts)
    if isinstance(piece, Alternatives):
        return _text_of(piece.parts[0]) if piece.parts else ""
    if isinstance(piece, Repeat):
        return _text_of(piece.inner) * max(piece.least, 1 if piece.most != 0 else 0)
    if isinstance(piece, Group):
        return _text_of(piece.inner)
    return "" if isinstance(piece, Anchor) else WORD
