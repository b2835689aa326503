"""A slot: one way to receive a car, and how forms keep it as a text."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from webapp.aftersales.capacity import quarter_of
from webapp.core.errors import RuleViolation
from webapp.core.forms import EARLIEST, LATEST, number


@dataclass(frozen=True)
class Slot:
    """One way to receive a car: when, in which bay, by whom (user id), for how many norm hours.

    `starts_at` is the reception; the bay follows it. `courtesy_car_id` is taken along.
    """

    starts_at: datetime
    bay_id: int
    advisor_id: int
    hours: Decimal
    express: bool = False
    courtesy_car_id: int | None = None

    @property
    def text(self) -> str:
        """As forms keep it: moment in UTC, bay, advisor."""
        return f"{self.starts_at:%Y-%m-%dT%H:%MZ}/{self.bay_id}/{self.advisor_id}"


def read_slot(text: str, *, hours: Decimal, express: bool = False, courtesy_car_id: int | None = None) -> Slot:
    """The inverse of `Slot.text`. RuleViolation: slot_unreadable."""
    try:
        moment, bay, advisor = text.split("/")
        starts_at = datetime.fromisoformat(moment)
        if starts_at.tzinfo is None or not EARLIEST < starts_at.date() < LATEST:
            raise ValueError("no moment of a calendar")
        return Slot(quarter_of(starts_at), number(bay), number(advisor), hours, express, courtesy_car_id)
    except ValueError as error:
        raise RuleViolation("slot_unreadable", f"{text!r} is no slot.") from error
