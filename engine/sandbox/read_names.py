"""Which values of an element its drawing reads: what an operation should answer for the way to go on."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from engine.definitions.model import ProcessModel
from engine.definitions.store import Definition

_READ = re.compile(r"(?<![\w.\"])([A-Za-z_]\w*)\s*\.\s*([a-z_]\w*)")


def read_names(definition: Definition) -> Mapping[str, tuple[str, ...]]:
    """Names by element, of the process and of those that it calls."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for model in (definition.model, *definition.called.values()):
        for text in _expressions(model):
            for element, name in _READ.findall(text):
                found[element].setdefault(name)
    return {element: tuple(names) for element, names in found.items()}


def _expressions(model: ProcessModel) -> Iterator[str]:
    yield from model.dimensions.values()
    yield from model.expires.values()
    for flow in model.flows.values():
        yield flow.condition or ""
    for element in model.elements.values():
        yield from (text for text in element.properties.values() if text.startswith("="))
        yield from (text for text in element.inputs.values() if text.startswith("="))
        yield from element.asked.values()
        if element.call is not None:
            yield from (text for text in element.call.inputs.values() if text.startswith("="))
        yield from (text for text in (element.timer, element.correlation, element.assignee) if text)
