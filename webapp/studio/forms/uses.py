"""Which steps ask a form: of processes that are live, and of drawings that are not published yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Element, ProcessModel
from engine.definitions.parsing import read_processes
from engine.definitions.problems import DefinitionRejected
from engine.definitions.xml import read_xml
from engine.kernel import Kernel
from webapp.studio.models import Draft, DraftKind


@dataclass(frozen=True)
class Use:
    """A process with the steps at which it asks the form. `draft`: id of the drawing it stands in; `live`: version."""

    process: ProcessModel
    steps: Sequence[Element]
    version: int | None = None
    draft_id: int | None = None

    def title(self, language: str) -> str:
        return self.process.name.in_language(language) or self.process.key


def uses_of(session: Session, kernel: Kernel, form: str) -> list[Use]:
    """Live ones first."""
    found = []
    for definition in kernel.store.live(session):
        steps = _steps(definition.model, form)
        if steps:
            found.append(Use(definition.model, steps, version=definition.version))
    for draft in session.scalars(select(Draft).where(Draft.kind == DraftKind.PROCESS).order_by(Draft.key)):
        for model in _models(draft):
            steps = _steps(model, form)
            if steps:
                found.append(Use(model, steps, draft_id=draft.id))
    return found


def _steps(model: ProcessModel, form: str) -> list[Element]:
    return [element for element in model.elements.values() if element.form == form]


def _models(draft: Draft) -> Iterator[ProcessModel]:
    try:
        yield from read_processes(read_xml(draft.body.encode()))
    except DefinitionRejected:
        return  # it is being drawn; its own page says what is wrong
