"""Draws the trees of random models as BPMN documents."""

from lxml import etree

from tests.engine.random_models import (
    All,
    Ask,
    Auto,
    Block,
    Choice,
    Event,
    Guarded,
    Human,
    Race,
    Repeated,
    Risky,
    Rounds,
    Rush,
    Sequence,
    Shout,
    Some,
    Sub,
)

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="http://example.com"'
)
ERROR_CODE = "refused"


class Drawing:
    """Writes a model as BPMN."""

    def __init__(self, model: Sequence) -> None:
        self.flow_count = 0
        self.messages: list[str] = []
        self.signals: dict[str, None] = {}
        self.called: list[str] = []
        main = f'<bpmn:process id="main" isExecutable="true">{self.level(model, "top")}</bpmn:process>'
        roots = "".join(f'<bpmn:message id="{name}" name="{name}"/>' for name in self.messages)
        roots += "".join(f'<bpmn:signal id="{name}" name="{name}"/>' for name in self.signals)
        roots += f'<bpmn:error id="error" name="Refused" errorCode="{ERROR_CODE}"/>'
        roots += '<bpmn:escalation id="escalation" name="Asked" escalationCode="asked"/>'
        self.xml = f"<bpmn:definitions {NAMESPACES}>{roots}{main}{''.join(self.called)}</bpmn:definitions>"

    def tree(self) -> etree._Element:
        return etree.fromstring(self.xml)

    def level(self, body: Block, prefix: str) -> str:
        out = [f'<bpmn:startEvent id="{prefix}_start"/><bpmn:endEvent id="{prefix}_end"/>']
        ends = self.draw(out, body)
        if ends is None:
            self.flow(out, f"{prefix}_start", f"{prefix}_end")
        else:
            self.flow(out, f"{prefix}_start", ends[0])
            self.flow(out, ends[1], f"{prefix}_end")
        return "".join(out)

    def flow(
        self, out: list[str], source: str, target: str, condition: str | None = None, flow: str | None = None
    ) -> None:
        self.flow_count += 1
        written = f"<bpmn:conditionExpression>={condition}</bpmn:conditionExpression>" if condition else ""
        out.append(
            f'<bpmn:sequenceFlow id="{flow or f"f{self.flow_count}"}" sourceRef="{source}" targetRef="{target}">'
            f"{written}</bpmn:sequenceFlow>"
        )

    def event(self, event: Event) -> str:
        if event.kind == "message":
            self.messages.append(event.name)
            return f'<bpmn:messageEventDefinition messageRef="{event.name}"/>'
        if event.kind == "signal":
            self.signals[event.name] = None
            return f'<bpmn:signalEventDefinition signalRef="{event.name}"/>'
        if event.kind == "condition":
            condition = f"<bpmn:condition>={event.name}:again</bpmn:condition>"
            return f"<bpmn:conditionalEventDefinition>{condition}</bpmn:conditionalEventDefinition>"
        if event.kind in ("error", "escalation"):
            return f'<bpmn:{event.kind}EventDefinition {event.kind}Ref="{event.kind}"/>'
        kind, text = ("timeCycle", "R3/PT") if event.kind == "cycle" else ("timeDuration", "PT")
        return (
            f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}{event.seconds}S</bpmn:{kind}></bpmn:timerEventDefinition>"
        )

    def draw(self, out: list[str], block: Block) -> tuple[str, str] | None:
        """Append a block; the ids of its first and last element, None for an empty sequence."""
        if isinstance(block, Sequence):
            return self.sequence(out, block)
        if isinstance(block, Choice | Some | All):
            return self.block_of_branches(out, block)
        if isinstance(block, Rounds):
            return self.rounds(out, block)
        if isinstance(block, Race):
            return self.race(out, block)
        if isinstance(block, Guarded):
            return self.guarded(out, block)
        if isinstance(block, Sub | Repeated | Human):
            element = self.activity(out, block)
            return element, element
        if isinstance(block, Auto):
            out.append(f'<bpmn:intermediateThrowEvent id="{block.id}"/>')
        elif isinstance(block, Ask):
            event = self.event(Event("escalation", ""))
            out.append(f'<bpmn:intermediateThrowEvent id="{block.id}">{event}</bpmn:intermediateThrowEvent>')
        elif isinstance(block, Shout):
            event = self.event(Event("signal", block.name))
            out.append(f'<bpmn:intermediateThrowEvent id="{block.id}">{event}</bpmn:intermediateThrowEvent>')
        elif isinstance(block, Rush):
            out.append(f'<bpmn:subProcess id="{block.id}">{self.rush(block)}</bpmn:subProcess>')
        elif isinstance(block, Risky):
            out.append(f'<bpmn:serviceTask id="{block.id}"/>')
        else:
            event = self.event(block.event)
            out.append(f'<bpmn:intermediateCatchEvent id="{block.id}">{event}</bpmn:intermediateCatchEvent>')
        return block.id, block.id

    def activity(self, out: list[str], block: Human | Sub | Repeated, loop: str = "") -> str:
        if isinstance(block, Repeated):
            if block.mode == "standard":
                loop = f'<bpmn:standardLoopCharacteristics loopMaximum="{block.count}"/>'
            else:
                sequential = str(block.mode == "sequential").lower()
                number = (
                    "<bpmn:extensionElements>"
                    f'<zeebe:loopCharacteristics inputCollection="={block.id}:items{block.count}" inputElement="item"/>'
                    "</bpmn:extensionElements>"
                    if block.by_items
                    else f"<bpmn:loopCardinality>={block.count}</bpmn:loopCardinality>"
                )
                enough = (
                    ""
                    if block.enough is None
                    else f"<bpmn:completionCondition>={block.id}:enough{block.enough}</bpmn:completionCondition>"
                )
                loop = (
                    f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}">{number}{enough}'
                    "</bpmn:multiInstanceLoopCharacteristics>"
                )
            return self.activity(out, block.body, loop)
        if isinstance(block, Human):
            out.append(f'<bpmn:userTask id="{block.id}">{loop}</bpmn:userTask>')
        elif block.called:
            inside = self.level(block.body, block.id)
            self.called.append(f'<bpmn:process id="P{block.id}" isExecutable="true">{inside}</bpmn:process>')
            extension = f'<zeebe:calledElement processId="P{block.id}"/>'
            out.append(
                f'<bpmn:callActivity id="{block.id}"><bpmn:extensionElements>{extension}</bpmn:extensionElements>'
                f"{loop}</bpmn:callActivity>"
            )
        else:
            out.append(f'<bpmn:subProcess id="{block.id}">{loop}{self.level(block.body, block.id)}</bpmn:subProcess>')
        return block.id

    def sequence(self, out: list[str], block: Sequence) -> tuple[str, str] | None:
        first = last = None
        for inner in block.blocks:
            ends = self.draw(out, inner)
            if ends is None:
                continue
            if last is not None:
                self.flow(out, last, ends[0])
            first, last = first or ends[0], ends[1]
        return (first, last) if first and last else None

    def block_of_branches(self, out: list[str], block: Choice | Some | All) -> tuple[str, str]:
        kind = {Choice: "exclusiveGateway", Some: "inclusiveGateway", All: "parallelGateway"}[type(block)]
        split, join = block.id, f"{block.id}j"
        default = "" if isinstance(block, All) else f' default="{split}d"'
        out.append(f'<bpmn:{kind} id="{split}"{default}/><bpmn:{kind} id="{join}"/>')
        for number, branch in enumerate(block.branches):
            ends = self.draw(out, branch)
            is_default = number == len(block.branches) - 1 and not isinstance(block, All)
            condition = None if is_default or isinstance(block, All) else f"{split}:{number}"
            self.flow(out, split, ends[0] if ends else join, condition, f"{split}d" if is_default else None)
            if ends:
                self.flow(out, ends[1], join)
        return split, join

    def rush(self, block: Rush) -> str:
        start, split = f"{block.id}_start", f"{block.id}_split"
        stop = f'<bpmn:endEvent id="{block.id}_stop"><bpmn:terminateEventDefinition/></bpmn:endEvent>'
        out = [
            f'<bpmn:startEvent id="{start}"/><bpmn:parallelGateway id="{split}"/>{stop}'
            f'<bpmn:endEvent id="{block.id}_end"/>'
        ]
        self.flow(out, start, split)
        for part, end in ((block.decisive, "stop"), (block.other, "end")):
            ends = self.draw(out, part)
            assert ends is not None
            self.flow(out, split, ends[0])
            self.flow(out, ends[1], f"{block.id}_{end}")
        return "".join(out)

    def rounds(self, out: list[str], block: Rounds) -> tuple[str, str]:
        merge, split, leave = f"{block.id}m", block.id, f"{block.id}x"
        out.append(
            f'<bpmn:exclusiveGateway id="{merge}"/><bpmn:exclusiveGateway id="{split}" default="{split}d"/>'
            f'<bpmn:intermediateThrowEvent id="{leave}"/>'
        )
        ends = self.draw(out, block.body)
        assert ends is not None
        self.flow(out, merge, ends[0])
        self.flow(out, ends[1], split)
        self.flow(out, split, merge, f"{split}:again")
        self.flow(out, split, leave, None, f"{split}d")
        return merge, leave

    def race(self, out: list[str], block: Race) -> tuple[str, str]:
        join = f"{block.id}j"
        out.append(f'<bpmn:eventBasedGateway id="{block.id}"/><bpmn:exclusiveGateway id="{join}"/>')
        for catch, branch in zip(block.events, block.branches, strict=True):
            self.draw(out, catch)
            self.flow(out, block.id, catch.id)
            ends = self.draw(out, branch)
            self.flow(out, catch.id, ends[0] if ends else join)
            if ends:
                self.flow(out, ends[1], join)
        return block.id, join

    def guarded(self, out: list[str], block: Guarded) -> tuple[str, str]:
        host = self.activity(out, block.host)
        join = f"{block.id}j"
        out.append(f'<bpmn:exclusiveGateway id="{join}"/>')
        self.flow(out, host, join)
        for guard in block.guards:
            out.append(
                f'<bpmn:boundaryEvent id="{guard.id}" attachedToRef="{host}" '
                f'cancelActivity="{str(guard.interrupts).lower()}">{self.event(guard.event)}</bpmn:boundaryEvent>'
            )
            ends = self.draw(out, guard.branch)
            assert ends is not None
            end = join
            if not guard.interrupts:
                end = f"{guard.id}e"
                out.append(f'<bpmn:endEvent id="{end}"/>')
            self.flow(out, guard.id, ends[0])
            self.flow(out, ends[1], end)
        return host, join
