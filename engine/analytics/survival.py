"""The Kaplan–Meier estimate: how many cases are still there after so many days; open ones count as far as they came."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import exp, log, sqrt

NORMAL_QUANTILE = 1.959963984540054  # two-sided 95 %


@dataclass(frozen=True)
class Left:
    """After `day` whole days this share was still there, with its 95 % band; `at_risk` were observed that long."""

    day: int
    at_risk: int
    ended: int
    censored: int
    share: float
    low: float
    high: float


def estimate(days: Iterable[tuple[int, int, int]]) -> list[Left]:
    """From (day, ended on it, open and that old), in any order; a point for each day of an end, and for the last day.

    With n at risk and d ended on a day, the share falls by the factor 1 − d/n; those that are open are at risk
    until their age. Greenwood's variance sums d / (n (n − d)); the band is symmetric for log(−log share), so that
    it stays between 0 and 1.
    """
    known = sorted(days)
    at_risk = sum(ended + censored for _, ended, censored in known)
    share, variance = 1.0, 0.0
    found = [Left(0, at_risk, 0, 0, 1.0, 1.0, 1.0)]
    for day, ended, censored in known:
        if ended:
            share *= 1 - ended / at_risk
            if at_risk > ended:
                variance += ended / (at_risk * (at_risk - ended))
            low, high = _band(share, variance)
            found.append(Left(day + 1, at_risk, ended, censored, share, low, high))
        at_risk -= ended + censored
    if known and known[-1][0] > found[-1].day:  # so far it was observed that nothing more ended
        day, ended, censored = known[-1]
        found.append(replace(found[-1], day=day, at_risk=ended + censored, ended=0, censored=censored))
    return found


def median_days(curve: Iterable[Left]) -> int | None:
    """The first day after which at most half are still there; None when it did not come to that."""
    return next((point.day for point in curve if point.share <= 0.5), None)


def share_at(curve: Iterable[Left], day: int) -> float:
    """The share that is still there after so many days."""
    return next((point.share for point in reversed(list(curve)) if point.day <= day), 1.0)


def _band(share: float, variance: float) -> tuple[float, float]:
    if share <= 0.0:
        return 0.0, 0.0
    if share >= 1.0:
        return 1.0, 1.0
    reach = NORMAL_QUANTILE * sqrt(variance) / -log(share)
    return exp(log(share) * exp(reach)), exp(log(share) * exp(-reach))
