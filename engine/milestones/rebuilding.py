"""Episodes from the log alone: built anew, compared with what is stored, or ranked by a new plan."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    case,
    delete,
    func,
    literal,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Session

from engine.history.models import HistoryEvent
from engine.instances.models import ProcessInstance
from engine.milestones.bulk import add_rows
from engine.milestones.episodes import (
    DIMENSION,
    EPISODE,
    MILESTONE,
    dimension_values,
    episode_values,
    milestone_values,
)
from engine.milestones.fold import NO_PAYLOAD, RELEVANT, Anomaly, CaseFold, FoldedEpisode, LoggedEvent
from engine.milestones.plan import MilestonePlan
from engine.persistence import table_of

EVENT = table_of(HistoryEvent)
INSTANCE = table_of(ProcessInstance)

CASES_AT_A_TIME = 2000
EVENTS_AT_A_TIME = 5000


@dataclass
class Rebuilt:
    """What a rebuild read and wrote."""

    events: int = 0
    cases: int = 0
    episodes: int = 0
    anomalies: Counter[Anomaly] = field(default_factory=Counter)


@dataclass(frozen=True)
class Difference:
    """A value that is not what the log says. `stored` or `folded` is None when the row is missing there.

    `part` is the row: "episode", "milestone offer" or "dimension source"; `column` is "" for a whole row.
    """

    instance_id: int
    number: int
    part: str
    column: str
    stored: object
    folded: object


@dataclass(frozen=True)
class FoldedCase:
    """One case as the log tells it."""

    instance_id: int
    process_key: str
    events: int
    episodes: list[FoldedEpisode]
    anomalies: Counter[Anomaly]


def rebuild(session: Session, plans: Mapping[str, MilestonePlan], process_key: str | None = None) -> Rebuilt:
    """Replace the episodes of one process, or of all, by the fold of the log, in the caller's transaction.

    Streams: memory does not grow with the log. No step can be taken meanwhile, because the tables
    are locked. A process without a plan has episodes, but no ranks.
    """
    _lock(session)
    next_id = (session.scalar(select(func.max(EPISODE.c.id))) or 0) + 1
    _clear(session, process_key)
    done = Rebuilt()
    for batch in _batches(_fold_stored_log(session, plans, process_key)):
        episodes: list[dict[str, object]] = []
        milestones: list[dict[str, object]] = []
        dimensions: list[dict[str, object]] = []
        for folded in batch:
            done.events += folded.events
            done.cases += 1
            done.anomalies += folded.anomalies
            for episode in folded.episodes:
                episodes.append({"id": next_id, **episode_values(episode, folded.process_key)})
                milestones += milestone_values(episode, next_id)
                dimensions += dimension_values(episode, next_id)
                next_id += 1
        done.episodes += len(episodes)
        for table, rows in ((EPISODE, episodes), (MILESTONE, milestones), (DIMENSION, dimensions)):
            add_rows(session.connection(), table, rows)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT setval(pg_get_serial_sequence('episode', 'id'), :next, false)"), {"next": next_id})
    return done


def verify(session: Session, plans: Mapping[str, MilestonePlan], process_key: str | None = None) -> list[Difference]:
    """All differences between the stored rows and the fold of the log."""
    return list(differences(session, plans, process_key))


def differences(
    session: Session, plans: Mapping[str, MilestonePlan], process_key: str | None = None
) -> Iterator[Difference]:
    """Yield the differences between the stored rows and the fold of the log, case by case.

    Streams like the rebuild. Read in one transaction of its own: steps taken meanwhile are then
    either in both or in neither.
    """
    last = 0
    for batch in _batches(_fold_stored_log(session, plans, process_key)):
        upto = batch[-1].instance_id
        yield from _compare(session, batch, process_key, EPISODE.c.instance_id.between(last + 1, upto))
        last = upto
    yield from _compare(session, [], process_key, EPISODE.c.instance_id > last)


def adopt_plan(
    session: Session, plans: Mapping[str, MilestonePlan], *, old: MilestonePlan | None, new: MilestonePlan
) -> None:
    """Bring the stored episodes of a process in line with the plan of a version being published.

    A changed order costs one statement; changed aliases rebuild the process from the log, since a
    row per name is then no longer a row per milestone.
    """
    if old and dict(old.aliases) == dict(new.aliases):
        if old.mandatory != new.mandatory:
            session.execute(
                update(EPISODE).where(EPISODE.c.process_key == new.process_key).values(highest_rank=_rank_of_rows(new))
            )
    elif old or new.aliases:
        rebuild(session, {**plans, new.process_key: new}, new.process_key)


def _rank_of_rows(plan: MilestonePlan) -> ColumnElement[int]:
    if not plan.ranks:
        return literal(0)
    rank = case(plan.ranks, value=MILESTONE.c.milestone, else_=0)
    highest = select(func.max(rank)).where(MILESTONE.c.episode_id == EPISODE.c.id).scalar_subquery()
    return func.coalesce(highest, 0)


def _fold_stored_log(
    session: Session, plans: Mapping[str, MilestonePlan], process_key: str | None
) -> Iterator[FoldedCase]:
    log = EVENT.c
    statement = (
        select(INSTANCE.c.process_key, log.instance_id, log.seq, log.kind, log.at, log.milestone, log.payload)
        .join(INSTANCE, INSTANCE.c.id == log.instance_id)
        .where(
            log.kind.in_([kind.value for kind in sorted(RELEVANT)]), _of_process(INSTANCE.c.process_key, process_key)
        )
        .order_by(log.instance_id, log.seq)
        .execution_options(yield_per=EVENTS_AT_A_TIME)
    )
    for (key, instance_id), rows in groupby(session.execute(statement), key=itemgetter(0, 1)):
        fold = CaseFold(plans.get(key) or MilestonePlan(key))
        events = [
            LoggedEvent(seq, instance_id, kind, at, milestone, orjson.loads(payload) if payload else NO_PAYLOAD)
            for _, _, seq, kind, at, milestone, payload in rows
        ]
        for event in events:
            fold.feed(event)
        yield FoldedCase(instance_id, key, len(events), fold.episodes, fold.anomalies)


def _batches(cases: Iterable[FoldedCase]) -> Iterator[list[FoldedCase]]:
    batch: list[FoldedCase] = []
    for folded in cases:
        batch.append(folded)
        if len(batch) == CASES_AT_A_TIME:
            yield batch
            batch = []
    if batch:
        yield batch


def _of_process(column: ColumnElement[str], process_key: str | None) -> ColumnElement[bool]:
    return true() if process_key is None else column == process_key


def _lock(session: Session) -> None:
    """Keep steps out until the commit: on SQLite the writing transaction already does."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE episode, episode_milestone, episode_dimension IN SHARE ROW EXCLUSIVE MODE"))


def _clear(session: Session, process_key: str | None) -> None:
    ours = _of_process(EPISODE.c.process_key, process_key)
    for table in (MILESTONE, DIMENSION):
        session.execute(delete(table).where(table.c.episode_id.in_(select(EPISODE.c.id).where(ours))))
    session.execute(delete(EPISODE).where(ours))


Row = tuple[int, int, str]  # instance, number of the episode, part


def _compare(
    session: Session, batch: Iterable[FoldedCase], process_key: str | None, instances: ColumnElement[bool]
) -> Iterator[Difference]:
    where = and_(instances, _of_process(EPISODE.c.process_key, process_key))
    folded = _folded_rows(batch)
    stored = _stored_rows(session, where)
    for row in sorted(folded.keys() | stored.keys()):
        before, after = stored.get(row), folded.get(row)
        if before is None or after is None:
            yield Difference(*row, "", before, after)
        elif before != after:
            for column in after:
                if before[column] != after[column]:
                    yield Difference(*row, column, before[column], after[column])


def _folded_rows(batch: Iterable[FoldedCase]) -> dict[Row, Mapping[str, object]]:
    rows: dict[Row, Mapping[str, object]] = {}
    for folded in batch:
        for episode in folded.episodes:
            case_and_number = (episode.instance_id, episode.number)
            rows[*case_and_number, "episode"] = episode_values(episode, folded.process_key)
            for values in milestone_values(episode, 0):
                rows[*case_and_number, f"milestone {values['milestone']}"] = _without(values, "milestone")
            for values in dimension_values(episode, 0):
                rows[*case_and_number, f"dimension {values['name']}"] = _without(values, "name")
    return rows


def _stored_rows(session: Session, where: ColumnElement[bool]) -> dict[Row, Mapping[str, object]]:
    rows: dict[Row, Mapping[str, object]] = {}
    for stored in session.execute(select(EPISODE).where(where)).mappings():
        values = {name: value for name, value in stored.items() if name != "id"}
        rows[stored["instance_id"], stored["number"], "episode"] = values
    for table, name, kind in ((MILESTONE, "milestone", "milestone"), (DIMENSION, "name", "dimension")):
        for instance_id, number, *cells in session.execute(_rows_of(table, where)):
            values = dict(zip(table.c.keys(), cells, strict=True))
            rows[instance_id, number, f"{kind} {values[name]}"] = _without(values, name)
    return rows


def _rows_of(table: Table, where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(EPISODE.c.instance_id, EPISODE.c.number, *table.c)
        .join(table, table.c.episode_id == EPISODE.c.id)
        .where(where)
    )


def _without(values: Mapping[str, object], name: str) -> dict[str, object]:
    """The values beside the row's key, which are the episode and the name of its part."""
    return {column: value for column, value in values.items() if column not in ("episode_id", name)}
