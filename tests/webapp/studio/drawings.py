"""Drawings of an errand in short, with titles in both languages: steps, events and ways, each wrong in one place."""

from xml.sax.saxutils import quoteattr

from tests.engine.world import properties

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions id="file" '
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="test">'
)
TIMER = (
    '<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{text}</bpmn:{kind}>'
    "</bpmn:timerEventDefinition>"
)
MESSAGE = '<bpmn:messageEventDefinition messageRef="message_paid"/>'


def element(
    tag: str,
    name: str,
    en: str = "",
    ru: str = "",
    *,
    inner: str = "",
    extension: str = "",
    more: str = "",
    **values: str,
) -> str:
    """`inner`: what stands in it; `extension`: what the engine reads; `more`: attributes; `values`: properties."""
    told = properties(**{"name.ru": ru, **values}) if ru or values else ""
    title = f" name={quoteattr(en)}" if en else ""
    return (
        f'<bpmn:{tag} id="{name}"{title} {more}><bpmn:extensionElements>{extension}{told}</bpmn:extensionElements>'
        f"{inner}</bpmn:{tag}>"
    )


def step(
    name: str = "call_back",
    en: str = "Call the customer",
    ru: str = "Позвонить клиенту",
    *,
    form: str = "test/name",
    role: str = "sales_manager",
    **values: str,
) -> str:
    asked = f'<zeebe:formDefinition formId="{form}"/>' if form else ""
    done_by = f' candidateGroups="{role}"' if role else ""
    extension = f'<zeebe:userTask/>{asked}<zeebe:assignmentDefinition assignee="=case.owner"{done_by}/>'
    prompt = {"prompt": "Ask first.", "prompt.ru": "Сначала спросите.", "due": "PT1H"}
    return element("userTask", name, en, ru, extension=extension, **{**prompt, **values})


def automatic(operation: str, inputs: str = "", name: str = "work_out") -> str:
    """An automatic step; `inputs`: what it is given, such as `days = 3`."""
    given = "".join(
        f'<zeebe:input source={quoteattr(source)} target="{target}"/>'
        for target, _, source in (each.partition(" = ") for each in inputs.split("; ") if each)
    )
    extension = f'<zeebe:taskDefinition type="{operation}"/><zeebe:ioMapping>{given}</zeebe:ioMapping>'
    return element("serviceTask", name, "Work out the day", "Рассчитать день", extension=extension)


def branching(name: str = "which_way", otherwise: str = "") -> str:
    default = f'default="{otherwise}"' if otherwise else ""
    return element("exclusiveGateway", name, "Does he come?", "Приедет?", more=default)


def waiting(name: str, text: str, kind: str = "timeDuration", en: str = "Wait", ru: str = "Подождать") -> str:
    timer = TIMER.format(kind=kind, text=text)
    return element("intermediateCatchEvent", name, en, ru, inner=timer)


def ways(*pairs: str) -> str:
    """`"a > b"` or `"a > b : 1 = 1"`, ids way_1, way_2 …"""
    parts = []
    for number, pair in enumerate(pairs, 1):
        ends, _, condition = pair.partition(" : ")
        source, _, target = ends.partition(" > ")
        asked = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">={condition}</bpmn:conditionExpression>'
        parts.append(
            f'<bpmn:sequenceFlow id="way_{number}" sourceRef="{source}" targetRef="{target}">'
            f"{asked if condition else ''}</bpmn:sequenceFlow>"
        )
    return "".join(parts)


def drawing(*parts: str, begin: bool = True, end: bool = True, picture: str = "", **values: str) -> str:
    """The file: a beginning, the parts, an end. Its process is the errand."""
    begun = element("startEvent", "begun_here", "Request", "Заявка") if begin else ""
    done = element("endEvent", "all_done", "Agreed", "Договорились") if end else ""
    told = properties(**{"name.ru": "Поручение", **values})
    return (
        f'{HEAD}<bpmn:message id="message_paid" name="paid"/>'
        f'<bpmn:process id="errand" name="Errand" isExecutable="true">'
        f"<bpmn:extensionElements>{told}</bpmn:extensionElements>{begun}{''.join(parts)}{done}</bpmn:process>"
        f"{picture}</bpmn:definitions>"
    )


def through(part: str, name: str, **values: str) -> str:
    """A drawing of one thing between beginning and end."""
    return drawing(part, ways(f"begun_here > {name}", f"{name} > all_done"), **values)
