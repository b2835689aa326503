"""What is decided of customers beforehand agrees with the rates of the trade, whoever has the customer."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webapp.demo.rates import assert_near
from webapp.demo.behaviour import Fate, Hand, decide
from webapp.demo.behaviour.complaints import (
    JUDGED_OTHERWISE,
    NOT_PUT_RIGHT,
    SEVERITIES,
    WORST,
    decide_displeasure,
    judge,
)
from webapp.demo.behaviour.service import decide_visit
from webapp.demo.coming import NORTH_SHARE
from webapp.demo.people import SELLERS, hand_of
from webapp.demo.plan import NORTH, SOUTH
from webapp.demo.service_people import SERVICE_STAFF
from webapp.demo.spending import SHARES
from webapp.demo.volumes import MODELS, SALES, SERVICE, SERVICE_SOURCES, SOURCES, Flow, arrivals, mean_factor
from webapp.inquiries.reference import SOURCES as SHIPPED

BEGIN = datetime(2024, 11, 26, 5, tzinfo=UTC)
DRAWN = 30_000


@cache
def drawn(hand: Hand | None = None) -> list[Fate]:
    """Fates of a year's mixture of channels, of all salespeople or of one."""
    random = Random(11)
    channels, shares = list(SALES.yearly), list(SALES.yearly.values())
    hands = [hand] if hand else [hand_of(plan) for plan in SELLERS]
    factor = mean_factor(iter(SOURCES.values())) * mean_factor(iter(MODELS))
    fates = []
    for _ in range(DRAWN // 3 if hand else DRAWN):
        source = random.choices(list(SOURCES.values()), [share for share, _ in SOURCES.values()])[0]
        model = random.choices(MODELS, [share for share, _ in MODELS])[0]
        channel = random.choices(channels, shares)[0]
        fates.append(decide(random, channel, random.choice(hands), source[1] * model[1] / factor))
    return fates


def count(fates: list[Fate], name: str) -> int:
    return sum(getattr(fate, name) for fate in fates)


def test_every_source_of_the_demo_ships() -> None:
    assert SOURCES.keys() | SERVICE_SOURCES.keys() | SHARES.keys() <= SHIPPED.keys()
    assert sum(SERVICE_SOURCES.values()) == sum(SHARES.values()) == 100
    assert sum(share for share, _ in SOURCES.values()) == 100


def test_conversions_are_those_of_the_trade() -> None:
    fates = drawn()

    assert_near(count(fates, "comes") / DRAWN, 5_810 / 16_800)
    assert_near(count(fates, "opens") / count(fates, "comes"), 0.80)
    assert_near(count(fates, "drives") / count(fates, "opens"), 0.38)
    assert_near(count(fates, "wants_offer") / count(fates, "opens"), 0.60)
    assert_near(count(fates, "reserves") / count(fates, "opens"), 0.173)
    assert_near(count(fates, "signs") / count(fates, "reserves"), 0.93)
    assert_near(count(fates, "takes_car") / count(fates, "signs"), 0.94)


def test_the_strong_sell_more_of_the_same_guests_than_the_weak() -> None:
    by_key = {plan.key: drawn(hand_of(plan)) for plan in SELLERS}
    closing = {key: count(fates, "reserves") / count(fates, "wants_offer") for key, fates in by_key.items()}
    keeping = {key: count(fates, "comes") for key, fates in by_key.items()}
    opening = {key: count(fates, "opens") / count(fates, "comes") for key, fates in by_key.items()}

    assert max(closing, key=closing.__getitem__) == "n1"
    assert min(closing, key=closing.__getitem__) == "s4"
    assert max(keeping, key=keeping.__getitem__) == "s4"  # brings guests in, and loses them at the offer
    assert min(opening, key=opening.__getitem__) == "n4"


def test_a_fate_never_skips_what_comes_before() -> None:
    for fate in drawn()[:5_000]:
        steps = (fate.books, fate.comes, fate.opens, fate.wants_offer, fate.reserves, fate.signs, fate.takes_car)
        assert list(steps) == sorted(steps, reverse=True)


@given(st.integers(0, 2**32), st.floats(0.2, 1.0))
def test_inquiries_come_in_order_within_the_time_and_the_opening_hours(seed: int, scale: float) -> None:
    end = BEGIN + timedelta(days=20, hours=7)
    coming = arrivals(Random(seed), BEGIN, end, scale)

    assert coming == sorted(coming, key=lambda each: each.at)
    assert all(BEGIN <= each.at < end for each in coming)
    assert {each.at.astimezone(ZoneInfo("Europe/Moscow")).hour for each in coming} <= set(range(9, 21))


@pytest.mark.parametrize("flow", [SALES, SERVICE])
def test_a_year_has_the_inquiries_of_the_trade(flow: Flow) -> None:
    coming = arrivals(Random(3), BEGIN, BEGIN + timedelta(days=365), 1.0, flow)
    found = Counter(each.channel for each in coming)

    assert found.keys() == flow.yearly.keys()
    for channel, yearly in flow.yearly.items():
        assert_near(found[channel], yearly)


def test_service_visits_are_those_of_the_trade() -> None:
    random = Random(5)
    hands, shares = (1.1, 0.88), (0.55, 0.45)  # of the dispatchers
    fates = [decide_visit(random, booking=random.choices(hands, shares)[0]) for _ in range(DRAWN)]
    booked = [fate for fate in fates if fate.books]
    due = [fate for fate in booked if not fate.cancels_early]
    kept = [fate for fate in due if fate.comes or (fate.comes_after_all and not fate.cancels_late)]
    extra = [fate for fate in kept if fate.extra]

    assert_near(len(booked) / DRAWN, 0.66)
    assert_near(len(kept) / len(due), 0.86)
    assert_near(len(extra) / len(kept), 0.55)
    assert_near(sum(fate.approves for fate in extra) / len(extra), 0.42)
    assert_near(sum(float(fate.hours) for fate in kept) / len(kept), 1.9)
    assert_near(sum(fate.kind == "maintenance" for fate in kept) / len(kept), 0.46)


def test_the_dispatchers_are_those_of_the_calls() -> None:
    hands = {plan.centre: plan.booking for plan in SERVICE_STAFF if plan.role == "service_dispatcher"}
    rates = {centre: 0.66 * hand for centre, hand in hands.items()}

    assert sorted(rates.values()) == [pytest.approx(0.58, abs=0.01), pytest.approx(0.73, abs=0.01)]
    assert_near(NORTH_SHARE * rates[NORTH] + (1 - NORTH_SHARE) * rates[SOUTH], 0.66)


def test_december_brings_most_deliveries_and_january_fewest() -> None:
    coming = arrivals(Random(3), BEGIN, BEGIN + timedelta(days=730), 1.0)
    delivered = [(each.at + timedelta(days=25)).month for each in coming]

    by_month = {month: delivered.count(month) for month in range(1, 13)}
    assert min(by_month, key=by_month.__getitem__) == 1
    assert max(by_month, key=by_month.__getitem__) == 12


def test_complaints_are_of_every_weight_and_mostly_as_the_table_finds_them() -> None:
    told = Counter((proposed, judge(proposed, serial)) for proposed in (*SEVERITIES, None) for serial in range(3_000))

    for proposed in SEVERITIES:
        followed = told[proposed, proposed] / 3_000
        assert 1 - JUDGED_OTHERWISE - 0.02 < followed < 1
        assert sum(told[proposed, other] for other in SEVERITIES) == 3_000
    assert all(told[None, severity] for severity in SEVERITIES)
    assert told["minor", "critical"] == told["critical", "minor"] == 0
    assert judge("major", 17) == judge("major", 17)


def test_some_of_the_unhappy_are_very_unhappy() -> None:
    felt = [decide_displeasure(serial) for serial in range(3_000)]

    assert_near(sum(each.lowest == "1" for each in felt) / 3_000, WORST)
    assert_near(sum(not each.put_right for each in felt) / 3_000, NOT_PUT_RIGHT)
