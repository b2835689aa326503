"""ISO 8601 durations as reminders, timers and due times write them."""

from datetime import timedelta

import pytest

from engine.feel import FeelSyntaxError, YearsMonths, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT30M", timedelta(minutes=30)),
        ("-PT10M", timedelta(minutes=-10)),
        ("PT0S", timedelta()),
        ("P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("P2W", timedelta(weeks=2)),
        ("PT0.0000019S", timedelta(microseconds=1)),
        ("P1Y6M", YearsMonths(18)),
        ("-P1M", YearsMonths(-1)),
        ("P0Y", YearsMonths(0)),
    ],
)
def test_it_is_read(text: str, expected: timedelta | YearsMonths) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "30M",
        "P30",
        "P1H",
        "PT1D",
        "P1.5D",
        "PT1.5H",
        "P-1D",
        "+P1D",
        "P1D ",
        "p1d",
        "P1M1Y",
        "P1DT",
        "P٣D",
        "P99999999999D",
    ],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError) as refusal:
        parse_duration(text)

    assert refusal.value.code == "feel_not_a_duration"


def test_months_and_days_do_not_mix() -> None:
    with pytest.raises(FeelSyntaxError) as refusal:
        parse_duration("P1M3D")

    assert refusal.value.code == "feel_mixed_duration"
    assert "P1M3D" in refusal.value.sentence("ru")


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(hours=36), "P1DT12H"),
        (timedelta(minutes=-90), "-PT1H30M"),
        (timedelta(milliseconds=1500), "PT1.5S"),
        (timedelta(), "PT0S"),
        (YearsMonths(14), "P1Y2M"),
        (YearsMonths(-12), "-P1Y"),
        (YearsMonths(0), "P0M"),
    ],
)
def test_it_is_printed_in_the_shortest_form(duration: timedelta | YearsMonths, text: str) -> None:
    assert format_duration(duration) == text
