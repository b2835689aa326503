"""Words of the page of steps."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import pgettext

from engine.analytics.drilldown import Figure
from engine.analytics.fold import End
from engine.analytics.survival import Left
from webapp.cases.labels import outcome_text
from webapp.core.feature import Text
from webapp.core.formats import format_brief
from webapp.core.i18n import current_language
from webapp.funnel.step_queries import LONGEST_CURVE, StepsPage, left_after

FIGURES: Mapping[Figure, Text] = {
    Figure.ENTERED: _l("Came to the step"),
    Figure.AGAIN: _l("Came again"),
    Figure.NOW: _l("At the step now"),
    Figure.LATE_NOW: _l("At the step now, overdue"),
    Figure.ENDED: _l("Ended"),
    Figure.OVERDUE: _l("Ended too late"),
    Figure.DROPPED: _l("Lost at the step"),
    Figure.SKIPPED: _l("Skipped"),
    Figure.BY_HAND: _l("Moved elsewhere"),
    Figure.MIGRATED: _l("Went over to another version"),
    Figure.DEVIATIONS: _l("With deviations"),
    Figure.VARIANT: _l("Went this way"),
}
ENDINGS: Mapping[End, Text] = {
    End.COMPLETED: _l("done"),
    End.SKIPPED: _l("skipped"),
    End.LEFT: _l("left by a button"),
    End.CANCELLED: _l("not needed any more"),
    End.MOVED: _l("moved by hand"),
    End.MIGRATED: _l("gone with its version"),
}
ORDERS: Mapping[str, Text] = {
    "waiting90": _l("longest waiting first"),
    "working90": _l("longest work first"),
    "dropped": _l("most lost first"),
    "overdue": _l("most overdue first"),
    "now": _l("most open now first"),
    "entered": _l("most entered first"),
}
AGES: tuple[Text, ...] = (
    _l("up to 1 d"),
    _l("1–3 d"),
    _l("3–7 d"),
    _l("7–14 d"),
    _l("14–30 d"),
    _l("over 30 d"),
)


def ending(ended: End | str | None) -> str:
    """How a visit ended, or a case."""
    if ended is None:
        return str(pgettext("steps", "open"))
    return str(ENDINGS[ended]) if isinstance(ended, End) else outcome_text(ended)


def brief(seconds: int | None) -> str:
    """One unit, as narrow as the column: 5.8 d, 3.2 h, 18 min."""
    return format_brief(seconds, current_language())


def curve_picture(page: StepsPage) -> dict[str, object]:
    """The curve day by day, for the island that draws it."""
    last = min(page.curve[-1].day if page.curve else 0, LONGEST_CURVE)
    days = range(last + 1)
    points: list[Left] = [left_after(page.curve, day) for day in days]
    return {
        "title": page.curves[page.asked.curve] if page.asked.curve in page.curves else next(iter(page.curves.values())),
        "share": True,
        "names": [str(day) for day in days],
        "values": [round(100 * point.share, 1) for point in points],
        "low": [round(100 * point.low, 1) for point in points],
        "high": [round(100 * point.high, 1) for point in points],
        "language": current_language(),
    }
