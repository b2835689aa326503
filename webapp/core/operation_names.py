"""What operations and their parameters are called on screen: their docstrings, in the reader's language."""

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

from babel.messages.extract import extract_python
from flask_babel import pgettext

from engine.operations import Operation

# what is written short in the names of parameters
WRITTEN_OUT = {
    "bic": "BIC",
    "corr": "correspondent",
    "csi": "CSI",
    "docs": "documents",
    "en": "in English",
    "eta": "ETA",
    "inn": "INN",
    "kpp": "KPP",
    "no": "number",
    "nps": "NPS",
    "odo": "odometer",
    "ogrn": "OGRN",
    "pd": "personal data",
    "pts": "vehicle title",
    "roi": "ROI",
    "ru": "in Russian",
    "tech": "technical state",
    "tradein": "trade-in",
    "v": "voltage",
    "vat": "VAT",
    "vin": "VIN",
}
WHOLE = {"no_shows": "No-shows"}  # word by word it would be something else


def operation_title(operation: Operation) -> str:
    """The first sentence of its docstring without the full stop."""
    return str(pgettext("operation", _first_sentence(operation.summary)))


def parameter_title(name: str) -> str:
    """The name of a parameter in words."""
    return str(pgettext("parameter", _in_words(name)))


def extract_python_and_operations(
    file: BinaryIO, keywords: Mapping[str, Any], comment_tags: Collection[str], options: Any
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """A method of Babel: the texts of a Python file, and the names of the operations that it declares."""
    source = file.read()
    file.seek(0)
    found: Iterator[Any] = extract_python(file, keywords, comment_tags, options)
    yield from found
    if b"@operations." in source:
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and any(map(_declares, node.decorator_list)):
                summary = (ast.get_docstring(node) or "").partition("\n")[0]
                yield node.lineno, "pgettext", ("operation", _first_sentence(summary)), []
                for each in node.args.kwonlyargs:
                    yield each.lineno, "pgettext", ("parameter", _in_words(each.arg)), []
        for line, name in _answers(source):
            yield line, "pgettext", ("parameter", _in_words(name)), []


def _answers(source: bytes) -> Iterator[tuple[int, str]]:
    """What operations answer, by the dictionaries that functions of their file return."""
    for function in ast.parse(source).body:
        if isinstance(function, ast.FunctionDef):
            returned = [each.value for each in ast.walk(function) if isinstance(each, ast.Return)]
            names = {each.id for each in returned if isinstance(each, ast.Name)}
            for each in ast.walk(function):
                if isinstance(each, ast.Assign | ast.AnnAssign) and names & _named(each):
                    returned.append(each.value)
            for answer in returned:
                for key in answer.keys if isinstance(answer, ast.Dict) else ():
                    if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.isidentifier():
                        yield key.lineno, key.value


def _named(assignment: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = assignment.targets if isinstance(assignment, ast.Assign) else [assignment.target]
    return {each.id for each in targets if isinstance(each, ast.Name)}


def _declares(decorator: ast.expr) -> bool:
    """Whether it is `@operations.register` or `@operations.asking(…)`."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Attribute) and ast.unparse(called) in {"operations.register", "operations.asking"}


def _first_sentence(summary: str) -> str:
    return summary.partition(". ")[0].removesuffix(".").replace("`", "")


def _in_words(name: str) -> str:
    if name in WHOLE:
        return WHOLE[name]
    words = " ".join(WRITTEN_OUT.get(word, word) for word in name.split("_"))
    return words[0].upper() + words[1:]
