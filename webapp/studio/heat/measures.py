"""What a drawing can be coloured by, and the scale of the colours."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext

from engine.analytics.drilldown import Figure
from engine.analytics.figures import StepFigures
from webapp.core.feature import Text
from webapp.core.formats import DASH, NBSP, format_brief, format_number

SHADES = 5
Value = Callable[[StepFigures], float | None]


class Kind(StrEnum):
    """What a figure is."""

    COUNT = "count"
    TIME = "time"  # in seconds
    SHARE = "share"  # from 0 to 1


@dataclass(frozen=True)
class Measure:
    """One figure of a step. `figure`: the list it opens. `part`: what it is called beside others of its family.

    `base`: how many a share or a time is of. `meaning`: what the figure says, where its name does not.
    `adds`: a called process has the sum of its steps; else what its highest step has. `neutral`: much is not bad.
    """

    name: str
    family: str
    label: Text
    kind: Kind
    figure: Figure
    value: Value
    part: Text = ""
    adds: bool = False
    neutral: bool = False
    base: Callable[[StepFigures], int] | None = None
    meaning: Text = ""

    def shown(self, value: float | None, language: str) -> str:
        """The figure as narrow as a badge."""
        if value is None:
            return DASH
        if self.kind is Kind.TIME:
            return format_brief(value, language)
        if self.kind is Kind.SHARE:
            return f"{format_number(100 * value, language, 0)}{NBSP}%"
        return format_number(int(value), language)

    def counted(self, value: float, base: int) -> str:
        """What the figure is counted from: 2 of 3, or the number of entries that a time is of."""
        if self.kind is Kind.SHARE:
            return str(_("%(part)s of %(whole)s", part=round(value * base), whole=base))
        return str(ngettext("%(num)s entry", "%(num)s entries", base))

    @property
    def is_time(self) -> bool:
        return self.kind is Kind.TIME

    @property
    def has_period(self) -> bool:
        """What is now is of no period."""
        return self.figure is not Figure.NOW


FAMILIES: Mapping[str, Text] = {
    "now": lazy_pgettext("steps", "Now"),
    "entered": _l("Entered"),
    "waiting": lazy_pgettext("steps", "Waiting"),
    "working": _l("Working"),
    "overdue": lazy_pgettext("steps", "Overdue"),
    "again": _l("Again"),
    "dropped": _l("Lost here"),
    "deviations": _l("Deviations"),
}
_WAITING, _WORKING, _NINETY, _MEDIAN = "waiting", "working", _l("90 %"), _l("median")


def _count(name: str, label: Text, figure: Figure, value: Value, family: str = "", part: Text = "") -> Measure:
    return Measure(name, family or name, label, Kind.COUNT, figure, value, part, adds=True)


def _time(name: str, family: str, label: Text, value: Value, part: Text, meaning: Text) -> Measure:
    """The family is named like the time."""

    def base(of: StepFigures) -> int:
        return of.timed(family)

    return Measure(name, family, label, Kind.TIME, Figure.ENDED, value, part, base=base, meaning=meaning)


_ALL = (
    Measure("now", "now", _l("Cases now"), Kind.COUNT, Figure.NOW, lambda of: of.now.open, adds=True, neutral=True),
    Measure("entered", "entered", _l("Entered"), Kind.COUNT, Figure.ENTERED, lambda of: of.entered, neutral=True),
    _time(
        "waiting90",
        _WAITING,
        _l("Waiting, 90 % within"),
        lambda of: of.waiting(0.9),
        _NINETY,
        _l("Nine of ten waited at most so long until somebody took them."),
    ),
    _time(
        "waiting",
        _WAITING,
        _l("Waiting, median"),
        lambda of: of.waiting(0.5),
        _MEDIAN,
        _l("Half waited at most so long until somebody took them."),
    ),
    _time(
        "working90",
        _WORKING,
        _l("Working, 90 % within"),
        lambda of: of.working(0.9),
        _NINETY,
        _l("Nine of ten were in work at most so long."),
    ),
    _time(
        "working",
        _WORKING,
        _l("Working, median"),
        lambda of: of.working(0.5),
        _MEDIAN,
        _l("Half were in work at most so long."),
    ),
    Measure(
        "overdue",
        "overdue",
        _l("Ended too late"),
        Kind.SHARE,
        Figure.OVERDUE,
        lambda of: of.overdue,
        base=lambda of: of.tally["due"],
        meaning=_l("The share that ended after its time, of those that had one."),
    ),
    _count("again", _l("Entered again"), Figure.AGAIN, lambda of: of.again),
    _count("dropped", _l("Cases lost at the step"), Figure.DROPPED, lambda of: of.tally["dropped"]),
    _count(
        "deviations",
        _l("Deviations from the guided way"),
        Figure.DEVIATIONS,
        lambda of: of.tally["deviations"],
        part=_l("all"),
    ),
    _count("skipped", _l("Skipped"), Figure.SKIPPED, lambda of: of.tally["skipped"], "deviations", _l("skipped")),
    _count("by_hand", _l("Moved elsewhere"), Figure.BY_HAND, lambda of: of.by_hand, "deviations", _l("moved")),
    _count(
        "migrated",
        _l("Went over to another version"),
        Figure.MIGRATED,
        lambda of: of.tally["migrated"],
        "deviations",
        _l("migrated"),
    ),
)
MEASURES: Mapping[str, Measure] = {each.name: each for each in _ALL}


def of_family(family: str) -> list[Measure]:
    """The measures of a family; the first is shown when the family is chosen."""
    return [each for each in _ALL if each.family == family]


@dataclass(frozen=True)
class Shade:
    """One colour of the scale: what is above the shade before and not above `upto`."""

    level: int
    upto: float


def scale(values: Iterable[float | None], kind: Kind) -> Sequence[Shade]:
    """Shades up to the greatest value, closer together where values are small: few steps are very hot.

    Borders are rounded as figures are shown, so a badge never seems to be on the wrong side. Shades that no value
    can have are left out; without a value above zero there is none.
    """
    top = max((value for value in values if value), default=0)
    if top <= 0:
        return ()
    found: dict[float, int] = {}
    for level in range(1, SHADES):
        border = _rounded(top * (level / SHADES) ** (3 if kind is Kind.TIME else 2), kind)
        if 0 < border < top:
            found[border] = level  # of equal borders the hottest shade stays
    return (*(Shade(level, border) for border, level in found.items()), Shade(SHADES, top))


def level_of(value: float | None, shades: Sequence[Shade]) -> int:
    """From 1 to 5; 0 for nothing."""
    if not value:
        return 0
    return next((shade.level for shade in shades if value <= shade.upto), SHADES)


def _rounded(value: float, kind: Kind) -> float:
    if kind is Kind.COUNT:
        return floor(value)
    if kind is Kind.SHARE:
        return round(value, 2)
    step = 60 if value < 3600 else 360 if value < 86400 else 8640  # minutes, tenths of an hour, tenths of a day
    return round(value / step) * step
