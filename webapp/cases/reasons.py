"""What the reasons of outcomes are called: the choices of the fields that the ends of the drawings read."""

import re
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from engine.definitions.store import Definition
from engine.errors import UnknownDefinition
from engine.human_tasks.forms.model import FormField
from engine.milestones.fold import OUTCOME_REASON
from webapp.cases.labels import dimension_values
from webapp.core.i18n import current_language
from webapp.core.workflow import engine, source_choices

READ = re.compile(r"\b(\w+)\.(\w+)\b(?!\s*\.)")  # an answer in an expression: the step and its field


def values_of(session: Session, name: str, definitions: Iterable[Definition]) -> dict[str, str]:
    """What the values of a dimension are called in these processes, for this reader.

    A reason that a slice names keeps that name when no form offers it any more.
    """
    known = dimension_values(name)
    if name == OUTCOME_REASON:
        for definition in definitions:
            known |= _reasons(session, definition)
    return known


def _reasons(session: Session, definition: Definition) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in definition.model.elements.values():
        reason = element.properties.get("reason")
        for step, key in READ.findall(reason) if reason else ():
            field = _field(session, definition, step, key)
            if field is not None:
                found |= _choices(field)
    return found


def _field(session: Session, definition: Definition, step: str, key: str) -> FormField | None:
    """The field of a step's live form; None where the form is gone or asks it no longer."""
    element = definition.find(step)
    if element is None or element.form is None:
        return None
    try:
        return engine().store.form(session, element.form).form.fields.get(key)
    except UnknownDefinition:
        return None


def _choices(field: FormField) -> Mapping[str, str]:
    if field.source:
        return source_choices(field.source)
    return {option.value: option.label.in_language(current_language()) for option in field.options}
