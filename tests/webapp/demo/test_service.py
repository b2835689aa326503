"""The service department of the demo dealer: its visits went through their processes in real time."""

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import case_data
from engine.history.models import HistoryEvent
from tests.webapp.demo.dealer import SEED, play_dealer
from tests.webapp.staff.factories import NOW
from webapp.aftersales.models import ServiceResource
from webapp.demo import building
from webapp.demo.behaviour import service_fate
from webapp.demo.behaviour.service import SERVICE_ANSWERS
from webapp.demo.people import address
from webapp.demo.service_people import SERVICE_STAFF
from webapp.staff.models import User

ROOT = Path(__file__).parents[3]
USER_TASK = "{http://www.omg.org/spec/BPMN/20100524/MODEL}userTask"
STANDARDS = ("service_seven_processes", "service_seven_steps", "service_ten_steps", "service_key_processes")


@pytest.mark.usefixtures("in_app")
def test_both_workshops_have_their_bays_and_people(session: Session) -> None:
    building.begin(seed=SEED, months=1, scale=0.01, now=NOW)

    resources = session.scalars(select(ServiceResource)).unique().all()
    kinds = Counter((each.centre_id, each.kind.value) for each in resources)
    north, south = sorted({each.centre_id for each in resources})
    assert [kinds[north, kind] for kind in ("bay", "advisor", "courtesy_car")] == [7, 3, 2]
    assert [kinds[south, kind] for kind in ("bay", "advisor", "courtesy_car")] == [5, 2, 2]
    hired = set(session.scalars(select(User.email)))
    assert {address(plan) for plan in SERVICE_STAFF} <= hired
    assert sum(plan.role == "technician" for plan in SERVICE_STAFF) == 14


def test_every_step_of_a_visit_has_an_answer() -> None:
    steps = {
        step.get("id")
        for path in (ROOT / "processes/aftersales").glob("*.bpmn")
        for step in etree.parse(path).iter(USER_TASK)
    }

    assert steps == SERVICE_ANSWERS.keys()


@pytest.mark.slow
@pytest.mark.usefixtures("in_app")
def test_complaints_are_settled_as_the_table_judges_them(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody who is called is unhappy here: in a small demo complaints are rare."""
    monkeypatch.setattr(service_fate, "CONTENT", 0)
    monkeypatch.setattr(service_fate, "RESPONDS", 1)
    play_dealer(scale=0.01, months=1.5)

    judged: dict[int, str] = {}
    settled: dict[int, str] = {}
    wanted = HistoryEvent.element.in_(("judge_complaint", "settle_complaint"))
    for event in session.scalars(select(HistoryEvent).where(wanted).order_by(HistoryEvent.seq)):
        payload = case_data.load(event.payload)
        if event.kind == "decision_made":
            judged[event.instance_id] = payload["value"]["severity"]
        elif event.kind == "task_completed":
            settled[event.instance_id] = payload["values"]["severity"]
    assert len(set(judged.values())) > 1
    assert len(set(settled.values())) > 1
    followed = sum(severity == judged[case] for case, severity in settled.items())
    assert len(settled) * 0.6 < followed
