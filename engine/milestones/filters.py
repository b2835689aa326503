"""What part of the episodes a funnel looks at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from engine.milestones.fold import WON
from engine.milestones.models import Episode, EpisodeDimension, EpisodeMilestone

AnySelect = Select[*tuple[Any, ...]]
Visibility = Callable[[AnySelect], AnySelect]


class Counting(StrEnum):
    """Which date decides whether something is in the period."""

    COHORT = "cohort"  # the episode's opening: the same cases in all bars
    EVENT_DATE = "event_date"  # the milestone's own first entry: different cases in each bar


class State(StrEnum):
    """How an episode stands; every outcome but `won` counts as lost."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


def state_of(outcome: str | None) -> State:
    """The state that an episode's stored outcome means."""
    if outcome is None:
        return State.OPEN
    return State.WON if outcome == WON else State.LOST


def in_state(state: State) -> ColumnElement[bool]:
    """The same as a condition on `Episode`."""
    if state is State.OPEN:
        return Episode.outcome.is_(None)
    return Episode.outcome == WON if state is State.WON else Episode.outcome != WON


@dataclass(frozen=True)
class FunnelFilter:
    """The period, half-open, and what else narrows the episodes. None or an empty mapping: no restriction.

    Scopes and owners are the episode's own in a cohort, and those at the moment of entry by event
    date. A None among the owners or scopes stands for "nobody's", a None among a dimension's values
    for "not stated". `visible` adds to a statement on `Episode` what the reader may see; it looks at
    who owns the episode now, in both countings.
    """

    since: datetime | None = None
    until: datetime | None = None
    scopes: frozenset[int | None] | None = None
    owners: frozenset[int | None] | None = None
    dimensions: Mapping[str, frozenset[str | None]] = field(default_factory=dict)
    state: State | None = None
    outcomes: frozenset[str] | None = None
    counting: Counting = Counting.COHORT
    visible: Visibility | None = None

    def previous_period(self) -> "FunnelFilter | None":
        """The same filter on the period of equal length just before; None when the period is not bounded."""
        if self.since is None or self.until is None:
            return None
        return replace(self, since=self.since - (self.until - self.since), until=self.since)

    def places(self, scope_id: int | None, owner_id: int | None) -> bool:
        """Whether the restrictions on scopes and owners let a row of this place through."""
        in_scope = self.scopes is None or scope_id in self.scopes
        return in_scope and (self.owners is None or owner_id in self.owners)

    def dimension_conditions(self) -> list[ColumnElement[bool]]:
        """The restrictions on dimensions, on `Episode`."""
        return [_has_dimension(name, values) for name, values in self.dimensions.items()]

    def limit(self, statement: AnySelect, process_key: str, *others: str) -> AnySelect:
        """Narrow a statement on `Episode`; by event date it must also be on `EpisodeMilestone`.

        `others` are further processes whose cases are looked at beside those of the first.
        """
        place: type[Episode] | type[EpisodeMilestone]
        moment: InstrumentedAttribute[datetime]
        if self.counting is Counting.COHORT:
            place, moment = Episode, Episode.opened_at
        else:
            place, moment = EpisodeMilestone, EpisodeMilestone.first_at
        of_process = Episode.process_key.in_([process_key, *others]) if others else Episode.process_key == process_key
        statement = statement.where(of_process)
        if self.since is not None:
            statement = statement.where(moment >= self.since)
        if self.until is not None:
            statement = statement.where(moment < self.until)
        if self.scopes is not None:
            statement = statement.where(_is_one_of(place.scope_id, self.scopes))
        if self.owners is not None:
            statement = statement.where(_is_one_of(place.owner_id, self.owners))
        statement = statement.where(*self.dimension_conditions())
        if self.state is not None:
            statement = statement.where(in_state(self.state))
        if self.outcomes is not None:
            statement = statement.where(Episode.outcome.in_(self.outcomes))
        return self.visible(statement) if self.visible else statement


def _is_one_of(column: InstrumentedAttribute[int | None], values: frozenset[int | None]) -> ColumnElement[bool]:
    named = column.in_([value for value in values if value is not None])
    return or_(column.is_(None), named) if None in values else named


def _has_dimension(name: str, values: frozenset[str | None]) -> ColumnElement[bool]:
    rows = select(EpisodeDimension.episode_id).where(EpisodeDimension.name == name)
    named = [value for value in values if value is not None]
    stated = Episode.id.in_(rows.where(EpisodeDimension.value.in_(named)))
    return or_(stated, and_(Episode.id.not_in(rows))) if None in values else stated
