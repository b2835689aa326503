"""The service department of the demo dealer: its visits went through their processes in real time."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.history.models import HistoryEvent
from engine.incidents import Incident
from engine.timers.calendars import calendar_for
from tests.webapp.conftest import MakeApp
from tests.webapp.demo.dealer import SEED, play_dealer
from tests.webapp.staff.factories import NOW
from webapp.aftersales.models import Occupancy, ServiceResource, ServiceVisit, VisitStatus
from webapp.demo import building
from webapp.demo.behaviour.service import SERVICE_ANSWERS
from webapp.demo.people import address
from webapp.demo.service_people import SERVICE_STAFF
from webapp.funnel.cli import verify_funnel
from webapp.inquiries.models import Inquiry, Purpose
from webapp.staff.models import User

ROOT = Path(__file__).parents[3]
USER_TASK = "{http://www.omg.org/spec/BPMN/20100524/MODEL}userTask"
STANDARDS = ("service_seven_processes", "service_seven_steps", "service_ten_steps", "service_key_processes")


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app(demo=True)


@pytest.fixture
def in_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.mark.slow
@pytest.mark.usefixtures("in_app")
def test_two_months_of_visits_go_through_their_processes(session: Session) -> None:
    assert play_dealer(scale=0.02, months=2) == []

    assert session.scalars(select(Incident)).all() == []
    assert list(verify_funnel(session)) == []
    visits = session.scalars(select(ServiceVisit)).unique().all()
    statuses = Counter(visit.status for visit in visits)
    assert statuses[VisitStatus.DONE] > 15
    assert statuses[VisitStatus.NOT_BOOKED] > 3
    assert {visit.standard for visit in visits} <= set(STANDARDS)
    asked = select(func.count()).where(Inquiry.purpose == Purpose.SERVICE)
    assert session.scalar(asked) == len(visits)
    assert_times_are_real(session, [visit for visit in visits if visit.arrived_at is not None])
    assert_nothing_overlaps(session, visits)


def assert_times_are_real(session: Session, arrived: list[ServiceVisit]) -> None:
    """Cars come when they are expected; work on them is done while the workshop is open."""
    hours = calendar_for(session, "service", None)
    for visit in arrived:
        assert visit.arrived_at is not None
        assert hours.is_open(visit.arrived_at)
        if visit.starts_at is not None and not visit.walk_in:
            assert abs(visit.arrived_at - visit.starts_at) < timedelta(minutes=31)
    done = select(HistoryEvent.at).where(HistoryEvent.kind == "task_completed", HistoryEvent.element == "do_work")
    moments = session.scalars(done).all()
    assert moments
    assert all(hours.is_open(at) for at in moments)


def assert_nothing_overlaps(session: Session, visits: list[ServiceVisit]) -> None:
    """Each visit that was not given up has its own quarters of a bay and of an advisor."""
    kept = {each.id: each for each in visits if each.starts_at is not None and not each.status.frees_slot}
    rows = session.execute(select(Occupancy.visit_id, Occupancy.resource_id, Occupancy.quarter)).all()
    assert {row.visit_id for row in rows} == kept.keys()
    assert len({(row.resource_id, row.quarter) for row in rows}) == len(rows)
    for number, visit in kept.items():
        mine = [row for row in rows if row.visit_id == number]
        assert visit.bay_id in {row.resource_id for row in mine}
        assert min(row.quarter for row in mine) == visit.starts_at


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
