"""What somebody of the service department knows when he acts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from engine.timers.calendars import WorkingCalendar
from webapp.demo.behaviour.service_fate import ServiceFate
from webapp.demo.behaviour.situation import ZONE, Values

DAILY_KM = 45
PLATE_LETTERS = "АВЕКМНОРСТУХ"


@dataclass(frozen=True)
class Owner:
    """A customer of the workshop and his car."""

    number: int  # of his phone
    name: str
    sex: str
    model: str
    vin: str
    plate: str
    bought: date  # or first seen: the odometer stands at `km` then
    km: int

    def odometer(self, day: date) -> int:
        return self.km + max(0, (day - self.bought).days) * DAILY_KM


def make_plate(random: Random) -> str:
    """A plate of region 20, which is given to nobody any more."""
    first, *last = random.choices(PLATE_LETTERS, k=3)
    return f"{first} {random.randrange(1, 1000):03} {''.join(last)} 20"


@dataclass(frozen=True)
class ServiceSituation:
    """`find_slot`: the first free time from a moment on, as forms keep it; `take_photo`: a picture handed in."""

    random: Random
    now: datetime
    fate: ServiceFate
    owner: Owner
    serial: int
    hours: WorkingCalendar
    rate: int  # roubles for a norm hour
    technicians: Sequence[int]
    has_car: bool  # the visit knows which car it is
    starts_at: datetime | None
    promised_at: datetime | None
    balance: Decimal
    judged: str | None  # how serious the table finds his complaint
    find_slot: Callable[[datetime], str | None]
    take_photo: Callable[[], str]

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

    def later(self, **more: float) -> datetime:
        """So much working time from now."""
        return self.hours.add_working_time(self.now, timedelta(**more))

    @property
    def km(self) -> str:
        return str(self.owner.odometer(self.today))

    @property
    def car(self) -> Values:
        """What is said of the car while it is not in our books."""
        if self.has_car:
            return {}
        return {"car_plate": self.owner.plate, "car_vin": self.owner.vin, "car_model": self.owner.model}
