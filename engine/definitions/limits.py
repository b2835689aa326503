"""How much a file may hold: what is larger is refused before anything costly is done with it."""

from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from engine.definitions.problems import DefinitionRejected, Problem

MAX_BYTES: Final = 2_000_000
MAX_NODES: Final = 2_000  # steps, gateways and events of a drawing
MAX_PROCESSES: Final = 20  # of one drawing
MAX_BOUNDARY_EVENTS: Final = 300
MAX_COMPONENTS: Final = 5_000  # of a form
MAX_EXPRESSIONS: Final = 100_000  # characters of all expressions of a file; a hundred cost about a millisecond


def refuse_large(files: Mapping[str, bytes]) -> None:
    """Raises DefinitionRejected, naming each file that is too large to be read at all."""
    found = [_too_large(path) for path, body in files.items() if len(body) > MAX_BYTES]
    if found:
        raise DefinitionRejected(found)


def refuse_body(body: bytes | str) -> None:
    if len(body) > MAX_BYTES:
        raise DefinitionRejected([_too_large("")])


def too_many_expressions(size: int) -> list[Problem]:
    """The finding for a file whose expressions have this many characters together, if it is one."""
    return [Problem("too_many_expressions", details={"limit": MAX_EXPRESSIONS})] if size > MAX_EXPRESSIONS else []


def expression_size(root: etree._Element) -> int:
    """At most how many characters of a drawing can be expressions: the same text counts once, as it is read once."""
    attributes = {str(value) for node in root.iter(etree.Element) for value in node.attrib.values() if "=" in value}
    texts = set(_texts_outside(root, frozenset({"documentation", "incoming", "outgoing"})))
    return sum(map(len, attributes | texts))


def text_size(root: etree._Element) -> int:
    """How many characters the expressions of a file of decisions have: each cell is read for itself."""
    return sum(map(len, _texts_outside(root, frozenset({"description", "question", "allowedAnswers"}))))


def _texts_outside(root: etree._Element, spoken: frozenset[str]) -> Iterator[str]:
    """What stands between the tags, but for what is told to people."""
    for node in root.iter(etree.Element):
        if node.text and etree.QName(node).localname not in spoken:
            yield node.text.strip()
        if node.tail:
            yield node.tail.strip()


def _too_large(path: str) -> Problem:
    return Problem("file_too_large", details={"limit": MAX_BYTES // 1_000_000}, source=path)
