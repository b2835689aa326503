"""The worksheet in its next version: a step added after the welcome, one removed, and one under another id."""

import re

from lxml import etree

from tests.dealer import ROOT

FILE = "processes/sales/sales_worksheet.bpmn"
B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ADDED, REMOVED, OLD, RENAMED = "thank_guest", "accept_appraisal", "presentation", "show_car"
PAIRS = {OLD: RENAMED, REMOVED: "tradein_appraisal"}


def next_version() -> bytes:
    """The shipped drawing with a step added after the welcome, one removed, and one under another id."""
    text = re.sub(rf'((?:id|Ref|bpmnElement)=")({OLD})"', rf'\1{RENAMED}"', (ROOT / FILE).read_text())
    text = re.sub(rf"(?<![\w.]){OLD}\.", f"{RENAMED}.", text)
    tree = etree.fromstring(text.encode())
    flows = list(tree.iter(f"{B}sequenceFlow"))
    gone = next(task for task in tree.iter(f"{B}userTask") if task.get("id") == REMOVED)
    (after,) = [flow for flow in flows if flow.get("sourceRef") == REMOVED]
    for flow in flows:
        if flow.get("targetRef") == REMOVED:
            flow.set("targetRef", after.get("targetRef") or "")
    for part in (gone, after):
        part.getparent().remove(part)
    welcome = next(task for task in tree.iter(f"{B}userTask") if task.get("id") == "welcome")
    (leaving,) = [flow for flow in flows if flow.get("sourceRef") == "welcome"]
    added = etree.fromstring(etree.tostring(welcome))
    added.set("id", ADDED)
    for child in list(added):
        if child.tag in (f"{B}incoming", f"{B}outgoing"):
            added.remove(child)
    for each in list(added.iter("{http://camunda.org/schema/zeebe/1.0}property")):
        if each.get("name") in ("onComplete", "due", "reminders", "escalate"):
            each.getparent().remove(each)
    welcome.addnext(added)
    more = etree.SubElement(welcome.getparent(), f"{B}sequenceFlow", id="thanked", sourceRef=ADDED)
    more.set("targetRef", leaving.get("targetRef") or "")
    leaving.set("targetRef", ADDED)
    for reference in list(tree.iter(f"{B}incoming", f"{B}outgoing")):
        reference.getparent().remove(reference)
    return etree.tostring(tree)
