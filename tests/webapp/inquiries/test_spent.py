"""What was spent falls on departments and periods so that the parts add up to the whole, to the kopeck."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests.dealer import MOSCOW
from tests.webapp.conftest import on_both_databases
from tests.webapp.inquiries.test_spending import WHOLE_GROUP
from tests.webapp.staff.factories import NOW
from webapp.core.reference import ship_all
from webapp.inquiries.models import AdvertisingSpend, SpendDepartment
from webapp.inquiries.spent import SpendBy, Spent, find_spend

pytestmark = on_both_databases
FIRST = date(2026, 1, 1)
_days = st.integers(0, 90)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["radio", "tv", None]), st.sampled_from(["", "SNOW26", "Board"]),
        st.sampled_from([None, *SpendDepartment]), _days, st.integers(0, 40), st.integers(1, 9_999_999),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, _days, _days)
def test_departments_and_periods_side_by_side_add_up(
    app: Flask,
    session: Session,
    rows: list[tuple[str | None, str, SpendDepartment | None, int, int, int]],
    a: int,
    b: int,
) -> None:
    with app.app_context():
        ship_all(session)
    session.execute(delete(AdvertisingSpend))
    for source, campaign, department, begins, lasts, kopecks in rows:
        session.add(
            AdvertisingSpend(
                source_code=source, campaign=campaign, department=department, recorded_at=NOW,
                from_day=FIRST + timedelta(days=begins), to_day=FIRST + timedelta(days=begins + lasts),
                amount=Decimal(kopecks) / 100,
            )
        )  # fmt: skip
    session.flush()

    def spent(by: SpendBy, department: SpendDepartment | None, since: date | None, until: date | None) -> Spent:
        return find_spend(session, WHOLE_GROUP, by=by, since=since, until=until, zone=MOSCOW, department=department)

    cut = FIRST + timedelta(days=min(a, b))
    for by in SpendBy:
        everything = spent(by, None, None, None).parts
        before, after = (spent(by, None, None, cut).parts, spent(by, None, cut + timedelta(days=1), None).parts)
        assert _whole(before, after) == _whole(everything)
        parts = [spent(by, department, None, None) for department in SpendDepartment]
        assert _whole(*(each.parts for each in parts)) == _whole(everything)
        for each in parts:
            assert _whole(each.parts, each.elsewhere) == _whole(everything)
    assert sum(everything.values()) == sum(Decimal(row[-1]) / 100 for row in rows)


def _whole(*parts: object) -> Counter[str | None]:
    total: Counter[str | None] = Counter()
    for each in parts:
        for name, amount in each.items():  # type: ignore[attr-defined]
            total[name] += amount
    return Counter({name: amount for name, amount in total.items() if amount})
