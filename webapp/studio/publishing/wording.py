"""Differences of two texts in the words of the panel: which field, what it said, what it says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.definitions.comparing import ChangeKind, Difference, Part
from engine.definitions.comparing_tables import FORMULA, HIT_POLICY, ORDER, TableDifference
from engine.definitions.model import Element, Flow, ProcessModel
from engine.errors import BusinessError
from engine.operations import Operation
from engine.timers.iso import parse_duration
from engine.timers.reminders import HEAD, OWNER, Duration, EscalationRule, parse_escalations, parse_reminders
from webapp.core.feature import Text
from webapp.core.formats import format_duration
from webapp.core.i18n import current_language
from webapp.core.operation_names import operation_title
from webapp.staff.roles import BY_NAME
from webapp.studio.forms.texts import TEXTS as FORM_TEXTS
from webapp.studio.labels import KINDS as TAGS
from webapp.studio.labels import element_title
from webapp.studio.panel.names import LANGUAGES, MODEL_FIELDS, field_label
from webapp.studio.publishing.conditions import Conditions

TONES: Mapping[ChangeKind, str] = {ChangeKind.ADDED: "ok", ChangeKind.CHANGED: "warn", ChangeKind.REMOVED: "bad"}
KIND_NAMES: Mapping[ChangeKind, Text] = {
    ChangeKind.ADDED: _l("new"),
    ChangeKind.CHANGED: _l("changed"),
    ChangeKind.REMOVED: _l("removed"),
}
# parts of a field of a form, by the words of their editor
FORM_WORDS: Mapping[str, str] = {
    "kind": "textKind",
    "options": "choices",
    "suffix": "unit",
    "subtype": "dateKind",
    "computed": "formula",
    "default": "first",
    "hide": "hideExpression",
    "accept": "endings",
    "excuses": "mandatory",
}
TABLE_PARTS: Mapping[str, Text] = {
    HIT_POLICY: _l("Which rule counts"),
    ORDER: _l("Order of the rules"),
    FORMULA: _l("Formula"),
}


@dataclass(frozen=True)
class Said:
    """One field: what it said and what it says now."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """One line of the list of changes. `element`: its id, to be shown in the drawing."""

    kind: ChangeKind
    element: str
    title: str
    about: str
    said: tuple[Said, ...] = ()

    @property
    def tone(self) -> str:
        return TONES[self.kind]

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES[self.kind])


class Words:
    """The words for one comparison: names of elements of both drawings, titles of operations and roles."""

    def __init__(
        self, old: ProcessModel, new: ProcessModel, operations: Mapping[str, Operation], conditions: Conditions
    ) -> None:
        self._old, self._new, self._conditions = old, new, conditions
        self._elements = {**old.elements, **new.elements}
        self._flows = {**old.flows, **new.flows}
        self._operations = operations

    def line(self, difference: Difference) -> Line:
        element = difference.element
        said = tuple(self._said(difference.parts))
        if isinstance(element, Flow):
            return self._way_line(difference.kind, element, said)
        about = _("process") if element.tag == "process" else TAGS.get(element.tag, element.tag)
        return Line(difference.kind, element.id, self._title(element), str(about), said)

    def _way_line(self, kind: ChangeKind, flow: Flow, said: tuple[Said, ...]) -> Line:
        """A new way with what it is taken on, which stands below the name of one that is gone."""
        about, taken = str(_("way")), self._taken_if(kind, flow)
        if taken and kind is ChangeKind.ADDED:
            said = (Said(field_label("condition"), "", taken),)
        elif taken and kind is ChangeKind.REMOVED:
            about = f"{about}. {field_label('condition')} {taken}"
        return Line(kind, flow.id, self._way(flow), about, said)

    def _taken_if(self, kind: ChangeKind, flow: Flow) -> str:
        model = self._old if kind is ChangeKind.REMOVED else self._new
        source = model.elements.get(flow.source)
        if source is not None and source.default_flow == flow.id:
            return str(_("no other condition holds"))
        return self._conditions.told(model, flow.condition) if flow.condition else ""

    def _said(self, parts: tuple[Part, ...]) -> Iterator[Said]:
        for part in parts:
            if part.name == "condition":
                old, new = self._conditions.told(self._old, part.old), self._conditions.told(self._new, part.new)
            else:
                old, new = self._value(part.name, part.old), self._value(part.name, part.new)
            yield Said(field_label(part.name), old, new)

    def _title(self, element: Element) -> str:
        return element_title(element)

    def _name_of(self, element_id: str) -> str:
        element = self._elements.get(element_id)
        return element_title(element) if element is not None else element_id

    def _way(self, flow: Flow) -> str:
        name = flow.name.in_language(current_language())
        ends = f"{self._name_of(flow.source)} → {self._name_of(flow.target)}"
        return f"{name} ({ends})" if name else ends

    def _value(self, name: str, text: str) -> str:
        """What people read for a text of the file; expressions stay as they are."""
        if not text:
            return ""
        if name in ("source", "target", "attached_to", "container"):
            return self._name_of(text)
        if name == "default_flow" and text in self._flows:
            return self._name_of(self._flows[text].target)
        if name in ("onComplete", "onCorrect", "operation") and text in self._operations:
            return operation_title(self._operations[text])
        if name == "role" and text in BY_NAME:
            return str(BY_NAME[text].title)
        if name in ("tag", "event"):
            return str(TAGS.get(text, text))
        try:
            return _times(name, text)
        except BusinessError:
            return text


def form_label(name: str) -> str:
    """What a part of a field is called in the editor of forms; within the rows of a list with the key of the field."""
    if name.startswith("row."):
        _row, key, rest = name.split(".", 2)
        return f"{key}: {form_label(rest)}"
    stem, _dot, language = name.partition(".")
    label = FORM_TEXTS.get(FORM_WORDS.get(stem, stem)) or MODEL_FIELDS.get(stem) or stem
    return f"{label}, {LANGUAGES[language]}" if language in LANGUAGES else str(label)


def table_line(found: TableDifference) -> Line:
    """A rule by its number, in the words of its columns."""
    language = current_language()
    title = found.titles.get(language) or found.titles.get("en") or found.decision
    where = _("%(table)s, rule %(number)s", table=title, number=found.rule) if found.rule else title
    said = tuple(Said(str(TABLE_PARTS.get(part.name, part.name)), part.old, part.new) for part in found.parts)
    return Line(found.kind, found.element, where, "", said)


def _times(name: str, text: str) -> str:
    if name == "reminders":
        return ", ".join(_offset(each) for each in parse_reminders(text))
    if name == "escalate":
        return "; ".join(_escalation(rule) for rule in parse_escalations(text))
    if name in ("due", "timer") and text.startswith("P"):
        return _span(parse_duration(text))
    return text


def _escalation(rule: EscalationRule) -> str:
    when = _("at %(share)s %%", share=rule.share) if rule.share is not None else _offset(rule.offset or timedelta())
    named = {HEAD: _("direct head"), OWNER: _("owner of the case")}
    to = named.get(rule.target) or (BY_NAME[rule.target].title if rule.target in BY_NAME else rule.target)
    return f"{when} → {to}"


def _offset(offset: Duration) -> str:
    if isinstance(offset, timedelta):
        if not offset:
            return str(_("when it is due"))
        span = _span(offset)
        return str(_("%(span)s before", span=span) if offset < timedelta() else _("%(span)s after", span=span))
    return str(offset)


def _span(span: Duration) -> str:
    return format_duration(span, current_language()) if isinstance(span, timedelta) else str(span)
