"""Findings in the words of the screen: where they are and what they name by titles, never by ids."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.definitions.model import Element, Flow, ProcessModel
from engine.definitions.problem_texts import describe
from engine.definitions.problems import Problem
from engine.kernel import Kernel
from webapp.core.i18n import current_language
from webapp.core.operation_names import operation_title, parameter_title
from webapp.studio import drafts
from webapp.studio.decisions.places import place_in_table
from webapp.studio.findings.elsewhere import Elsewhere
from webapp.studio.labels import KINDS
from webapp.studio.models import Draft, DraftKind
from webapp.studio.panel.names import LANGUAGES, field_label
from webapp.studio.titles import field_title, form_title

QUESTIONS = ("key", "list")  # details that name a field of the form in which they were found
PLACES = ("element", "target", "event", "into")  # details that name an element of the drawing


def told(session: Session, kernel: Kernel, problems: Iterable[Problem], draft: Draft | None) -> list[dict[str, Any]]:
    """Findings as sentences in the reader's language, at their elements; those of other files with their title.

    `where`: the title of the element in its file, for lists; `draft` and `at`: the draft that holds it, and where.
    """
    own = ("", draft.path) if draft is not None else ("",)
    found = list(problems)
    drawn = draft is not None and draft.kind is DraftKind.PROCESS and bool(found)
    models = drafts.models_of_text(draft.body) if draft is not None and drawn else []
    words = Words(kernel, models, drafts.newest_texts(session, _named(found, draft)))
    elsewhere = words.elsewhere = Elsewhere(session, draft, (each.source for each in found))
    lines: dict[tuple[object, ...], dict[str, Any]] = {}  # two checks may find the same fault
    for each in found:
        is_own, holder = each.source in own, elsewhere.holder(each.source)
        text = words.sentence(each, holder)
        lines[each.element, each.source, text] = {
            "code": each.code,
            "element": each.element if is_own else None,
            "where": words.part(holder, each.element) if holder is not None else "",
            "draft": holder.id if holder is not None and each.element else None,
            "at": each.element or "",
            "source": elsewhere.title(each.source),
            "text": text,
            "warning": each.warning,
        }
    return list(lines.values())


def _named(problems: Iterable[Problem], draft: Draft | None) -> Iterator[drafts.Name]:
    """Forms and processes of whose texts findings speak."""
    if draft is not None and draft.kind is DraftKind.FORM:
        yield DraftKind.FORM, draft.key
    for each in problems:
        for name, kind in (("form", DraftKind.FORM), ("process", DraftKind.PROCESS)):
            if name in each.details:
                yield kind, str(each.details[name])


class Words:
    """What people call the steps of these processes, and the forms, operations and questions that findings name."""

    elsewhere: Elsewhere | None = None

    def __init__(self, kernel: Kernel, models: Iterable[ProcessModel], texts: Mapping[drafts.Name, str]) -> None:
        self._texts, self._operations, self._language = texts, kernel.operations, current_language()
        models = list(models)
        self._processes = {model.key: model for model in models}
        self._elements = {key: each for model in models for key, each in model.elements.items()}
        self._flows = {key: each for model in models for key, each in model.flows.items()}

    def sentence(self, problem: Problem, holder: Draft | None = None) -> str:
        """`holder`: the draft in which it was found."""
        titles = dict(self._titles(problem.details))
        if holder is not None and holder.kind is DraftKind.FORM:
            asked = {name: str(problem.details[name]) for name in QUESTIONS if name in problem.details}
            named = {name: field_title(holder.body, field, self._language) for name, field in asked.items()}
            titles |= {name: title for name, title in named.items() if title}
        return describe(problem, self._language, titles)

    def part(self, draft: Draft, name: str | None) -> str:
        """What an element, a question or a part of a table is called in the draft that holds it."""
        if not name:
            return ""
        if draft.kind is DraftKind.FORM:
            return field_title(draft.body, name, self._language)
        return self.place(name) if draft.kind is DraftKind.PROCESS else place_in_table(draft.body, name, self._language)

    def place(self, element_id: str) -> str:
        """The title of an element; without one what it is and what it follows. Empty: no element of these processes."""
        if element_id in self._processes:
            return self._processes[element_id].name.in_language(self._language)
        if element_id in self._flows:
            return self._way(self._flows[element_id])
        element = self._elements.get(element_id)
        return "" if element is None else self._name(element) or self._nameless(element)

    def _place_in(self, process: str, element_id: str) -> str:
        """The title of a step of another process."""
        models = drafts.models_of_text(self._text(DraftKind.PROCESS, process)) if process else []
        return next((self._name(each.elements[element_id]) for each in models if element_id in each.elements), "")

    def _way(self, flow: Flow) -> str:
        ends = _("way from “%(start)s” to “%(end)s”", start=self._end(flow.source), end=self._end(flow.target))
        return flow.name.in_language(self._language) or str(ends)

    def _end(self, element_id: str) -> str:
        element = self._elements.get(element_id)
        return "?" if element is None else self._name(element) or _kind(element)

    def _nameless(self, element: Element) -> str:
        before = [flow.source for flow in self._flows.values() if flow.target == element.id]
        names = filter(None, (self._name(self._elements[each]) for each in before if each in self._elements))
        after = next(names, "")
        return str(_("%(kind)s after “%(step)s”", kind=_kind(element), step=after)) if after else _kind(element)

    def _name(self, element: Element) -> str:
        return element.name.in_language(self._language)

    def _titles(self, details: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        for name, value in details.items():
            title = self._title(name, str(value), details)
            if title:
                yield name, title

    def _title(self, name: str, value: str, details: Mapping[str, object]) -> str:
        if name in PLACES:
            return self.place(value) or self._place_in(str(details.get("process", "")), value)
        if name == "operation" and value in self._operations:
            return operation_title(self._operations[value])
        if name == "parameter":
            return parameter_title(value)
        if name == "form":
            return form_title(self._text(DraftKind.FORM, value), self._language)
        if name == "field":
            return self._question(str(details.get("form", "")), value)
        if name == "process":
            models = drafts.models_of_text(self._text(DraftKind.PROCESS, value))
            return next((each.name.in_language(self._language) for each in models if each.key == value), "")
        if name == "decision" and self.elsewhere is not None:
            return self.elsewhere.decision(value)
        if name == "file" and self.elsewhere is not None:
            return self.elsewhere.table(value)
        if name == "what":
            return field_label(value)
        return str(LANGUAGES.get(value, "")) if name == "language" else ""

    def _text(self, kind: DraftKind, key: str) -> str:
        return self._texts.get((kind, key), "")

    def _question(self, form: str, field: str) -> str:
        return field_title(self._text(DraftKind.FORM, form), field, self._language)


def _kind(element: Element) -> str:
    return str(KINDS.get(element.tag) or _("element"))
