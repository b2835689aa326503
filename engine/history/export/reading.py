"""What an export reads: cases with their events, some at a time, so that memory does not grow with the log."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVarTuple

import orjson
from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.human_tasks.models import HumanTask
from engine.instances.models import ProcessInstance
from engine.milestones.models import Episode, EpisodeDimension

CASES_AT_ONCE = 200

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True)
class Chosen:
    """Which cases: of a process, begun in a period (the end is not included), and which the reader may see."""

    process_key: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    visible: ColumnElement[bool] | None = None  # a condition on ProcessInstance

    def limit(self, statement: Select[*Columns]) -> Select[*Columns]:
        case = ProcessInstance
        if self.process_key is not None:
            statement = statement.where(case.process_key == self.process_key)
        if self.since is not None:
            statement = statement.where(case.started_at >= self.since)
        if self.until is not None:
            statement = statement.where(case.started_at < self.until)
        return statement if self.visible is None else statement.where(self.visible)


@dataclass(frozen=True)
class CaseRow:
    """A case without its state and its answers. `dimensions`: of its latest episode."""

    id: int
    definition_id: int
    process_key: str
    business_key: str
    scope_id: int | None
    status: str
    started_at: datetime
    dimensions: Mapping[str, str]
    outcome: str | None


@dataclass(frozen=True)
class EventRow:
    """An event without what people have typed: of its payload only the numbers of a task and of a person."""

    seq: int
    definition_id: int
    kind: str
    element: str | None
    actor_id: int | None
    at: datetime
    milestone: str | None
    task: int | None
    to: int | None


def count_cases(session: Session, chosen: Chosen) -> int:
    return session.scalar(chosen.limit(select(func.count()).select_from(ProcessInstance))) or 0


def read_cases(session: Session, chosen: Chosen) -> Iterator[Sequence[CaseRow]]:
    """The cases in the order of their numbers; two statements for each CASES_AT_ONCE."""
    case, last = ProcessInstance, 0
    columns = case.id, case.definition_id, case.process_key, case.business_key, case.scope_id, case.status
    while True:
        rows = session.execute(
            chosen.limit(select(*columns, case.started_at)).where(case.id > last).order_by(case.id).limit(CASES_AT_ONCE)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        latest = _latest_episodes(session, [row.id for row in rows])
        yield [_case(row, latest.get(row.id, (None, {}))) for row in rows]


def read_events(session: Session, cases: Sequence[CaseRow]) -> Mapping[int, list[EventRow]]:
    """The events of these cases in their order. One statement."""
    log = HistoryEvent
    columns = log.instance_id, log.seq, log.definition_id, log.kind, log.element, log.actor_id, log.at, log.milestone
    found: defaultdict[int, list[EventRow]] = defaultdict(list)
    for case, seq, definition, kind, element, actor, at, milestone, payload in session.execute(
        select(*columns, log.payload)
        .where(log.instance_id.in_([each.id for each in cases]), log.kind != EventKind.CASE_DIGESTED.value)
        .order_by(log.instance_id, log.seq)
    ):
        told = orjson.loads(payload) if payload else {}
        event = EventRow(
            seq, definition, kind, element, actor, at, milestone, _number(told.get("task")), _receiver(kind, told)
        )
        found[case].append(event)
    return found


def read_tasks(session: Session, cases: Sequence[CaseRow]) -> Mapping[int, list[Row[int, int, str, str, datetime]]]:
    """Number, case, element, role and beginning of the tasks of these cases. One statement."""
    task = HumanTask
    found: defaultdict[int, list[Row[int, int, str, str, datetime]]] = defaultdict(list)
    for row in session.execute(
        select(task.id, task.instance_id, task.element, task.candidate_role, task.created_at)
        .where(task.instance_id.in_([each.id for each in cases]))
        .order_by(task.instance_id, task.id)
    ):
        found[row.instance_id].append(row)
    return found


def stamp(at: datetime) -> str:
    """A moment as both standards want it: ISO 8601 with milliseconds and a zone."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _latest_episodes(session: Session, cases: Sequence[int]) -> dict[int, tuple[str | None, dict[str, str]]]:
    """Outcome and dimensions of each case's latest episode."""
    rows = session.execute(
        select(Episode.instance_id, Episode.number, Episode.outcome, EpisodeDimension.name, EpisodeDimension.value)
        .outerjoin(EpisodeDimension, EpisodeDimension.episode_id == Episode.id)
        .where(Episode.instance_id.in_(cases))
        .order_by(Episode.instance_id, Episode.number, EpisodeDimension.name)
    )
    found: dict[int, tuple[str | None, dict[str, str]]] = {}
    numbers: dict[int, int] = {}
    for case, number, outcome, name, value in rows:
        if numbers.get(case) != number:
            numbers[case], found[case] = number, (outcome, {})
        if name is not None:
            found[case][1][name] = value
    return found


def _case(row: Row[*tuple[Any, ...]], latest: tuple[str | None, Mapping[str, str]]) -> CaseRow:
    outcome, dimensions = latest
    return CaseRow(
        id=row.id,
        definition_id=row.definition_id,
        process_key=row.process_key,
        business_key=row.business_key,
        scope_id=row.scope_id,
        status=row.status.value,
        started_at=row.started_at,
        dimensions=dimensions,
        outcome=outcome,
    )


def _receiver(kind: str, told: Mapping[str, object]) -> int | None:
    """Who got the task: by its creation, or from a colleague."""
    if kind == EventKind.TASK_CREATED:
        return _number(told.get("assignee"))
    return _number(told.get("to")) if kind == EventKind.TASK_DELEGATED else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
