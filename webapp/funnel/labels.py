"""What the figures of a funnel are called for this reader: milestones, people, centres, values, outcomes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from sqlalchemy.orm import Session

from engine.definitions.store import Definition
from engine.milestones.drilldown import Figure
from engine.milestones.filters import State
from engine.milestones.fold import OUTCOME_REASON
from webapp.cases.labels import dimensions_of as declared_dimensions
from webapp.cases.labels import milestone_text, outcome_text
from webapp.cases.reasons import values_of
from webapp.core.feature import Text
from webapp.core.i18n import current_language
from webapp.core.workflow import dimension
from webapp.funnel.address import BY_OWNER, BY_SCOPE
from webapp.inquiries.spent import SpendBy
from webapp.staff.queries import find_centres, names_of

STATES: Mapping[State, Text] = {
    State.OPEN: _l("Still open"),
    State.WON: lazy_pgettext("funnel", "Won"),
    State.LOST: lazy_pgettext("funnel", "Lost"),
}
FIGURES: Mapping[Figure, Text] = {
    Figure.OPENED: _l("All opened"),
    Figure.BEFORE: _l("Before the first milestone"),
    Figure.TOUCHED: _l("Touched"),
    Figure.REACHED: _l("Reached"),
    Figure.SKIPPED: _l("Skipped"),
    Figure.CONVERTED: _l("Went on to the next"),
    Figure.STOPPED: _l("Stopped here"),
    Figure.OPEN_HERE: _l("Open here"),
    Figure.LOST_HERE: _l("Lost here"),
    Figure.WON_HERE: _l("Won here"),
    Figure.CURRENT: _l("Now at this milestone"),
    Figure.REWORK: _l("Entered again"),
    Figure.TIMED: _l("Came here from the milestone before"),
    Figure.CENSORED: _l("On the way here"),
    Figure.RATIO_BASE: _l("Out of"),
    Figure.RATIO_PART: _l("Entered both"),
}


@dataclass
class Labels:
    """Names, found once for a page. Owners and centres that are not named here are shown by number."""

    definition: Definition
    people: Mapping[int, str] = field(default_factory=dict)
    centres: Mapping[int, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def process(self) -> str:
        return self.definition.model.name.in_language(current_language())

    def milestone(self, name: str | None) -> str:
        return milestone_text(self.definition.model, name, current_language())

    def ratio(self, name: str) -> str:
        return self.definition.model.ratio_name(name).in_language(current_language()) or name

    def figure_of(self, name: str) -> str:
        """What the list of a figure is about: a milestone, or a ratio."""
        return self.ratio(name) if self.definition.plan.ratio(name) else self.milestone(name)

    def person(self, number: int | None) -> str:
        return str(_("Nobody")) if not number else self.people.get(number, f"#{number}")

    def centre(self, number: int | None) -> str:
        return str(_("No centre")) if not number else self.centres.get(number, f"#{number}")

    def dimension(self, name: str) -> str:
        return str(_("Reason")) if name == OUTCOME_REASON else str(dimension(name).title)

    def value(self, name: str, value: str | None) -> str:
        if not value:
            return str(_("No campaign") if name == SpendBy.CAMPAIGN else _("not stated"))
        return self.values.get(name, {}).get(value, value)

    def grouping(self, by: str) -> str:
        return {BY_OWNER: str(_("Person")), BY_SCOPE: str(_("Centre"))}.get(by) or self.dimension(by)

    def group(self, by: str, key: int | str | None) -> str:
        """The name of one group of a comparison."""
        if by == BY_OWNER:
            return self.person(int(key) if key else None)
        if by == BY_SCOPE:
            return self.centre(int(key) if key else None)
        return self.value(by, str(key) if key else None)

    def outcome(self, outcome: str) -> str:
        return outcome_text(outcome)


def find_labels(session: Session, definition: Definition, people: Iterable[int | None]) -> Labels:
    """The names a page of this process needs: two statements, and one for each list of values."""
    return Labels(
        definition,
        people=names_of(session, [number for number in people if number]),
        centres={centre.id: centre.name for centre in find_centres(session, only_active=False)},
        values={name: values_of(session, name, [definition]) for name in dimensions_of(definition)},
    )


def dimensions_of(definition: Definition) -> tuple[str, ...]:
    """Those the drawing declares, and the reason of an outcome."""
    return declared_dimensions(definition.model)
