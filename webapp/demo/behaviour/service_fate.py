"""What will become of one service visit: decided when the need arises, unknown to the dealer (specification §9.3)."""

from dataclasses import dataclass
from decimal import Decimal
from math import exp, log
from random import Random

BOOKED = 0.66  # of calls; the dispatcher's hand turns it
ABSENT, CANCELS_LATE = 0.108, 0.05  # of appointments; every fifth of those absent comes after all
COMES_AFTER_ALL = 0.2
CANCELS_EARLY, MOVES = 0.04, 0.07  # of those reached on the day before
EXTRA, APPROVED = 0.55, 0.42  # of orders; of what is proposed
WITHIN_LIMIT = 0.3  # of what is approved was agreed to beforehand
RESPONDS, CONTENT = 0.45, 0.965  # to the last call
MEAN_HOURS, SPREAD = 1.9, 0.6  # norm hours of an order, lognormal
HOURS = (Decimal("0.4"), Decimal("6.5"))
# order kinds, per cent, with the jobs that are asked for
KINDS: dict[str, tuple[int, tuple[str, ...]]] = {
    "maintenance": (46, ("maintenance_15", "maintenance_30", "maintenance_60", "oil")),
    "repair": (24, ("brakes", "suspension", "clutch", "electrics", "battery", "alignment")),
    "warranty": (14, ("warranty",)),
    "diagnostics": (6, ("noise", "engine_check", "chassis_check")),
    "tyres": (6, ("tyres",)),
    "body": (4, ()),
}
# days until the wished appointment, per cent
LAGS = (((0, 0), 14), ((1, 1), 34), ((2, 3), 30), ((4, 7), 17), ((8, 12), 5))
REMINDED = {"booked": 46, "no_answer": 24, "serviced_elsewhere": 13, "later": 9, "refused": 5, "sold_car": 3}


@dataclass
class ServiceFate:
    """One visit. The first fields are decided at the beginning, the others by what happens."""

    walk_in: bool = False
    books: bool = False
    comes: bool = False
    cancels_late: bool = False
    cancels_early: bool = False
    comes_after_all: bool = False
    moves: bool = False
    kind: str = "maintenance"
    job: str | None = None
    hours: Decimal = Decimal("1.9")
    lag: int = 1  # days until the wished appointment
    waits: bool = False
    extra: bool = False
    approves: bool = False
    limit_agreed: bool = False
    responds: bool = False
    content: bool = True
    reminded: str = "booked"

    called_back: bool = False
    missed: bool = False
    moved: bool = False
    extra_asked: bool = False
    parts_missed: bool = False
    checked: bool = False
    unheard: int = 0
    fetched: bool = False

    @property
    def wears(self) -> bool:
        """Whether parts go with the work."""
        return self.kind not in {"diagnostics", "tyres"}


def decide_visit(random: Random, *, walk_in: bool = False, booking: float = 1.0, wants: bool = False) -> ServiceFate:
    """Draw a fate; `booking`: the hand of the dispatcher, with the mean 1; `wants`: he is sure to book."""

    def happens(chance: float) -> bool:
        return random.random() < chance

    fate = ServiceFate(walk_in=walk_in)
    fate.books = walk_in or wants or happens(BOOKED * booking)
    absent = happens(ABSENT / (1 - CANCELS_EARLY))
    fate.cancels_early = happens(CANCELS_EARLY)
    fate.cancels_late = not absent and happens(CANCELS_LATE / (1 - ABSENT) / (1 - CANCELS_EARLY))
    fate.comes = walk_in or not (absent or fate.cancels_late)
    fate.comes_after_all = happens(COMES_AFTER_ALL)
    fate.moves = happens(MOVES)
    fate.kind = random.choices(list(KINDS), [share for share, _ in KINDS.values()])[0]
    fate.job = random.choice(KINDS[fate.kind][1]) if KINDS[fate.kind][1] else None
    hours = random.lognormvariate(log(MEAN_HOURS / exp(SPREAD**2 / 2)), SPREAD)
    fate.hours = min(max(Decimal(f"{hours:.1f}"), HOURS[0]), HOURS[1])
    first, last = random.choices([lag for lag, _ in LAGS], [share for _, share in LAGS])[0]
    fate.lag = random.randint(first, last)
    fate.waits = fate.hours < 2 and happens(0.35)
    fate.extra = happens(EXTRA)
    fate.approves = fate.extra and happens(APPROVED)
    fate.limit_agreed = fate.approves and happens(WITHIN_LIMIT)
    fate.responds, fate.content = happens(RESPONDS), happens(CONTENT)
    fate.reminded = random.choices(list(REMINDED), list(REMINDED.values()))[0]
    return fate
