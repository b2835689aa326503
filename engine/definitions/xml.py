"""Reading XML from people we do not know: no DTD, no entities, no network, bounded size."""

from lxml import etree

from engine.definitions.limits import refuse_body
from engine.definitions.problems import DefinitionRejected, Problem

NAMESPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
}
BPMN = f"{{{NAMESPACES['bpmn']}}}"
BPMNDI = f"{{{NAMESPACES['bpmndi']}}}"
ZEEBE = f"{{{NAMESPACES['zeebe']}}}"


def read_xml(data: bytes) -> etree._Element:
    """Parse untrusted XML; raises DefinitionRejected with one located problem."""
    refuse_body(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refusal("xml_not_utf8") from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _refusal("xml_doctype")
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever the file says of itself
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise _refusal("xml_malformed", line=error.lineno, reason=error.msg) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refusal("xml_doctype")
    return root


def local_name(node: etree._Element) -> str:
    """The tag without its namespace; comments answer with an empty string."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _refusal(code: str, *, line: int | None = None, **details: object) -> DefinitionRejected:
    return DefinitionRejected([Problem(code, line=line, details=details)])
