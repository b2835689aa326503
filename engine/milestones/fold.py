"""The fold: a log of cases becomes episodes and their milestones. The one definition of the funnel's past.

Pure and single-pass. The step, the rebuild and the verification all feed the same class. Cases do not
influence each other, so a log may be folded case by case.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from engine.history.recording import EventKind
from engine.milestones.plan import MilestonePlan

WON = "won"
ENDED = "ended"  # the outcome of a case that was closed without one; it counts as lost
OUTCOME_REASON = "outcome_reason"  # the dimension that explains an outcome; a reopened case drops it
VALUE_LENGTH = 120  # episode_dimension.value
NO_PAYLOAD: Mapping[str, object] = MappingProxyType({})

RELEVANT = frozenset(
    {
        EventKind.CASE_OPENED,
        EventKind.CASE_REOPENED,
        EventKind.MILESTONE_ENTERED,
        EventKind.CASE_CLOSED,
        EventKind.CASE_MOVED,
        EventKind.MILESTONE_TAKEN_BACK,
    }
)


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event of the log as the fold reads it. Only the order of `seq` counts, never the clock.

    Payload by kind: CASE_OPENED, CASE_REOPENED and CASE_MOVED carry `owner`, `scope` and
    `dimensions` {name: value}, each only if it is set or changed (a value of None removes the
    dimension); CASE_CLOSED carries `outcome` and, if one is known, `reason`. MILESTONE_TAKEN_BACK names a milestone.
    """

    seq: int
    instance_id: int
    kind: str
    at: datetime
    milestone: str | None = None
    payload: Mapping[str, object] = field(default_factory=lambda: NO_PAYLOAD)


class Anomaly(StrEnum):
    """What a log should not contain. It is counted, never repaired."""

    ENTERED_OUTSIDE = "milestone entered outside an open episode"
    CLOSED_OUTSIDE = "case closed outside an open episode"
    OPENED_TWICE = "case opened while it was open"
    TAKEN_BACK_IN_VAIN = "milestone taken back that was not entered in an open episode"
    UNDECLARED = "milestone that the plan does not declare"


@dataclass(slots=True)
class Entered:
    """The entries of one episode into one milestone."""

    first_at: datetime
    first_seq: int
    scope_id: int | None  # at the first entry
    owner_id: int | None
    count: int = 1


@dataclass(slots=True)
class FoldedEpisode:
    """One run of a case from opening to outcome, as far as the log goes."""

    instance_id: int
    number: int  # from 1
    opened_at: datetime
    opened_seq: int
    scope_id: int | None = None
    owner_id: int | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    highest_rank: int = 0
    last_milestone: str | None = None
    dimensions: dict[str, str | None] = field(default_factory=dict)  # None: removed by a later event
    milestones: dict[str, Entered] = field(default_factory=dict)


class CaseFold:
    """Folds the events of one case in their order. `episodes` grows; the last one may still change.

    An episode opens with the case's owner, scope and dimensions as the one before ended with them,
    overlaid by the opening event's payload. A move changes the open episode only: whoever lost or
    won a case keeps that. Entries and closings outside an open episode are ignored and counted.
    """

    __slots__ = ("anomalies", "episodes", "plan")

    def __init__(self, plan: MilestonePlan, *, latest: FoldedEpisode | None = None) -> None:
        """`latest`: the episode to continue with, as it was stored."""
        self.plan = plan
        self.episodes: list[FoldedEpisode] = [] if latest is None else [latest]
        self.anomalies: Counter[Anomaly] = Counter()

    def feed(self, event: LoggedEvent) -> None:
        """Take the next event of the case; kinds that do not concern the funnel change nothing."""
        if event.kind in (EventKind.CASE_OPENED, EventKind.CASE_REOPENED):
            self._open(event)
            return
        episode = self.episodes[-1] if self.episodes and self.episodes[-1].closed_at is None else None
        if event.kind == EventKind.MILESTONE_ENTERED:
            if episode:
                self._enter(episode, event)
            else:
                self.anomalies[Anomaly.ENTERED_OUTSIDE] += 1
        elif event.kind == EventKind.CASE_CLOSED:
            if episode:
                _close(episode, event)
            else:
                self.anomalies[Anomaly.CLOSED_OUTSIDE] += 1
        elif event.kind == EventKind.MILESTONE_TAKEN_BACK:
            if not episode or not self._take_back(episode, event):
                self.anomalies[Anomaly.TAKEN_BACK_IN_VAIN] += 1
        elif event.kind == EventKind.CASE_MOVED and episode:
            _place(episode, event.payload)

    def _open(self, event: LoggedEvent) -> None:
        before = self.episodes[-1] if self.episodes else None
        episode = FoldedEpisode(event.instance_id, 1, event.at, event.seq)
        if before:
            if before.closed_at is None:
                self.anomalies[Anomaly.OPENED_TWICE] += 1
            episode.number = before.number + 1
            episode.scope_id, episode.owner_id = before.scope_id, before.owner_id
            episode.dimensions = {
                name: value for name, value in before.dimensions.items() if value is not None and name != OUTCOME_REASON
            }
        _place(episode, event.payload)
        self.episodes.append(episode)

    def _enter(self, episode: FoldedEpisode, event: LoggedEvent) -> None:
        milestone = self.plan.resolve(event.milestone or "")
        if milestone not in self.plan.milestones:
            self.anomalies[Anomaly.UNDECLARED] += 1
        entered = episode.milestones.get(milestone)
        if entered:
            entered.count += 1
        else:
            episode.milestones[milestone] = Entered(event.at, event.seq, episode.scope_id, episode.owner_id)
        episode.last_milestone = milestone
        episode.highest_rank = max(episode.highest_rank, self.plan.rank(milestone))

    def _take_back(self, episode: FoldedEpisode, event: LoggedEvent) -> bool:
        """Forget all entries into a milestone; the last one is then that of the others whose first entry came last."""
        milestone = self.plan.resolve(event.milestone or "")
        if episode.milestones.pop(milestone, None) is None:
            return False
        left = episode.milestones
        episode.highest_rank = max((self.plan.rank(name) for name in left), default=0)
        if episode.last_milestone == milestone:
            episode.last_milestone = max(left, key=lambda name: left[name].first_seq, default=None)
        return True


def fold_log(events: Iterable[LoggedEvent], plan: MilestonePlan) -> tuple[list[FoldedEpisode], Counter[Anomaly]]:
    """All episodes of a log in the order of `seq`, ordered by case and number, and its anomalies."""
    cases: dict[int, CaseFold] = {}
    for event in events:
        if event.instance_id not in cases:
            cases[event.instance_id] = CaseFold(plan)
        cases[event.instance_id].feed(event)
    anomalies: Counter[Anomaly] = Counter()
    for case in cases.values():
        anomalies += case.anomalies
    return [episode for instance_id in sorted(cases) for episode in cases[instance_id].episodes], anomalies


def _close(episode: FoldedEpisode, event: LoggedEvent) -> None:
    episode.closed_at = event.at
    episode.outcome = str(event.payload.get("outcome") or ENDED)
    reason = event.payload.get("reason")
    if reason is not None:
        episode.dimensions[OUTCOME_REASON] = str(reason)[:VALUE_LENGTH]


def _place(episode: FoldedEpisode, payload: Mapping[str, object]) -> None:
    """Set owner, scope and dimensions where the payload names them."""
    if "owner" in payload:
        episode.owner_id = _identity(payload["owner"])
    if "scope" in payload:
        episode.scope_id = _identity(payload["scope"])
    dimensions = payload.get("dimensions")
    if isinstance(dimensions, Mapping):
        for name, value in dimensions.items():
            episode.dimensions[str(name)] = None if value is None else str(value)[:VALUE_LENGTH]


def _identity(value: object) -> int | None:
    return None if value is None else int(str(value))
