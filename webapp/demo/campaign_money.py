"""What the demo's campaigns cost, and what is expected of them.

The budget follows from what the campaign will bring in the mean, so that the return on it lies between those of the
theme; in the single case the customers decide.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from random import Random

from webapp.campaigns import services
from webapp.demo.campaign_themes import CARS, Theme
from webapp.demo.simulation import Play

PER_MAIL = Decimal("1.50")  # roubles
REACHED = 0.82  # of the segment, after the consent check
CAR_PRICE, CAR_MARGIN = 3_750_000, Decimal("6.5")  # roubles, per cent
ORDER, ORDER_MARGIN, KEPT = 15_000, Decimal(42), 0.6  # of an order; of those who answer so many come
LARGE = (340_000, 460_000)  # roubles, of what the director decides about
HOPE = (0.9, 1.5)  # what the marketer expects beside what will come
OFF = (0.93, 1.12)  # what an item comes to beside its plan
ROUND = 100


def plan(
    random: Random, theme: Theme, audience: int, response: float, buys: float, *, large: bool
) -> Mapping[str, object]:
    """The answers of the step at which the budget is planned."""
    share, worth = (buys, CAR_PRICE * CAR_MARGIN) if theme.brings == CARS else (KEPT, ORDER * ORDER_MARGIN)
    margin = worth / 100  # of one sale
    answers = max(1, round(audience * REACHED * response))
    sales = max(1, round(answers * share))
    whole = random.randrange(*LARGE) if large else float(sales * margin) / (1 + random.uniform(*theme.roi) / 100)
    response_percent = round(min(answers / max(audience, 1) * random.uniform(*HOPE), 0.5) * 100, 1)
    sale_percent = round(min(sales / answers * random.uniform(*HOPE), 1) * 100)
    if large:  # it is also seen by people to whom nobody writes
        sale_percent = 30
        response_percent = round(min(whole * 1.3 / float(margin) / 0.3 / max(audience, 1) * 100, 100), 1)
    lines = [
        {"item": item, "contractor": contractor, "planned": str(_rounded(whole * percent / 100))}
        for item, contractor, percent in theme.costs
    ]
    return {
        "lines": lines, "response_percent": str(response_percent), "sale_percent": str(sale_percent),
        "expected_margin": str(_rounded(float(margin))),
        "margin_percent": str(CAR_MARGIN if theme.brings == CARS else ORDER_MARGIN),
    }  # fmt: skip


def pay(play: Play, campaign_id: int, now: datetime) -> None:
    """The invoices are in: what each item came to."""
    campaign = services.get_campaign(play.session, campaign_id)
    actual = {
        line.id: (
            Decimal(_rounded(float(line.planned) * play.random.uniform(*OFF))),
            f"СЧ-{play.number % 1000:03}/{place}",
        )
        for place, line in enumerate(campaign.costs, 1)
    }
    services.set_actual_costs(
        play.session, campaign, actual, actor_id=play.world.crew.members["marketer"].user_id, now=now
    )


def _rounded(amount: float) -> int:
    return max(ROUND, round(amount / ROUND) * ROUND)
