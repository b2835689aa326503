"""Episodes are kept up to date in the step's own transaction, by continuing the fold where it stopped.

Statements: none when the events do not concern the funnel; entering milestones costs one read and
two writes; opening a case one more, and changed dimensions one or two more. Taking a milestone back reads and
writes the episode's milestones whole.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import Insert, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from engine.history.recording import EventKind
from engine.milestones.fold import RELEVANT, CaseFold, Entered, FoldedEpisode, LoggedEvent
from engine.milestones.models import Episode, EpisodeDimension, EpisodeMilestone
from engine.milestones.plan import MilestonePlan
from engine.persistence import insert_for, table_of

EPISODE = table_of(Episode)
MILESTONE = table_of(EpisodeMilestone)
DIMENSION = table_of(EpisodeDimension)

CHANGEABLE = ("closed_at", "outcome", "highest_rank", "last_milestone", "scope_id", "owner_id")
OPENINGS = frozenset({EventKind.CASE_OPENED, EventKind.CASE_REOPENED})

_LATEST = (
    select(EPISODE).where(EPISODE.c.instance_id == bindparam("instance")).order_by(EPISODE.c.number.desc()).limit(1)
)
_ADD = insert(EPISODE).returning(EPISODE.c.id)
_CHANGE = (
    update(EPISODE)
    .where(EPISODE.c.id == bindparam("episode"))
    .values({name: bindparam(f"new_{name}") for name in CHANGEABLE})
)
_DROP_DIMENSION = delete(DIMENSION).where(
    DIMENSION.c.episode_id == bindparam("episode"), DIMENSION.c.name == bindparam("dimension")
)
_DROP_MILESTONES = delete(MILESTONE).where(MILESTONE.c.episode_id == bindparam("episode"))


class CaseRow(Protocol):
    """What is read of the process instance whose events are applied."""

    @property
    def id(self) -> int: ...
    @property
    def process_key(self) -> str: ...


def apply(session: Session, instance: CaseRow, events: Sequence[LoggedEvent], plan: MilestonePlan) -> None:
    """Continue the instance's episodes with the events of one step, in their order.

    `plan` is that of the latest published version of the process, whatever version the case runs on.
    The events must follow all that were applied before: a log applied in any number of parts gives
    the rows of a single fold.
    """
    relevant = [event for event in events if event.kind in RELEVANT]
    if not relevant:
        return
    row = session.connection().execute(_LATEST, {"instance": instance.id}).mappings().one_or_none()
    latest = None if row is None else _stored_episode(row)
    if row is not None and latest and any(event.kind in OPENINGS for event in relevant):
        latest.dimensions = dict(_stored_dimensions(session, row["id"]))
    stored_dimensions = dict(latest.dimensions) if latest else {}
    takes_back = any(event.kind == EventKind.MILESTONE_TAKEN_BACK for event in relevant)
    if row is not None and latest and takes_back:
        latest.milestones = _stored_milestones(session, row["id"])
    fold = CaseFold(plan, latest=latest)
    for event in relevant:
        fold.feed(event)
    for episode in fold.episodes:
        if row is not None and episode is latest:
            episode_id, known = row["id"], stored_dimensions
            _change_episode(session, row, episode)
            if takes_back:
                session.connection().execute(_DROP_MILESTONES, {"episode": row["id"]})
        else:
            episode_id, known = _add_episode(session, instance, episode), {}
        _count_entries(session, episode_id, episode)
        _set_dimensions(session, episode_id, episode, known)


def episode_values(episode: FoldedEpisode, process_key: str) -> dict[str, object]:
    """The episode as columns of its table, without `id`."""
    return {
        "instance_id": episode.instance_id,
        "process_key": process_key,
        "number": episode.number,
        "opened_at": episode.opened_at,
        "opened_seq": episode.opened_seq,
        "closed_at": episode.closed_at,
        "outcome": episode.outcome,
        "highest_rank": episode.highest_rank,
        "last_milestone": episode.last_milestone,
        "scope_id": episode.scope_id,
        "owner_id": episode.owner_id,
    }


def milestone_values(episode: FoldedEpisode, episode_id: int) -> list[dict[str, object]]:
    """The episode's milestones as rows of their table."""
    return [
        {
            "episode_id": episode_id,
            "milestone": milestone,
            "first_at": entered.first_at,
            "first_seq": entered.first_seq,
            "count": entered.count,
            "scope_id": entered.scope_id,
            "owner_id": entered.owner_id,
        }
        for milestone, entered in episode.milestones.items()
    ]


def dimension_values(episode: FoldedEpisode, episode_id: int) -> list[dict[str, object]]:
    """The episode's dimensions as rows of their table."""
    return [
        {"episode_id": episode_id, "name": name, "value": value}
        for name, value in episode.dimensions.items()
        if value is not None
    ]


def _stored_episode(row: Mapping[Any, Any]) -> FoldedEpisode:
    """The stored episode without its milestones: entries to come are added to those that are stored."""
    return FoldedEpisode(
        row["instance_id"],
        row["number"],
        row["opened_at"],
        row["opened_seq"],
        **{name: row[name] for name in CHANGEABLE},
    )


def _stored_milestones(session: Session, episode_id: int) -> dict[str, Entered]:
    columns = MILESTONE.c.first_at, MILESTONE.c.first_seq, MILESTONE.c.scope_id, MILESTONE.c.owner_id, MILESTONE.c.count
    statement = select(MILESTONE.c.milestone, *columns).where(MILESTONE.c.episode_id == episode_id)
    return {milestone: Entered(*entered) for milestone, *entered in session.execute(statement)}


def _stored_dimensions(session: Session, episode_id: int) -> Sequence[tuple[str, str]]:
    statement = select(DIMENSION.c.name, DIMENSION.c.value).where(DIMENSION.c.episode_id == episode_id)
    return [(name, value) for name, value in session.execute(statement)]


def _change_episode(session: Session, row: Mapping[Any, Any], episode: FoldedEpisode) -> None:
    changes = {f"new_{name}": getattr(episode, name) for name in CHANGEABLE}
    if any(row[name] != changes[f"new_{name}"] for name in CHANGEABLE):
        session.connection().execute(_CHANGE, {"episode": row["id"], **changes})


def _add_episode(session: Session, instance: CaseRow, episode: FoldedEpisode) -> int:
    return int(session.connection().execute(_ADD, episode_values(episode, instance.process_key)).scalar_one())


def _count_entries(session: Session, episode_id: int, episode: FoldedEpisode) -> None:
    if rows := milestone_values(episode, episode_id):
        connection = session.connection()
        connection.execute(_upsert(connection.dialect.name, MILESTONE, add="count"), rows)


def _set_dimensions(session: Session, episode_id: int, episode: FoldedEpisode, known: Mapping[str, str | None]) -> None:
    changed = {name: value for name, value in episode.dimensions.items() if value is None or known.get(name) != value}
    connection = session.connection()
    if removed := [{"episode": episode_id, "dimension": name} for name, value in changed.items() if value is None]:
        connection.execute(_DROP_DIMENSION, removed)
    if rows := [row for row in dimension_values(episode, episode_id) if row["name"] in changed]:
        connection.execute(_upsert(connection.dialect.name, DIMENSION, replace="value"), rows)


@lru_cache
def _upsert(dialect: str, table: Table, *, add: str = "", replace: str = "") -> Insert:
    """Insert, or change the one column of the row that stands there: add to it or replace it."""
    statement = insert_for(dialect, table)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key],
        set_={add: table.c[add] + new[add]} if add else {replace: new[replace]},
    )
