"""What the pages of the workshop show after the opening."""

from decimal import Decimal

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.webapp.conftest import LogIn
from tests.webapp.staff.factories import NOW
from webapp.aftersales.models import OrderState, ServiceVisit, WorkOrder
from webapp.aftersales.models.visits import AWAITED, HERE
from webapp.demo.spending import SHARES, YEARLY
from webapp.inquiries.models import AdvertisingSpend
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
