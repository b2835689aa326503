"""Many cases out of few: real cases are copied, rows and all, until there are as many as a measurement needs."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.expiries import CaseExpiry
from engine.history.models import HistoryEvent
from engine.human_tasks.models import HumanTask, TaskDraft
from engine.instances.models import CaseData, ProcessInstance
from engine.messages import MessageSubscription
from engine.milestones.models import Episode, EpisodeDimension, EpisodeMilestone
from engine.persistence import table_of
from engine.timers.models import DueKind, DueRow

Row = dict[str, Any]
TASK_KINDS = (DueKind.REMINDER, DueKind.ESCALATION, DueKind.WAKE)


def multiply(session: Session, times: int) -> int:
    """Copy every case `times` times, with all that belongs to it; how many cases there are then."""
    connection = session.connection()

    def read(model: Any) -> list[Row]:
        return [dict(row) for row in connection.execute(select(table_of(model))).mappings()]

    def write(model: Any, rows: Sequence[Row]) -> None:
        if rows:
            connection.execute(insert(table_of(model)), rows)

    names = [ProcessInstance, CaseData, HistoryEvent, HumanTask, TaskDraft, DueRow, MessageSubscription, CaseExpiry]
    names += [Episode, EpisodeMilestone, EpisodeDimension]
    there = {model: read(model) for model in names}
    next_case = _after(there[ProcessInstance], "id")
    next_task, next_event = _after(there[HumanTask], "id"), _after(there[HistoryEvent], "seq")
    next_episode = _after(there[Episode], "id")
    for turn in range(times):
        cases = {row["id"]: next_case + number for number, row in enumerate(there[ProcessInstance])}
        tasks = {row["id"]: next_task + number for number, row in enumerate(there[HumanTask])}
        events = {row["seq"]: next_event + number for number, row in enumerate(there[HistoryEvent])}
        episodes = {row["id"]: next_episode + number for number, row in enumerate(there[Episode])}
        stamp = f"{turn}:{uuid.uuid4().hex[:8]}"
        changes: Mapping[Any, Callable[[Row], Row]] = {
            ProcessInstance: lambda row, cases=cases: {"id": cases[row["id"]]},
            CaseData: lambda row, cases=cases: {"instance_id": cases[row["instance_id"]]},
            HistoryEvent: lambda row, cases=cases, events=events, stamp=stamp: {
                "seq": events[row["seq"]],
                "instance_id": cases[row["instance_id"]],
                "command_key": f"{stamp}:{row['seq']}",
            },
            HumanTask: lambda row, cases=cases, tasks=tasks: {
                "id": tasks[row["id"]],
                "instance_id": cases[row["instance_id"]],
            },
            TaskDraft: lambda row, tasks=tasks: {"task_id": tasks[row["task_id"]]},
            DueRow: lambda row, cases=cases, tasks=tasks, stamp=stamp: {
                "id": None,
                "ref": tasks.get(row["ref"]) if row["kind"] in TASK_KINDS else cases.get(row["ref"]),
                "dedupe": f"{row['dedupe']}:{stamp}",
            },
            MessageSubscription: lambda row, cases=cases: {"id": None, "instance_id": cases[row["instance_id"]]},
            CaseExpiry: lambda row, cases=cases: {"instance_id": cases[row["instance_id"]]},
            Episode: lambda row, cases=cases, events=events, episodes=episodes: {
                "id": episodes[row["id"]],
                "instance_id": cases[row["instance_id"]],
                "opened_seq": events[row["opened_seq"]],
            },
            EpisodeMilestone: lambda row, events=events, episodes=episodes: {
                "episode_id": episodes[row["episode_id"]],
                "first_seq": events[row["first_seq"]],
            },
            EpisodeDimension: lambda row, episodes=episodes: {"episode_id": episodes[row["episode_id"]]},
        }  # type: ignore[dict-item]  # mypy reads a lambda with defaults as one of several arguments
        for model in names:
            rows = [{**row, **changes[model](row)} for row in there[model]]
            if model in (DueRow, MessageSubscription):
                rows = [{key: value for key, value in row.items() if key != "id"} for row in rows]
            if model is DueRow:
                rows = [row for row in rows if row["ref"] is not None]
            write(model, rows)
        next_case, next_task = next_case + len(cases), next_task + len(tasks)
        next_event, next_episode = next_event + len(events), next_episode + len(episodes)
    return len(there[ProcessInstance]) * (times + 1)


def _after(rows: Sequence[Row], column: str) -> int:
    return max((row[column] for row in rows), default=0) + 1
