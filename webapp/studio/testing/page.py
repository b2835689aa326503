"""Everything the page of a test run shows, put together once per request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.definitions.model import Element, ProcessModel
from engine.definitions.reaching import Place
from engine.human_tasks.form_values import Reading, first_cells, first_values
from engine.human_tasks.forms import Form
from engine.operations import Operation
from engine.sandbox import Act, Do, Sandbox, Script, Standing, describe_refusal
from engine.sandbox.coming import coming_calls
from engine.sandbox.made_up import fill, made_up_file
from engine.sandbox.outside import answers_of
from engine.sandbox.read_names import read_names
from engine.sandbox.standing import OpenStep
from webapp.core.clock import now
from webapp.core.i18n import current_language
from webapp.core.permissions import current_identity
from webapp.core.workflow import engine, source_choices
from webapp.kit.form_view import FormReader, for_browser
from webapp.kit.prompts import fill_prompt
from webapp.kit.widgets import Widget
from webapp.studio.labels import element_title
from webapp.studio.testing.acting import shown_value
from webapp.studio.testing.sandboxes import SAMPLES, played
from webapp.studio.testing.subject import Subject
from webapp.studio.testing.told import Line, effects_of, operation_words, trail_of

FILES = frozenset({"photo", "file", "signature"})
CHOSEN = frozenset({"chips", "select", "search"})


@dataclass(frozen=True)
class OfferForm:
    """A button that is offered on the shown step, with its form."""

    element: Element
    name: str
    widgets: Sequence[Widget]
    is_refused: bool


@dataclass(frozen=True)
class Asked:
    """An operation, a message or the start, for which values can be chosen: what the drawing reads of it."""

    element: str
    name: str
    detail: str
    values: Sequence[tuple[str, str]]  # name and what stands there now
    act: int = 0  # of an operation: the act in which it was called; 0: it comes next
    chosen: bool = False
    error: str = ""


@dataclass
class RunPage:
    """Where the run stands and what can be done now."""

    subject: Subject
    sandbox: Sandbox
    script: Script
    standing: Standing
    step: OpenStep | None
    widgets: Sequence[Widget]
    offers: Sequence[OfferForm]
    context: Mapping[str, Any]
    awaited: Sequence[Asked]
    calls: Sequence[Asked]
    trail: Sequence[Line]
    effects: Sequence[Line]
    drawing: ProcessModel  # the one that is shown
    drawings: Sequence[ProcessModel]

    @property
    def refused(self) -> Act | None:
        """The act that could not be done, if the last one could not."""
        refusal = self.standing.refusal
        return None if refusal is None else self.script.acts[refusal.act - 1]

    @property
    def refusal(self) -> str:
        refusal = self.standing.refusal
        if refusal is None:
            return ""
        named = dict(refusal.details)
        found = self.standing.definition.find(str(named.get("element", "")))
        if found is not None:
            named["element"] = element_title(found)
        return describe_refusal(replace(refusal, details=named), current_language())

    @property
    def prompt(self) -> str:
        me = current_identity()
        text = self.step.element.prompt.in_language(current_language()) if self.step else ""
        return fill_prompt(text, {"user": me.name if me else ""})

    @property
    def submit(self) -> str:
        return self.step.element.submit.in_language(current_language()) if self.step else ""


def load_page(
    session: Session, subject: Subject, script: Script, *, wanted: str = "", fill_in: bool = False, drawing: str = ""
) -> RunPage:
    """Replay and arrange. Raises DefinitionRejected, UnknownDefinition."""
    sandbox = subject.sandbox(session)
    standing = played(sandbox, script)
    refused = script.acts[standing.refusal.act - 1] if standing.refusal is not None else None
    step = _shown(standing, wanted or (refused.element if refused is not None else ""))
    shown = reader(standing)
    definition = standing.definition
    return RunPage(
        subject=subject,
        sandbox=sandbox,
        script=script,
        standing=standing,
        step=step,
        widgets=_step_widgets(shown, standing, step, refused, fill_in=fill_in) if step is not None else (),
        offers=_offers(sandbox, shown, standing, step, refused) if step is not None else (),
        context=for_browser({**step.known, "case": {"key": "test:1"}}) if step is not None else {},
        awaited=_awaited(standing),
        calls=_calls(standing, script),
        trail=trail_of(standing, shown, sandbox.forms(_forms_done(standing))),
        effects=effects_of(standing, shown, sandbox.operations),
        drawing=_drawing(standing, step, drawing),
        drawings=[definition.model, *(definition.called[key] for key in sorted(definition.called))],
    )


def reader(standing: Standing) -> FormReader:
    """Forms as this person reads them, in the zone of the process."""
    return FormReader(current_language(), standing.zone, source_choices, find_file=made_up_file)


def reading(standing: Standing) -> Reading:
    """How answers are read at this point of the run."""
    moment = standing.now or now()
    return Reading(now=moment, zone=standing.zone, kinds=engine().kernel.text_kinds, find_file=made_up_file)


def start_names(standing: Standing) -> list[str]:
    """What the drawing reads of the event that begins it."""
    beginning = next(standing.definition.model.starts())
    return sorted(read_names(standing.definition).get(beginning.id, ()))


def _forms_done(standing: Standing) -> list[str]:
    return sorted({each.element.form for each in standing.trail if each.element is not None and each.element.form})


def _shown(standing: Standing, wanted: str) -> OpenStep | None:
    return standing.step(wanted) or next(iter(standing.steps), None)


def _step_widgets(
    shown: FormReader, standing: Standing, step: OpenStep, refused: Act | None, *, fill_in: bool
) -> Sequence[Widget]:
    if step.form is None:
        return ()
    typed, errors = None, {}
    if refused is not None and refused.do is Do.COMPLETE and refused.element == step.element.id:
        typed, errors = refused.values, dict(standing.refusal.fields) if standing.refusal else {}
    return _widgets(shown, standing, step, step.form, typed, errors, fill_in=fill_in)


def _offers(
    sandbox: Sandbox, shown: FormReader, standing: Standing, step: OpenStep, refused: Act | None
) -> list[OfferForm]:
    found = []
    for offer in step.offers:
        was = refused is not None and refused.do is Do.OFFER and refused.offer == offer.id
        errors = standing.refusal.fields if was and standing.refusal is not None else {}
        typed = refused.values if was and refused is not None else None
        widgets: Sequence[Widget] = ()
        if offer.form:
            widgets = _widgets(shown, standing, step, sandbox.form(offer.form), typed, errors)
        found.append(OfferForm(offer, offer.name.in_language(shown.language) or offer.id, widgets, was))
    return found


def _widgets(
    shown: FormReader,
    standing: Standing,
    step: OpenStep,
    form: Form,
    typed: Mapping[str, Any] | None,
    errors: Mapping[str, str],
    *,
    fill_in: bool = False,
) -> Sequence[Widget]:
    """The form as the step shows it. There is no record behind the case, so nothing of one stands in it."""
    moment = (standing.now or now()).astimezone(standing.zone)
    known = {**step.known, "record": {}}
    given = typed if typed is not None else first_values(form, known, now=moment)
    if fill_in:
        given = fill(form, given, known, reading(standing), samples=SAMPLES, choices=_choices)
    fresh = first_cells(form, known, now=moment)
    return _without_files(shown.widgets(form, given, errors, step.known, moment, fresh=fresh))


def _choices(source: str) -> Sequence[str]:
    return list(source_choices(source))


def _without_files(widgets: Sequence[Widget]) -> tuple[Widget, ...]:
    """Files are made up, so nothing is handed in; a choice that has nothing to offer is typed."""
    return tuple(_plain(each) for each in widgets)


def _plain(widget: Widget) -> Widget:
    if widget.kind in FILES:
        return replace(widget, kind="note", label=_("%(field)s: made up in a test run", field=widget.label))
    if widget.source and widget.kind in CHOSEN and not widget.choices:
        return replace(widget, kind="input", input_type="text", choices=())
    return replace(
        widget,
        children=_without_files(widget.children),
        rows=tuple(_without_files(row) for row in widget.rows),
        spare=tuple(_without_files(row) for row in widget.spare),
        blank=_without_files(widget.blank),
    )


def _awaited(standing: Standing) -> list[Asked]:
    language, names = current_language(), read_names(standing.definition)
    return [
        Asked(
            each.element.id,
            each.element.name.in_language(language) or each.element.id,
            each.message,
            [(name, "") for name in sorted(names.get(each.element.id, ()))],
        )
        for each in standing.awaited
    ]


def _calls(standing: Standing, script: Script) -> list[Asked]:
    """Operations that were called by the last act, and those that come next; the answer of each can be chosen."""
    operations, names = engine().kernel.operations, read_names(standing.definition)
    done = script.acts[: standing.done]
    last = max((act for act, each in enumerate(done, 1) if each.do is not Do.ANSWER), default=0)
    found = []
    for call in standing.calls:
        element = standing.definition.find(call.element)
        if call.act == last and element is not None:
            said = {name: shown_value(value, standing.zone) for name, value in call.answer.items()}
            found.append(
                _asked(element, operations.get(call.operation), names, said, call.act, call.chosen, call.error)
            )
    answers = {each.element: each for each in done if each.do is Do.ANSWER}
    waiting = [each.place for each in standing.steps] + [each.place for each in standing.awaited]
    for element in coming_calls(standing.definition, _places(waiting)):
        operation = operations.get(element.call.operation if element.call else element.on_complete or "")
        act = answers.get(element.id)
        said = {name: shown_value(value, standing.zone) for name, value in act.values.items()} if act else {}
        found.append(_asked(element, operation, names, said, 0, act is not None, act.error if act else ""))
    return found


def _places(places: Sequence[Place]) -> list[Place]:
    return list(dict.fromkeys(places))


def _asked(
    element: Element,
    operation: Operation | None,
    names: Mapping[str, Sequence[str]],
    said: Mapping[str, str],
    act: int,
    chosen: bool,
    error: str,
) -> Asked:
    read = set(names.get(element.id, ())) if element.call is not None else set()
    if operation is not None:
        read |= set(answers_of(operation))
    fields = [(name, said.get(name, "")) for name in sorted(read | said.keys())]
    title = operation_words(operation, current_language())
    return Asked(element.id, element_title(element), title, fields, act, chosen, error)


def _drawing(standing: Standing, step: OpenStep | None, wanted: str) -> ProcessModel:
    """The drawing that was asked for, else the one in which the shown step stands."""
    definition = standing.definition
    if wanted in definition.called:
        return definition.called[wanted]
    if wanted == definition.key or step is None:
        return definition.model
    model, _ = definition.place(step.place.path)
    return model
