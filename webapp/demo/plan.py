"""One person of the demo dealer who is to be hired."""

from dataclasses import dataclass

NORTH, SOUTH = "Север", "Юг"


@dataclass(frozen=True)
class Plan:
    """One person to be; how good salespeople and dispatchers are is specification §9.3 and §9.4."""

    key: str
    name: str
    role: str
    centre: str | None
    position: str
    head: str | None = None
    skill: float = 1.0  # multiplies the chance that an offer becomes a reservation
    keeping: float = 1.0  # that a guest who has booked comes
    opening: float = 1.0  # that a guest gets a worksheet
    closing: float = 1.0  # besides the skill
    booking: float = 1.0  # that a call about service becomes an appointment
    months: int | None = None  # stays so long after the beginning
