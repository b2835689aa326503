"""Every place of a drawing, table or form in which an expression may stand, and files with a text of ours in it.

    python -m tests.engine.definitions.expression_sites <empty SQLite file> <texts as JSON>

publishes each text at each site and lets the case run as far as it goes, under Python's audit hook; one line of JSON
says what became of them, whether FEEL evaluated the text, and what the hook heard.
"""

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

from engine.database import make_database
from engine.decisions import parse
from engine.definitions.problems import DefinitionRejected
from engine.feel.arithmetic import add
from engine.human_tasks.form_values import first_values, read_values
from engine.human_tasks.form_values.refusal import FormInvalid, Reading
from engine.human_tasks.forms import read_form
from tests.engine.decisions.drawings import decision, dmn, given, knowledge, literal, needs, table, tag
from tests.engine.world import NOW, World, end, flows, form, process, properties, seller, user_task

BEGUN = '<bpmn:startEvent id="begun"/>'
FORBIDDEN = ("exec", "compile", "import", "os.", "subprocess.", "socket.", "ctypes.", "code.")
ALLOWED = frozenset({"os.listdir", "os.scandir"})
ADD = add.__code__
Make = Callable[[str], list[str]]


def drawn(*parts: str, way: tuple[str, ...], messages: tuple[str, ...] = (), **values: str) -> list[str]:
    whole = process(BEGUN, user_task("ask"), *parts, end("over"), flows(*way), messages=messages, **values)
    return [form("test/name", "name"), whole]


def around(part: str, **more: Any) -> list[str]:
    """One element between the start and a step."""
    return drawn(part, way=("begun > it", "it > ask", "ask > over"), **more)


def branching(kind: str, text: str) -> list[str]:
    gateway = f'<bpmn:{kind} id="it" default="f4"/>'
    return drawn(gateway, way=("begun > ask", "ask > it", f"it > over : {text}", "it > over"))


def catching(inside: str) -> list[str]:
    return around(f'<bpmn:intermediateCatchEvent id="it">{inside}</bpmn:intermediateCatchEvent>')


def timed(kind: str, text: str) -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>={text}</bpmn:{kind}></bpmn:timerEventDefinition>"


def looping(kind: str, inside: str, collection: str = "", attributes: str = "") -> list[str]:
    items = f'<zeebe:loopCharacteristics inputCollection="={collection}" inputElement="item"/>' if collection else ""
    extension = f"<bpmn:extensionElements>{items}</bpmn:extensionElements>" if items else ""
    loop = f"<bpmn:{kind}LoopCharacteristics{attributes}>{extension}{inside}</bpmn:{kind}LoopCharacteristics>"
    return around(user_task("it").replace("</bpmn:userTask>", f"{loop}</bpmn:userTask>"))


def boundary(inside: str, interrupting: str) -> list[str]:
    event = (
        f'<bpmn:boundaryEvent id="it" attachedToRef="ask" cancelActivity="{interrupting}">{inside}</bpmn:boundaryEvent>'
    )
    return drawn(event, '<bpmn:endEvent id="aside"/>', way=("begun > ask", "ask > over", "it > aside"))


def started_by_timer(text: str) -> list[str]:
    start = f'<bpmn:startEvent id="begun">{timed("timeDate", text)}</bpmn:startEvent>'
    return [each.replace(BEGUN, start) for each in drawn(way=("begun > ask", "ask > over"))]


def calling(kind: str, inside: str, **named: str) -> list[str]:
    attributes = "".join(f' {name}="{value}"' for name, value in named.items())
    return around(
        f'<bpmn:{kind} id="it"{attributes}><bpmn:extensionElements>{inside}</bpmn:extensionElements></bpmn:{kind}>',
        messages=("news",) if "messageRef" in named else (),
    )


def mapping(text: str, target: str) -> str:
    return f'<zeebe:ioMapping><zeebe:input source="={text}" target="{target}"/></zeebe:ioMapping>'


def correlated(text: str) -> list[str]:
    message = f'<bpmn:extensionElements><zeebe:subscription correlationKey="={text}"/></bpmn:extensionElements>'
    made = around('<bpmn:receiveTask id="it" messageRef="message_news"/>', messages=("news",))
    whole = '<bpmn:message id="message_news" name="news"/>'
    return [each.replace(whole, whole.replace("/>", f">{message}</bpmn:message>")) for each in made]


def asking(**attributes: str) -> list[str]:
    return drawn(user_task("it", **attributes), way=("begun > it", "it > ask", "ask > over"))


def of_process(**values: str) -> list[str]:
    return drawn(way=("begun > ask", "ask > over"), **values)


def ending(text: str) -> list[str]:
    return [
        each.replace(
            'id="over"><bpmn:extensionElements>' + properties(),
            'id="over"><bpmn:extensionElements>' + properties(outcome="won", reason=f"={text}"),
        )
        for each in drawn(way=("begun > ask", "ask > over"))
    ]


DECIDING = '<zeebe:calledDecision decisionId="_Rule" resultVariable="found"/>'
TABLE = dmn(given("x"), decision("Rule", needs(("x",)), literal("x")))

DRAWINGS: Mapping[str, Make] = {
    "condition of an exclusive gateway": lambda text: branching("exclusiveGateway", text),
    "condition of an inclusive gateway": lambda text: branching("inclusiveGateway", text),
    "date of a timer": lambda text: catching(timed("timeDate", text)),
    "duration of a timer": lambda text: boundary(timed("timeDuration", text), "true"),
    "cycle of a timer": lambda text: boundary(timed("timeCycle", text), "false"),
    "timer of a start": started_by_timer,
    "condition of a loop": lambda text: looping("standard", f"<bpmn:loopCondition>={text}</bpmn:loopCondition>"),
    "count of a loop": lambda text: looping("multiInstance", f"<bpmn:loopCardinality>={text}</bpmn:loopCardinality>"),
    "collection of a loop": lambda text: looping("multiInstance", "", collection=text),
    "end of a loop": lambda text: looping(
        "multiInstance", f"<bpmn:completionCondition>={text}</bpmn:completionCondition>", collection="[1, 2]"
    ),
    "conditional event": lambda text: catching(
        f"<bpmn:conditionalEventDefinition><bpmn:condition>={text}</bpmn:condition></bpmn:conditionalEventDefinition>"
    ),
    "key of a message that is awaited": correlated,
    "key of a message that is sent": lambda text: calling(
        "sendTask", properties(messageKey=f"={text}"), messageRef="message_news"
    ),
    "input of a message": lambda text: calling("sendTask", mapping(text, "name"), messageRef="message_news"),
    "input of an operation": lambda text: calling(
        "serviceTask", '<zeebe:taskDefinition type="test.record"/>' + mapping(text, "name")
    ),
    "input of a decision": lambda text: [*calling("businessRuleTask", DECIDING + mapping(text, "x")), TABLE],
    "assignee": lambda text: asking(assignee=f"={text}"),
    "due time": lambda text: asking(due=f"={text}"),
    "reason of an end": ending,
    "dimension": lambda text: of_process(dimensions=f"source: ={text}"),
    "what runs out": lambda text: of_process(expires=f"offer: ={text}"),
}
"""FEEL stands here."""

PLAIN: Mapping[str, Make] = {
    "process of a call": lambda text: around(f'<bpmn:callActivity id="it" calledElement="={text}"/>'),
    "process of a call, as an extension": lambda text: calling(
        "callActivity", f'<zeebe:calledElement processId="={text}"/>'
    ),
    "decision of a task": lambda text: calling("businessRuleTask", f'<zeebe:calledDecision decisionId="={text}"/>'),
    "operation": lambda text: calling("serviceTask", f'<zeebe:taskDefinition type="={text}"/>'),
    "script": lambda text: around(f'<bpmn:scriptTask id="it"><bpmn:script>{text}</bpmn:script></bpmn:scriptTask>'),
    "form of a step": lambda text: drawn(user_task("it", f"={text}"), way=("begun > it", "it > ask", "ask > over")),
    "role": lambda text: asking(role=f"={text}"),
    "reminders": lambda text: asking(reminders=f"={text}"),
    "escalation": lambda text: asking(escalate=f"={text}"),
    "calendar of a step": lambda text: asking(calendar=f"={text}"),
    "operation of a step": lambda text: asking(onComplete=f"={text}"),
    "milestones": lambda text: of_process(milestones=f"={text}"),
    "milestone aliases": lambda text: of_process(milestoneAliases=f"={text}"),
    "ratios": lambda text: of_process(ratios=f"={text}"),
    "calendar": lambda text: of_process(calendar=f"={text}"),
    "how long a message is kept": lambda text: calling(
        "sendTask", properties(keepFor=f"={text}"), messageRef="message_news"
    ),
    "most rounds of a loop": lambda text: looping("standard", "", attributes=f' loopMaximum="={text}"'),
}
"""No expression belongs here: whatever stands here is refused."""


def field(**more: Any) -> list[str]:
    return [form("test/name", "name", {"type": "textfield", "key": "it", "label": "It", **more})]


FORMS: Mapping[str, Make] = {
    "when a field is hidden": lambda text: field(conditional={"hide": f"={text}"}),
    "first value of a field": lambda text: field(properties={"value": f"={text}"}),
    "computed field": lambda text: field(type="expression", expression=f"={text}"),
}


def boxed(inside: str) -> list[str]:
    return [dmn(decision("It", inside))]


def tabled(**parts: Any) -> list[str]:
    cells = parts.get("cells", ["-"])
    drawn = table(
        parts.get("policy", "FIRST"),
        [(parts.get("input", "1"), parts.get("allowed", ""))],
        [("", parts.get("values", ""), parts.get("default", ""))],
        [(cells, [parts.get("result", "1")])],
    )
    return [dmn(decision("It", drawn))]


def typed(name: str, text: str) -> list[str]:
    limits = tag(name, tag("text", text))
    return [
        dmn(
            tag("itemDefinition", tag("typeRef", "string"), limits, name="t"),
            decision("It", literal('"x"'), type_ref="t"),
        )
    ]


TABLES: Mapping[str, Make] = {
    "input of a table": lambda text: tabled(input=text),
    "allowed inputs of a table": lambda text: tabled(allowed=text),
    "cell of a table": lambda text: tabled(cells=[text]),
    "result of a rule": lambda text: tabled(result=text),
    "values of a result": lambda text: tabled(values=text, policy="PRIORITY"),
    "result when no rule fits": lambda text: tabled(default=text, cells=["2"]),
    "literal expression": lambda text: boxed(literal(text)),
    "entry of a context": lambda text: boxed(
        tag("context", tag("contextEntry", tag("variable", name="a"), literal(text)))
    ),
    "element of a list": lambda text: boxed(tag("list", literal(text))),
    "cell of a relation": lambda text: boxed(tag("relation", tag("column", name="a"), tag("row", literal(text)))),
    "argument": lambda text: [
        dmn(
            knowledge("f", {"x": ""}, literal("x")),
            decision(
                "It",
                needs((), (), ("f",)),
                tag("invocation", literal("f"), tag("binding", tag("parameter", name="x"), literal(text))),
            ),
        )
    ],
    "body of a function": lambda text: [
        dmn(knowledge("f", {"x": ""}, literal(text)), decision("It", needs((), (), ("f",)), literal("f(1)")))
    ],
    "condition": lambda text: boxed(
        tag("conditional", tag("if", literal(text)), tag("then", literal("1")), tag("else", literal("2")))
    ),
    "filter": lambda text: boxed(tag("filter", tag("in", literal("[1]")), tag("match", literal(text)))),
    "what is gone through": lambda text: boxed(
        tag("for", tag("in", literal(text)), tag("return", literal("x")), iteratorVariable="x")
    ),
    "what each gives": lambda text: boxed(
        tag("for", tag("in", literal("[1]")), tag("return", literal(text)), iteratorVariable="x")
    ),
    "what some satisfy": lambda text: boxed(
        tag("some", tag("in", literal("[1]")), tag("satisfies", literal(text)), iteratorVariable="x")
    ),
    "what every one satisfies": lambda text: boxed(
        tag("every", tag("in", literal("[1]")), tag("satisfies", literal(text)), iteratorVariable="x")
    ),
    "body of a boxed function": lambda text: boxed(
        tag(
            "context",
            tag("contextEntry", tag("variable", name="f"), tag("functionDefinition", literal(text))),
            tag("contextEntry", literal("f()")),
        )
    ),
    "allowed values of a type": lambda text: typed("allowedValues", text),
    "constraint of a type": lambda text: typed("typeConstraint", text),
}

SITES: Mapping[str, Make] = {**DRAWINGS, **PLAIN, **FORMS, **TABLES}


def written(site: str, text: str) -> list[str]:
    """The files; inside XML the text is escaped unless the helper does it."""
    if site in FORMS or (site in TABLES and site not in ("allowed values of a type", "constraint of a type")):
        return SITES[site](text)
    return SITES[site](escape(text) if "gateway" not in site else text)


def act_out(world: World, files: list[str]) -> str:
    tables = [each for each in files if is_table(each)]
    others = [each for each in files if not is_table(each)]
    try:
        for group in (tables, others):
            if group:
                world.deploy(*group)
    except DefinitionRejected as refusal:
        return f"refused: {sorted({problem.code for problem in refusal.problems})}"
    run(world, files)
    return "published"


def is_table(text: str) -> bool:
    return "/spec/DMN/" in text


def run(world: World, files: list[str]) -> None:
    """As far as it goes: what cannot go on opens an incident or is rolled back."""
    for each in files:
        if is_table(each):
            parse(each).explain("It" if "_It" in each else "Rule", {"x": 1})
        elif each.startswith("{"):
            asked = read_form(each)
            first_values(asked, {}, now=NOW)
            with suppress(FormInvalid):
                read_values(asked, {"name": "x", "it": "y"}, {}, Reading(now=NOW))
    if not any("<bpmn:process" in each for each in files):
        return
    with suppress(Exception):
        world.start()
    for _ in range(4):
        for element in set(world.open_elements()):
            with suppress(Exception):
                world.complete(element, actor=seller, name="x")
        with suppress(Exception):
            world.advance(timedelta(hours=2))


def main() -> None:
    template, texts = Path(sys.argv[1]), json.loads(sys.argv[2])
    heard: list[str] = []
    evaluated = False

    def listen(event: str, _: object) -> None:
        if listening and event.startswith(FORBIDDEN) and event not in ALLOWED:
            heard.append(event)

    def notice(frame: Any, event: str, _: object) -> None:
        """The canary is a sum of texts: whoever adds it up has evaluated it."""
        nonlocal listening, evaluated
        if event == "call":
            was, listening = listening, False  # looking at a frame is heard as well
            evaluated |= frame.f_code is ADD and frame.f_locals["left"] == "canary"
            listening = was

    listening = False
    sys.addaudithook(listen)
    for name in SITES:  # what is loaded at the first use is loaded
        attempt(template, name, '"warm" + "1"')
    if "eval" in sys.argv:
        texts = ["seen"]
    for name in SITES:
        for text in texts:
            heard.clear()
            evaluated = False
            database, world = opened(template)
            sys.setprofile(notice)
            listening = True
            became = act_out(world, written(name, text))
            if "eval" in sys.argv:
                eval("1")  # noqa: S307
            listening = False
            sys.setprofile(None)
            database.close()
            row = {
                "site": name,
                "text": text,
                "became": became,
                "evaluated": evaluated,
                "heard": sorted(set(heard)),
            }
            sys.stdout.write(json.dumps(row) + "\n")


def attempt(template: Path, name: str, text: str) -> None:
    database, world = opened(template)
    act_out(world, written(name, text))
    database.close()


def opened(template: Path) -> tuple[Any, World]:
    path = template.with_name("tried.sqlite")
    for each in template.parent.glob("tried.sqlite*"):
        each.unlink()
    shutil.copyfile(template, path)
    database = make_database(f"sqlite:///{path}")
    return database, World(database)


if __name__ == "__main__":
    main()
