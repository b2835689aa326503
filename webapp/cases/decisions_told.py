"""What a table has decided, in the words of the chronicle: the answer, and the rules it rests on."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.core import formats
from webapp.kit.form_view import FormReader


def decision_told(payload: Mapping[str, Any], reader: FormReader) -> str:
    """«The head decides; rule 3», «7; rule 3», «no answer: no rule fits».

    A rule is told by its annotation in the column that is named as the reader's language, else by its answer.
    """
    tables = [table for step in payload.get("steps", ()) for table in step["tables"]]
    rules_fired = [rule for table in tables[-1:] for rule in table["rules"]]
    fired = [str(rule["number"]) for rule in rules_fired]
    remarks = [rule["annotations"].get(reader.language, "") for rule in rules_fired]
    value = payload.get("value")
    if value is None:
        return str(_("no answer") if fired else _("no answer: no rule fits"))
    answer = ", ".join(filter(None, remarks)) or _in_words(value, reader)
    if not fired:
        return answer
    rules = ngettext("rule %(numbers)s", "rules %(numbers)s", len(fired), numbers=", ".join(fired))
    return f"{answer}; {rules}"


def table_told(payload: Mapping[str, Any], reader: FormReader) -> str:
    """What the table was called when it decided: in the reader's language, else in English, else by its own name."""
    titles = payload.get("titles", {})
    steps = payload.get("steps") or [{}]
    return str(titles.get(reader.language) or titles.get("en") or steps[-1].get("name") or "")


def _in_words(value: object, reader: FormReader) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, int | Decimal):
        return formats.format_number(Decimal(value), reader.language)
    if isinstance(value, datetime):
        return formats.format_moment(value, reader.language, reader.zone)
    if isinstance(value, date):
        return formats.format_day(value, reader.language, reader.zone)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_in_words(part, reader)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_in_words(part, reader) for part in value)
    return str(value)
