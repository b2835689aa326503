"""The model that rivals are measured with: a guided sale of seventeen steps, in plain BPMN for the stock parser.

User tasks in a row, two exclusive gateways with a way round, a parallel pair, and two boundary timers that never
fire. Conditions are Python here, because that is what the bare library evaluates.
"""

from functools import cache
from itertools import pairwise
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
STEPS = 17


def drawing() -> bytes:
    """The model as a BPMN file."""
    nodes = ['<startEvent id="begin"/>', '<endEvent id="done"/>']
    flows: list[tuple[str, str, str]] = []

    def task(name: str) -> str:
        nodes.append(f'<userTask id="{name}" name="{name}"/>')
        return name

    def chain(*names: str) -> None:
        flows.extend((source, target, "") for source, target in pairwise(names))

    chain("begin", *(task(f"ask_{number}") for number in range(1, 7)), "interested")
    nodes.append('<exclusiveGateway id="interested" default="interested__present"/>')
    flows.append(("interested", "present", ""))
    flows.append(("interested", "give_up", "ask_1 == 'no'"))
    nodes.append('<endEvent id="give_up"/>')
    nodes.append('<parallelGateway id="both"/><parallelGateway id="both_done"/>')
    chain(task("present"), task("drive"), "both", task("appraise"), "both_done", task("offer"))
    chain("both", task("ask_bank"), "both_done")
    chain("offer", *(task(f"agree_{number}") for number in range(1, 5)), "paid")
    nodes.append('<exclusiveGateway id="paid" default="paid__hand_over"/>')
    flows.append(("paid", "hand_over", ""))
    flows.append(("paid", "agree_4", "agree_4 == 'part'"))
    chain(task("hand_over"), task("thank"), "done")
    for number, host in enumerate(("offer", "agree_2")):
        nodes.append(
            f'<boundaryEvent id="late_{number}" attachedToRef="{host}" cancelActivity="false"><timerEventDefinition>'
            '<timeDuration>"P30D"</timeDuration></timerEventDefinition></boundaryEvent>'
        )
        chain(f"late_{number}", task(f"chase_{number}"), f"chased_{number}")
        nodes.append(f'<endEvent id="chased_{number}"/>')
    nodes.extend(
        f'<sequenceFlow id="{source}__{target}" sourceRef="{source}" targetRef="{target}">'
        + (f"<conditionExpression>{condition}</conditionExpression>" if condition else "")
        + "</sequenceFlow>"
        for source, target, condition in flows
    )
    body = "".join(nodes)
    return (
        f'<definitions xmlns="{BPMN}"><process id="guided" isExecutable="true">{body}</process></definitions>'.encode()
    )


@cache
def specification() -> tuple[Any, Any]:
    """The parsed model and its (empty) sub-processes, as the library wants them."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(drawing()), filename="guided.bpmn")
    return parser.get_spec("guided"), parser.get_subprocess_specs("guided")
