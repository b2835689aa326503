"""Draws small BPMN documents and walks cases through them, storing and reloading after every step."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from lxml import etree

from engine.spiff.parser import CompiledProcess, Resolve, compile_process
from engine.spiff.tree import Passed
from engine.spiff.workflow import CaseWorkflow, OpenTask

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://example.com">'
)


def node(kind: str, id: str, *inner: str, **attributes: str) -> str:
    """Any BPMN element; inner parts are XML texts."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<bpmn:{kind} id="{id}"{written}>{"".join(inner)}</bpmn:{kind}>'


def flows(*paths: str, when: Mapping[str, str] | None = None) -> str:
    """Sequence flows along paths such as "start a b end"; the flow from a to b has the id a__b.

    `when` maps flow ids to conditions.
    """
    drawn = []
    for path in paths:
        names = path.split()
        for source, target in pairwise(names):
            flow = f"{source}__{target}"
            text = (when or {}).get(flow)
            condition = f"<bpmn:conditionExpression>{text}</bpmn:conditionExpression>" if text else ""
            drawn.append(
                f'<bpmn:sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}">{condition}'
                "</bpmn:sequenceFlow>"
            )
    return "".join(drawn)


def tasks(*ids: str) -> str:
    return "".join(node("userTask", id) for id in ids)


def message(name: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{name}"/>'


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"


def boundary(id: str, host: str, event: str, *, interrupts: bool = True) -> str:
    return node("boundaryEvent", id, event, attachedToRef=host, cancelActivity=str(interrupts).lower())


def process(id: str, *body: str) -> str:
    return node("process", id, *body, isExecutable="true")


def simple(id: str, *body: str) -> str:
    """A process with the events "start" and "end" already drawn."""
    return process(id, node("startEvent", "start"), node("endEvent", "end"), *body)


def document(*processes: str, messages: Sequence[str] = (), roots: str = "") -> etree._Element:
    """A parsed document; `roots` are errors, signals and escalations."""
    declared = "".join(f'<bpmn:message id="{name}" name="{name}"/>' for name in messages)
    return etree.fromstring(HEAD + declared + roots + "".join(processes) + "</bpmn:definitions>")


class Answers:
    """An evaluator that answers from a dictionary: expression → value, or a function of the local data."""

    def __init__(self, answers: Mapping[str, object] | None = None) -> None:
        self.now, self.zone = NOW, ZoneInfo("Europe/Moscow")
        self.answers: dict[str, object] = dict(answers or {})
        self.operations: dict[str, Callable[[Mapping[str, object]], None]] = {}
        self.called: list[tuple[str, dict[str, object]]] = []
        self.asked: list[str] = []

    def evaluate(self, expression: str, local: Mapping[str, object], path: Sequence[str] = ()) -> object:
        self.asked.append(expression)
        answer = self.answers[expression]
        return answer(local) if callable(answer) else answer

    def call_operation(self, element: str, local: Mapping[str, object], path: Sequence[str] = ()) -> None:
        self.called.append((element, dict(local)))
        if element in self.operations:
            self.operations[element](local)


class Walk:
    """A case that is dumped and loaded again after every step."""

    def __init__(self, compiled: CompiledProcess, answers: Answers | None = None) -> None:
        self.compiled = compiled
        self.answers = answers or Answers()
        self.passed: list[Passed] = []
        self.state = b""
        self.case = CaseWorkflow.start(compiled, self.answers)
        self.step()

    def step(self) -> None:
        self.passed = self.case.run()
        before = self.seen()
        self.state = self.case.dump()
        assert self.seen() == before, "compaction changed what can be seen"
        self.case = CaseWorkflow.load(self.compiled, self.state, self.answers)
        assert self.seen() == before, "the codec changed what can be seen"
        assert self.case.dump() == self.state

    def seen(self) -> tuple[object, ...]:
        case = self.case
        return case.open_tasks(), case.timer_waits(), case.message_waits(), case.completed()

    def complete(self, element: str, **local: object) -> None:
        self.case.complete(self.task(element).guid, local)
        self.step()

    def task(self, element: str) -> OpenTask:
        return next(task for task in self.case.open_tasks() if task.element == element)

    def message(self, element: str) -> None:
        self.case.fire_message(next(wait.guid for wait in self.case.message_waits() if wait.element == element))
        self.step()

    def wait(self, **span: float) -> None:
        self.answers.now += timedelta(**span)
        self.step()

    @property
    def open(self) -> list[str]:
        return sorted(task.element for task in self.case.open_tasks())

    @property
    def messages(self) -> list[str]:
        return sorted(wait.element for wait in self.case.message_waits())

    @property
    def due(self) -> dict[str, datetime]:
        return {wait.element: wait.due_at for wait in self.case.timer_waits()}

    @property
    def elements(self) -> list[str]:
        return [passed.element for passed in self.passed]


def walk(
    tree: etree._Element, answers: Answers | None = None, *, process_id: str = "p", resolve: Resolve | None = None
) -> Walk:
    return Walk(compile_process(tree, process_id, resolve), answers)
