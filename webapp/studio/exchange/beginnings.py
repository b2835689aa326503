"""Where a new process begins: blank, or as a copy of one that ships or is live."""

from lxml import etree

from engine.definitions.xml import BPMN, NAMESPACES, read_xml
from webapp.core.errors import RuleViolation
from webapp.studio.naming import KEY

BLANK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="drawing" targetNamespace="marshrut"
  modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.5.0">
  <bpmn:process id="{key}" isExecutable="true">
    <bpmn:extensionElements><zeebe:properties><zeebe:property name="name.ru" value=""/></zeebe:properties>
    </bpmn:extensionElements>
    <bpmn:startEvent id="begun"><bpmn:outgoing>to_end</bpmn:outgoing></bpmn:startEvent>
    <bpmn:endEvent id="done"><bpmn:incoming>to_end</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="to_end" sourceRef="begun" targetRef="done"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="picture"><bpmndi:BPMNPlane id="plane" bpmnElement="{key}">
    <bpmndi:BPMNShape id="begun_di" bpmnElement="begun">
      <dc:Bounds x="160" y="160" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="done_di" bpmnElement="done">
      <dc:Bounds x="320" y="160" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="to_end_di" bpmnElement="to_end">
      <di:waypoint x="196" y="178"/><di:waypoint x="320" y="178"/></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def blank(key: str, name: str) -> str:
    """A process of a beginning and an end. Raises RuleViolation: key_unfit."""
    return renamed(BLANK.format(key=_fit(key)), key, key, name)


def renamed(text: str, old: str, key: str, name: str) -> str:
    """The same drawing as a process of its own: another id and name, in both languages."""
    _fit(key)
    root = read_xml(text.encode())
    for process in root.iterfind(f"{BPMN}process"):
        if process.get("id") == old:
            process.set("id", key)
            process.set("name", name)
            for item in process.iterfind("bpmn:extensionElements/zeebe:properties/zeebe:property", NAMESPACES):
                if (item.get("name") or "").startswith("name."):
                    item.set("value", name)
    for node in root.iter():
        for attribute in ("bpmnElement", "processRef"):
            if node.get(attribute) == old:
                node.set(attribute, key)
    return etree.tostring(root, encoding="unicode")


def _fit(key: str) -> str:
    if not KEY.fullmatch(key):
        raise RuleViolation("key_unfit", key=key)
    return key
