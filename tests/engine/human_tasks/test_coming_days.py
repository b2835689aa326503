"""A field that takes no day that has passed: the day of whoever types, and what an earlier answer may keep."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.problems import DefinitionRejected
from engine.human_tasks.form_values import FormInvalid, Reading, read_values
from engine.human_tasks.forms import read_form
from tests.engine.world import form

MOSCOW, VLADIVOSTOK, HONOLULU = ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Vladivostok"), ZoneInfo("Pacific/Honolulu")
ZONES = ("Europe/Moscow", "Asia/Vladivostok", "Europe/Kaliningrad", "Pacific/Honolulu", "America/St_Johns", "UTC")


def day_field(subtype: str = "date", **more: Any) -> dict[str, Any]:
    return {
        "type": "datetime",
        "key": "x",
        "dateLabel": "X",
        "subtype": subtype,
        "disallowPassedDates": True,
        **more,
    }


def read(raw: object, now: datetime, zone: ZoneInfo, subtype: str = "date", **more: Any) -> dict[str, object]:
    reading = Reading(now=now, zone=zone, first_day=more.pop("first_day", None))
    return read_values(read_form(form("f", day_field(subtype))), {"x": raw}, {}, reading, **more)


def is_refused(*arguments: Any, **more: Any) -> bool:
    try:
        read(*arguments, **more)
    except FormInvalid as refusal:
        return refusal.errors == {"x": "day_passed"}
    return False


@pytest.mark.parametrize(
    ("now", "zone", "typed", "refused"),
    [
        # 20:59 UTC is a minute before midnight in Moscow, 21:00 is the next day there
        (datetime(2026, 3, 2, 20, 59, tzinfo=UTC), MOSCOW, "2026-03-02", False),
        (datetime(2026, 3, 2, 21, 0, tzinfo=UTC), MOSCOW, "2026-03-02", True),
        (datetime(2026, 3, 2, 21, 0, tzinfo=UTC), MOSCOW, "2026-03-03", False),
        (datetime(2026, 3, 2, 20, 59, tzinfo=UTC), VLADIVOSTOK, "2026-03-02", True),  # it is the third there
        (datetime(2026, 3, 2, 9, 59, tzinfo=UTC), HONOLULU, "2026-03-01", False),  # and still the first here
        (datetime(2026, 3, 2, 10, 0, tzinfo=UTC), HONOLULU, "2026-03-01", True),
    ],
)
def test_midnight_is_where_the_person_is(now: datetime, zone: ZoneInfo, typed: str, refused: bool) -> None:
    assert is_refused(typed, now, zone) is refused
    assert is_refused(f"{typed}T00:00", now, zone, "datetime") is refused


def test_a_time_earlier_today_has_not_passed_as_a_day() -> None:
    now = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)

    assert read("2026-03-02T09:00", now, MOSCOW, "datetime") == {"x": datetime(2026, 3, 2, 6, 0, tzinfo=UTC)}


@given(
    hours=st.integers(0, 15 * 366 * 24),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    days=st.integers(-3, 3),
    minute=st.integers(0, 24 * 60 - 1),
)
def test_a_day_is_refused_when_it_is_over_and_only_then(hours: int, zone: ZoneInfo, days: int, minute: int) -> None:
    now = datetime(2020, 1, 1, 0, minute % 60, tzinfo=UTC) + timedelta(hours=hours)
    day = now.astimezone(zone).date() + timedelta(days=days)

    assert is_refused(day.isoformat(), now, zone) is (days < 0)
    typed = f"{day.isoformat()}T{minute // 60:02}:{minute % 60:02}"
    meant = datetime.fromisoformat(typed).replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    if meant.date() == day:  # an hour that the clocks leave out may belong to the day before
        assert is_refused(typed, now, zone, "datetime") is (days < 0)


class TestACorrection:
    now = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)

    def test_keeps_the_day_it_had_and_takes_no_other_that_has_passed(self) -> None:
        before = {"x": date(2026, 3, 5)}

        assert read("2026-03-05", self.now, MOSCOW, before=before) == {"x": date(2026, 3, 5)}
        assert is_refused("2026-03-06", self.now, MOSCOW, before=before)
        assert not is_refused("2026-03-10", self.now, MOSCOW, before=before)

    def test_keeps_a_moment_whichever_zone_it_is_looked_at_from(self) -> None:
        before = {"x": datetime(2026, 3, 5, 9, 0, tzinfo=UTC)}

        assert not is_refused("2026-03-05T12:00", self.now, MOSCOW, "datetime", before=before)
        assert not is_refused("2026-03-05T19:00", self.now, VLADIVOSTOK, "datetime", before=before)
        assert is_refused("2026-03-05T12:30", self.now, MOSCOW, "datetime", before=before)

    def test_keeps_the_days_of_rows_that_change_places(self) -> None:
        rows = read_form(
            form("f", {"type": "dynamiclist", "path": "lines", "label": "Lines", "components": [day_field()]})
        )
        reading = Reading(now=self.now, zone=MOSCOW)
        before = {"lines": [{"x": date(2026, 3, 4)}, {"x": date(2026, 3, 5)}]}

        def take(*days: str) -> dict[str, object]:
            return read_values(rows, {"lines": [{"x": day} for day in days]}, {}, reading, before=before)

        assert take("2026-03-05", "2026-03-04") == {"lines": [{"x": date(2026, 3, 5)}, {"x": date(2026, 3, 4)}]}
        with pytest.raises(FormInvalid) as refusal:
            take("2026-03-12", "2026-03-06")
        assert refusal.value.errors == {"lines.1.x": "day_passed"}


def test_what_was_typed_in_time_is_taken_later() -> None:
    after_midnight = datetime(2026, 3, 3, 0, 5, tzinfo=MOSCOW)

    assert is_refused("2026-03-02", after_midnight, MOSCOW)
    assert not is_refused("2026-03-02", after_midnight, MOSCOW, first_day=date(2026, 3, 2))


def test_a_field_that_is_hidden_or_empty_is_not_asked() -> None:
    hidden = read_form(form("f", day_field(conditional={"hide": "=true"})))
    reading = Reading(now=datetime(2026, 3, 9, tzinfo=UTC))

    assert read_values(hidden, {"x": "2026-03-01"}, {}, reading) == {}
    assert read("", reading.now, MOSCOW) == {}


@pytest.mark.parametrize("component", [day_field("time"), {**day_field(), "type": "textfield"}])
def test_publishing_refuses_it_where_no_day_is_asked(component: dict[str, Any]) -> None:
    with pytest.raises(DefinitionRejected) as refusal:
        read_form(form("f", component))

    assert [(problem.code, problem.element) for problem in refusal.value.problems] == [
        ("passed_dates_without_day", "x")
    ]
