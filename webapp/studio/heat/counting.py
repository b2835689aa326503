"""The figures of a heat map by element: of steps as they were counted, of calls from the steps inside."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy.orm import Session

from engine.analytics.figures import StepFigures, StepFilter, count_steps
from engine.analytics.order import steps_in_order
from engine.definitions.model import Element, ProcessModel
from engine.definitions.models import ProcessDefinition
from engine.definitions.store import Definition, DefinitionStore
from webapp.core.errors import NotFound
from webapp.studio.heat.address import Asked
from webapp.studio.heat.measures import Measure
from webapp.studio.queries import Version


@dataclass(frozen=True)
class Drawn:
    """What is drawn: a version of the process, or a process that it calls. `definition_id`: whose text that is."""

    definition: Definition
    model: ProcessModel
    definition_id: int
    counted: int | None  # the version whose cases count; None: all

    @property
    def is_part(self) -> bool:
        return self.model.key != self.definition.key

    @property
    def calls(self) -> Mapping[str, ProcessModel]:
        """The called processes by the elements that call them."""
        found = {
            id_: self.definition.called.get(each.called_process or "") for id_, each in self.model.elements.items()
        }
        return {id_: model for id_, model in found.items() if model is not None}

    def inside(self) -> dict[str, frozenset[str]]:
        """The steps of people that run within each call of the drawing."""
        return {
            id_: frozenset(self._steps(model, frozenset({self.model.key, model.key})))
            for id_, model in self.calls.items()
        }

    def steps(self) -> list[tuple[Element, ProcessModel]]:
        """Every step of the drawing and of what it calls, in the order in which cases come to them, and where it is."""
        homes: dict[str, ProcessModel] = {}
        for model in self._models(self.model, frozenset({self.model.key})):
            for id_ in model.elements:
                homes.setdefault(id_, model)
        return [(each, homes[each.id]) for each in steps_in_order(self.definition) if each.id in homes]

    def _models(self, model: ProcessModel, around: frozenset[str]) -> Iterator[ProcessModel]:
        yield model
        for key in {each.called_process for each in model.elements.values() if each.called_process}:
            called = self.definition.called.get(key)
            if called is not None and key not in around:
                yield from self._models(called, around | {key})

    def _steps(self, model: ProcessModel, around: frozenset[str]) -> Iterator[str]:
        for each in self._models(model, around):
            yield from (element.id for element in each.elements.values() if element.is_user_task)


def drawn_for(session: Session, store: DefinitionStore, asked: Asked, versions: Sequence[Version]) -> Drawn:
    """The chosen version, or the newest for all of them together. Raises NotFound for a process it does not call."""
    chosen = next((each.definition_id for each in versions if each.number == asked.version), None)
    definition = store.get(session, versions[0].definition_id if chosen is None else chosen)
    if not asked.part or asked.part == asked.key:
        return Drawn(definition, definition.model, definition.id, chosen)
    if asked.part not in definition.called:
        raise NotFound("process_unknown")
    holder = _text_of(session, definition.id, asked.part)
    return Drawn(definition, definition.called[asked.part], holder, chosen)


def _text_of(session: Session, definition_id: int, part: str) -> int:
    """The published text that draws a called process, as the calls are pinned; the caller's where it is in its file."""
    agenda, seen = [definition_id], set[int]()
    while agenda:
        row = session.get_one(ProcessDefinition, agenda.pop(0))
        seen.add(row.id)
        pinned = orjson.loads(row.calls)
        if part in pinned:
            return int(pinned[part])
        agenda += [id_ for id_ in pinned.values() if id_ not in seen]
    return definition_id


def figures_for(
    session: Session, asked: Asked, drawn: Drawn, zone: ZoneInfo, now: datetime
) -> Mapping[str, StepFigures]:
    """The figures of all steps; two to nine statements."""
    filters = StepFilter(
        asked.key,
        since=asked.period.since(zone),
        until=asked.period.until(zone),
        definitions=None if drawn.counted is None else frozenset({drawn.counted}),
        scopes=frozenset(asked.scopes) if asked.scopes else None,
        people=frozenset(asked.people) if asked.people else None,
    )
    return count_steps(session, filters, now=now, clock=asked.clock)


@dataclass(frozen=True)
class Values:
    """A measure by step, and by call of the drawing; what has no figure is left out. `bases`: what steps are of."""

    steps: Mapping[str, float]
    calls: Mapping[str, float]
    bases: Mapping[str, int] = field(default_factory=dict)

    def all(self) -> list[float]:
        return [*self.steps.values(), *self.calls.values()]


def values_of(
    figures: Mapping[str, StepFigures], measure: Measure, inside: Mapping[str, frozenset[str]], shown: Iterable[str]
) -> Values:
    """Of the steps that are shown, and of the calls that hold such steps."""
    known = {id_: measure.value(figures[id_]) for id_ in shown if id_ in figures}
    steps = {id_: value for id_, value in known.items() if value is not None}
    calls = {}
    for call, held in inside.items():
        values = [steps[id_] for id_ in held if id_ in steps]
        if values:
            calls[call] = sum(values) if measure.adds else max(values)
    bases = {id_: measure.base(figures[id_]) for id_ in steps} if measure.base is not None else {}
    return Values(steps, calls, bases)
