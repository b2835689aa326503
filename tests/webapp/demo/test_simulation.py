"""The demo dealer: what people find there came about as in a real one."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.incidents import Incident
from engine.milestones.models import Episode
from tests.webapp.conftest import MakeApp
from tests.webapp.staff.factories import NOW
from webapp.demo.commands import build_demo
from webapp.demo.simulation import SOURCES, Simulation
from webapp.funnel.cli import verify_funnel
from webapp.inquiries.models import Inquiry
from webapp.inquiries.reference import SOURCES as SHIPPED
from webapp.sales.models import Worksheet


def test_every_source_of_the_demo_ships() -> None:
    assert SOURCES.keys() <= SHIPPED.keys()
    assert sum(share for share, _ in SOURCES.values()) == 100


@pytest.mark.slow
class TestTwoDays:
    @pytest.fixture
    def app(self, make_app: MakeApp) -> Flask:
        return make_app(demo=True)

    @pytest.fixture(autouse=True)
    def simulation(self, app: Flask) -> Iterator[Simulation]:
        with app.app_context():
            yield build_demo(weeks=2 / 7, per_day=8, seed=7, end=NOW)

    def test_are_worked_through_the_engine_without_a_refusal(self, session: Session, simulation: Simulation) -> None:
        outcomes = session.scalars(select(Episode.outcome)).all()

        assert simulation.refused == []
        assert session.scalars(select(Incident)).all() == []
        assert len(outcomes) == simulation.customers > 8
        assert list(verify_funnel(session)) == []

        worksheets = session.scalars(select(Worksheet)).all()
        assert {worksheet.source_code for worksheet in worksheets} <= SOURCES.keys()
        assert all(worksheet.source_code == source_of(session, worksheet) for worksheet in worksheets)


def source_of(session: Session, worksheet: Worksheet) -> str | None:
    """Where the customer said that he heard of us, when he first called."""
    return session.scalar(select(Inquiry.source_code).where(Inquiry.id == worksheet.inquiry_id))
