"""Files that somebody has made to hurt: each as large, as deep or as tangled as can be in one respect."""

from collections.abc import Callable, Mapping

import orjson

from tests.engine.decisions.drawings import decision, dmn, given, literal, needs, table
from tests.engine.world import choice, end, flows, form, process, user_task

MEGABYTE = 1_000_000
START = '<bpmn:startEvent id="start"/>'
OPENING = process("").partition("<bpmn:process")[0]
Made = tuple[str, bytes]


def _bomb(path: str) -> Made:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return path, f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><x>&e11;</x>'.encode()


def _bomb_in_another_encoding() -> Made:
    text = _bomb("a.bpmn")[1].decode()
    return "a.bpmn", f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")


def _reads_a_file() -> Made:
    return "a.bpmn", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


def _deep_elements(path: str, levels: int) -> Made:
    opening, _, ending = OPENING.partition("<bpmn:definitions ")
    return path, f"{opening}<bpmn:definitions {ending}{'<a>' * levels}{'</a>' * levels}</bpmn:definitions>".encode()


def _deep_sub_processes(levels: int) -> Made:
    inner = "".join(f'<bpmn:subProcess id="s{n}"><bpmn:startEvent id="i{n}"/>' for n in range(levels))
    return "a.bpmn", process(START, inner + "</bpmn:subProcess>" * levels).encode()


def _deep_json(opening: str, closing: str, levels: int) -> Made:
    return "a.form", (opening * levels + "1" + closing * levels).encode()


def _deep_groups(levels: int) -> Made:
    opening, closing = '{"type":"group","components":[', "]}"
    return "a.form", f'{{"id":"a","components":[{opening * levels}{closing * levels}]}}'.encode()


def _large(path: str, opening: str, closing: str) -> Made:
    return path, f"{opening}{' ' * 50 * MEGABYTE}{closing}".encode()


def _large_attribute() -> Made:
    return "a.bpmn", process(user_task("ask", prompt="x" * 1_900_000)).encode()


def _text_that_grows(size: int) -> Made:
    """Every letter of the value is five in the refusal, were it repeated there."""
    return "a.bpmn", process(user_task("ask", due="&amp;" * size)).encode()


def _chain(length: int) -> Made:
    tasks = "".join(user_task(f"t{n}") for n in range(length))
    lines = [f"t{n} > t{n + 1}" for n in range(length - 1)]
    drawn = process(START, tasks, end("end"), flows("start > t0", *lines, f"t{length - 1} > end"))
    return "a.bpmn", drawn.encode()


def _short_chain(length: int) -> Made:
    """As many elements as go into a file, each as short as can be."""
    tasks = "".join(f'<bpmn:manualTask id="t{n}"/>' for n in range(length))
    lines = [f"t{n} > t{n + 1}" for n in range(length - 1)]
    return "a.bpmn", process(START, tasks, flows("start > t0", *lines)).encode()


def _orphans(length: int) -> Made:
    """Small elements with nothing between them: each has several things wrong."""
    return "a.bpmn", process(START, "".join(f'<bpmn:userTask id="t{n}"/>' for n in range(length))).encode()


def _web(kind: str, gateways: int, lines: int) -> Made:
    """Many flows between few gateways; every one with a condition where there may be one."""
    nodes = "".join(f'<bpmn:{kind} id="g{n}"/>' for n in range(gateways))
    drawn = [f"g{n % (gateways - 1)} > g{n % (gateways - 1) + 1}" for n in range(lines)]
    waits = user_task("ask")
    body = flows("start > g0", *drawn, f"g{gateways - 1} > ask", "ask > end")
    return "a.bpmn", process(START, nodes, waits, end("end"), body).encode()


def _diamonds(kind: str, count: int) -> Made:
    """Each of these gateways opens two ways that the next one brings together: 2^count paths."""
    parallel = kind == "parallelGateway"
    default = "" if parallel else ' default="f{}"'
    nodes = "".join(f'<bpmn:{kind} id="g{n}"{default.format(4 * n + 2)}/>' for n in range(count))
    tasks = "".join(user_task(f"{side}{n}") for n in range(count) for side in "ab")
    condition = "" if parallel else " : 1 = 1"
    lines = [
        line
        for n in range(count)
        for line in (f"g{n} > a{n}", f"a{n} > g{n + 1}", f"g{n} > b{n}{condition}", f"b{n} > g{n + 1}")
    ]
    last = f'<bpmn:{kind} id="g{count}"/>'
    drawn = process(START, nodes, last, tasks, end("end"), flows("start > g0", *lines, f"g{count} > end"))
    return "a.bpmn", drawn.encode()


def _boundaries(count: int) -> Made:
    """One step with very many non-interrupting events, each with a branch of its own."""
    events = "".join(
        f'<bpmn:boundaryEvent id="b{n}" attachedToRef="ask" cancelActivity="false"><bpmn:timerEventDefinition>'
        f"<bpmn:timeDuration>PT{n + 1}H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        for n in range(count)
    )
    lines = [f"b{n} > e{n}" for n in range(count)]
    ends = "".join(f'<bpmn:endEvent id="e{n}"/>' for n in range(count))
    drawn = process(START, user_task("ask"), events, ends, end("end"), flows("start > ask", "ask > end", *lines))
    return "a.bpmn", drawn.encode()


def _calls_in_a_circle(count: int) -> Made:
    calls = "".join(
        f'<bpmn:process id="p{n}"><bpmn:startEvent id="s{n}"/><bpmn:callActivity id="c{n}" '
        f'calledElement="p{(n + 1) % count}"/></bpmn:process>'
        for n in range(count)
    )
    return "a.bpmn", f"{OPENING}{calls}</bpmn:definitions>".encode()


def _many_processes(count: int, steps: int = 0) -> Made:
    each = "".join(
        f'<bpmn:process id="p{n}"><bpmn:startEvent id="s{n}_0"/>'
        + "".join(user_task(f"s{n}_{k + 1}") for k in range(steps))
        + f'<bpmn:endEvent id="s{n}_{steps + 1}"/>'
        + "".join(
            f'<bpmn:sequenceFlow id="f{n}_{k}" sourceRef="s{n}_{k}" targetRef="s{n}_{k + 1}"/>'
            for k in range(steps + 1)
        )
        + "</bpmn:process>"
        for n in range(count)
    )
    return "a.bpmn", f"{OPENING}{each}</bpmn:definitions>".encode()


def _condition(text: str) -> Made:
    gateway = '<bpmn:exclusiveGateway id="g" default="f4"/>'
    lines = flows("start > ask", "ask > g", f"g > end : {text}", "g > end", "g > end")
    return "a.bpmn", process(START, user_task("ask"), gateway, end("end"), lines).encode()


def _many_conditions(count: int) -> Made:
    """As many different expressions as go into a file, each just short of what may be written."""
    gateway = '<bpmn:exclusiveGateway id="g" default="f3"/>'
    long = " + ".join(["1"] * 140)
    lines = flows("start > ask", "ask > g", "g > end", *(f"g > end : {n} = {long}" for n in range(count)))
    return "a.bpmn", process(START, user_task("ask"), gateway, end("end"), lines).encode()


def _many_properties(count: int) -> Made:
    return "a.bpmn", process(START, **{f"p{n}": "=1" for n in range(count)}).encode()


def _dimensions(count: int) -> Made:
    return "a.bpmn", process(START, dimensions="; ".join(f"d{n}: =a{n}.b" for n in range(count))).encode()


def _milestones(count: int) -> Made:
    names = ", ".join(f"m{n}" for n in range(count))
    ratios = "; ".join(f"r{n}: m{n} / m{n + 1}" for n in range(count - 1))
    return "a.bpmn", process(START, milestones=names, ratios=ratios, milestoneAliases=ratios).encode()


def _reminders(count: int) -> Made:
    marks = ", ".join(f"PT{n}H" for n in range(1, count))
    return "a.bpmn", process(START, user_task("ask", reminders=marks, escalate=marks)).encode()


def _fields(count: int) -> Made:
    return "a.form", form("a", *(f"f{n}" for n in range(count))).encode()


def _spacers(count: int) -> Made:
    return "a.form", orjson.dumps({"id": "a", "components": [{"type": "spacer"}] * count})


def _options(count: int) -> Made:
    return "a.form", form("a", choice("pick", *(f"v{n}" for n in range(count)))).encode()


def _mandatory(count: int) -> Made:
    """The text that asks why lines are left out has a condition over all of them."""
    lines = [{"label": f"v{n}", "value": f"v{n}"} for n in range(count)]
    listed = {"type": "checklist", "key": "done", "label": "Done", "values": lines, "properties": {"mandatory": "all"}}
    return "a.form", form("a", listed).encode()


def _computed_circle(count: int) -> Made:
    fields = [
        {
            "type": "expression",
            "key": f"f{n}",
            "expression": f"=f{(n + 1) % count} + 1",
            "properties": {"kind": "money"},
        }
        for n in range(count)
    ]
    return "a.form", form("a", *fields).encode()


def _computed_web(count: int) -> Made:
    """Every computed field reads as many of those before it as an expression may name."""
    fields: list[Mapping[str, object] | str] = ["f0"]
    for n in range(1, count):
        read = " + ".join(f"f{max(n - back, 0)}" for back in range(1, 100))
        fields.append({"type": "expression", "key": f"f{n}", "expression": f"={read}"})
    return "a.form", form("a", *fields).encode()


def _pattern(pattern: str) -> Made:
    field = {"type": "textfield", "key": "a", "label": "A", "validate": {"pattern": pattern}}
    return "a.form", form("a", field).encode()


def _hides(count: int) -> Made:
    long = " or ".join(["x = 1"] * 70)
    fields = [
        {"type": "textfield", "key": f"f{n}", "label": "F", "conditional": {"hide": f"={n} = 1 or {long}"}}
        for n in range(count)
    ]
    return "a.form", form("a", *fields).encode()


def _numbers() -> Made:
    return "a.form", orjson.dumps({"id": "a", "components": []}).replace(b"[]", b"[" + b"9" * 1_900_000 + b"]")


def _rules(count: int, columns: int = 1) -> Made:
    cells = [(([f"< {n}"] * columns), [f"{n}"]) for n in range(count)]
    drawn = table("FIRST", ["x"] * columns, [""], cells)
    return "a.dmn", dmn(given("x", "number"), decision("Many", needs(("x",)), drawn)).encode()


def _cells_of_lists(count: int) -> Made:
    cells = [([", ".join(f"[{n}..{n + 1}]" for n in range(140))], [f"{each}"]) for each in range(count)]
    drawn = table("UNIQUE", ["x"], [""], cells)
    return "a.dmn", dmn(given("x", "number"), decision("Wide", needs(("x",)), drawn)).encode()


def _broken_rules(count: int) -> Made:
    drawn = table("FIRST", ["x"], [""], [(["< <"], ["= ="])] * count)
    return "a.dmn", dmn(given("x", "number"), decision("Many", needs(("x",)), drawn)).encode()


def _decisions_in_a_circle(count: int) -> Made:
    drawn = (decision(f"d{n}", needs((), (f"d{(n + 1) % count}",)), literal("1")) for n in range(count))
    return "a.dmn", dmn(*drawn).encode()


def _decisions_in_a_web(count: int) -> Made:
    """Each needs all that stand before it."""
    drawn = (decision(f"d{n}", needs((), tuple(f"d{k}" for k in range(n))), literal("1")) for n in range(count))
    return "a.dmn", dmn(*drawn).encode()


def _decisions_in_a_row(count: int) -> Made:
    drawn = (decision(f"d{n}", needs((), (f"d{n + 1}",) if n + 1 < count else ()), literal("1")) for n in range(count))
    return "a.dmn", dmn(*drawn).encode()


def _entries(count: int) -> Made:
    """Each entry of a context may speak of all before it, whose names have signs in them."""
    each = "".join(f'<contextEntry><variable name="a-{n}"/>{literal("1")}</contextEntry>' for n in range(count))
    return "a.dmn", dmn(decision("deep", f"<context>{each}</context>")).encode()


def _names_at_every_cell(names: int, rules: int) -> Made:
    known = tuple(f"a-{n}" for n in range(names))
    drawn = table("FIRST", [known[0]], [""], [(["< 1"], [known[n % names]]) for n in range(rules)])
    return "a.dmn", dmn(*(given(name) for name in known), decision("Many", needs(known), drawn)).encode()


def _members_at_every_cell(members: int, rules: int) -> Made:
    parts = "".join(f'<itemComponent name="a-{n}"><typeRef>number</typeRef></itemComponent>' for n in range(members))
    drawn = table("FIRST", ["x"], [""], [(["< 1"], [f"x.a-{n}"]) for n in range(rules)])
    whole = dmn(
        f'<itemDefinition name="t">{parts}</itemDefinition>', given("x", "t"), decision("M", needs(("x",)), drawn)
    )
    return "a.dmn", whole.encode()


def _long_names(count: int) -> Made:
    """Names with spaces: the reader has to find the longest one that fits at every word."""
    names = tuple(" ".join(["a"] * n) for n in range(1, count))
    text = " + ".join(["a " * (count // 2)] * 60)
    return "a.dmn", dmn(*(given(name) for name in names), decision("Sum", needs(names), literal(text))).encode()


def _boxes(kind: str, levels: int) -> Made:
    return "a.dmn", dmn(decision("deep", f"<{kind}>" * levels + literal("1") + f"</{kind}>" * levels)).encode()


def _types(count: int) -> Made:
    each = "".join(
        f'<itemDefinition name="t{n}"><typeRef>t{(n + 1) % count}</typeRef></itemDefinition>' for n in range(count)
    )
    return "a.dmn", dmn(each, decision("one", literal("1", "t0"))).encode()


def _types_that_double(count: int) -> Made:
    """Each type has two parts of the next: 2^count parts if they were unfolded."""
    each = "".join(
        f'<itemDefinition name="t{n}"><itemComponent name="a"><typeRef>t{n + 1}</typeRef></itemComponent>'
        f'<itemComponent name="b"><typeRef>t{n + 1}</typeRef></itemComponent></itemDefinition>'
        for n in range(count)
    )
    last = f'<itemDefinition name="t{count}"><typeRef>number</typeRef></itemDefinition>'
    return "a.dmn", dmn(each, last, decision("one", literal("1", "t0"))).encode()


HOSTILE: Mapping[str, Callable[[], Made]] = {
    "entity bomb": lambda: _bomb("a.bpmn"),
    "entity bomb in a table": lambda: _bomb("a.dmn"),
    "entity bomb in UTF-16": _bomb_in_another_encoding,
    "entity that reads a file": _reads_a_file,
    "no XML at all": lambda: ("a.bpmn", bytes(range(256)) * 7_000),
    "100,000 elements within each other": lambda: _deep_elements("a.bpmn", 100_000),
    "100,000 elements within each other, a table": lambda: _deep_elements("a.dmn", 100_000),
    "200 sub-processes within each other": lambda: _deep_sub_processes(200),
    "5,000 sub-processes within each other": lambda: _deep_sub_processes(5_000),
    "100,000 lists within each other": lambda: _deep_json("[", "]", 100_000),
    "100,000 objects within each other": lambda: _deep_json('{"id":"a","components":', "}", 60_000),
    "200 groups within each other": lambda: _deep_groups(200),
    "50,000 groups within each other": lambda: _deep_groups(50_000),
    "drawing of 50 MB": lambda: _large("a.bpmn", OPENING, "</bpmn:definitions>"),
    "table of 50 MB": lambda: _large("a.dmn", dmn().removesuffix("</definitions>"), "</definitions>"),
    "form of 50 MB": lambda: _large("a.form", '{"id":"a","components":[', "]}"),
    "attribute of 1.9 MB": _large_attribute,
    "value of 350,000 ampersands": lambda: _text_that_grows(350_000),
    "4,000 steps one after another": lambda: _chain(4_000),
    "1,990 steps one after another": lambda: _chain(1_990),
    "10,000 short steps one after another": lambda: _short_chain(10_000),
    "30,000 steps without a flow": lambda: _orphans(30_000),
    "1,900 steps without a flow": lambda: _orphans(1_900),
    "10,000 flows between few exclusive gateways": lambda: _web("exclusiveGateway", 6, 10_000),
    "10,000 flows between few inclusive gateways": lambda: _web("inclusiveGateway", 6, 10_000),
    "10,000 flows between few parallel gateways": lambda: _web("parallelGateway", 6, 10_000),
    "600 parallel gateways in a row": lambda: _diamonds("parallelGateway", 600),
    "600 inclusive gateways in a row": lambda: _diamonds("inclusiveGateway", 600),
    "900 events on one step": lambda: _boundaries(900),
    "300 events on one step": lambda: _boundaries(300),
    "5,000 processes that call each other in a circle": lambda: _calls_in_a_circle(5_000),
    "5,000 processes": lambda: _many_processes(5_000),
    "600 processes": lambda: _many_processes(600),
    "50 processes of 38 steps": lambda: _many_processes(50, 38),
    "20 processes of 98 steps": lambda: _many_processes(20, 98),
    "condition of 1.5 MB": lambda: _condition("1 + " * 375_000 + "1"),
    "condition of 19,999 brackets": lambda: _condition("(" * 19_999),
    "condition of 9,000 ifs": lambda: _condition("if " * 6_000),
    "condition of a number of 19,000 digits": lambda: _condition("9" * 19_000),
    "condition that raises powers": lambda: _condition(" ** ".join(["9"] * 140)),
    "condition of an open text": lambda: _condition('"' + "\\" * 19_000),
    "condition of an open comment": lambda: _condition("/*" * 9_000),
    "2,500 long conditions": lambda: _many_conditions(2_500),
    "170 long conditions": lambda: _many_conditions(170),
    "40,000 properties": lambda: _many_properties(40_000),
    "40,000 dimensions": lambda: _dimensions(40_000),
    "20,000 milestones": lambda: _milestones(20_000),
    "80,000 reminders": lambda: _reminders(80_000),
    "form of 10,000 fields": lambda: _fields(10_000),
    "form of 20,000 fields": lambda: _fields(20_000),
    "form of 100,000 spacers": lambda: _spacers(100_000),
    "form of 4,900 fields": lambda: _fields(4_900),
    "field of 40,000 options": lambda: _options(40_000),
    "checklist of 30,000 mandatory lines": lambda: _mandatory(30_000),
    "checklist of 500 mandatory lines": lambda: _mandatory(500),
    "checklist of 100 mandatory lines": lambda: _mandatory(100),
    "10,000 computed fields in a circle": lambda: _computed_circle(10_000),
    "2,000 computed fields that read 99 others": lambda: _computed_web(2_000),
    "150 computed fields that read 99 others": lambda: _computed_web(150),
    "2,000 long conditions in a form": lambda: _hides(2_000),
    "number of 1.9 MB in a form": _numbers,
    "pattern that never ends": lambda: _pattern("^(a+)+$"),
    "pattern that never ends, in disguise": lambda: _pattern("^(a|a)*$"),
    "pattern of 100,000 brackets": lambda: _pattern("(" * 100_000),
    "pattern that repeats a billion times": lambda: _pattern("a{1,999999999}"),
    "pattern of repeated repetitions": lambda: _pattern("(?:a{1,1000}){1,1000}"),
    "table of 10,000 rules": lambda: _rules(10_000),
    "table of 1,000 rules of 10 columns": lambda: _rules(1_000, 10),
    "table of 1,300 rules of 10 columns": lambda: _rules(1_300, 10),
    "table of 60 rules of 140 ranges": lambda: _cells_of_lists(60),
    "table of 400 rules of 140 ranges": lambda: _cells_of_lists(400),
    "10,000 rules that nobody can read": lambda: _broken_rules(10_000),
    "3,000 decisions in a circle": lambda: _decisions_in_a_circle(3_000),
    "1,200 decisions in a circle": lambda: _decisions_in_a_circle(1_200),
    "4,000 decisions in a row": lambda: _decisions_in_a_row(4_000),
    "1,200 decisions in a row": lambda: _decisions_in_a_row(1_200),
    "160 decisions that need all before them": lambda: _decisions_in_a_web(160),
    "context of 7,000 entries": lambda: _entries(7_000),
    "context of 300 entries": lambda: _entries(300),
    "190 names at each of 3,000 cells": lambda: _names_at_every_cell(190, 3_000),
    "8,000 members at each of 2,000 cells": lambda: _members_at_every_cell(8_000, 2_000),
    "80 names of up to 80 words": lambda: _long_names(80),
    "50,000 boxed lists within each other": lambda: _boxes("list", 50_000),
    "200 boxed lists within each other": lambda: _boxes("list", 200),
    "5,000 types in a circle": lambda: _types(5_000),
    "40 types that double": lambda: _types_that_double(40),
}
