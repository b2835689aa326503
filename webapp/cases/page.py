"""Everything the case page shows, put together once per request."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.definitions.model import Element
from engine.human_tasks.assignment import Actor, may_serve
from engine.human_tasks.form_values import first_cells, first_values
from engine.human_tasks.forms import Form
from engine.human_tasks.models import HumanTask
from webapp.cases.chronicle import Entry, entry_of, people_in
from webapp.cases.instructions import Instruction, instruction_in
from webapp.cases.labels import outcome_text
from webapp.cases.queries import CaseRecord, Trouble, choose_task, find_drafts, find_said, find_trouble, get_case
from webapp.cases.services import may_change
from webapp.cases.steps import PlanAndFact, StepView, list_steps, offers_to, sum_up
from webapp.core.clock import now
from webapp.core.feature import CaseLabel, Fact
from webapp.core.i18n import current_language, current_zone, local_now
from webapp.core.permissions import current_identity, current_scope
from webapp.core.workflow import case_facts, current_actor, describe_cases, engine, record_values, source_choices
from webapp.kit.answers import Answer
from webapp.kit.files import shelf_of
from webapp.kit.form_view import FormReader, for_browser
from webapp.kit.prompts import fill_prompt
from webapp.kit.widgets import Widget
from webapp.staff.queries import names_of
from webapp.staff.roles import BY_NAME

# an offer's form that was refused: the boundary event, what was typed, and what is wrong
Refused = tuple[str, Mapping[str, Any] | None, Mapping[str, str] | None]


@dataclass(frozen=True)
class OfferView:
    """A button that the drawing offers on the shown task."""

    element: str
    name: str
    widgets: Sequence[Widget]
    deviation: bool  # it leaves the proposed way, which is recorded


@dataclass(frozen=True)
class KnownStep:
    """What was answered at one step."""

    element: str
    name: str
    facts: Sequence[Answer]
    correctable: bool


@dataclass
class CasePage:
    """The case with its label, its steps, the shown task with its form, what is known, and the chronicle."""

    case: CaseRecord
    label: CaseLabel
    process_name: str
    steps: Sequence[StepView]
    task: HumanTask | None
    element: Element | None
    serves: bool
    may_change: bool  # contacts and corrections; who has only been asked to serve a step of it reads
    widgets: Sequence[Widget]
    offers: Sequence[OfferView]
    facts: Sequence[Fact]
    known: Sequence[KnownStep]
    chronicle: Sequence[Entry]
    names: Mapping[int, str]
    draft_saved: bool
    why: str
    context: Mapping[str, Any]
    instruction: Instruction | None
    trouble: Trouble | None

    @property
    def headline(self) -> list[Fact]:
        """What stands beside the name: the facts that the record marks as such."""
        return [fact for fact in self.facts if fact.headline]

    @property
    def phone(self) -> str:
        """The number behind the button «Call», E.164."""
        return next((fact.url.removeprefix("tel:") for fact in self.facts if fact.url.startswith("tel:")), "")

    @property
    def prompt(self) -> str:
        """What to say or do at the shown step, with the record's own words in it."""
        text = self.element.prompt.in_language(current_language()) if self.element else ""
        me = current_identity()
        return fill_prompt(text, {**self.label.words, "user": me.name if me else ""})

    @property
    def submit(self) -> str:
        """The words of the main button: the step's own, else the usual ones."""
        own = self.element.submit.in_language(current_language()) if self.element else ""
        return own or str(_("Save and go on"))

    @property
    def outcome(self) -> str:
        return outcome_text(self.case.outcome)

    @property
    def position(self) -> int:
        """Number of the shown step in the list, from 1."""
        return next((number for number, step in enumerate(self.steps, 1) if step.state == "here"), len(self.steps))

    @property
    def plan_and_fact(self) -> PlanAndFact | None:
        """Does the work go by the plan?"""
        return sum_up(self.steps)


def reader(session: Session, instance_id: int) -> FormReader:
    """Forms and answers as the person who is signed in reads them."""
    return FormReader(
        current_language(),
        current_zone(),
        source_choices,
        file_url=lambda sha256: url_for("case_files.show_file", instance_id=instance_id, sha256=sha256),
        find_file=shelf_of(session, instance_id),
    )


def load_page(
    session: Session,
    instance_id: int,
    *,
    wanted_task: int | None = None,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    boundary: str | None = None,
    outcome: str = "",
) -> CasePage:
    """Read and arrange; `typed` and `errors` come back from a refused submission of the step or of an offer.

    `outcome` is chosen beforehand, when the person came to bring the case somewhere and has not chosen otherwise.
    """
    actor, language = current_actor(), current_language()
    store = engine().store
    case = get_case(session, store, instance_id, reach=current_scope("cases.see"), actor=actor)
    task = choose_task(case, actor, wanted_task)
    shown = reader(session, case.instance_id)
    forms = _forms_of(session, case)
    element = case.element(task) if task else None
    widgets: Sequence[Widget] = ()
    draft: Mapping[str, Any] = {}
    drafts = find_drafts(session, task.id, actor.user_id) if task else {}
    if task and element and element.form:
        form = store.form(session, element.form).form
        draft = drafts.get(form.key, {})
        given = typed if typed is not None and boundary is None else draft
        given, fresh = _opened(session, case, task, actor, form, given)
        if outcome and "outcome" in form.fields and not given.get("outcome"):
            given = {**given, "outcome": outcome}
        wrong = errors or {} if boundary is None else {}
        widgets = shown.widgets(form, given, wrong, case.known_at(task), local_now(), fresh=fresh)
    label = describe_cases(session, [case.business_key])[case.business_key]
    names = names_of(session, people_in(case.events) | _people_of(case))
    definition = case.definition
    said = find_said(session, case.business_key)
    entries = [
        entry_of(event, case.versions[event.definition_id], forms, shown, names, said)
        for event in reversed(case.events)
    ]
    steps = list_steps(case, task, actor, language=language, now=now())
    return CasePage(
        case=case,
        label=label,
        process_name=definition.model.name.in_language(language),
        steps=steps,
        task=task,
        element=element,
        serves=task is not None and may_serve(actor, task),
        may_change=may_change(case),
        widgets=widgets,
        offers=_offers(session, case, task, actor, shown, drafts, (boundary, typed, errors) if boundary else None),
        facts=case_facts(session, case.business_key),
        known=_known(case, forms, shown, {step.element for step in steps if step.correctable}),
        chronicle=[entry for entry in entries if entry is not None],
        names=names,
        draft_saved=bool(draft),
        context=for_browser({**case.known_at(task), "case": {"key": case.business_key}}) if task else {},
        why=_why(task, actor, names),
        instruction=instruction_in(case.events),
        trouble=find_trouble(session, case),
    )


def _opened(
    session: Session,
    case: CaseRecord,
    task: HumanTask,
    actor: Actor,
    form: Form,
    given: Mapping[str, Any] | None,
) -> tuple[Mapping[str, Any], Mapping[str, Mapping[str, object]]]:
    """What stands in a form, by default before anybody has typed, and in its new rows: from the case and its record.

    The record may hold personal data, so it is asked only for who does the step, and when the form wants it.
    """
    in_rows = any(item.first for _, row in form.lists for item in row.fields.values())
    at_first = not given and any(item.first for item in form.fields.values())
    if not may_serve(actor, task) or not (in_rows or at_first):
        return given or {}, {}
    record = record_values(session, case.business_key)
    about = {"key": case.business_key, "owner": case.owner_id}
    known = {**case.known_at(task), "case": about, "record": record}
    moment = local_now()
    return given or first_values(form, known, now=moment), first_cells(form, known, now=moment)


def _forms_of(session: Session, case: CaseRecord) -> dict[str, Form]:
    store = engine().store
    keys = {element.form for _calls, element in case.definition.nodes() if element.form}
    return {key: store.form(session, key).form for key in sorted(keys)}


def _people_of(case: CaseRecord) -> set[int]:
    people = {case.owner_id, *(task.assignee_id for task in case.tasks), *(task.completed_by for task in case.tasks)}
    return {person for person in people if person is not None}


def _offers(
    session: Session,
    case: CaseRecord,
    task: HumanTask | None,
    actor: Actor,
    shown: FormReader,
    drafts: Mapping[str, Mapping[str, Any]],
    refused: Refused | None,
) -> list[OfferView]:
    if task is None:
        return []
    views = []
    for offer in offers_to(case.definition, task, actor, owner_id=case.owner_id):
        form = engine().store.form(session, offer.form or "").form
        typed, errors = refused[1:] if refused and refused[0] == offer.id else (None, None)
        given = typed if typed is not None else drafts.get(offer.id)
        given, fresh = _opened(session, case, task, actor, form, given)
        widgets = shown.widgets(form, given, errors or {}, case.known_at(task), local_now(), fresh=fresh)
        views.append(OfferView(offer.id, offer.name.in_language(shown.language), widgets, offer.is_deviation))
    return views


def _known(
    case: CaseRecord, forms: Mapping[str, Form], shown: FormReader, correctable: Collection[str]
) -> list[KnownStep]:
    """Answers by step, the latest step first: what was learned last is asked for most."""
    order = {task.element: number for number, task in enumerate(case.tasks)}
    steps = []
    for calls, element in case.definition.nodes():
        given = _at(case.document, (*calls, element.id))
        if element.form in forms and isinstance(given, dict) and element.form:
            answers = shown.answers(forms[element.form], given)
            facts = [answer for answer in answers if answer.key != "outcome"]
            if facts:
                name = element.name.in_language(shown.language)
                steps.append(KnownStep(element.id, name, facts, not calls and element.id in correctable))
    return sorted(steps, key=lambda step: order.get(step.element, len(order)), reverse=True)


def _at(document: Mapping[str, Any], path: Sequence[str]) -> object:
    """What stands in the document at the end of a path; None where it breaks off."""
    found: object = document
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _why(task: HumanTask | None, actor: Actor, names: Mapping[int, str]) -> str:
    """The answer to «Why is this mine?»."""
    if task is None:
        return ""
    if task.assignee_id is None:
        role = BY_NAME.get(task.candidate_role)
        title = str(role.title) if role else task.candidate_role
        return str(_("Nobody has taken it yet. Everybody with the role “%(role)s” can.", role=title))
    if task.assignee_id == actor.user_id:
        return str(_("The process gave it to you."))
    name = names.get(task.assignee_id, "")
    if task.assignee_id in actor.represents:
        return str(_("You stand in for %(name)s, who is away.", name=name))
    return str(_("It belongs to %(name)s.", name=name))
