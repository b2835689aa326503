"""Who asks a form or a table: steps of processes that are live or drawn, operations at them, and pages."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.decisions import Model
from engine.definitions.decision_files import read_model
from engine.definitions.model import Element, ProcessModel
from engine.definitions.store import Definition
from engine.errors import BusinessError
from engine.kernel import Kernel
from engine.operations import Operation
from webapp.core.feature import Text
from webapp.core.operation_names import operation_title
from webapp.core.workflow import page_questions
from webapp.studio import drafts
from webapp.studio.labels import element_title
from webapp.studio.models import Draft, DraftKind


@dataclass(frozen=True)
class Step:
    """A step that asks. `operations`: those that ask for it; none where it asks itself."""

    element: Element
    operations: Sequence[Operation] = ()

    @property
    def title(self) -> str:
        return element_title(self.element)

    @property
    def means(self) -> str:
        """The operations, as they are called on screen."""
        return ", ".join(operation_title(each) for each in self.operations)

    @property
    def told(self) -> str:
        return f"{self.title} ({self.means})" if self.operations else self.title


@dataclass(frozen=True)
class Use:
    """A process with the steps at which it asks. `draft_id`: of the drawing it stands in; `version`: the live one."""

    process: ProcessModel
    steps: Sequence[Step]
    version: int | None = None
    draft_id: int | None = None

    def title(self, language: str) -> str:
        return self.process.name.in_language(language) or self.process.key


class Asked:
    """What is looked for: a form, or the decisions of a table."""

    def __init__(self, *, form: str | None = None, decisions: Collection[str] = ()) -> None:
        self._form, self.decisions = form, frozenset(decisions)

    def steps_of(self, model: ProcessModel, operations: Mapping[str, Operation]) -> list[Step]:
        found = []
        for element in model.elements.values():
            named = (operations[name] for name in sorted(element.operations()) if name in operations)
            asking = [each for each in named if self.by(each)]
            if asking or self._by_itself(element):
                found.append(Step(element, asking))
        return found

    def by(self, operation: Operation) -> bool:
        return not self.decisions.isdisjoint(operation.asks)

    def _by_itself(self, element: Element) -> bool:
        return (self._form is not None and element.form == self._form) or element.decision in self.decisions


@dataclass(frozen=True)
class Mention:
    """One line of a list of who asks: a process with its steps, a page, or an operation. `about`: more of it."""

    name: str
    about: Sequence[str] = ()


def mentions(
    live: Sequence[Definition], operations: Mapping[str, Operation], asked: Asked, language: str
) -> list[Mention]:
    """Live processes by name, then pages, then operations that stand at no step."""
    uses = live_uses(live, operations, asked)
    named = [Mention(use.title(language), [step.told for step in use.steps]) for use in uses]
    named.sort(key=lambda mention: mention.name.casefold())
    named += [Mention(str(page)) for page in pages(asked)]
    idle = unused_operations(operations, asked, uses)
    return named + [Mention(operation_title(each), [_("operation that stands at no step yet")]) for each in idle]


def uses_of(session: Session, kernel: Kernel, asked: Asked) -> list[Use]:
    """Live processes first, then drawings that are not published yet."""
    found = live_uses(kernel.store.live(session), kernel.operations, asked)
    for draft in session.scalars(select(Draft).where(Draft.kind == DraftKind.PROCESS).order_by(Draft.key)):
        for model in drafts.models_of_text(draft.body):
            steps = asked.steps_of(model, kernel.operations)
            if steps:
                found.append(Use(model, steps, draft_id=draft.id))
    return found


def live_uses(live: Iterable[Definition], operations: Mapping[str, Operation], asked: Asked) -> list[Use]:
    found = []
    for definition in live:
        steps = asked.steps_of(definition.model, operations)
        if steps:
            found.append(Use(definition.model, steps, version=definition.version))
    return found


def unused_operations(operations: Mapping[str, Operation], asked: Asked, uses: Iterable[Use]) -> list[Operation]:
    """Those that would ask, but stand at no step."""
    used = {operation.name for use in uses for step in use.steps for operation in step.operations}
    return [each for name, each in sorted(operations.items()) if asked.by(each) and name not in used]


def pages(asked: Asked) -> list[Text]:
    """What pages that ask are called."""
    return [each.page for each in page_questions() if each.decision in asked.decisions]


def asked_of_table(text: str, live: str = "") -> Asked:
    """The decisions of a file as it is drawn, and as it is live: who asks one that was just renamed asks it still."""
    return Asked(decisions={name for each in (text, live) for name in _decisions(each)})


def _decisions(text: str) -> Iterator[str]:
    try:
        model: Model = read_model(text)
    except BusinessError:
        return  # it is being drawn, or there is none
    yield from model.asked_by_id()
