"""Acts as the page posts them: which one, on what, with which values."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.human_tasks.form_values import Reading, address, gather
from engine.human_tasks.forms import Form
from engine.sandbox import Act, Do, Script
from engine.sandbox.made_up import made_up_files, without_personal

VALUE: Final = "value."  # fields of what is no form of a step: value.<name>
YES, NO = frozenset({"true", "yes", "да"}), frozenset({"false", "no", "нет"})
SPANS: Final = {"quarter": timedelta(minutes=15), "hour": timedelta(hours=1), "day": timedelta(days=1)}


def with_act(script: Script, act: Act, *, done: int, before: int | None) -> Script:
    """The script with one act more, after those that went well.

    `before`: an operation is to answer something else in an act that was done already; the acts after it stay.
    """
    if before is None or not 1 <= before <= len(script.acts):
        return script.first(done).then(act)
    place = before - 1
    if place > 0 and (was := script.acts[place - 1]).do is Do.ANSWER and was.element == act.element:
        return Script((*script.acts[: place - 1], act, *script.acts[place:]))
    return script.before(place, act)


def step_values(form: Form, typed: Mapping[str, Any], reading: Reading, samples: Mapping[str, str]) -> dict[str, Any]:
    """What was typed into the form of a step: files are made up, and so is what is personal."""
    posted = gather(form, typed).values
    files = made_up_files(form)
    for key, row in form.lists:
        rows = posted.get(key)
        cells = made_up_files(row)
        count = len(rows) if isinstance(rows, list) else 0
        files |= {address(key, number, name): value for number in range(count) for name, value in cells.items()}
    return without_personal(form, {**typed, **files}, reading, samples)


def typed_values(posted: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """Values of a start, a message or an answer: numbers, days, moments, yes and no are read as such."""
    named = {name.removeprefix(VALUE): text for name, text in posted.items() if name.startswith(VALUE)}
    added = posted.get("name", "").strip()
    if added:
        named[added] = posted.get("text", "")
    return {name: value for name, text in named.items() if (value := plain_value(text, zone)) is not None}


def plain_value(text: str, zone: ZoneInfo) -> object:
    """A typed text as the value that it looks like; None when nothing was typed."""
    text = text.strip()
    if not text:
        return None
    if text.casefold() in YES | NO:
        return text.casefold() in YES
    if (number := _number(text)) is not None:
        return number
    try:
        if len(text) == len("2026-03-09"):
            return date.fromisoformat(text)
        if len(text) >= len("2026-03-09T10:00"):
            found = datetime.fromisoformat(text)
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    return text


def _number(text: str) -> Decimal | None:
    plain = text.replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if not plain.lstrip("-").replace(".", "", 1).isdecimal() or not plain.isascii() or len(plain) > 18:
        return None
    if plain.lstrip("-").startswith("0") and plain.lstrip("-0") and not plain.lstrip("-").startswith("0."):
        return None  # a code, not a number
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def shown_value(value: object, zone: ZoneInfo) -> str:
    """A value as one types it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    return "" if value is None else str(value)
