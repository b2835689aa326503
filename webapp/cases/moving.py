"""A card dropped on a column of the board: the act of the process that leads there, or the reason why none does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.definitions.foreseeing import foresee
from engine.definitions.model import Element
from engine.definitions.reaching import Goal, Net, OpenStep, Place, Verdict, Way, find_way
from engine.human_tasks.assignment import Actor, may_serve, may_take
from engine.human_tasks.models import HumanTask, path_of
from engine.instances.case import milestones_entered
from webapp.cases.board import OUTCOME, columns_of
from webapp.cases.filtering import NONE_YET, CaseFilter
from webapp.cases.queries import CaseRecord
from webapp.core.i18n import current_language, local_now
from webapp.core.workflow import engine
from webapp.staff.queries import names_of


@dataclass(frozen=True)
class Decision:
    """`task` with the outcome or the button that leads on; or, with a `reason`, why the card stays where it is.

    A refusal may name the open step, where the work goes on.
    """

    task: int | None = None
    outcome: str | None = None
    boundary: str | None = None
    reason: str = ""
    step: str = ""


def decide_move(session: Session, case: CaseRecord, column: str, actor: Actor) -> Decision:
    """What a drop on this column means for the case, read from its drawing. Two statements, and its forms."""
    titles = {each.name: each.title for each in columns_of(case.definition, CaseFilter())}
    if not case.is_open:
        return Decision(reason=_("This case is closed."))
    if column not in titles:
        return Decision(reason=_("This process has no such column."))
    reached = milestones_entered(session, case.instance_id)
    if column == NONE_YET or column in reached:
        return Decision(reason=_("A milestone that was reached stays reached."))
    if not case.open_tasks:
        return Decision(reason=_("Nobody has to do anything here now: the process waits for a time or for a message."))
    title = titles[column]
    net = case.definition.net
    tasks = {_place(task): task for task in reversed(case.open_tasks)}
    standing = [OpenStep(place, _outcomes(session, case.element(task))) for place, task in tasks.items()]
    verdict = foresee(case.definition.model, {**case.document, "case": _facts(case)}, now=local_now())
    goal = _goal(case, column)
    way = find_way(net, standing, goal, verdict)
    if way is None:
        return Decision(reason=_("From where the case stands, nothing leads to “%(milestone)s”.", milestone=title))
    task = tasks[way.move.place]
    name = _name(net, way.move.place)
    if way.move.boundary and may_serve(actor, task) and not _may_take(case, task, way.move.boundary, actor):
        return Decision(reason=_("“%(act)s” is for another role.", act=title), task=task.id, step=name)
    if not (_may_take(case, task, way.move.boundary, actor) if way.move.boundary else may_serve(actor, task)):
        return Decision(reason=_whose(session, task, name), task=task.id, step=name)
    if way.between and not (way.move.boundary and column.startswith(OUTCOME)):
        steps = _steps(net, way)
        reason = _("Before “%(milestone)s” stand: %(steps)s.", milestone=title, steps=", ".join(steps))
        return Decision(reason=reason, task=task.id, step=name)
    if way.move.boundary:
        return Decision(task=task.id, boundary=way.move.boundary)
    decisive = _is_decisive(net, standing, way, goal, verdict)
    return Decision(task=task.id, outcome=way.move.outcome if decisive else None)


def _goal(case: CaseRecord, column: str) -> Goal:
    plan = engine().store.current_plan(case.definition)

    def leads_out(element: Element) -> bool:
        return element.tag == "endEvent" and element.outcome == column.removeprefix(OUTCOME)

    def is_milestone(element: Element) -> bool:
        return element.milestone is not None and plan.resolve(element.milestone) == column

    return leads_out if column.startswith(OUTCOME) else is_milestone


def _may_take(case: CaseRecord, task: HumanTask, boundary: str, actor: Actor) -> bool:
    offers = case.definition.offers_at(task.element, path_of(task.path))
    (offer,) = (each for each in offers if each.id == boundary)
    return may_take(actor, task, offer.offered_to, owner_id=case.owner_id)


def _is_decisive(net: Net, standing: Sequence[OpenStep], way: Way, goal: Goal, verdict: Verdict) -> bool:
    """Whether another outcome of the step would lead elsewhere: only then is one chosen for the person."""
    step = next(each for each in standing if each.place == way.move.place)
    others = [each for each in standing if each != step]
    for outcome in step.outcomes:
        found = find_way(net, [replace(step, outcomes=(outcome,)), *others], goal, verdict)
        if found is None or found.between or found.move.boundary or found.move.place != step.place:
            return True
    return False


def _place(task: HumanTask) -> Place:
    return Place(path_of(task.path), task.element)


def _outcomes(session: Session, element: Element) -> tuple[str, ...]:
    """The values among which the form's question for the outcome lets choose."""
    if not element.form:
        return ()
    field = engine().store.form(session, element.form).form.fields.get("outcome")
    return tuple(option.value for option in field.options) if field else ()


def _facts(case: CaseRecord) -> Mapping[str, object]:
    return {
        "id": case.instance_id,
        "key": case.business_key,
        "scope": case.scope_id,
        "owner": case.owner_id,
        "opened_at": case.started_at,
    }


def _name(net: Net, place: Place) -> str:
    name = net.element(place).name.in_language(current_language())
    return name or str(_("a time or a message"))


def _steps(net: Net, way: Way) -> list[str]:
    """The open step and those behind it, each once."""
    return list(dict.fromkeys(_name(net, place) for place in (way.move.place, *way.between)))


def _whose(session: Session, task: HumanTask, step: str) -> str:
    if task.assignee_id is None:
        return str(_("The step “%(step)s” is for another role.", step=step))
    name = names_of(session, [task.assignee_id]).get(task.assignee_id, "")
    return str(_("The step “%(step)s” belongs to %(name)s.", step=step, name=name))
