"""What the pages of the workshop show after the opening."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.history.models import HistoryEvent
from engine.timers.calendars import calendar_for
from tests.webapp.conftest import LogIn
from tests.webapp.staff.factories import NOW
from webapp.aftersales.models import Occupancy, OrderState, ServiceVisit, VisitStatus, WorkOrder
from webapp.aftersales.models.visits import AWAITED, HERE
from webapp.demo.spending import SHARES, YEARLY
from webapp.inquiries.models import AdvertisingSpend, Inquiry, Purpose
from webapp.staff.models import User


def assert_the_workshop_is_alive(session: Session, client: FlaskClient, log_in: LogIn) -> None:
    """Cars today and on the days that come, closed orders, and an advisor's pages with his customers."""
    visits = session.scalars(select(ServiceVisit)).unique().all()
    today = [each for each in visits if each.starts_at is not None and each.starts_at.date() == NOW.date()]
    assert len(today) >= 3
    assert any(each.status in HERE for each in visits)
    assert any(each.status in AWAITED and each.starts_at is not None and each.starts_at > NOW for each in visits)
    closed = select(func.count()).where(WorkOrder.state == OrderState.CLOSED, WorkOrder.total > 0)
    assert (session.scalar(closed) or 0) >= 4

    advisor = session.scalars(select(User).where(User.id.in_([each.advisor_id for each in today]))).first()
    assert advisor is not None
    log_in(user=advisor)
    board, booking = client.get("/service/board"), client.get("/service/booking")
    names = {each.customer.last_name for each in today if each.advisor_id == advisor.id}
    assert (board.status_code, booking.status_code) == (200, 200)
    assert any(name in board.get_data(as_text=True) for name in names)


def assert_advertising_has_its_cost(session: Session) -> None:
    """Two years of a hundredth of the dealer; the last weeks are denser."""
    spent = session.scalar(select(func.sum(AdvertisingSpend.amount)))
    assert spent is not None
    assert Decimal(1) < spent / Decimal(YEARLY * 0.01 * 2) < Decimal(2)  # the last weeks are denser
    assert set(session.scalars(select(AdvertisingSpend.source_code))) == SHARES.keys()


def assert_visits_went_their_way(session: Session) -> None:
    """Every call about service became a visit, in its time and with its own bay and advisor."""
    visits = session.scalars(select(ServiceVisit)).unique().all()
    statuses = Counter(visit.status for visit in visits)
    assert statuses[VisitStatus.DONE] > 12
    assert statuses[VisitStatus.NOT_BOOKED] > 3
    asked = select(func.count()).where(Inquiry.purpose == Purpose.SERVICE)
    assert session.scalar(asked) == len(visits)
    assert_times_are_real(session, [visit for visit in visits if visit.arrived_at is not None])
    assert_nothing_overlaps(session, visits)


def assert_times_are_real(session: Session, arrived: Sequence[ServiceVisit]) -> None:
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


def assert_nothing_overlaps(session: Session, visits: Sequence[ServiceVisit]) -> None:
    """Each visit that was not given up has its own quarters of a bay and of an advisor."""
    kept = {each.id: each for each in visits if each.starts_at is not None and not each.status.frees_slot}
    rows = session.execute(select(Occupancy.visit_id, Occupancy.resource_id, Occupancy.quarter)).all()
    assert {row.visit_id for row in rows} == kept.keys()
    assert len({(row.resource_id, row.quarter) for row in rows}) == len(rows)
    for number, visit in kept.items():
        mine = [row for row in rows if row.visit_id == number]
        assert visit.bay_id in {row.resource_id for row in mine}
        assert min(row.quarter for row in mine) == visit.starts_at
