"""What a simulated person knows when he acts, and what he answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from webapp.demo.behaviour.fate import Fate

ZONE = ZoneInfo("Europe/Moscow")
Values = Mapping[str, object]


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
    manager: int  # the salesperson who has the customer
    models: Sequence[str]
    competitors: Sequence[str]
    next_open: Callable[[datetime], datetime]  # the first moment from then on when the house is open
    serial: int
    walk_in: bool = False
    pictures: Sequence[str] = ()  # photos that have been handed in for the case, by their hashes

    @property
    def decided(self) -> bool:
        """Has he made up his mind to hear the offer again, or for the first time?"""
        return self.fate.reserves or (self.fate.wants_offer and self.fate.offers == 0 and self.fate.visited)

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
        """A half hour on a coming day when the house is open, as a browser sends it."""
        day = (self.now + timedelta(days=self.random.uniform(least_days, most_days))).astimezone(ZONE).date()
        at = time(self.random.randrange(*hours), self.random.choice((0, 30)))
        chosen = datetime.combine(day, at, ZONE)
        while chosen <= self.now + timedelta(hours=3):
            chosen += timedelta(days=1)
        return self.typed(self.next_open(chosen))
