"""A file of decisions as read from XML: what is drawn, before anything is compiled. DMN 1.2 to 1.5 alike.

Elements of every namespace that ends in /MODEL/ (or /MODEL) under the DMN addresses of the OMG count; pictures and
extensions of tools are passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, cast

from lxml import etree

from engine.definitions.limits import text_size, too_many_expressions
from engine.definitions.problems import DefinitionRejected, Problem
from engine.definitions.xml import local_name, read_xml

MAX_ELEMENTS: Final = 30_000
MAX_DRAWN: Final = 1_200  # decisions, input data, functions and services; the largest file of the TCK has 1,087
DMN_ADDRESSES: Final = ("http://www.omg.org/spec/DMN/", "https://www.omg.org/spec/DMN/")
TITLES: Final = "{*}extensionElements/{http://camunda.org/schema/zeebe/1.0}properties/*"
LOGIC: Final = frozenset(
    {"literalExpression", "decisionTable", "context", "invocation", "relation", "list", "functionDefinition"}
    | {"conditional", "filter", "for", "some", "every"}
)

Reference = tuple[str, str]
"""Namespace and id."""


@dataclass(frozen=True)
class Drawn:
    """What all drawn elements have. `name` is what expressions call it; `node` is its XML."""

    reference: Reference
    name: str
    type_ref: str
    node: etree._Element = field(repr=False, compare=False)

    @property
    def id(self) -> str:
        return self.reference[1]


@dataclass(frozen=True)
class InputData(Drawn):
    """A value that comes from outside."""


@dataclass(frozen=True)
class Decision(Drawn):
    requires: tuple[Reference, ...]
    logic: etree._Element | None = field(repr=False, compare=False)


@dataclass(frozen=True)
class Knowledge(Drawn):
    """A business knowledge model: a function that decisions call."""

    requires: tuple[Reference, ...]
    function: etree._Element | None = field(repr=False, compare=False)


@dataclass(frozen=True)
class Service(Drawn):
    """A decision service: some decisions as a function of others and of input data."""

    outputs: tuple[Reference, ...]
    input_decisions: tuple[Reference, ...]
    inputs: tuple[Reference, ...]


@dataclass(frozen=True)
class File:
    """One file. `imports`: namespace -> name under which it is known here ("" for the names themselves)."""

    id: str
    namespace: str
    name: str
    imports: dict[str, str]
    elements: dict[Reference, Drawn]
    item_definitions: tuple[etree._Element, ...] = field(repr=False)


def read_file(xml: bytes | str) -> File:
    """Raises DefinitionRejected: no XML, not DMN, an id used twice, too large."""
    root = read_xml(xml.encode() if isinstance(xml, str) else xml)
    if local_name(root) != "definitions" or not _is_dmn(root):
        raise DefinitionRejected([Problem("not_dmn", line=line_of(root))])
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise DefinitionRejected([Problem("dmn_too_many_elements", details={"limit": MAX_ELEMENTS})])
    if problems := too_many_expressions(text_size(root)):
        raise DefinitionRejected(problems)
    namespace = root.get("namespace", "")
    elements: dict[Reference, Drawn] = {}
    for node in children(root):
        drawn = _drawn(node, namespace, len(elements))
        if drawn is None:
            continue
        if drawn.reference in elements:
            raise DefinitionRejected([Problem("duplicate_id", element=drawn.id, line=line_of(node))])
        elements[drawn.reference] = drawn
        if len(elements) > MAX_DRAWN:
            raise DefinitionRejected([Problem("dmn_too_many_drawn", details={"limit": MAX_DRAWN})])
    imports = {
        node.get("namespace", ""): node.get("name", "").strip()
        for node in children(root, "import")
        if _is_dmn_address(node.get("importType", "")) or not node.get("importType")
    }
    return File(
        root.get("id", ""), namespace, root.get("name", ""), imports, elements, tuple(children(root, "itemDefinition"))
    )


def _drawn(node: etree._Element, namespace: str, position: int) -> Drawn | None:
    kind = local_name(node)
    if kind not in ("inputData", "decision", "businessKnowledgeModel", "decisionService"):
        return None
    variable = child(node, "variable")
    name = " ".join((node.get("name") or (variable.get("name") if variable is not None else None) or "").split())
    reference = (namespace, node.get("id") or f"{kind} {name or position}")
    type_ref = type_ref_of(variable) if variable is not None else ""
    if kind == "inputData":
        return InputData(reference, name, type_ref, node)
    if kind == "decision":
        requires = _required(node, namespace)
        return Decision(reference, name, type_ref, node, requires, logic_in(node))
    if kind == "businessKnowledgeModel":
        return Knowledge(reference, name, type_ref, node, _required(node, namespace), child(node, "encapsulatedLogic"))
    return Service(
        reference,
        name,
        type_ref,
        node,
        _hrefs(children(node, "outputDecision"), namespace),
        _hrefs(children(node, "inputDecision"), namespace),
        _hrefs(children(node, "inputData"), namespace),
    )


def _required(node: etree._Element, namespace: str) -> tuple[Reference, ...]:
    """What the element's requirements point at, but for authorities."""
    found: list[etree._Element] = []
    for requirement in children(node):
        if local_name(requirement) in ("informationRequirement", "knowledgeRequirement"):
            found.extend(children(requirement))
    return _hrefs(iter(found), namespace)


def _hrefs(nodes: Iterator[etree._Element], namespace: str) -> tuple[Reference, ...]:
    references = []
    for node in nodes:
        address, _, anchor = node.get("href", "").rpartition("#")
        references.append((address or namespace, anchor))
    return tuple(references)


def type_ref_of(node: etree._Element) -> str:
    """The attribute typeRef, or its older form as an element; without the prefix of the feel namespace."""
    reference = node.get("typeRef") or text_in(node, "typeRef")
    prefix, _, rest = reference.partition(":")
    return rest.strip() if rest and prefix in (node.nsmap or {}) else reference.strip()


def logic_in(node: etree._Element) -> etree._Element | None:
    """The first boxed expression within the element."""
    return next((part for part in children(node) if local_name(part) in LOGIC), None)


def titles_of(node: etree._Element) -> dict[str, str]:
    """What people call it, by language: the properties `title` (English) and `title.<language>`."""
    stem = "title."
    found = ((part.get("name", ""), part.get("value", "").strip()) for part in node.iterfind(TITLES))
    return {
        name.removeprefix(stem) if name.startswith(stem) else "en": text
        for name, text in found
        if text and (name == "title" or name.startswith(stem))
    }


def children(node: etree._Element, name: str = "") -> Iterator[etree._Element]:
    """The DMN elements within, optionally of one kind."""
    return (part for part in node if _is_dmn(part) and (not name or local_name(part) == name))


def child(node: etree._Element, name: str) -> etree._Element | None:
    return next(children(node, name), None)


def text_in(node: etree._Element, name: str) -> str:
    """The text of the element of this kind within; empty when there is none."""
    part = child(node, name)
    return "".join(map(str, part.itertext())).strip() if part is not None else ""


def _is_dmn(node: etree._Element) -> bool:
    return isinstance(node.tag, str) and _is_dmn_address(etree.QName(node).namespace or "")


def _is_dmn_address(address: str) -> bool:
    return address.startswith(DMN_ADDRESSES) and (address.rstrip("/").endswith("MODEL") or address.endswith("/dmn.xsd"))


def line_of(node: etree._Element) -> int | None:
    """Where the element begins; None when it was not read from a text."""
    return cast("int | None", node.sourceline)
