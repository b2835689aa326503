"""What the demo's events cost, and what is expected of them.

The whole dealer has 60 to 180 guests and pays 180 to 900 thousand roubles (specification §9.4): three to five thousand
for a guest. The demo invites fewer, and what does not depend on their number makes each of them dearer.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from webapp.campaigns.models import Event
from webapp.demo.campaign_money import CAR_MARGIN, CAR_PRICE, OFF
from webapp.demo.event_themes import EventTheme

PER_GUEST = (4_500, 8_000)  # roubles
THINGS = 0.4  # of the budget at most
INTERESTED, SOLD = 0.3, 0.2  # of the guests expected; of those with an interest
USED = (0.7, 1.0)  # of what was taken
UNFORESEEN = ("Такси и доставка", 0.4, (1_200, 3_900))  # what, how often, roubles
ROUND = 100


def plan(random: Random, theme: EventTheme, guests: int) -> Mapping[str, object]:
    """The answers of the step at which the budget is planned; `guests`: heads expected."""
    whole = guests * random.randrange(*PER_GUEST)
    things = [
        {"item": item, "planned": str(max(1, round(guests * each))), "unit_cost": str(price)}
        for item, each, price in theme.things
    ]
    material = sum(int(each["planned"]) * int(each["unit_cost"]) for each in things)
    rest = whole - min(material, whole * THINGS)
    costs = [
        {"item": item, "contractor": contractor, "planned": str(_rounded(rest * percent / 100))}
        for item, contractor, percent in theme.costs
    ]
    contacts = max(1, round(guests * INTERESTED))
    return {
        "costs": costs, "materials": things, "expected_guests": str(guests), "expected_contacts": str(contacts),
        "expected_sales": str(max(1, round(contacts * SOLD))),
        "expected_margin": str(_rounded(float(CAR_PRICE * CAR_MARGIN / 100))), "margin_percent": str(CAR_MARGIN),
        "planned_income": str(_rounded(whole * theme.sponsor)) if theme.sponsor else "0",
    }  # fmt: skip


def settle(random: Random, event: Event) -> Mapping[str, object]:
    """The answers of the step at which it is counted what the event took."""
    costs = [
        {"item": line.item, "actual": str(_rounded(float(line.planned) * random.uniform(*OFF)))} for line in event.costs
    ]
    what, often, between = UNFORESEEN
    if random.random() < often:
        costs.append({"item": what, "actual": str(_rounded(random.uniform(*between)))})
    return {
        "costs": costs,
        "materials": _used(random, event),
        "actual_income": str(Decimal(event.planned_income)),
    }


def _used(random: Random, event: Event) -> Sequence[Mapping[str, Any]]:
    rows = []
    for line in event.materials:
        used = round(line.planned * random.uniform(*USED))
        rows.append({
            "item": line.item, "used": str(used), "returned": str(line.planned - used),
            "unit_cost": str(line.unit_cost),
        })  # fmt: skip
    return rows


def _rounded(amount: float) -> int:
    return max(ROUND, round(amount / ROUND) * ROUND)
