"""Nothing of Python is within reach: no code is compiled or run, no attribute is read."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import engine.feel
from engine.feel import FeelEvaluationError, compile_expression
from tests.engine.feel.typed_json import NOW

PACKAGE = Path(engine.feel.__file__).parent

WATCHED = """
import json, sys
from datetime import UTC, datetime
from engine.feel import FeelError, compile_expression, compile_unary_tests

texts = json.loads(sys.stdin.buffer.read())
compile_expression('@"2026-03-02T09:00:00@Europe/Moscow" + @"PT1H"').evaluate({}, now=datetime.now(UTC))
seen = []
FORBIDDEN = ("exec", "compile", "import", "os.", "subprocess.", "socket.", "ctypes.", "object.__getattr__", "code.")

def watch(event, arguments):
    if event.startswith(FORBIDDEN):
        seen.append(event)

sys.addaudithook(watch)
for text in texts:
    for compile_text, run in (
        (compile_expression, lambda made: made.evaluate(CONTEXT, now=NOW, functions={"reached": lambda name: True})),
        (compile_unary_tests, lambda made: made.matches(5, CONTEXT, now=NOW)),
    ):
        CONTEXT, NOW = {"a": {"b": [1, 2]}, "text": "x", "price": 5}, datetime.now(UTC)
        try:
            run(compile_text(text))
        except FeelError:
            pass
if "eval" in sys.argv:
    eval("1")
print(json.dumps(seen))
"""

ESCAPES = [
    '__import__("os").system("true")',
    'eval("1 + 1")',
    'exec("x = 1")',
    'open("/etc/passwd")',
    'compile("1", "", "eval")',
    'getattr(a, "keys")',
    "a.__class__",
    "a.__class__.__mro__[1].__subclasses__()",
    "text.__class__.__init__.__globals__",
    "a.keys",
    "a.b.append(3)",
    "text.upper()",
    "text.format(a)",
    '"{0.__class__}".format(a)',
    "(function(x) x).__globals__",
    "(function(x) x).scope",
    "{f: function(x) x, g: f.body}.g",
    '@"P1D".__class__',
    '@"P1M".__dict__',
    '@"2026-03-02".__class__',
    "[1..5].__class__",
    "price.__add__(1)",
    "now().__class__",
    "reached.__globals__",
    'get value(a, "__class__")',
    'a["__class__"]',
    "globals()",
    "__builtins__",
    "lambda: 0",
    "`__class__`",
    "a.`__class__`",
    'matches("a", "(?P<x>a)")',
    'replace("a", "a", "\\\\g<0>")',
]


def watched(texts: list[str], *arguments: str) -> list[str]:
    import json

    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments],
        input=json.dumps(texts).encode(),
        capture_output=True,
        check=True,
        cwd=PACKAGE.parent.parent,
    )
    return list(json.loads(done.stdout))


def test_evaluating_compiles_and_runs_no_python() -> None:
    import json

    vectors = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))["vectors"]
    corpus = [vector.get("expression", vector.get("tests")) for vector in vectors]

    assert watched(ESCAPES + corpus) == []


def test_the_watch_would_see_it() -> None:
    assert "exec" in watched([], "eval")


@pytest.mark.parametrize("text", [text for text in ESCAPES if "." in text and "get value" not in text])
def test_a_name_of_python_is_no_name_of_feel(text: str) -> None:
    try:
        found = compile_expression(text).evaluate({"a": {"b": []}, "text": "x", "price": 5}, now=NOW)
    except engine.feel.FeelSyntaxError:
        return

    assert found in (None, "a", "\\g<0>")


def test_an_object_of_python_is_refused_wherever_it_is_met() -> None:
    class Secret:
        password = "hidden"

    context = {"secret": Secret(), "box": {"secret": Secret()}, "list": [Secret()]}
    for text in ("secret", "secret.password", "box.secret.password", "list[1].password", "box"):
        with pytest.raises(FeelEvaluationError):
            compile_expression(text).evaluate(context, now=NOW)


def test_the_sources_call_nothing_that_runs_code_or_reads_attributes_by_name() -> None:
    forbidden = {"eval", "exec", "compile", "getattr", "setattr", "__import__", "globals", "vars"}
    calls = [
        (path.name, node.func.id)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in forbidden
    ]

    assert calls == [("nodes.py", "vars")]
