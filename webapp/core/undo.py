"""Messages after an act that can be taken back: the sentence and, beside it, the button that undoes it."""

from collections.abc import Mapping, Sequence

from flask import flash

CATEGORY = "undo"


def flash_undoable(text: str, address: str, fields: Mapping[str, Sequence[int]]) -> None:
    """Say what was done; the button posts `fields` to `address`."""
    pairs = [(name, value) for name, values in fields.items() for value in values]
    flash({"text": text, "address": address, "fields": pairs}, CATEGORY)  # type: ignore[arg-type]  # goes through JSON
