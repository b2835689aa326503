"""Working calendars: working minutes, working days, closed days, and clocks that jump."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.database import Database
from engine.errors import BusinessError
from engine.timers.calendars import (
    DEFAULT_CALENDAR,
    Hours,
    WorkingCalendar,
    calendar_for,
    calendar_names,
    save_calendar,
)
from engine.timers.iso import YearsMonths

MOSCOW = ZoneInfo("Europe/Moscow")
ZONES = (
    "Europe/Moscow",
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/Havana",  # jumps at midnight
    "Africa/Cairo",  # jumps at midnight
    "Australia/Lord_Howe",  # jumps by half an hour
    "Pacific/Chatham",
)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def nine_to(closing: int) -> Hours:
    return ((time(9), time(closing)),)


OFFICE = WorkingCalendar(
    "Europe/Moscow",
    dict.fromkeys(range(5), nine_to(18)),
    frozenset({date(2026, 3, 9)}),
    {date(2026, 3, 7): nine_to(15)},
)


def moscow(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=MOSCOW)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Opening hours by day, with a break or without, free weekdays and closed dates."""
    hours: dict[int, Hours] = {}
    for weekday in draw(st.sets(st.integers(0, 6), min_size=1)):
        edges = sorted(draw(st.sets(st.integers(6 * 4, 22 * 4), min_size=4, max_size=4)))
        clock = [time(edge // 4, edge % 4 * 15) for edge in edges]
        hours[weekday] = ((clock[0], clock[1]), (clock[2], clock[3]))[: draw(st.integers(1, 2))]
    closed = draw(st.frozensets(st.dates(date(2024, 1, 1), date(2030, 12, 31)), max_size=3))
    return WorkingCalendar(draw(st.sampled_from(ZONES)), hours, closed)


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001  # Hypothesis adds the zone
within_a_day = st.timedeltas(timedelta(0), timedelta(hours=23, minutes=59))


class TestWorkingMinutes:
    @pytest.mark.parametrize(
        ("start", "amount", "end"),
        [
            (moscow(3, 2, 10), 30 * MINUTE, moscow(3, 2, 10, 30)),
            (moscow(3, 2, 17, 50), 15 * MINUTE, moscow(3, 3, 9, 5)),
            (moscow(3, 2, 17, 50), 10 * MINUTE, moscow(3, 2, 18)),  # the moment of closing stays
            (moscow(3, 2, 3), 30 * MINUTE, moscow(3, 2, 9, 30)),
            (moscow(3, 2, 3), timedelta(0), moscow(3, 2, 9)),
            (moscow(3, 6, 17), 8 * HOUR, moscow(3, 10, 10)),  # special Saturday, Sunday, holiday
            (moscow(3, 10, 10), -2 * HOUR, moscow(3, 7, 14)),
            (moscow(3, 2, 9, 30), -30 * MINUTE, moscow(3, 2, 9)),
        ],
    )
    def test_pass_only_while_open(self, start: datetime, amount: timedelta, end: datetime) -> None:
        assert OFFICE.add(start, amount) == end

    @given(calendars(), moments, within_a_day)
    def test_added_are_the_minutes_counted(self, calendar: WorkingCalendar, start: datetime, amount: timedelta) -> None:
        assert calendar.working_time(start, calendar.add(start, amount)) == amount

    @given(calendars(), moments, within_a_day)
    def test_subtracted_are_the_minutes_counted(
        self, calendar: WorkingCalendar, start: datetime, amount: timedelta
    ) -> None:
        assert calendar.working_time(start, calendar.add(start, -amount)) == -amount

    @given(calendars(), moments, within_a_day, within_a_day)
    def test_add_up(self, calendar: WorkingCalendar, start: datetime, first: timedelta, second: timedelta) -> None:
        at_once = calendar.add_working_time(start, first + second)

        assert calendar.working_time(calendar.add(calendar.add(start, first), second), at_once) == timedelta(0)

    @settings(max_examples=25)
    @given(calendars(), moments, st.integers(1, 4 * 24 * 60))
    def test_are_those_on_which_the_wall_clock_shows_opening_hours(
        self, calendar: WorkingCalendar, start: datetime, minutes: int
    ) -> None:
        start = start.replace(second=0, microsecond=0)
        open_minutes = sum(wall_clock_is_open(calendar, start + n * MINUTE) for n in range(minutes))

        assert calendar.working_time(start, start + minutes * MINUTE) == open_minutes * MINUTE

    @settings(max_examples=25)
    @given(calendars(), moments)
    def test_begin_at_the_next_opening(self, calendar: WorkingCalendar, at: datetime) -> None:
        opening = calendar.next_open(at)

        assert calendar.is_open(opening)
        assert calendar.working_time(at, opening) == timedelta(0)


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("start", "days", "end"),
        [
            (moscow(3, 2, 10), 1, moscow(3, 3, 10)),
            (moscow(3, 6, 10), 1, moscow(3, 7, 10)),
            (moscow(3, 6, 10), 2, moscow(3, 10, 10)),
            (moscow(3, 6, 16), 1, moscow(3, 10, 9)),  # the special Saturday has closed by 16:00
            (moscow(3, 8, 12), 1, moscow(3, 10, 12)),  # counted from a closed day
            (moscow(3, 2, 20), 1, moscow(3, 4, 9)),  # 20:00 is closed
            (moscow(3, 10, 10), -1, moscow(3, 7, 10)),
        ],
    )
    def test_keep_the_clock_time(self, start: datetime, days: int, end: datetime) -> None:
        assert OFFICE.add(start, days * DAY) == end

    def test_are_followed_by_the_working_hours(self) -> None:
        assert OFFICE.add(moscow(3, 2, 17), DAY + 2 * HOUR) == moscow(3, 4, 10)

    @given(calendars(), moments, st.integers(-20, 20))
    def test_end_in_working_time(self, calendar: WorkingCalendar, start: datetime, days: int) -> None:
        end = calendar.add(start, days * DAY)

        assert calendar.is_open(end) or calendar.working_time(end - timedelta(microseconds=1), end) > timedelta(0)

    @given(calendars(), moments, st.integers(1, 20))
    def test_are_counted_by_date(self, calendar: WorkingCalendar, start: datetime, days: int) -> None:
        zone = ZoneInfo(calendar.zone)
        today = start.astimezone(zone).date()
        following = [today + n * DAY for n in range(1, 400)]
        working = [day for day in following if calendar.hours.get(day.weekday()) and day not in calendar.closed]
        end = calendar.add(start, days * DAY).astimezone(zone)

        if end.time() == start.astimezone(zone).time():
            assert end.date() == working[days - 1]
        else:
            assert end.date() in working[days - 1 : days + 1]


class TestMonths:
    def test_keep_the_day(self) -> None:
        assert OFFICE.add(moscow(3, 2, 10), YearsMonths(12)) == datetime(2027, 3, 2, 10, tzinfo=MOSCOW)

    def test_end_on_the_last_day_of_a_shorter_one(self) -> None:
        assert DEFAULT_CALENDAR.add(moscow(1, 31, 10), YearsMonths(1)) == moscow(2, 28, 10)

    def test_move_to_the_next_opening_from_a_closed_day(self) -> None:
        assert OFFICE.add(moscow(2, 9, 12), YearsMonths(1)) == moscow(3, 10, 9)


class TestClockChanges:
    NIGHT = WorkingCalendar("Europe/Berlin", dict.fromkeys(range(7), ((time(1), time(4)),)))
    FORWARD = date(2026, 3, 29)  # 02:00 becomes 03:00
    BACK = date(2026, 10, 25)  # 03:00 becomes 02:00

    def test_shorten_the_night_shift_in_spring(self) -> None:
        assert self.open_hours(self.FORWARD) == 2

    def test_lengthen_the_night_shift_in_autumn(self) -> None:
        assert self.open_hours(self.BACK) == 4

    def test_drop_opening_hours_that_do_not_exist(self) -> None:
        hours = WorkingCalendar("Europe/Berlin", dict.fromkeys(range(7), ((time(2), time(3)),)))
        midnight = datetime.combine(self.FORWARD, time(0), ZoneInfo("Europe/Berlin"))

        assert hours.working_time(midnight, midnight + DAY) == timedelta(0)
        assert hours.add(midnight, HOUR) == midnight.astimezone(UTC) + timedelta(hours=26)

    def open_hours(self, day: date) -> float:
        midnight = datetime.combine(day, time(0), ZoneInfo("Europe/Berlin"))
        return self.NIGHT.working_time(midnight, midnight + DAY) / HOUR


class TestRoundTheClock:
    ALWAYS = WorkingCalendar("Europe/Berlin", dict.fromkeys(range(7), ((time(0), time(0)),)))

    @given(moments, st.timedeltas(timedelta(0), timedelta(hours=23)))
    def test_working_time_is_time(self, start: datetime, amount: timedelta) -> None:
        assert self.ALWAYS.add(start, amount) == start + amount
        assert self.ALWAYS.is_open(start)


class TestRefusals:
    @pytest.mark.parametrize(
        ("zone", "hours", "code"),
        [
            ("Europe/Atlantis", {0: nine_to(18)}, "calendar_zone_unknown"),
            ("../etc/passwd", {0: nine_to(18)}, "calendar_zone_unknown"),
            ("Europe/Moscow", {0: nine_to(8)}, "calendar_hours_disordered"),
            ("Europe/Moscow", {0: nine_to(18) + nine_to(20)}, "calendar_hours_disordered"),
            ("Europe/Moscow", {}, "calendar_never_open"),
            ("Europe/Moscow", {0: ()}, "calendar_never_open"),
        ],
    )
    def test_name_what_is_wrong(self, zone: str, hours: dict[int, Hours], code: str) -> None:
        with pytest.raises(BusinessError) as refusal:
            WorkingCalendar(zone, hours)

        assert refusal.value.code == code

    def test_end_a_search_in_a_calendar_that_is_closed_for_good(self) -> None:
        closed = WorkingCalendar(
            "Europe/Moscow", {0: nine_to(18)}, frozenset(date(2026, 1, 1) + n * DAY for n in range(800))
        )

        with pytest.raises(BusinessError) as refusal:
            closed.next_open(moscow(3, 2, 10))

        assert refusal.value.code == "calendar_never_open"

    @pytest.mark.parametrize("duration", [timedelta(days=4000), timedelta(days=-4000), YearsMonths(121)])
    def test_name_a_duration_beyond_ten_years(self, duration: timedelta | YearsMonths) -> None:
        with pytest.raises(BusinessError) as refusal:
            OFFICE.add(moscow(3, 2, 10), duration)

        assert refusal.value.code == "duration_too_long"

    def test_include_a_naive_moment(self) -> None:
        with pytest.raises(ValueError, match="naive"):
            OFFICE.is_open(datetime(2026, 3, 2, 10))  # noqa: DTZ001  # this is the point


class TestStoredCalendars:
    def test_come_back_as_they_were_saved(self, database: Database) -> None:
        with database.write() as session:
            save_calendar(session, name="office", scope_id=None, calendar=OFFICE)

        with database.read() as session:
            assert calendar_for(session, "office", 7) == OFFICE

    def test_of_the_scope_win_over_those_of_everybody(self, sqlite_database: Database) -> None:
        own = WorkingCalendar("Asia/Vladivostok", {0: nine_to(18)})
        with sqlite_database.write() as session:
            save_calendar(session, name="office", scope_id=7, calendar=own)
            save_calendar(session, name="office", scope_id=None, calendar=OFFICE)

            assert calendar_for(session, "office", 7) == own
            assert calendar_for(session, "office", 8) == OFFICE
            assert calendar_for(session, "office", None) == OFFICE

    def test_are_replaced_not_doubled(self, database: Database) -> None:
        with database.write() as session:
            save_calendar(session, name="office", scope_id=None, calendar=OFFICE)
            assert calendar_for(session, "office", None) == OFFICE
            save_calendar(session, name="office", scope_id=None, calendar=DEFAULT_CALENDAR)

            assert calendar_for(session, "office", None) == DEFAULT_CALENDAR
            assert calendar_names(session) == {"office"}

    def test_that_do_not_exist_are_nine_to_nine_in_moscow(self, sqlite_database: Database) -> None:
        with sqlite_database.read() as session:
            calendar = calendar_for(session, "sales", 1)

        assert calendar.is_open(moscow(3, 8, 20, 59))
        assert not calendar.is_open(moscow(3, 8, 21))


def wall_clock_is_open(calendar: WorkingCalendar, at: datetime) -> bool:
    """Read off the clock on the wall, with no arithmetic: right wherever no opening hour touches a jump."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    if local.date() in calendar.closed:
        return False
    return any(opens <= local.time() < closes for opens, closes in calendar.hours.get(local.weekday(), ()))
