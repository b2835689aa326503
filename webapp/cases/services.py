"""What is done around a case besides moving its token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinition
from engine.errors import NotAllowed, TaskClosed, UnknownTask
from engine.history.recording import EventKind
from engine.human_tasks.assignment import Actor, may_serve, require_service
from engine.human_tasks.inbox import tasks_by_id
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.commands import StepResult
from engine.instances.corrections import fixed_fields
from engine.instances.models import ProcessInstance
from webapp.cases.drawing import localize
from webapp.cases.queries import CaseRecord, get_case, is_in_sight
from webapp.cases.steps import offers_to
from webapp.core.errors import NotFound, RuleViolation
from webapp.core.feature import Text
from webapp.core.i18n import current_language, current_zone, local_now
from webapp.core.permissions import current_scope, scope_if_any
from webapp.core.workflow import current_actor, describe_cases, engine, source_choices
from webapp.customers import labels
from webapp.customers import services as customers
from webapp.customers.models import Direction, InteractionChannel
from webapp.kit.files import shelf_of
from webapp.kit.form_view import FormReader, for_browser
from webapp.kit.widgets import Widget
from webapp.staff.queries import names_of

NOTED_CHANNELS = (
    InteractionChannel.CALL,
    InteractionChannel.VISIT,
    InteractionChannel.EMAIL,
    InteractionChannel.MESSENGER,
    InteractionChannel.SMS,
)
DRAWN = "BPMNShape"
CHANNELS: Mapping[str, Text] = {channel.value: labels.CHANNELS[channel] for channel in NOTED_CHANNELS}
DIRECTIONS: Mapping[str, Text] = {each.value: labels.DIRECTIONS[each] for each in (Direction.OUT, Direction.IN)}


def require_case(session: Session, instance_id: int) -> CaseRecord:
    """The case, if this person may change it. Raises NotFound."""
    return get_case(session, engine().store, instance_id, reach=current_scope("cases.change"), actor=current_actor())


def may_change(case: CaseRecord) -> bool:
    """Whether `require_case` would let this person have the case; without asking again."""
    reach, actor = scope_if_any("cases.change"), current_actor()
    if reach is None:
        return False
    return reach.covers(case.owner_id, case.scope_id) or any(may_serve(actor, task) for task in case.open_tasks)


def may_repair(case: CaseRecord) -> bool:
    """Whether this person may mend such a case by hand: to have a step of it is not enough."""
    reach = scope_if_any("repair.change")
    return reach is not None and reach.covers(case.owner_id, case.scope_id)


def may_pass_on(owner_id: int | None, scope_id: int | None) -> bool:
    """Whether this person may make a colleague the owner of such a case: it is his, under him, or nobody's yet.

    Who has only been asked to do a step of it may pass on the step.
    """
    reach = scope_if_any("cases.change")
    return reach is not None and (owner_id is None or reach.covers(owner_id, scope_id))


def require_passing_on(session: Session, task_id: int) -> None:
    """Raises NotAllowed unless the whole case of this task may be passed on."""
    case = session.get_one(ProcessInstance, case_of(session, task_id))
    if not may_pass_on(case.owner_id, case.scope_id):
        raise NotAllowed("case_not_yours", f"Case {case.id} is led by somebody else.", instance_id=case.id)


def is_case_in_sight(session: Session, instance_id: int) -> bool:
    """Whether this person may still open the case, e.g. after he has handed it over."""
    return is_in_sight(session, instance_id, reach=current_scope("cases.see"), actor=current_actor())


def case_of(session: Session, task_id: int) -> int:
    """The case of a task. Raises UnknownTask."""
    found = session.scalar(select(HumanTask.instance_id).where(HumanTask.id == task_id))
    if found is None:
        raise UnknownTask("task_unknown", f"There is no task {task_id}.", task_id=task_id)
    return found


def require_colleague(session: Session, user_id: int) -> str:
    """The name of an active colleague. Raises RuleViolation."""
    name = names_of(session, [user_id], only_active=True).get(user_id)
    if name is None:
        raise RuleViolation("colleague_unknown", "Choose a colleague from the list.")
    return name


def save_draft(
    session: Session, task_id: int, typed: Mapping[str, Any], *, boundary: str | None, actor: Actor, at: datetime
) -> None:
    """Keep what is typed on an open step, or on the form of a button it offers. Raises TaskClosed."""
    task = session.get(HumanTask, task_id)
    if task is None:
        raise UnknownTask("task_unknown", f"There is no task {task_id}.", task_id=task_id)
    if task.state is not TaskState.OPEN:
        raise TaskClosed("task_closed", f"Task {task_id} is {task.state}.", task_id=task_id, by=task.completed_by)
    if not boundary:
        require_service(actor, task)
    elif boundary not in _offered(session, task, actor):
        raise NotFound("offer_unknown", f"{boundary[:120]} is not offered on {task.element}.")
    form = boundary or task.form
    engine().save_draft(session, task_id, form, typed, actor_id=actor.user_id or 0, now=at)


def _offered(session: Session, task: HumanTask, actor: Actor) -> set[str]:
    case = session.get_one(ProcessInstance, task.instance_id)
    definition = engine().store.get(session, case.definition_id)
    return {offer.id for offer in offers_to(definition, task, actor, owner_id=case.owner_id)}


def note_contact(
    session: Session, instance_id: int, *, channel: str, direction: str, result: str, actor_id: int, at: datetime
) -> None:
    """Record a contact that happened on the side: in the customer's chronicle, and in the case's log.

    What was said stays with the customer, so that it can be erased with him; a case without one keeps it itself.
    """
    case = require_case(session, instance_id)
    payload: dict[str, object] = {"channel": channel, "direction": direction}
    customer_id = describe_cases(session, [case.business_key])[case.business_key].customer_id
    if customer_id is None:
        payload["result"] = result
    else:
        row = customers.add_interaction(
            session,
            customer_id=customer_id,
            channel=InteractionChannel(channel),
            direction=Direction(direction),
            subject=result[:200],
            comment=result if len(result) > 200 else "",
            at=at,
            employee_id=actor_id,
            case_key=case.business_key,
        )
        session.flush()
        payload["interaction"] = row.id
    engine().note(session, case.instance_id, EventKind.CONTACT_NOTED, payload, actor_id=actor_id, now=at)


def next_task(session: Session, result: StepResult, actor: Actor) -> int | None:
    """The first task that the step opened and this person may do."""
    return next((task.id for task in tasks_by_id(session, result.next_tasks) if may_serve(actor, task)), None)


@dataclass(frozen=True)
class Correction:
    """The answers of an earlier step, as its form shows them; what decided the way is left out."""

    instance_id: int
    element: str
    name: str
    title: str
    widgets: Sequence[Widget]
    errors: Mapping[str, str]
    context: Mapping[str, Any]


def load_correction(
    session: Session,
    instance_id: int,
    element_id: str,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Correction:
    """The form of a step that has been passed, filled in. Raises NotFound when nothing was answered there."""
    case = require_case(session, instance_id)
    element = case.definition.model.elements.get(element_id)
    given = case.document.get(element_id)
    if (
        element is None
        or not element.form
        or not element.is_user_task
        or element.is_final
        or not isinstance(given, dict)
    ):
        raise NotFound("answer_unknown", f"Nothing was answered at {element_id}.")
    form = engine().store.form(session, element.form).form
    reader = FormReader(
        current_language(),
        current_zone(),
        source_choices,
        file_url=lambda sha256: f"/cases/{instance_id}/files/{sha256}",
        find_file=shelf_of(session, instance_id),
    )
    decided = fixed_fields(case.definition.model, element_id)
    values = given if typed is None else {**typed, **{name: given.get(name) for name in decided}}
    fixed = decided | form.personal_keys
    widgets = reader.widgets(form, values, errors or {}, case.document, local_now(), without=fixed)
    title = describe_cases(session, [case.business_key])[case.business_key].title
    name = element.name.in_language(reader.language)
    asked_before = {name: given.get(name) for name in decided & form.fields.keys()}  # conditions of the form read them
    context = for_browser({**case.document, **asked_before, "case": {"key": case.business_key}})
    return Correction(instance_id, element_id, name, title, widgets, errors or {}, context)


def is_drawn(session: Session, case: CaseRecord) -> bool:
    """Whether the file of the case's version holds a picture: one written by hand may hold the steps alone."""
    return DRAWN in session.get_one(ProcessDefinition, case.definition.id).xml


def xml_of(session: Session, case: CaseRecord) -> str:
    """The drawing of the case's version, its labels in the reader's language."""
    return localize(session.get_one(ProcessDefinition, case.definition.id).xml, current_language())
