"""Rates of the demo beside those of the trade."""

TOLERANCE = 0.07  # specification §9.5


def assert_near(found: float, wanted: float) -> None:
    assert abs(found / wanted - 1) <= TOLERANCE, f"{found:.4g} instead of {wanted:.4g}"
