"""Whether the stored state of a case means the same in two versions."""

from engine.definitions.model import ProcessModel
from engine.definitions.store import Definition


def same_flow(old: Definition, new: Definition) -> bool:
    """Only words, times, conditions, forms and people differ: cases go on in the new version as they stand."""
    if old.called.keys() != new.called.keys() or _shape(old.model) != _shape(new.model):
        return False
    return all(_shape(old.called[name]) == _shape(new.called[name]) for name in old.called)


def _shape(model: ProcessModel) -> object:
    """What the stored state depends on: elements with their kinds and places, and the flows between them."""
    elements = {
        (e.id, e.tag, e.container, e.attached_to, e.interrupting, e.event, e.message, e.called_process, e.many)
        for e in model.elements.values()
    }
    return elements, {(flow.id, flow.source, flow.target) for flow in model.flows.values()}
