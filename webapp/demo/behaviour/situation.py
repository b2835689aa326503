"""Who acts in the demo and what he knows: the customer's fate, decided at the beginning, and the moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Moscow")
Values = Mapping[str, object]


@dataclass
class Fate:
    """What will become of one customer: decided at the beginning, unknown to the dealer."""

    kind: str  # buys, refuses, vanishes
    skill: float
    rounds: int = 0
    refused: int = 0
    on_credit: bool = False
    gives_own_car: bool = False
    drives: bool = False
    model: str = ""
    price: int = 0  # roubles
    place: str = "showroom"
    vin: str = ""
    offers: int = 0
    deposit: int = 0
    asked: int = 0  # discount, roubles
    paid: bool = False


@dataclass(frozen=True)
class Answer:
    """What the person does at a step: its form's values, or an offered button with its form's values."""

    values: Values
    offer: str | None = None


@dataclass(frozen=True)
class Situation:
    """What a simulated person knows when he acts."""

    random: Random
    now: datetime
    fate: Fate
    colleagues: Sequence[int]  # salespeople of the centre
    models: Sequence[str]
    competitors: Sequence[str]
    serial: int
    pictures: Sequence[str] = ()  # photos that have been handed in for the case, by their hashes

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def typed(self, moment: datetime) -> str:
        """A moment as a browser sends it."""
        return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")

    def day(self, days: int) -> str:
        """So many days from today, as a browser sends it."""
        return (self.today + timedelta(days=days)).isoformat()

    def moment(self, least_days: float, most_days: float, *, hours: tuple[int, int] = (10, 19)) -> str:
        """A half hour on a coming day, as a browser sends it."""
        day = (self.now + timedelta(days=self.random.uniform(least_days, most_days))).astimezone(ZONE).date()
        at = time(self.random.randrange(*hours), self.random.choice((0, 30)))
        chosen = datetime.combine(day, at, ZONE)
        while chosen <= self.now + timedelta(hours=3):
            chosen += timedelta(days=1)
        return chosen.strftime("%Y-%m-%dT%H:%M")


def decide_fate(random: Random, skill: float, source_factor: float) -> Fate:
    """Buys with 7 % times the skill of the manager and the worth of the source; the rest refuses or falls silent."""
    if random.random() < 0.07 * skill * source_factor:
        return Fate("buys", skill)
    return Fate("refuses" if random.random() < 0.62 else "vanishes", skill)
