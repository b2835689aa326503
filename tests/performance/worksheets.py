"""Open worksheets of the shipped process at many steps, and a version of it with a step more, one less, one renamed."""

import re
from datetime import timedelta
from typing import Any

from lxml import etree
from sqlalchemy import select

from engine.human_tasks.assignment import Actor
from engine.human_tasks.models import HumanTask, TaskState
from tests.dealer import ROOT, Dealer
from tests.webapp.sales.answers import ARRIVED, CHOICE, NEEDS, OFFER, PRESENTED, VISIT

FILE = "processes/sales/sales_worksheet.bpmn"
B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ADDED, REMOVED, OLD, RENAMED = "thank_guest", "accept_appraisal", "presentation", "show_car"
PAIRS = {OLD: RENAMED, REMOVED: "tradein_appraisal"}
ANSWERS: dict[str, dict[str, Any]] = {
    "confirm_visit": {"outcome": "confirmed"},
    "needs_analysis": NEEDS,
    "choose_car": CHOICE,
    OLD: PRESENTED | {"outcome": "test_drive", "tradein": "yes", "skip_reason": ""},
    "make_offer": OFFER,
}
DEPTHS = 6  # the last one stands at the test drive and at the appraisal at once


def walk_some(dealer: Dealer, number: int) -> None:
    """Open worksheets that stand at different steps; every second step is claimed and half typed in."""
    answers = {**ANSWERS, "welcome": ARRIVED | {"handed_to": str(dealer.people["seller"])}}
    for serial in range(number):
        dealer.register(
            visit_at=VISIT + timedelta(days=serial // 3, hours=serial % 3),
            phone=f"8 900 {serial // 100:03}-{serial // 10 % 10:02}-{serial % 10:02}",
        )
        case = dealer.cases()[-1].id
        for _ in range(serial % DEPTHS):
            task = next(each for each in dealer.open_tasks() if each.instance_id == case)
            with dealer.write() as session:
                dealer.engine.complete(
                    session,
                    task.id,
                    answers[task.element],
                    actor=Actor(dealer.people["seller"], supervises=frozenset({None})),
                    reading=dealer._reading(),
                    command_key=f"walk-{task.id}",
                )
        if serial % 2:
            _type_something(dealer, case)
    dealer.clock.set(dealer.clock.now() + timedelta(minutes=5))


def _type_something(dealer: Dealer, case: int) -> None:
    seller = dealer.people["seller"]
    with dealer.write() as session:
        wanted = select(HumanTask).where(HumanTask.instance_id == case, HumanTask.state == TaskState.OPEN)
        for task in session.scalars(wanted).all():
            if task.assignee_id is None:
                actor = Actor(seller, supervises=frozenset({None}))
                dealer.engine.claim(session, task.id, actor=actor, now=dealer.clock.now())
            dealer.engine.save_draft(
                session, task.id, task.form, {"comment": "half"}, actor_id=seller, now=dealer.clock.now()
            )


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
