"""What the panel calls the parts of an element, for whoever speaks of them elsewhere."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text
from webapp.studio.panel.book import KINDS

LANGUAGES: Mapping[str, Text] = {"ru": _l("Russian")}
# fields of the engine's model that the panel knows by another name
MODEL_FIELDS: Mapping[str, Text] = {
    "attached_to": _l("Belongs to"),
    "called_process": _l("Process"),
    "condition": _l("This way is taken if"),
    "container": _l("Part of the process"),
    "default_flow": _l("Otherwise"),
    "event": _l("Kind"),
    "interrupting": _l("The step goes on"),
    "label": _l("Title"),
    "many": _l("For each of several"),
    "message": _l("Message"),
    "options": _l("Choices"),
    "personal": _l("Personal data"),
    "required": _l("Must be answered"),
    "result_variable": _l("Result is kept as"),
    "resultVariable": _l("Result is kept as"),
    "source": _l("Leaves from"),
    "tag": _l("Kind"),
    "target": _l("Leads to"),
    "timer": _l("When"),
    "timer_kind": _l("Kind of time"),
    "type": _l("Kind"),
    "validate": _l("Limits"),
}
BOOK_FIELDS: Mapping[str, Text] = {
    (each.name if each.to == "property" else each.to): each.label
    for groups in KINDS.values()
    for group in groups
    for each in group.fields
    if each.to not in ("header", "rest", "inputs", "timer", "called")
}


def field_label(name: str) -> str:
    """What a field is called on the panel, with its language."""
    if name in BOOK_FIELDS or name in MODEL_FIELDS:
        return str(MODEL_FIELDS.get(name) or BOOK_FIELDS[name])
    stem, _dot, rest = name.partition(".")
    label = MODEL_FIELDS.get(stem) or BOOK_FIELDS.get(stem)
    if stem == "input":
        return str(_("Given: %(name)s", name=rest))
    if label is not None and rest in LANGUAGES:
        return f"{label}, {LANGUAGES[rest]}"
    return name
