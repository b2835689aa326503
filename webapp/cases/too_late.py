"""A step that was submitted when it was no longer this person's: what he typed is given back."""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine.errors import NotAllowed, TaskClosed
from engine.human_tasks.forms import Form
from engine.human_tasks.models import HumanTask, path_of
from engine.instances.models import ProcessInstance
from webapp.cases.page import reader
from webapp.cases.services import is_case_in_sight
from webapp.core.engine_errors import explain, status_of
from webapp.core.workflow import engine
from webapp.kit.answers import Answer


def give_back(
    session: Session,
    error: TaskClosed | NotAllowed,
    task_id: int,
    typed: Mapping[str, Any],
    boundary: str | None = None,
) -> ResponseReturnValue:
    """What is wrong, and what was typed on the step or on its offer, to be noted. Raises the error without any."""
    session.rollback()
    task = session.get(HumanTask, task_id)
    form = None if task is None else _form_of(session, task, boundary)
    if task is None or form is None:
        raise error
    shown = reader(session, task.instance_id)
    given = shown.answers(form, {key: value for key, value in typed.items() if _is_readable(form, key, value)})
    personal = [
        Answer(item.label.in_language(shown.language), str(typed[key]), key)
        for key, item in form.fields.items()
        if item.personal and isinstance(typed.get(key), str) and typed[key]
    ]
    if not given and not personal:
        raise error
    page = render_template(
        "cases/too_late.html",
        sentence=explain(error),
        answers=[*given, *personal],
        words="\n".join(f"{answer.label}: {answer.text}" for answer in given),
        instance_id=task.instance_id if is_case_in_sight(session, task.instance_id) else None,
    )
    return page, status_of(error)


def _is_readable(form: Form, key: str, value: object) -> bool:
    """Files and rows that came as something else than themselves cannot be shown."""
    item = form.fields.get(key)
    if item is None:
        return False
    if not item.is_files and item.row is None:
        return True
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)


def _form_of(session: Session, task: HumanTask, boundary: str | None) -> Form | None:
    definition = engine().store.get(session, session.get_one(ProcessInstance, task.instance_id).definition_id)
    model, _ = definition.place(path_of(task.path))
    element = model.elements.get(boundary or task.element)
    return engine().store.form(session, element.form).form if element is not None and element.form else None
