"""Temperature: by the horizon, or as the manager sees it for seven days."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.sales.temperature import Horizon, Temperature, temperature_at

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("horizon", "expected"),
    [
        (Horizon.NOW, Temperature.HOT),
        (Horizon.WEEK, Temperature.HOT),
        (Horizon.MONTH, Temperature.WARM),
        (Horizon.QUARTER, Temperature.COOL),
        (Horizon.LATER, Temperature.COLD),
        (None, None),
    ],
)
def test_the_horizon_decides(horizon: Horizon | None, expected: Temperature | None) -> None:
    assert temperature_at(NOW, horizon=horizon, override=None, overridden_at=None) is expected


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), Temperature.HOT),
        (timedelta(days=7, seconds=-1), Temperature.HOT),
        (timedelta(days=7), Temperature.COLD),
        (timedelta(days=30), Temperature.COLD),
    ],
)
def test_the_managers_view_holds_for_seven_days(age: timedelta, expected: Temperature) -> None:
    given = temperature_at(NOW, horizon=Horizon.LATER, override=Temperature.HOT, overridden_at=NOW - age)

    assert given is expected
