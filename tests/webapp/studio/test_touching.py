"""Whether a change of a drawing puts its steps into another order, over every shipped drawing."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.model import Element, Flow, ProcessModel, Texts
from webapp.studio.approval.touching import order_of
from webapp.studio.drafts import models_of_text

DRAWINGS = sorted(Path("processes").rglob("*.bpmn"))
MODELS = [model for path in DRAWINGS for model in models_of_text(path.read_text(encoding="utf-8"))]
PLACES = [(model, flow) for model in MODELS for flow in model.flows.values()]


def with_flows(model: ProcessModel, *flows: Flow, without: str = "", steps: tuple[Element, ...] = ()) -> ProcessModel:
    kept = {name: flow for name, flow in model.flows.items() if name != without}
    return replace(
        model,
        flows={**kept, **{flow.id: flow for flow in flows}},
        elements={**model.elements, **{step.id: step for step in steps}},
    )


def inserted(model: ProcessModel, flow: Flow, names: list[str]) -> ProcessModel:
    """New steps one after another on a flow, which keeps its id up to the first of them."""
    steps = tuple(Element(name, "userTask", None, flow.container, Texts(), Texts(), {}) for name in names)
    line = [*names, flow.target]
    first = replace(flow, target=line[0])
    more = [
        replace(flow, id=f"after_{name}", source=name, target=line[at + 1], condition=None)
        for at, name in enumerate(names)
    ]
    return with_flows(model, first, *more, steps=steps)


def same_order(old: ProcessModel, new: ProcessModel) -> bool:
    return order_of(old, new.elements.keys()) == order_of(new, old.elements.keys())


@given(st.sampled_from(PLACES), st.integers(1, 3))
def test_a_step_between_two_others_leaves_the_order(place: tuple[ProcessModel, Flow], steps: int) -> None:
    model, flow = place
    changed = inserted(model, flow, [f"new_{number}" for number in range(steps)])
    assert same_order(model, changed)
    assert same_order(changed, model)  # and taking it away


@given(st.sampled_from(PLACES), st.data())
def test_another_way_is_another_order(place: tuple[ProcessModel, Flow], data: st.DataObject) -> None:
    model, flow = place
    target = data.draw(st.sampled_from(sorted(model.elements.keys() - {flow.target})))
    assert not same_order(model, with_flows(model, replace(flow, target=target)))
    assert not same_order(model, with_flows(model, without=flow.id))


@given(st.sampled_from([place for place in PLACES if place[1].condition]))
def test_another_condition_is_another_order(place: tuple[ProcessModel, Flow]) -> None:
    model, flow = place
    assert not same_order(model, with_flows(model, replace(flow, condition=f"not({flow.condition})")))


@given(st.sampled_from(PLACES))
def test_a_new_step_that_must_be_seen_counts(place: tuple[ProcessModel, Flow]) -> None:
    model, flow = place
    changed = inserted(model, flow, ["paying"])
    kept = changed.elements.keys()
    assert order_of(model, kept) != order_of(changed, kept)


def test_a_step_with_a_clock_attached_counts() -> None:
    model, flow = next((model, flow) for model, flow in PLACES if model.key == "sales_worksheet")
    changed = inserted(model, flow, ["new"])
    clock = Element("clock", "boundaryEvent", None, flow.container, Texts(), Texts(), {}, attached_to="new")
    changed = with_flows(changed, steps=(clock,))
    assert order_of(model, changed.elements.keys() - {"new"}) != order_of(changed, model.elements.keys())
