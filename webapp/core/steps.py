"""What a step is called and what it asks, in the reader's language; for lists over many processes."""

from typing import Protocol

from sqlalchemy.orm import Session

from engine.definitions.model import Element
from engine.human_tasks.models import path_of
from webapp.core.i18n import current_language
from webapp.core.workflow import engine


class PlacedStep(Protocol):
    """A task or an event, as far as its place in a drawing is concerned."""

    @property
    def definition_id(self) -> int: ...
    @property
    def element(self) -> str: ...
    @property
    def path(self) -> str: ...


def element_of(session: Session, step: PlacedStep) -> Element | None:
    """The node of the drawing; each version is read once per process. None when no version has such a node."""
    definition = engine().store.get(session, step.definition_id)
    model, _ = definition.place(path_of(step.path))
    found: Element | None = model.elements.get(step.element)
    return found or engine().store.once(session, definition.key, step.element)


def step_name(session: Session, step: PlacedStep, language: str | None = None) -> str:
    """The name as drawn; the bare id where no drawing has the node."""
    element = element_of(session, step)
    return (element.name.in_language(language or current_language()) if element else "") or step.element


def step_prompt(session: Session, step: PlacedStep, language: str | None = None) -> str:
    """What the person is told to say or do."""
    element = element_of(session, step)
    return element.prompt.in_language(language or current_language()) if element else ""


def process_name(session: Session, definition_id: int) -> str:
    """The name of the process."""
    model = engine().store.get(session, definition_id).model
    return str(model.name.in_language(current_language()) or model.key)
