"""When a car needs its next service, by the calendar and by its mileage; who is written to, and when."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.webapp.aftersales.shop import START, Shop, at
from tests.webapp.vehicles.factories import make_car
from webapp.aftersales.models import ServiceVisit, VisitStatus
from webapp.aftersales.next_service import (
    INTERVAL_KM,
    USUAL_KM_PER_DAY,
    NextService,
    Reading,
    km_per_day,
    months_after,
    predict,
    reaches,
)
from webapp.aftersales.recommending import agree_next_service
from webapp.aftersales.reminders import next_service_of, open_due_visits

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
READINGS = st.lists(st.builds(Reading, DAYS, st.integers(0, 500_000)), max_size=6)
FIRST = Reading(date(2026, 1, 1), 40_000)


def later(days: int, km: int) -> Reading:
    return Reading(FIRST.on + timedelta(days=days), FIRST.km + km)


@given(DAYS, st.none() | st.integers(0, 600_000), READINGS)
@example(date(2015, 2, 1), 1, [Reading(date(2015, 1, 1), 1), Reading(date(2015, 1, 1), 0)])
def test_a_service_is_never_later_than_agreed_and_never_before_the_last_reading_said_so(
    on: date, km: int | None, readings: list[Reading]
) -> None:
    found = predict(NextService(on, km), readings)

    assert found.on <= on
    assert found.km == km
    if found.on < on:
        assert km is not None
        assert found.on >= max(each.on for each in readings)
        assert found == predict(NextService(found.on, km), reversed(readings))


@given(st.integers(7, 1000), st.integers(1, 200_000), st.integers(0, 300_000))
def test_at_the_predicted_day_the_mileage_is_reached_and_on_the_day_before_it_is_not(
    days: int, driven: int, target: int
) -> None:
    readings = [FIRST, later(days, driven)]
    pace, day = km_per_day(readings), reaches(readings, target)
    left = target - readings[-1].km
    if day is None:
        assert left / pace > 3650
        return
    ahead = (day - readings[-1].on).days
    assert ahead * pace >= left
    assert ahead == 0 or (ahead - 1) * pace < left


@given(DAYS, st.integers(1, 60))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    found = months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)


def test_the_pace_is_that_of_the_last_two_readings_a_week_apart_and_usual_without_them() -> None:
    assert km_per_day([]) == km_per_day([FIRST]) == USUAL_KM_PER_DAY
    assert km_per_day([FIRST, later(3, 900)]) == USUAL_KM_PER_DAY
    assert km_per_day([FIRST, later(100, 2_000), later(200, 12_000)]) == 100
    assert km_per_day([FIRST, later(100, 2_000), later(102, 2_040)]) == Decimal(2_040) / 102
    assert km_per_day([FIRST, later(30, -5)]) == USUAL_KM_PER_DAY


def test_who_drives_much_is_written_to_before_the_agreed_day_and_only_once(shop: Shop) -> None:
    visit = shop.visit()
    car = make_car(shop.session, visit.customer)
    car.km, car.km_at = 20_000, START - timedelta(days=100)
    visit.car_id, visit.arrived_at, visit.km, visit.status = car.id, START, 40_000, VisitStatus.DONE
    shop.session.flush()
    assert next_service_of(shop.session, car.id) is None
    agree_next_service(shop.session, visit, on=date(2027, 3, 2), km=None)
    shop.session.flush()
    expected = next_service_of(shop.session, car.id)

    assert expected == NextService(date(2026, 5, 16), 40_000 + INTERVAL_KM)  # 200 km a day: 75 days
    before = select(ServiceVisit.id)
    assert open_due_visits(shop.session, now=at(9, day=2) + timedelta(days=44)) == 0
    assert len(shop.session.scalars(before).all()) == 1
