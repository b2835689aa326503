"""What the drawing shows of a run: where the token stands, what was visited, what no kept case has gone yet."""

from engine.definitions.model import ProcessModel
from engine.definitions.reaching import CONTAINERS
from engine.sandbox import Coverage, Standing


def marks_of(standing: Standing, model: ProcessModel) -> dict[str, list[str]]:
    """Of this run."""
    places = [each.place for each in standing.steps] + [each.place for each in standing.awaited]
    here = {place.element for place in places if standing.definition.place(place.path)[0].key == model.key}
    visited = standing.coverage.elements.get(model.key, frozenset()) - here
    return {
        "done": _plain(model, visited),
        "here": _plain(model, here),
        "gone": sorted(standing.coverage.flows.get(model.key, ())),
    }


def coverage_marks(coverage: Coverage, model: ProcessModel) -> dict[str, list[str]]:
    """Of all kept cases together: what is missing is marked as well."""
    visited = coverage.elements.get(model.key, frozenset())
    return {
        "done": _plain(model, visited),
        "gone": sorted(coverage.flows.get(model.key, ())),
        "missing": [flow.id for flow in coverage.missing(model)],
    }


def _plain(model: ProcessModel, names: frozenset[str] | set[str]) -> list[str]:
    """Without what holds others: its colour would lie behind everything."""
    return sorted(name for name in names if name in model.elements and model.elements[name].tag not in CONTAINERS)
