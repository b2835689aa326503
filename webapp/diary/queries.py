"""Reads of the diary: a person's tasks with their names, what he has done, his notifications."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import case_data
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.history.timeline import Wanted, find_events
from engine.human_tasks.assignment import Actor
from engine.human_tasks.inbox import InboxTask, awake_at, inbox, open_tasks, read_tasks, served_by
from engine.human_tasks.models import HumanTask, TaskState
from webapp.cases.instructions import find_instructions
from webapp.core.steps import step_name, step_prompt
from webapp.core.workflow import describe_cases
from webapp.diary.day import DayTask, day_starts
from webapp.diary.models import CalendarFeed, Notification, NotificationPreference
from webapp.kit.prompts import fill_prompt
from webapp.staff.models import Absence, User
from webapp.staff.queries import names_of

LIMIT = 300
QUIET_FROM, QUIET_UNTIL = time(20), time(8)


def find_tasks(session: Session, actor: Actor, *, now: datetime) -> list[DayTask]:
    """What the person can do now, the most pressing first."""
    return describe_tasks(session, inbox(session, actor, now=now, limit=LIMIT), actor)


def find_tasks_between(
    session: Session, actor: Actor, *, start: datetime, end: datetime, language: str | None = None
) -> list[DayTask]:
    """The person's open tasks due in a period, postponed ones included."""
    statement = (
        open_tasks()
        .where(served_by(actor), HumanTask.due_at >= start, HumanTask.due_at < end)
        .order_by(HumanTask.due_at, HumanTask.id)
        .limit(LIMIT)
    )
    return describe_tasks(session, read_tasks(session, statement), actor, language)


def find_served(session: Session, actor: Actor, task_ids: Sequence[int]) -> list[DayTask]:
    """Those of the tasks that are open and this person's."""
    statement = open_tasks().where(HumanTask.id.in_(task_ids), served_by(actor)).order_by(HumanTask.due_at)
    return describe_tasks(session, read_tasks(session, statement), actor)


def find_overdue_ids(session: Session, actor: Actor, *, now: datetime) -> list[int]:
    """The person's tasks whose time has passed."""
    statement = (
        select(HumanTask.id)
        .where(HumanTask.state == TaskState.OPEN, served_by(actor), awake_at(now), HumanTask.due_at < now)
        .order_by(HumanTask.due_at)
        .limit(LIMIT)
    )
    return list(session.scalars(statement))


def describe_tasks(
    session: Session, tasks: Sequence[InboxTask], actor: Actor, language: str | None = None
) -> list[DayTask]:
    """Tasks with the names of their steps, customers and absent colleagues, and what was told: three questions."""
    labels = describe_cases(session, {task.business_key for task in tasks})
    away = {task.assignee_id for task in tasks if task.assignee_id is not None and task.assignee_id in actor.represents}
    names = names_of(session, away)
    told = find_instructions(session, {task.instance_id for task in tasks})
    return [
        DayTask(
            id=task.id,
            instance_id=task.instance_id,
            step=step_name(session, task, language),
            customer=labels[task.business_key].title,
            detail=labels[task.business_key].detail,
            prompt=fill_prompt(step_prompt(session, task, language), labels[task.business_key].words),
            role=task.candidate_role,
            created_at=task.created_at,
            due_at=task.due_at,
            assignee_id=task.assignee_id,
            owner_id=task.owner_id,
            scope_id=task.scope_id,
            priority=task.priority,
            instead_of=names.get(task.assignee_id or 0, "") if task.assignee_id in away else "",
            instruction=told[task.instance_id].text if task.instance_id in told else "",
        )
        for task in tasks
    ]


def count_done(session: Session, user_id: int, *, now: datetime, zone: ZoneInfo) -> int:
    """How many tasks the person has completed since midnight of his own day."""
    since = day_starts(now.astimezone(zone).date(), zone)
    statement = select(func.count()).where(
        HumanTask.completed_by == user_id, HumanTask.completed_at >= since, HumanTask.state == TaskState.COMPLETED
    )
    return session.scalar(statement) or 0


def count_pressing(session: Session, actor: Actor, *, now: datetime, zone: ZoneInfo) -> int:
    """Tasks that are late or due today: the figure beside My day."""
    tomorrow = day_starts(now.astimezone(zone).date() + timedelta(days=1), zone)
    statement = select(func.count()).where(
        HumanTask.state == TaskState.OPEN, served_by(actor), awake_at(now), HumanTask.due_at < tomorrow
    )
    return session.scalar(statement) or 0


def count_unread(session: Session, user_id: int) -> int:
    statement = select(func.count()).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    return session.scalar(statement) or 0


def find_notifications(session: Session, user_id: int, *, limit: int = 100) -> list[Notification]:
    """The person's notifications, newest first."""
    statement = (
        select(Notification).where(Notification.user_id == user_id).order_by(Notification.id.desc()).limit(limit)
    )
    return list(session.scalars(statement))


def find_preference(session: Session, user_id: int) -> NotificationPreference:
    """How the person wants to be told; the defaults, not stored, when he has never said."""
    found = session.get(NotificationPreference, user_id)
    return found or NotificationPreference(
        user_id=user_id, mail=True, quiet_from=QUIET_FROM, quiet_until=QUIET_UNTIL, muted=""
    )


def find_feed(session: Session, user_id: int) -> CalendarFeed | None:
    return session.get(CalendarFeed, user_id)


def find_feed_by_hash(session: Session, token_hash: str) -> tuple[CalendarFeed, User] | None:
    """The feed with this secret and the person whose tasks it shows, as long as he works here."""
    found = session.execute(
        select(CalendarFeed, User)
        .join(User, User.id == CalendarFeed.user_id)
        .where(CalendarFeed.token_hash == token_hash, User.active)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def find_reasons(session: Session, task: DayTask, actor: Actor) -> dict[str, object]:
    """What explains whose task it is: names of the owner and of the absent colleague, and until when he is away."""
    names = names_of(session, [each for each in (task.owner_id, task.assignee_id) if each is not None])
    away_until = None
    if task.assignee_id in actor.represents:
        away_until = session.scalar(
            select(func.max(Absence.ends_at)).where(
                Absence.user_id == task.assignee_id, Absence.deputy_id == actor.user_id
            )
        )
    handed = find_events(session, Wanted(cases=[task.instance_id], kinds=[EventKind.TASK_DELEGATED]))
    return {
        "owner": names.get(task.owner_id or 0, ""),
        "assignee": names.get(task.assignee_id or 0, ""),
        "away_until": away_until,
        "handed": next(
            (found for found in (_handing(session, event, task) for event in reversed(handed)) if found), None
        ),
    }


def _handing(session: Session, event: HistoryEvent, task: DayTask) -> dict[str, object] | None:
    payload = case_data.load(event.payload)
    if payload.get("task") != task.id or payload.get("to") != task.assignee_id:
        return None
    by = names_of(session, [event.actor_id] if event.actor_id else []).get(event.actor_id or 0, "")
    return {"by": by, "at": event.at, "comment": payload.get("comment", "")}
