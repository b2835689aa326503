"""Changing what the document of a case says, deciding fields included; the log keeps both."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from engine import case_data
from engine.errors import NotAllowed, UnknownDefinition
from engine.history.recording import EventKind
from engine.human_tasks.form_values import Reading, read_values
from engine.human_tasks.forms import Form
from engine.instances.case import Case
from engine.instances.commands import StepResult
from engine.kernel import Kernel
from engine.repair.acts import Act, finish, require, step_of, take


def edit_answers(
    session: Session,
    kernel: Kernel,
    instance_id: int,
    element_id: str,
    path: Sequence[str],
    raw: Mapping[str, object],
    reading: Reading,
    act: Act,
) -> StepResult:
    """Replace the answers of a step by what its form reads from `raw`; personal fields are left out.

    Other than a correction it may change what decided where the case went, and no record follows: the way back is a
    move. Raises NotAllowed (answer_unknown, case_closed, reason_missing), StaleState and what the form refuses.
    """
    case, told = take(session, kernel, instance_id, act)
    if told is not None:
        return told
    require(case, active=True)
    given = given_at(case, element_id, path)
    form = form_at(session, kernel, case, element_id, path)
    if form is None or not isinstance(given, dict):
        raise NotAllowed("answer_unknown", f"Nothing was answered at {element_id}.", element=element_id)
    _, calls = case.definition.place(path)
    with_files = kernel.reading_for(session, instance_id, reading)
    personal = form.personal_keys
    values = read_values(form, raw, case.known_in(calls), with_files, without=personal, before=given)
    changes = {key: values.get(key) for key in form.fields if key not in personal}
    return _write(session, kernel, case, element_id, path, changes, act)


def edit_values(
    session: Session,
    kernel: Kernel,
    instance_id: int,
    element_id: str,
    path: Sequence[str],
    values: Mapping[str, object],
    act: Act,
) -> StepResult:
    """Set single values that stand under an element, or are missing there. A value of None clears.

    Raises NotAllowed: element_unknown, field_personal, answer_is_list, case_closed, reason_missing; and StaleState.
    """
    case, told = take(session, kernel, instance_id, act)
    if told is not None:
        return told
    require(case, active=True)
    form = form_at(session, kernel, case, element_id, path)
    for name in values:
        if form is not None and name in form.personal_keys:
            raise NotAllowed("field_personal", f"{name} is personal.", field=name)
    return _write(session, kernel, case, element_id, path, values, act)


def given_at(case: Case, element_id: str, path: Sequence[str]) -> object:
    """What stands in the document under an element, inside the called processes of its path."""
    _, calls = case.definition.place(path)
    place: object = case.document
    for call in calls:
        place = place.get(call) if isinstance(place, dict) else None
    return place.get(element_id) if isinstance(place, dict) else None


def form_at(session: Session, kernel: Kernel, case: Case, element_id: str, path: Sequence[str]) -> Form | None:
    """The form of an element; None if it has none, or if nothing of that id is drawn (a result variable)."""
    model, _ = case.definition.place(path)
    element = model.elements.get(element_id)
    if element is None or not element.form:
        return None
    try:
        return kernel.store.form(session, element.form).form
    except UnknownDefinition:
        return None


def _write(
    session: Session,
    kernel: Kernel,
    case: Case,
    element_id: str,
    path: Sequence[str],
    values: Mapping[str, object],
    act: Act,
) -> StepResult:
    given = given_at(case, element_id, path)
    if given is not None and not isinstance(given, dict):
        raise NotAllowed("answer_is_list", f"The answers at {element_id} are a list.", element=element_id)
    known = given or {}
    after = {name: value for name, value in values.items() if name not in known or known[name] != value}
    before = {name: known.get(name) for name in after}
    if not after:
        return StepResult(case.id)
    case_data.dump(after)  # what a document cannot hold is refused before anything is written
    step = step_of(session, kernel, case, act)
    payload = {"before": before, "after": after, "reason": act.reason, "path": list(path)}
    step.record(EventKind.DATA_EDITED, element_id, payload)
    step.put(element_id, after, path)
    step.advance()
    return finish(step, act)
