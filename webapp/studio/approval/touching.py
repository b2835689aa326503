"""What a draft touches that sends, pays or discounts: the reasons why a second person must look."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from engine.definitions.comparing import Difference, compare_processes
from engine.definitions.decision_files import read_model
from engine.definitions.model import Element, ProcessModel, Texts
from engine.errors import BusinessError
from engine.kernel import Kernel
from engine.operations import Effect, Operation
from webapp.studio import drafts
from webapp.studio.models import Draft, DraftKind

WORDS = frozenset({"name", "prompt", "submit"})  # what people read changes nothing of what is done

# what decides when or whether a step comes, also if it does nothing of the kind itself
COURSE = frozenset({"timer", "timer_kind", "message", "correlation", "attached_to", "interrupting"})
COURSE |= {"decision", "called_process", "event", "many", "asked"}


class What(StrEnum):
    """What of the draft touches it."""

    STEP = "step"
    ORDER = "order"  # steps come in another order, or under other conditions
    FORM = "form"
    TABLE = "table"


@dataclass(frozen=True)
class Touch:
    """One reason. `name`: of the step, form or table; of the process for another order."""

    what: What
    name: str
    effects: frozenset[Effect]


def touched(session: Session, kernel: Kernel, together: Sequence[Draft], language: str) -> list[Touch]:
    """Every reason, in the order of the drawing; none where nothing is touched."""
    live = {model.key: model for model in (each.model for each in kernel.store.live(session))}
    drawn = {model.key: model for each in together for model in _models(each)}
    weights = _Weights(kernel.operations, {**live, **drawn})
    found: list[Touch] = []
    for model in drawn.values():
        found += _in_process(live.get(model.key), model, weights, language)
    along = [each for each in together if each.kind is not DraftKind.PROCESS]
    published = drafts.live_texts(session, [(each.kind, each.key) for each in along])
    for each in along:
        before = published.get((each.kind, each.key))
        if before is not None and before.text == each.body:
            continue
        is_form, is_new = each.kind is DraftKind.FORM, before is None
        effects = weights.of_form(each.key) if is_form else weights.of_table(each.body, is_new)
        if effects:
            found.append(Touch(What.FORM if is_form else What.TABLE, drafts.title_of(each, language), effects))
    return found


class _Weights:
    """What steps, forms and tables have to do with, in these processes."""

    def __init__(self, operations: Mapping[str, Operation], models: Mapping[str, ProcessModel]) -> None:
        self._operations = operations
        self._models = models

    def of_step(self, element: Element, seen: Collection[str] = ()) -> frozenset[Effect]:
        """A call does what the called process does."""
        found = frozenset[Effect]().union(*(self._of_operation(name) for name in element.operations()))
        called = self._models.get(element.called_process or "")
        if called is not None and called.key not in seen:
            found |= frozenset().union(*(self.of_step(e, {*seen, called.key}) for e in called.elements.values()))
        return found

    def of_form(self, key: str) -> frozenset[Effect]:
        asking = (e for model in self._models.values() for e in model.elements.values() if e.form == key)
        return frozenset[Effect]().union(*(self.of_step(each) for each in asking))

    def of_table(self, text: str, is_new: bool) -> frozenset[Effect]:
        """Of the operations that ask it; a live one also decides the way in the processes that ask it."""
        try:
            decisions = read_model(text).asked_by_id().keys()
        except BusinessError:
            return frozenset()
        asking = (each for each in self._operations.values() if each.asks.keys() & decisions)
        found = frozenset[Effect]().union(*(each.effects for each in asking))
        for model in self._models.values() if not is_new else ():
            if any(element.decision in decisions for element in model.elements.values()):
                found |= frozenset().union(*(self.of_step(each) for each in model.elements.values()))
        return found

    def _of_operation(self, name: str) -> frozenset[Effect]:
        known = self._operations.get(name)
        return known.effects if known is not None else frozenset()


def _in_process(old: ProcessModel | None, new: ProcessModel, weights: _Weights, language: str) -> Iterator[Touch]:
    before = old.elements if old is not None else {}
    heavy = {
        element.id: effects
        for element in (*before.values(), *new.elements.values())
        if (effects := weights.of_step(element))
    }
    if not heavy:
        return
    if old is None:
        for element in new.elements.values():
            if element.id in heavy:
                yield Touch(What.STEP, _called(element.name, element.id, language), heavy[element.id])
        return
    differences = list(compare_processes(old, new))
    for each in differences:
        if isinstance(each.element, Element) and each.element.id in heavy and _is_more_than_words(each):
            yield Touch(What.STEP, _called(each.element.name, each.element.id, language), heavy[each.element.id])
    ordered = order_of(old, new.elements.keys() | heavy.keys()) == order_of(new, old.elements.keys() | heavy.keys())
    if not ordered or any(_changes_course(each) for each in differences):
        every = frozenset[Effect]().union(*heavy.values())
        yield Touch(What.ORDER, _called(new.name, new.key, language), every)


def order_of(model: ProcessModel, kept: Collection[str]) -> frozenset[tuple[str, str, str]]:
    """Which step follows which and when, as (from, to, condition); steps between that are not kept are left out.

    Only such are left out as every token passes alone: one way in, one way out, nothing attached.
    """
    ways = {flow.id: (flow.source, flow.target, _condition(model, flow.id)) for flow in model.flows.values()}
    hosts = {element.attached_to for element in model.elements.values()}
    for element in model.elements.values():
        comes = [name for name, way in ways.items() if way[1] == element.id]
        goes = [name for name, way in ways.items() if way[0] == element.id]
        alone = len(comes) == len(goes) == 1 and element.id not in hosts and element.id not in kept
        if alone and not ways[goes[0]][2]:
            source, _, condition = ways.pop(comes[0])
            ways[goes[0]] = (source, ways[goes[0]][1], condition)
    return frozenset(ways.values())


def _condition(model: ProcessModel, flow_id: str) -> str:
    flow = model.flows[flow_id]
    source = model.elements.get(flow.source)
    return "default" if source is not None and source.default_flow == flow_id else flow.condition or ""


def _changes_course(difference: Difference) -> bool:
    """Does a step that stays come at another time, or ask something else for the way?"""
    return any(part.name.partition(".")[0] in COURSE for part in difference.parts)


def _is_more_than_words(difference: Difference) -> bool:
    return not difference.parts or any(part.name.partition(".")[0] not in WORDS for part in difference.parts)


def _models(draft: Draft) -> Sequence[ProcessModel]:
    return drafts.models_of_text(draft.body) if draft.kind is DraftKind.PROCESS else ()


def _called(name: Texts, key: str, language: str) -> str:
    return name.in_language(language) or key
