"""A test run as a script: a list of acts as versioned JSON, read strictly, because it comes from a browser.

    {"version": 1, "acts": [{"do": "start", "at": "2026-03-09T07:00:00Z", "values": {"source": "site"}}, …]}

Typed values are written as the case document writes them: `{"$": "date", "v": "2026-03-09"}`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from engine import case_data
from engine.errors import BusinessError
from engine.feel import FeelError, YearsMonths, format_duration, parse_duration
from engine.sandbox.limits import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_WAIT,
    MAX_ACTS,
    MAX_DEPTH,
    MAX_NAME,
    MAX_SCRIPT,
    MAX_TEXT,
    MAX_VALUES,
)

VERSION: Final = 1
NEXT: Final = "next"
SCALARS = (str, bool, int, Decimal, date, time, timedelta, YearsMonths)
LARGEST: Final = Decimal(10) ** 18
SMALLEST_EXPONENT: Final = -30


class Do(StrEnum):
    """What can be done in a test run."""

    START = "start"  # at a moment, with the case data the process begins with
    COMPLETE = "complete"  # an open step, with the values of its form
    OFFER = "offer"  # press an offered button, with the values of its form
    SKIP = "skip"
    WAIT = "wait"  # move the clock: for a time, or until the next thing is due
    MESSAGE = "message"  # what an element waits for arrives
    ANSWER = "answer"  # from here on the operation of an element answers this, or fails with an error code


class ScriptRefused(BusinessError):
    """The text is no script: `code` names the reason, `details` the place."""


@dataclass(frozen=True)
class Act:
    """One act. Which fields count depends on `do`; `element` is the step, the waiting event, or who calls."""

    do: Do
    element: str = ""
    path: str = ""  # of the element as tables keep it; empty: wherever it is open
    values: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    owned: bool = True
    scope: int | None = None
    offer: str = ""
    reason: str = ""
    span: timedelta | None = None
    to_next: bool = False
    error: str = ""


@dataclass(frozen=True)
class Script:
    """Acts in their order. One starts the case; before it stand only answers, to what the start itself calls."""

    acts: tuple[Act, ...] = ()

    @property
    def start(self) -> Act | None:
        return next((act for act in self.acts if act.do is Do.START), None)

    def first(self, number: int) -> "Script":
        """Only the first acts."""
        return Script(self.acts[: max(number, 0)])

    def then(self, act: Act) -> "Script":
        return Script((*self.acts, act))

    def before(self, place: int, act: Act) -> "Script":
        """With an act put before the one at this place."""
        return Script((*self.acts[:place], act, *self.acts[place:]))


class _Values(fields.Field[Mapping[str, Any]]):
    """Names and values, neither many nor large."""

    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise ValidationError("not_values")
        return _Reader().context(value, 0)


class _Reader:
    """Copies values and counts them."""

    def __init__(self) -> None:
        self.left = MAX_VALUES

    def context(self, given: Mapping[Any, object], depth: int) -> dict[str, Any]:
        if not all(isinstance(name, str) and 0 < len(name) <= MAX_NAME for name in given):
            raise ValidationError("bad_name")
        return {name: self.value(each, depth + 1) for name, each in given.items()}

    def value(self, given: object, depth: int) -> object:
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            raise ValidationError("too_many_values")
        if isinstance(given, Mapping):
            return self.context(given, depth)
        if isinstance(given, list):
            return [self.value(each, depth + 1) for each in given]
        if isinstance(given, float):
            given = Decimal(str(given))
        if given is not None and not isinstance(given, SCALARS):
            raise ValidationError("not_a_value")
        if isinstance(given, str) and len(given) > MAX_TEXT:
            raise ValidationError("text_too_long")
        if isinstance(given, int | Decimal) and not isinstance(given, bool) and not _is_fit(Decimal(given)):
            raise ValidationError("number_too_large")
        return given


def _is_fit(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= SMALLEST_EXPONENT and abs(number) <= LARGEST


class _Moment(fields.Field[datetime]):
    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> datetime:
        try:
            found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            if found.tzinfo is not None and FIRST_YEAR < found.year <= LAST_YEAR:
                return found.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise ValidationError("not_a_moment")


class _Span(fields.Field[timedelta]):
    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> timedelta:
        try:
            found = parse_duration(str(value)[:40])
        except FeelError:
            raise ValidationError("not_a_span") from None
        if not isinstance(found, timedelta) or not timedelta() < found <= LONGEST_WAIT:
            raise ValidationError("not_a_span")
        return found


def _text(longest: int = MAX_NAME, **more: Any) -> fields.String:
    return fields.String(validate=validate.Length(min=1 if more.get("required") else 0, max=longest), **more)


class _ActSchema(Schema):
    class Meta:
        unknown = RAISE

    do = fields.Enum(Do, by_value=True, required=True)


class _Start(_ActSchema):
    at = _Moment(required=True)
    values = _Values()
    owned = fields.Boolean(truthy={True}, falsy={False})
    scope = fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, 2**31 - 1))


class _Complete(_ActSchema):
    element = _text(required=True)
    path = _text(400)
    values = _Values()


class _Offer(_Complete):
    offer = _text(required=True)


class _Skip(_ActSchema):
    element = _text(required=True)
    path = _text(400)
    reason = _text(500, required=True)


class _Wait(_ActSchema):
    span = _Span(data_key="for")
    to_next = fields.Boolean(truthy={True}, falsy={False}, data_key="next")


class _Message(_ActSchema):
    element = _text(required=True)
    values = _Values()


class _Answer(_ActSchema):
    element = _text(required=True)
    values = _Values()
    error = _text()


_SCHEMAS: Mapping[Do, Schema] = {
    Do.START: _Start(),
    Do.COMPLETE: _Complete(),
    Do.OFFER: _Offer(),
    Do.SKIP: _Skip(),
    Do.WAIT: _Wait(),
    Do.MESSAGE: _Message(),
    Do.ANSWER: _Answer(),
}


def read_script(text: str) -> Script:
    """The script in a text. Raises ScriptRefused."""
    if len(text) > MAX_SCRIPT:
        raise ScriptRefused("script_too_long", limit=MAX_SCRIPT)
    try:
        found: Any = case_data.load(text)
    except (ValueError, TypeError, ArithmeticError, KeyError, RecursionError):
        raise ScriptRefused("script_unreadable") from None
    if not isinstance(found, Mapping) or found.keys() - {"version", "acts"}:
        raise ScriptRefused("script_unreadable")
    if found.get("version") != VERSION:
        raise ScriptRefused("script_version", version=str(found.get("version"))[:20])
    acts = found.get("acts")
    if not isinstance(acts, list):
        raise ScriptRefused("script_unreadable")
    if len(acts) > MAX_ACTS:
        raise ScriptRefused("script_too_many_acts", limit=MAX_ACTS)
    read = tuple(_act(number, each) for number, each in enumerate(acts, 1))
    begun = False
    for number, act in enumerate(read, 1):
        if (act.do is Do.START) == begun and act.do is not Do.ANSWER:
            raise ScriptRefused("script_start_first", act=number)
        begun = begun or act.do is Do.START
    return Script(read)


def _act(number: int, given: object) -> Act:
    said = given.get("do") if isinstance(given, Mapping) else None
    if not isinstance(given, Mapping) or not isinstance(said, str) or said not in set(Do):
        raise ScriptRefused("script_unknown_act", act=number)
    try:
        loaded: dict[str, Any] = _SCHEMAS[Do(said)].load(given)
    except (ValidationError, ArithmeticError) as error:
        raise ScriptRefused("script_bad_act", act=number, field=_place(error)) from None
    act = Act(**loaded)
    if act.do is Do.WAIT and (act.span is None) == (not act.to_next):
        raise ScriptRefused("script_bad_act", act=number, field="for")
    return act


def _place(error: Exception) -> str:
    messages = getattr(error, "messages", None)
    return str(next(iter(messages), ""))[:60] if isinstance(messages, Mapping) else ""


def checked(script: Script) -> Script:
    """The same script as it would be read. Raises ScriptRefused when it is not to be read."""
    return read_script(write_script(script))


def write_script(script: Script) -> str:
    """As `read_script` reads it; only what counts is written."""
    return case_data.dump({"version": VERSION, "acts": [_written(act) for act in script.acts]})


def _written(act: Act) -> dict[str, object]:
    said: Sequence[tuple[str, object, object]] = (
        ("element", act.element, ""),
        ("path", act.path, ""),
        ("offer", act.offer, ""),
        ("at", None if act.at is None else act.at.astimezone(UTC).isoformat(), None),
        ("owned", act.owned, True),
        ("scope", act.scope, None),
        ("values", dict(act.values), {}),
        ("reason", act.reason, ""),
        ("for", None if act.span is None else format_duration(act.span), None),
        ("next", act.to_next, False),
        ("error", act.error, ""),
    )
    return {"do": act.do.value, **{name: value for name, value, usual in said if value != usual}}
