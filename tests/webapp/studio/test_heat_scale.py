"""The scale of a heat map: from the greatest figure down, with borders as figures are shown."""

import pytest

from webapp.studio.heat.measures import FAMILIES, MEASURES, Kind, Shade, level_of, of_family, scale

HOUR, DAY = 3600, 86400


def borders(*values: float | None, kind: Kind = Kind.COUNT) -> list[tuple[int, float]]:
    return [(shade.level, shade.upto) for shade in scale(values, kind)]


def test_shades_are_closer_together_where_figures_are_small() -> None:
    assert borders(0, 100, 3) == [(1, 4), (2, 16), (3, 36), (4, 64), (5, 100)]
    assert borders(1.0, 0.2, kind=Kind.SHARE) == [(1, 0.04), (2, 0.16), (3, 0.36), (4, 0.64), (5, 1.0)]


@pytest.mark.parametrize(
    ("top", "expected"),
    [(1, [(5, 1)]), (2, [(4, 1), (5, 2)]), (3, [(4, 1), (5, 3)]), (4, [(3, 1), (4, 2), (5, 4)])],
)
def test_shades_that_no_count_can_have_are_left_out(top: int, expected: list[tuple[int, float]]) -> None:
    assert borders(top) == expected


def test_borders_of_times_are_rounded_as_they_are_shown() -> None:
    ten_days = borders(10 * DAY, kind=Kind.TIME)
    assert ten_days == [(1, 6840), (2, 55440), (3, 190080), (4, 440640), (5, 10 * DAY)]
    assert [bound % 360 for _, bound in ten_days[:2]] == [0, 0]  # tenths of an hour
    assert [bound % 8640 for _, bound in ten_days[2:]] == [0, 0, 0]  # tenths of a day


def test_nothing_has_no_shade() -> None:
    assert borders() == borders(0, None) == []
    assert level_of(0, scale([5], Kind.COUNT)) == level_of(None, ()) == 0


@pytest.mark.parametrize(("value", "level"), [(1, 1), (4, 1), (5, 2), (64, 4), (65, 5), (100, 5)])
def test_a_figure_has_the_shade_that_it_does_not_exceed(value: int, level: int) -> None:
    assert level_of(value, scale([100], Kind.COUNT)) == level


def test_a_border_belongs_to_the_shade_below_it() -> None:
    assert level_of(HOUR, (Shade(2, HOUR), Shade(5, DAY))) == 2


def test_every_measure_is_of_a_family_that_can_be_chosen() -> None:
    assert {each.family for each in MEASURES.values()} == set(FAMILIES)
    assert all(len(of_family(name)) == 1 or all(each.part for each in of_family(name)) for name in FAMILIES)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("now", 1284, "1\u00a0284"),
        ("waiting90", 5.8 * DAY, "5,8\u00a0д"),
        ("waiting", 30, "<\u00a01\u00a0мин"),
        ("overdue", 0.421, "42\u00a0%"),
        ("overdue", None, "–"),
    ],
)
def test_figures_are_as_narrow_as_a_badge(name: str, value: float | None, shown: str) -> None:
    assert MEASURES[name].shown(value, "ru") == shown
