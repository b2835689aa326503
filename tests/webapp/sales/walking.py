"""Walks through the processes around the worksheet: called from a small host, or begun by the handover."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask
from engine.instances.step import Step
from engine.spiff.tree import Passed
from tests.dealer import MOSCOW, SYSTEM, Dealer
from tests.processes.drawings import ROOT, Drawing
from webapp.customers.models import Interaction
from webapp.inquiries.models import InterestType, Purpose
from webapp.sales.models import Worksheet

VIN = "XTA00000000000017"
HOST = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="http://example.com">
  <bpmn:process id="host" name="Host" isExecutable="true">
    <bpmn:startEvent id="begun"><bpmn:outgoing>to_call</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="to_call" sourceRef="begun" targetRef="{call}"/>
    <bpmn:callActivity id="{call}" name="Call">
      <bpmn:extensionElements><zeebe:calledElement processId="{process}"/></bpmn:extensionElements>
      <bpmn:incoming>to_call</bpmn:incoming><bpmn:outgoing>to_end</bpmn:outgoing>
    </bpmn:callActivity>
    <bpmn:sequenceFlow id="to_end" sourceRef="{call}" targetRef="ended"/>
    <bpmn:endEvent id="ended"><bpmn:incoming>to_end</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>"""

ALONE = "WALKED_IN_ONE_PROCESS"  # set for a module that is walked in a process of its own
PassedNodes = dict[str, set[str]]  # process key -> elements that tokens have passed


def record_passed(monkeypatch: pytest.MonkeyPatch, seen: PassedNodes) -> None:
    """Note every element that a case passes; the engine works as always."""
    original = Step._note

    def note(step: Step, passed: Passed) -> None:
        model, _ = step.case.definition.place(passed.path)
        seen.setdefault(model.key, set()).add(passed.element)
        original(step, passed)

    monkeypatch.setattr(Step, "_note", note)


def unpassed(process: str, seen: PassedNodes) -> set[str]:
    """Elements of a shipped drawing that no walk has passed."""
    (path,) = (ROOT / "processes").rglob(f"{process}.bpmn")
    drawing = Drawing(str(path.relative_to(ROOT)))
    kinds = (
        *("startEvent", "endEvent", "intermediateThrowEvent", "intermediateCatchEvent", "boundaryEvent"),
        *("userTask", "serviceTask", "businessRuleTask", "subProcess", "callActivity"),
        *("exclusiveGateway", "parallelGateway", "eventBasedGateway"),
    )
    return {element.get("id") for element in drawing.elements(*kinds)} - seen.get(process, set())


def assert_all_passed(process: str, seen: PassedNodes, request: pytest.FixtureRequest) -> None:
    """Every element was passed by the walks of this module; prints how many.

    Run in parts, by several processes or by a selection, no part knows what the others have passed: then the module
    is walked once more in a process of its own.
    """
    missing = unpassed(process, seen)
    if missing and ALONE not in os.environ:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", str(request.path)]
        done = subprocess.run(command, env={**os.environ, ALONE: "1"}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        return
    said = f"{process}: {len(seen[process])} elements walked, missing: {sorted(missing) or 'none'}"
    request.config.get_terminal_writer().line(said)
    assert missing == set()


@dataclass
class Walk:
    """One case and its steps; several may be open at once, so each is named."""

    dealer: Dealer
    worksheet_id: int
    _commands: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def open(self) -> list[str]:
        return sorted(task.element for task in self.dealer.open_tasks())

    def task(self, element: str) -> HumanTask:
        (task,) = (task for task in self.dealer.open_tasks() if task.element == element)
        return task

    def complete(self, element: str, **values: Any) -> None:
        self._act(
            lambda engine, session, reading, key: engine.complete(
                session, self.task(element).id, values, actor=SYSTEM, reading=reading, command_key=key
            )
        )

    def take(self, offer: str, element: str, **values: Any) -> None:
        self._act(
            lambda engine, session, reading, key: engine.take_offer(
                session, self.task(element).id, offer, values, actor=SYSTEM, reading=reading, command_key=key
            )
        )

    def _act(self, act: Any) -> None:
        reading = Reading(now=self.dealer.clock.now(), zone=MOSCOW, kinds=self.dealer.engine.kernel.text_kinds)
        with self.dealer.write() as session:
            act(self.dealer.engine, session, reading, f"walk-{next(self._commands)}")

    def wait_until(self, moment: datetime) -> None:
        self.dealer.wait_until(moment)

    def document(self) -> Any:
        return self.dealer.document()

    @contextmanager
    def stored(self) -> Iterator[Session]:
        with self.dealer.read() as session:
            yield session

    def noted(self) -> list[tuple[str, str]]:
        """Subject and result of the rows of the chronicle."""
        with self.dealer.read() as session:
            rows = session.execute(select(Interaction.subject, Interaction.result).order_by(Interaction.id))
            return [(subject, result) for subject, result in rows]


def open_worksheet(dealer: Dealer, **changes: Any) -> int:
    """A worksheet with a customer, without a case of its own."""
    registered = dealer.register(purpose=Purpose.DOCUMENTS, name="Marina Belova")
    assert registered.customer is not None
    with dealer.write() as session:
        worksheet = Worksheet(
            **{
                "customer_id": registered.customer.id,
                "inquiry_id": registered.inquiry.id,
                "centre_id": dealer.centres["North"],
                "manager_id": dealer.people["seller"],
                "opened_at": dealer.clock.now(),
                "source_code": "radio",
                "purpose": Purpose.NEW_CAR,
                "interest_type": InterestType.NEW,
                "model_code": "aurelia_s4",
                "budget_to": Decimal(2500000),
            }
            | changes
        )
        session.add(worksheet)
        session.flush()
        return worksheet.id


def call(dealer: Dealer, process: str, *, as_: str, payload: dict[str, object] | None = None) -> Walk:
    """Begin a called process inside a host case of a worksheet."""
    worksheet_id = open_worksheet(dealer)
    with dealer.write() as session:
        host = HOST.format(call=as_, process=process).encode()
        dealer.engine.deploy(session, {"host.bpmn": host}, actor_id=None, now=dealer.clock.now())
        dealer.engine.start(
            session,
            "host",
            business_key=f"sales.worksheet:{worksheet_id}",
            payload=payload or {},
            actor_id=None,
            now=dealer.clock.now(),
            scope_id=dealer.centres["North"],
            owner_id=dealer.people["seller"],
        )
    return Walk(dealer, worksheet_id)
