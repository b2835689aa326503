"""Histograms of durations that are merged by one addition.

A bin is 5 % wider than the one before, so a quantile is wrong by at most 2.5 % (and 30 seconds below one minute).
A histogram is an integer with 32 bits for each bin: sums and differences of many are sums of integers.
"""

from math import ceil, log
from struct import unpack

LANE = 32  # bits of a bin's count
GROWTH = 1.05
FIRST = 60  # seconds in bin 0
BINS = 320  # the last one begins after some eleven years
_LOG = log(GROWTH)


def bin_of(seconds: int) -> int:
    """The bin of a duration."""
    if seconds < FIRST:
        return 0
    return min(int(log(seconds / FIRST) / _LOG) + 1, BINS - 1)


def seconds_of(place: int) -> int:
    """The duration that stands for all of a bin: its geometric middle."""
    return round(FIRST * GROWTH ** (place - 0.5)) if place else FIRST // 2


def one(place: int | None, times: int = 1) -> int:
    """The histogram of so many durations of one bin; of none, if there is no bin."""
    return 0 if place is None else times << (LANE * place)


def dump(histogram: int) -> bytes:
    """For a column; an empty histogram is empty."""
    return histogram.to_bytes((histogram.bit_length() + LANE - 1) // LANE * (LANE // 8), "little")


def load(stored: bytes) -> int:
    return int.from_bytes(stored, "little")


def counts(histogram: int) -> tuple[int, ...]:
    """How many durations each bin has, up to the last that has any."""
    stored = dump(histogram)
    return unpack(f"<{len(stored) * 8 // LANE}I", stored)


def total(histogram: int) -> int:
    """How many durations there are."""
    return sum(counts(histogram))


def quantile(histogram: int, share: float) -> int | None:
    """Seconds that at least this share of the durations does not exceed; None when there are none."""
    found = counts(histogram)
    wanted = ceil(share * sum(found))
    for place, number in enumerate(found):
        wanted -= number
        if number and wanted <= 0:
            return seconds_of(place)
    return None
