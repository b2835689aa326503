"""Shares with their bands, and the weak link: worked examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.milestones.comparison import Share, find_weak_link
from engine.milestones.plan import MilestonePlan

PLAN = MilestonePlan.parse(
    "sales", "contact, visit?, worksheet, presentation, offer, reservation, contract, paid, delivered"
)
REACHED = (712, 712, 198, 171, 118, 34, 32, 31, 29)
NONE: list[float | None] = [None] * 9


@pytest.mark.parametrize(
    ("part", "whole", "band"),
    [(29, 35, (67, 92)), (30, 38, (64, 89)), (25, 34, (57, 85)), (20, 29, (51, 83)), (14, 35, (26, 56))],
)
def test_the_wilson_band_in_per_cent(part: int, whole: int, band: tuple[int, int]) -> None:
    share = Share(part, whole)

    assert (round(share.low * 100), round(share.high * 100)) == band


def test_nothing_is_known_of_nobody() -> None:
    assert (Share(0, 0).value, Share(0, 0).low, Share(0, 0).high) == (None, 0.0, 1.0)


@given(st.integers(1, 10_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_band_holds_the_share_and_stays_between_nothing_and_all(counted: tuple[int, int]) -> None:
    share = Share(*counted)

    assert share.value is not None
    assert 0.0 <= share.low <= share.value + 1e-12
    assert share.value - 1e-12 <= share.high <= 1.0


def test_the_weak_link_is_the_step_that_costs_most_at_the_end() -> None:
    """The sentence of the funnel page: 69.0 % against 80 %, about 4.6 sales lost."""
    references = [*NONE]
    references[3] = 0.8

    link = find_weak_link(PLAN, REACHED, references)

    assert link is not None
    assert (link.milestone, link.following, link.share) == ("presentation", "offer", Share(118, 171))
    assert (round(link.missing, 1), round(link.lost, 1)) == (18.8, 4.6)


def test_a_late_step_outweighs_an_early_one_that_misses_more_cases() -> None:
    references = [*NONE]
    references[1], references[7] = 0.30, 0.9999

    link = find_weak_link(PLAN, (712, 712, 198, 171, 118, 34, 32, 31, 20), references)

    assert link is not None
    assert (link.milestone, round(link.missing, 1)) == ("paid", 11.0)


def test_few_cases_are_not_judged() -> None:
    references = [1.0] * 9

    assert find_weak_link(PLAN, (19, 19, 3, 2, 1, 1, 1, 1, 1), references) is None


def test_what_nobody_has_come_to_yet_is_not_counted_as_lost() -> None:
    """A young cohort: later steps count with their reference, or not at all where they have none."""
    reached = (100, 100, 40, 0, 0, 0, 0, 0, 0)
    references = [None, 0.5, None, 0.5, None, None, None, None, None]

    link = find_weak_link(PLAN, (100, 100, 40, 40, 0, 0, 0, 0, 0), references)
    without_reference = find_weak_link(PLAN, reached, [None, 0.5, *NONE[2:]])

    assert link is not None
    assert (link.milestone, link.missing) == ("presentation", 20.0)
    assert without_reference is not None
    assert (without_reference.milestone, round(without_reference.missing, 6)) == ("contact", 10.0)
    assert without_reference.lost == 0.0  # nobody of those who came so far took the next step


def test_nothing_falls_short_of_its_norm() -> None:
    assert find_weak_link(PLAN, REACHED, [0.1] * 9) is None
    assert find_weak_link(PLAN, REACHED, NONE) is None
