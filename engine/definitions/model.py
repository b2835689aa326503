"""A process drawing as the application sees it: names, prompts, forms, due times, milestones.

The token flow is SpiffWorkflow's (engine.spiff); everything a person reads or
waits for comes from here.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from engine.milestones.plan import MilestonePlan

USER_TASKS = frozenset({"userTask", "manualTask"})
Part = TypeVar("Part")

SENDERS = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})


@dataclass(frozen=True)
class Texts:
    """A text in the base language of the file (English in shipped files) and in others."""

    base: str = ""
    others: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str) -> str:
        return self.others.get(language) or self.base

    def __bool__(self) -> bool:
        return bool(self.base or self.others)


@dataclass(frozen=True)
class OperationCall:
    """A service task's operation with its inputs: FEEL text, or a literal."""

    operation: str
    inputs: Mapping[str, str]  # as drawn: a leading "=" means FEEL
    result_variable: str | None = None


@dataclass(frozen=True)
class Element:
    """A flow node of the drawing."""

    id: str
    tag: str
    line: int | None
    container: str  # id of the process or sub-process that holds it
    name: Texts
    prompt: Texts
    properties: Mapping[str, str]
    submit: Texts = field(default_factory=Texts)  # the words of the main button
    form: str | None = None
    assignee: str | None = None
    role: str | None = None
    call: OperationCall | None = None
    called_process: str | None = None
    decision: str | None = None  # id of the decision that a business rule task asks
    result_variable: str | None = None  # where the answer stands, else under the element
    message: str | None = None
    correlation: str | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)  # what it takes along, as drawn: "=" means FEEL
    timer: str | None = None
    timer_kind: str | None = None  # timeDate, timeDuration or timeCycle
    attached_to: str | None = None
    interrupting: bool = True
    default_flow: str | None = None
    many: bool = False  # multi-instance: its answers are a list
    looped: bool = False  # of either kind: when one round has ended, another may begin
    event: str | None = None  # local name of the event definition, e.g. "timerEventDefinition"
    asked: Mapping[str, str] = field(default_factory=dict)  # FEEL of loops and conditional events, by what it is

    @property
    def is_user_task(self) -> bool:
        return self.tag in USER_TASKS

    @property
    def sends(self) -> bool:
        """Does it send its message, instead of waiting for it?"""
        return self.message is not None and self.tag in SENDERS and self.call is None

    def operations(self) -> frozenset[str]:
        """What it does beside asking people: its own operation, and those that take its answers."""
        own = self.call.operation if self.call else None
        return frozenset(filter(None, (own, self.on_complete, self.properties.get("onCorrect"))))

    @property
    def milestone(self) -> str | None:
        return self.properties.get("milestone")

    @property
    def outcome(self) -> str | None:
        return self.properties.get("outcome")

    @property
    def on_complete(self) -> str | None:
        return self.properties.get("onComplete")

    @property
    def may_be_skipped(self) -> bool:
        return self.properties.get("skip") == "allowed"

    @property
    def is_final(self) -> bool:
        """Do its answers stand once they are given? They are then given anew by an act of the process, if at all."""
        return self.properties.get("correct") == "never"

    @property
    def is_offer(self) -> bool:
        return self.tag == "boundaryEvent" and "offer" in self.properties

    @property
    def offered_to(self) -> frozenset[str]:
        """Roles that may take this offer beside the owner of the case (`owner`: only he); empty: who does the step."""
        return frozenset(filter(None, (name.strip() for name in self.properties.get("offerTo", "").split(","))))

    @property
    def is_offered_in_calls(self) -> bool:
        """Do the steps of processes called inside its host show this offer too?"""
        return self.properties.get("offerInCalls") == "true"

    @property
    def is_deviation(self) -> bool:
        """Does taking this offer leave the way that the drawing proposes?"""
        return self.properties.get("deviation") == "true"


def unknown_element(element_id: str) -> Element:
    """What stands for a step that no version at hand has: it is called by its id."""
    return Element(element_id, "userTask", None, "", Texts(element_id), Texts(), {})


@dataclass(frozen=True)
class Flow:
    """A sequence flow; `condition` is FEEL without the leading "="."""

    id: str
    source: str
    target: str
    condition: str | None
    name: Texts
    line: int | None
    container: str


@dataclass(frozen=True)
class ProcessModel:
    """One process of a drawing with everything it holds, sub-processes included."""

    key: str
    name: Texts
    properties: Mapping[str, str]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    milestone_names: Mapping[str, Texts]  # milestone -> name of the event that marks it
    dimensions: Mapping[str, str]  # name -> FEEL without "="
    expires: Mapping[str, str] = field(default_factory=dict)  # what runs out -> FEEL that says when, without "="
    drawn: frozenset[str] = frozenset()  # ids of what the picture (BPMN DI) shows

    def milestone_plan(self) -> MilestonePlan:
        """The milestones that the process declares. Raises MilestonePlanRefused."""
        said = (self.properties.get(name, "") for name in ("milestones", "milestoneAliases", "ratios"))
        return MilestonePlan.parse(self.key, *said)

    def ratio_name(self, ratio: str) -> Texts:
        """What people call a ratio: the property `ratio.<name>`, and `ratio.<name>.ru`."""
        stem = f"ratio.{ratio}."
        others = {name.removeprefix(stem): text for name, text in self.properties.items() if name.startswith(stem)}
        return Texts(self.properties.get(f"ratio.{ratio}", ""), others)

    def deciding_fields(self, element_id: str) -> frozenset[str]:
        """The answers at this element that conditions of the drawing read: they decided where the token went."""
        read = re.compile(rf"\b{re.escape(element_id)}\.(\w+)")
        conditions = (flow.condition or "" for flow in self.flows.values())
        return frozenset(name for condition in conditions for name in read.findall(condition))

    @property
    def calendar(self) -> str:
        return self.properties.get("calendar", "default")

    @property
    def start_message(self) -> str | None:
        return next((start.message for start in self.starts() if start.message), None)

    @property
    def start_timer(self) -> tuple[str, str] | None:
        """Kind and text of the timer by which the process begins, such as `("timeCycle", "R/P1D")`."""
        timers = ((start.timer_kind, start.timer) for start in self.starts())
        return next(((kind, text) for kind, text in timers if kind and text), None)

    def starts(self) -> Iterator[Element]:
        return (
            element
            for element in self.elements.values()
            if element.tag == "startEvent" and element.container == self.key
        )

    def user_tasks(self) -> list[Element]:
        """In the order of the drawing's XML, which the editor keeps roughly along the flow."""
        return [element for element in self.elements.values() if element.is_user_task]

    def callees(self) -> frozenset[str]:
        """The processes that this one calls itself."""
        return frozenset(each.called_process for each in self.elements.values() if each.called_process)

    @cached_property
    def leaving(self) -> Mapping[str, Sequence[Flow]]:
        """The flows by their source, in the order of the drawing."""
        return _grouped(self.flows.values(), lambda flow: flow.source)

    @cached_property
    def arriving(self) -> Mapping[str, Sequence[Flow]]:
        """The flows by their target."""
        return _grouped(self.flows.values(), lambda flow: flow.target)

    @cached_property
    def _boundaries(self) -> Mapping[str, Sequence[Element]]:
        return _grouped(self.elements.values(), lambda element: element.attached_to or "")

    def boundaries_of(self, host: str) -> Sequence[Element]:
        return self._boundaries.get(host, ())

    def enclosing(self, element_id: str) -> Iterator[str]:
        """Ids of the sub-processes around an element, innermost first."""
        container = self.elements[element_id].container
        while container != self.key:
            yield container
            container = self.elements[container].container

    def offers_for(self, element_id: str) -> list[Element]:
        """The boundary events that a person on this task may fire by a button."""
        hosts = [element_id, *self.enclosing(element_id)]
        return [boundary for host in hosts for boundary in self.boundaries_of(host) if boundary.is_offer]


def _grouped(parts: Iterable[Part], key: Callable[[Part], str]) -> Mapping[str, Sequence[Part]]:
    found: defaultdict[str, list[Part]] = defaultdict(list)
    for part in parts:
        found[key(part)].append(part)
    return found
