"""Temperature: by the table, or as the manager sees it for seven days."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.sales.temperature import Temperature, temperature_at

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("judged", [*Temperature, None])
def test_it_is_what_the_table_said(judged: Temperature | None) -> None:
    assert temperature_at(NOW, by_horizon=judged, override=None, overridden_at=None) is judged


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
    given = temperature_at(NOW, by_horizon=Temperature.COLD, override=Temperature.HOT, overridden_at=NOW - age)

    assert given is expected
