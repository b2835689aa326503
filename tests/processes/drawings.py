"""Reads shipped drawings and forms for the tests: shapes, labels, properties, form fields."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

ROOT = Path(__file__).parents[2]
NAMESPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
}
CHARACTER, LINE = 6.4, 14.4  # pixels of a label's letters, on average, and of its lines
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
EVENTS = ("startEvent", "endEvent", "intermediateThrowEvent", "intermediateCatchEvent", "boundaryEvent")
FLOW_NODES = (*EVENTS, *GATEWAYS)
ACTIVITIES = ("userTask", "serviceTask", "businessRuleTask", "subProcess", "callActivity")


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing, in pixels."""

    name: str
    left: float
    top: float
    width: float
    height: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )

    def holds(self, other: "Box") -> bool:
        """Whether the other stands wholly inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.left + other.width <= self.left + self.width
            and other.top + other.height <= self.top + self.height
        )

    def is_crossed(self, one: tuple[float, float], other: tuple[float, float]) -> bool:
        """Whether the straight line between two points runs through the inside."""
        (x1, y1), (x2, y2) = one, other
        return (
            min(x1, x2) < self.left + self.width
            and self.left < max(x1, x2)
            and min(y1, y2) < self.top + self.height
            and self.top < max(y1, y2)
        )


class Drawing:
    """One .bpmn file."""

    def __init__(self, path: str) -> None:
        self.tree = etree.parse(ROOT / path)

    def find(self, xpath: str, node: Any = None) -> list[Any]:
        return (self.tree if node is None else node).xpath(xpath, namespaces=NAMESPACES)  # type: ignore[no-any-return]

    def elements(self, *kinds: str) -> list[Any]:
        return [element for kind in kinds for element in self.find(f"//bpmn:{kind}")]

    def properties(self, element: Any) -> dict[str, str]:
        found = self.find("./bpmn:extensionElements/zeebe:properties/zeebe:property", element)
        return {each.get("name"): each.get("value") for each in found}

    def form_of(self, element: Any) -> str | None:
        forms = self.find("./bpmn:extensionElements/zeebe:formDefinition/@formId", element)
        return forms[0] if forms else self.properties(element).get("form")

    def shapes(self) -> dict[str, Box]:
        return {
            shape.get("bpmnElement"): _box(shape.get("bpmnElement"), self.find("./dc:Bounds", shape)[0])
            for shape in self.find("//bpmndi:BPMNShape")
        }

    def labels(self) -> list[Box]:
        return [
            _box(bounds.getparent().getparent().get("bpmnElement"), bounds)
            for bounds in self.find("//bpmndi:BPMNLabel/dc:Bounds")
        ]

    def written(self) -> list[Box]:
        """Where the words of labels stand, of both languages together: broken at blanks, centred, from the top."""
        named = {element.get("id"): element for element in self.find("//*[@id][@name]")}
        return [
            _written(box, [named[box.name].get("name"), self.properties(named[box.name]).get("name.ru", "")])
            for box in self.labels()
            if box.name in named
        ]

    def waypoints(self) -> dict[str, list[tuple[float, float]]]:
        return {
            edge.get("bpmnElement"): [
                (float(point.get("x")), float(point.get("y"))) for point in self.find("./di:waypoint", edge)
            ]
            for edge in self.find("//bpmndi:BPMNEdge")
        }


def read_form(key: str) -> dict[str, Any]:
    return json.loads((ROOT / "forms" / f"{key}.form").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def components(form: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every component of a form, those of groups and rows included, in the order of the page."""
    for component in form["components"]:
        yield component
        if "components" in component:
            yield from components(component)


def fields(form: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The components that answer for the form itself: those of groups, but not those of rows."""
    for component in form["components"]:
        yield component
        if component["type"] == "group":
            yield from fields(component)


def _written(label: Box, texts: list[str]) -> Box:
    broken = [_lines(text, label.width) for text in texts]
    width = max(len(line) for lines in broken for line in lines) * CHARACTER
    height = max(len(lines) for lines in broken) * LINE
    return Box(label.name, label.left + (label.width - width) / 2, label.top, width, height)


def _lines(text: str, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and len(longer) * CHARACTER > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _box(name: str, bounds: Any) -> Box:
    left, top, width, height = (float(bounds.get(side)) for side in ("x", "y", "width", "height"))
    return Box(name, left, top, width, height)
