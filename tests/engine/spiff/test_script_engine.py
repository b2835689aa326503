"""No text of a drawing ever reaches Python's eval or exec."""

import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from engine.spiff.script_engine import FeelScriptEngine, ScriptsForbidden
from tests.engine.spiff.drawings import (
    NOW,
    Answers,
    boundary,
    document,
    flows,
    message,
    node,
    simple,
    tasks,
    timer,
    walk,
)
from tests.engine.spiff.test_loops import multi, standard

# Each expression site asks for something else, all in Python.
SITES = {
    name: f"__import__('os').{name}()"
    for name in ("choice", "inclusive", "date", "duration", "cycle", "condition", "count", "items", "enough", "repeat")
}
ANSWERS = {
    "choice": True,
    "inclusive": True,
    "date": NOW,
    "duration": "PT1H",
    "cycle": "R2/PT1H",
    "condition": True,
    "count": 2,
    "items": ["x", "y"],
    "enough": False,
    "repeat": False,
}


def drawing() -> etree._Element:
    """A process with an expression wherever a drawing may have one."""
    sites = SITES
    condition = (
        f"<bpmn:conditionalEventDefinition><bpmn:condition>={sites['condition']}</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>"
    )
    body = simple(
        "p",
        node("exclusiveGateway", "choice", default="choice__end"),
        node("inclusiveGateway", "inclusive", default="inclusive__end"),
        node("intermediateCatchEvent", "date", timer(f"={sites['date']}", "timeDate")),
        node("intermediateCatchEvent", "condition", condition),
        tasks("human"),
        boundary("duration", "human", timer(f"={sites['duration']}"), interrupts=False),
        boundary("cycle", "human", timer(f"={sites['cycle']}", "timeCycle"), interrupts=False),
        node("userTask", "counted", multi(f"={sites['count']}", until=f"={sites['enough']}")),
        node("userTask", "listed", multi(collection=f"={sites['items']}", item="item", sequential=True)),
        node("userTask", "repeated", standard(f"={sites['repeat']}")),
        node("intermediateCatchEvent", "message", message("m")),
        node("serviceTask", "service"),
        flows(
            "start choice inclusive date condition human counted listed repeated message service end",
            "choice end",
            "inclusive end",
            "duration end",
            "cycle end",
            when={"choice__inclusive": f"={sites['choice']}", "inclusive__date": f"={sites['inclusive']}"},
        ),
    )
    roots = (
        f'<bpmn:message id="m" name="m"><bpmn:extensionElements><zeebe:subscription correlationKey="={PYTHON}"/>'
        "</bpmn:extensionElements></bpmn:message>"
    )
    return document(body, roots=roots)


PYTHON = "__import__('os').getpid()"


def play() -> list[str]:
    """Walk the case to its end, storing at every step; the expressions that were asked."""
    answers = Answers({SITES[name]: answer for name, answer in ANSWERS.items()})
    case = walk(drawing(), answers)
    case.wait(hours=2)
    for element in ("human", "counted", "counted", "listed", "listed", "repeated"):
        case.complete(element, outcome=PYTHON)
    case.message("message")
    assert case.case.completed()
    return answers.asked


PROGRAM = """
import sys
from tests.engine.spiff.test_script_engine import play

play()  # everything is imported now
seen = []
sys.addaudithook(lambda event, _: seen.append(event) if event in ("exec", "compile", "import", "os.system") else None)
asked = play()
print(seen, len(set(asked)))
compile("1", "x", "eval")
print(seen)
"""


def test_a_case_with_an_expression_at_every_site_compiles_and_executes_nothing() -> None:
    root = Path(__file__).parents[3]
    answer = subprocess.run([sys.executable, "-c", PROGRAM], cwd=root, capture_output=True, text=True, check=False)

    assert answer.stderr == ""
    assert answer.stdout.splitlines() == [f"[] {len(SITES)}", "['compile']"]


class TestDoorsOfTheLibrary:
    def test_hand_expressions_to_the_evaluator(self) -> None:
        engine = FeelScriptEngine(Answers({PYTHON: 7}))

        assert engine.environment.evaluate(PYTHON, {}) == 7
        engine.validate("not ( python")

    def test_are_shut_for_scripts_and_services(self) -> None:
        engine = FeelScriptEngine(Answers())
        doors = [
            lambda: engine.execute(None, "pass"),
            lambda: engine.call_service(None),
            lambda: engine.environment.execute("pass", {}),
            lambda: engine.environment.call_service({}),
        ]

        for door in doors:
            with pytest.raises(ScriptsForbidden):
                door()
