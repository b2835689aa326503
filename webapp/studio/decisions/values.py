"""Values as a person types and reads them: fields of a trial to typed values, answers to texts."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation

from engine.clock import SystemClock
from engine.decisions.questions import Asked, Question
from engine.feel.budget import Run
from engine.feel.durations import parse_duration
from engine.feel.printing import to_text

GAPS = str.maketrans("−,", "-.", " \u00a0\u202f")
TRUE, FALSE = "true", "false"
NO_VALUE = object()


def typed(inputs: Iterable[Asked], given: Mapping[str, str], zone: tzinfo) -> tuple[dict[str, object], list[str]]:
    """Values by the name of their input, and the names of those that cannot be read; an empty field is null."""
    values: dict[str, object] = {}
    unread: list[str] = []
    for asked in inputs:
        text = given.get(asked.name, "").strip()
        value = _value(asked, text, zone) if text else None
        if value is NO_VALUE:
            unread.append(asked.name)
        else:
            values[asked.name] = value
    return values, unread


def _value(asked: Asked, text: str, zone: tzinfo) -> object:
    try:
        match asked.type:
            case "number":
                return number(text)
            case "boolean":
                return {TRUE: True, FALSE: False}.get(text, NO_VALUE)
            case "date":
                return date.fromisoformat(text)
            case "time":
                return time.fromisoformat(text)
            case "date and time":
                moment = datetime.fromisoformat(text)
                return moment if moment.tzinfo else moment.replace(tzinfo=zone)
            case "any":
                return _guessed(text)
            case "string":
                return text
            case _:
                return parse_duration(text) if "duration" in asked.type else NO_VALUE
    except ValueError:
        return NO_VALUE


def _guessed(text: str) -> object:
    """What an input without a type was given: a number, yes or no, or a text."""
    if text in (TRUE, FALSE):
        return text == TRUE
    try:
        return number(text)
    except ValueError:
        return text


def number(text: str) -> Decimal:
    """Raises ValueError."""
    try:
        found = Decimal(text.translate(GAPS))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not found.is_finite():
        raise ValueError(text)
    return found


def spoken(value: object) -> str:
    """A value as one reads it: texts without quotes, nothing for null, the parts of a list behind each other."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(spoken(part) for part in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {spoken(part)}" for name, part in value.items())
    return to_text(value, Run(SystemClock().now()))


def answers(question: Question, value: object) -> dict[str, str]:
    """The answer by output; under an empty name where there is a single one."""
    names = [each.name for each in question.outputs]
    if names == [""]:
        return {"": spoken(value)}
    parts = value if isinstance(value, dict) else {}
    return {name: spoken(parts.get(name)) for name in names}


def same(one: str, other: str) -> bool:
    """Equal as texts, or as numbers however they are written."""
    if one.strip() == other.strip():
        return True
    try:
        return number(one.strip()) == number(other.strip())
    except ValueError:
        return False
