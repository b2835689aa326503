"""The published tables that operations of the worksheet ask (processes/sales/*.dmn), answered in our types.

A process owner may change a table at any time, also into one that answers what nobody here understands: then the step
is refused and says so, instead of going on with a guess. RuleViolation: decision_answer_unfit.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NoReturn, TypeVar

from engine.operations import Context
from webapp.core.errors import RuleViolation
from webapp.sales.models import DiscountLevel
from webapp.sales.offering import CENT
from webapp.sales.temperature import Horizon, Temperature

DISCOUNT_LIMITS = {"discount_limits": ("price",)}
DISCOUNT_LEVEL = {"discount_level": ("price", "percent")}
LEAD_TEMPERATURE = {"lead_temperature": ("horizon",)}

Word = TypeVar("Word", bound=StrEnum)


def own_discount(context: Context, price: Decimal) -> Decimal:
    """What the salesperson may give without asking on a car of this price; both in roubles."""
    limits = context.decide("discount_limits", {"price": price})
    percent = limits.get("manager") if isinstance(limits, Mapping) else None
    if not isinstance(percent, Decimal | int) or isinstance(percent, bool) or not 0 <= percent <= 100:
        _unfit("discount_limits", limits)
    return (price * percent / 100).quantize(CENT, ROUND_HALF_UP)


def discount_level(context: Context, price: Decimal, percent: Decimal) -> DiscountLevel:
    """Who may allow so many per cent on a car of this price in roubles."""
    return _word(
        "discount_level", context.decide("discount_level", {"price": price, "percent": percent}), DiscountLevel
    )


def temperature_of(context: Context, horizon: Horizon) -> Temperature:
    """How warm a customer is who means to buy within this time."""
    return _word("lead_temperature", context.decide("lead_temperature", {"horizon": horizon.value}), Temperature)


def _word(decision: str, answer: object, kind: type[Word]) -> Word:
    if answer not in set(kind):
        _unfit(decision, answer)
    return kind(str(answer))


def _unfit(decision: str, answer: object) -> NoReturn:
    raise RuleViolation("decision_answer_unfit", "Nobody understands this answer.", decision=decision, answer=answer)
