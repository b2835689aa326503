"""How unhappy the unhappy are, and how whoever answers for it judges a complaint."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

WORST = 0.15  # of the unhappy: the lowest score there is
NOT_PUT_RIGHT = 0.3  # of the unhappy: the fault came back
JUDGED_OTHERWISE = 0.12  # of complaints: the head does not follow the table
SEVERITIES = ("minor", "major", "critical")
USUAL = (70, 25, 5)  # per cent, where no table proposes anything
SATISFIED: Mapping[str, tuple[str, ...]] = {
    "minor": ("4", "4", "5", "3"),
    "major": ("3", "4", "4", "5"),
    "critical": ("2", "3", "4"),
}


@dataclass(frozen=True)
class Displeasure:
    """What an unhappy customer says when we call: his lowest score; None: no worse than he was going to be."""

    lowest: str | None
    put_right: bool


def decide_displeasure(serial: int) -> Displeasure:
    random = _apart("displeasure", serial)
    worst, put_right = random.random() < WORST, random.random() >= NOT_PUT_RIGHT
    return Displeasure("1" if worst else None, put_right)


def judge(proposed: str | None, serial: int) -> str:
    """Mostly what the table proposes; now and then the head knows better, by one step."""
    random = _apart("severity", serial)
    if proposed not in SEVERITIES:
        return random.choices(SEVERITIES, USUAL)[0]
    if random.random() >= JUDGED_OTHERWISE:
        return proposed
    place = SEVERITIES.index(proposed) + random.choice((-1, 1))
    return SEVERITIES[min(max(place, 0), len(SEVERITIES) - 1)]


def made_up(severity: str, serial: int) -> str:
    """How the customer feels afterwards, 1 to 5."""
    return _apart("made up", serial).choice(SATISFIED[severity])


def _apart(what: str, serial: int) -> Random:
    """Drawn apart: nothing else that happens to him depends on it."""
    return Random(f"{what}/{serial}")  # noqa: S311  # repeatable, no secret
