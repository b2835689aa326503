"""Who is told what: a listener of the engine that writes notifications in the transaction of the step."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.orm import Session

from engine.history.recording import EventDraft, EventKind
from engine.human_tasks.models import HumanTask
from engine.incidents import Incident
from engine.instances.report import OpenedTask, StepReport
from webapp.core.permissions import ScopeKind
from webapp.core.telling import News
from webapp.diary.day import SHORT
from webapp.diary.models import Notification, NotificationKind, NotificationPreference
from webapp.integrations.beats import SendFailed
from webapp.staff.models import Absence, PermissionOverride, RoleGrant, User
from webapp.staff.queries import find_members
from webapp.staff.roles import ROLES

INCIDENT_PERMISSION = "repair.see"
UNDISTURBED = frozenset({"group_director"})  # may mend, but is not the one to be called
MISSED = "missed"  # param: the reminder came long after its moment, because the system was not running
LATE_REMINDER_MINUTES = 10


@dataclass(frozen=True)
class Notice:
    """One thing that happened and whom it concerns."""

    kind: NotificationKind
    code: str
    recipients: frozenset[int]
    task_id: int | None = None
    params: Mapping[str, object] = field(default_factory=dict)


def write_notifications(session: Session, report: StepReport, now: datetime) -> None:
    """The step listener. Nobody is told of what he did himself; who is away is not told, his deputy is.

    A step that broke down in one's own hands is nothing that one did: of that its doer is told as well.
    """
    told = [found for found in _find(session, report, now) if found.recipients]
    if not told:
        return
    audience = _audience(session, frozenset().union(*(each.recipients for each in told)), now)
    rows = [
        {
            "user_id": reader,
            "kind": each.kind,
            "instance_id": report.instance_id,
            "task_id": each.task_id,
            "code": each.code,
            "params": json.dumps(dict(each.params), default=str),
            "created_at": now,
        }
        for each in told
        for reader in sorted(_readers(each, audience) - ({report.actor_id} - _struck(each)))
    ]
    if rows:
        session.execute(insert(Notification), rows)


def follow_incident(session: Session, incident: Incident, now: datetime) -> None:
    """The listener of incidents: one of no case is told by the bell; of a resolved one nothing is left unread."""
    if incident.resolved_at is None:
        tell_incident_readers(session, "timer_failed", {"incident": incident.id}, at=now)
        return
    told = update(Notification).where(
        Notification.kind == NotificationKind.INCIDENT,
        Notification.read_at.is_(None),
        Notification.params == json.dumps({"incident": incident.id}),
    )
    session.execute(told.values(read_at=now).execution_options(synchronize_session=False))


def write_failed_send(event: SendFailed, session: Session) -> None:
    """Who looks after incidents hears that a message could not be sent.

    By the bell alone: a mail about a mail that was refused could be refused as well, and so on for ever.
    """
    tell_incident_readers(session, "send_failed", {"incident": event.incident.id}, at=event.incident.opened_at)


def write_news(news: News, session: Session) -> None:
    """What belongs to no case and people should hear of."""
    told = Notice(NotificationKind.PROCESS, news.code, news.recipients, params=news.params)
    readers = _readers(told, _audience(session, news.recipients, news.at)) if news.recipients else set()
    for reader in sorted(readers - ({news.by} if news.by is not None else set())):
        session.add(
            Notification(
                user_id=reader,
                kind=told.kind,
                code=told.code,
                params=json.dumps(dict(told.params), ensure_ascii=False),
                created_at=news.at,
            )
        )


def tell_incident_readers(session: Session, code: str, params: Mapping[str, object], *, at: datetime) -> None:
    """By the bell alone; `code` names the sentence in `webapp.diary.sentences`."""
    recipients = frozenset(_incident_readers(session, None))
    told = Notice(NotificationKind.INCIDENT, code, recipients, params=params)
    readers = _readers(told, _audience(session, recipients, at)) if recipients else set()
    for reader in sorted(readers):
        session.add(
            Notification(
                user_id=reader,
                kind=told.kind,
                code=told.code,
                params=json.dumps(dict(told.params)),
                created_at=at,
                mailed_at=at,
            )
        )


def _find(session: Session, report: StepReport, now: datetime) -> Iterable[Notice]:
    for task in report.opened:
        yield _opened(session, report, task, now)
    for event in report.events:
        found = _from_event(session, report, event, now)
        if found is not None:
            yield found


def _opened(session: Session, report: StepReport, task: OpenedTask, now: datetime) -> Notice:
    """A new task: its assignee; when nobody has it and it presses, everybody of the role."""
    params = _moment("due", task.due_at)
    if task.assignee_id is not None:
        return Notice(NotificationKind.ASSIGNED, "task_assigned", frozenset({task.assignee_id}), task.id, params)
    pressing = task.due_at is not None and task.due_at - now <= SHORT
    members = find_members(session, task.candidate_role, report.scope_id) if pressing else []
    return Notice(NotificationKind.ASSIGNED, "task_free", frozenset(members), task.id, params)


def _from_event(session: Session, report: StepReport, event: EventDraft, now: datetime) -> Notice | None:
    payload = event.payload
    task_id = _number(payload.get("task"))
    due = payload.get("due")
    params = _moment("due", due if isinstance(due, datetime) else None)
    if event.kind is EventKind.REMINDED:
        code = "reminder_due" if isinstance(due, datetime) and due <= now else "reminder_ahead"
        missed = isinstance(due, datetime) and (now - due).total_seconds() > LATE_REMINDER_MINUTES * 60
        more = {MISSED: True} if missed else {}
        return Notice(NotificationKind.REMINDER, code, _people(payload), task_id, {**params, **more})
    if event.kind is EventKind.ESCALATED:
        params = {**params, "assignee": payload.get("assignee")}
        return Notice(NotificationKind.ESCALATION, "escalated", _people(payload), task_id, params)
    if event.kind is EventKind.TASK_DELEGATED:
        to = _number(payload.get("to"))
        readers = frozenset() if to is None else frozenset({to})
        return Notice(NotificationKind.DELEGATED, "task_delegated", readers, task_id, {"by": report.actor_id})
    if event.kind is EventKind.TASK_WOKEN and task_id is not None:
        assignee = session.scalar(select(HumanTask.assignee_id).where(HumanTask.id == task_id))
        readers = frozenset() if assignee is None else frozenset({assignee})
        return Notice(NotificationKind.WOKEN, "task_woken", readers, task_id)
    if event.kind is EventKind.INCIDENT_OPENED:
        readers = frozenset(_incident_readers(session, report.scope_id))
        return Notice(NotificationKind.INCIDENT, "incident_opened", readers, task_id, {"incident": payload["incident"]})
    return None


@dataclass(frozen=True)
class _Reader:
    """What must be known of a person before he is told anything."""

    muted: frozenset[str]
    away: bool
    deputy_id: int | None


def _audience(session: Session, wanted: frozenset[int], now: datetime) -> Mapping[int, _Reader]:
    """The people and, where one is away, his deputy, and so on: one statement, more only for chains."""
    known: dict[int, _Reader] = {}
    asked = wanted
    while asked:
        statement = (
            select(User.id, NotificationPreference.muted, Absence.id.label("absence"), Absence.deputy_id)
            .outerjoin(NotificationPreference, NotificationPreference.user_id == User.id)
            .outerjoin(Absence, and_(Absence.user_id == User.id, Absence.starts_at <= now, Absence.ends_at > now))
            .where(User.id.in_(sorted(asked)), User.active)
        )
        for row in session.execute(statement):
            muted = frozenset((row.muted or "").split(",")) - {""}
            known[row.id] = _Reader(muted, row.absence is not None, row.deputy_id)
        deputies = frozenset(reader.deputy_id for reader in known.values() if reader.deputy_id is not None)
        asked = deputies - known.keys() - asked
    return known


def _readers(told: Notice, audience: Mapping[int, _Reader]) -> set[int]:
    """Whom to tell in the end: nobody twice, nobody who has muted the kind."""
    found: set[int] = set()
    for recipient in told.recipients:
        seen = {recipient}
        while recipient in audience and audience[recipient].away and audience[recipient].deputy_id is not None:
            deputy = audience[recipient].deputy_id
            if deputy is None or deputy in seen:
                break
            seen.add(deputy)
            recipient = deputy
        if recipient in audience and told.kind.value not in audience[recipient].muted:
            found.add(recipient)
    return found


def _incident_readers(session: Session, scope_id: int | None) -> Iterable[int]:
    """Active people who look after the incidents of the whole group; a head finds those of his centre in the list.

    What a person's own rights say goes before his roles: administrators among them are told as well.
    """
    roles = [role.name for role in ROLES if role.grants.get(INCIDENT_PERMISSION) is ScopeKind.GROUP]
    roles = [name for name in roles if name not in UNDISTURBED]
    own = {
        each.user_id: each.kind
        for each in session.scalars(
            select(PermissionOverride).where(PermissionOverride.permission == INCIDENT_PERMISSION)
        )
    }
    statement = select(User.id).join(RoleGrant).where(User.active, RoleGrant.role.in_(roles))
    if scope_id is not None:
        statement = statement.where(or_(RoleGrant.centre_id == scope_id, RoleGrant.centre_id.is_(None)))
    told = set(session.scalars(statement.distinct())) - own.keys()
    return told | {person for person, kind in own.items() if kind is ScopeKind.GROUP}


def _struck(told: Notice) -> frozenset[int]:
    """Who hears of it though he set it off."""
    return told.recipients if told.kind is NotificationKind.INCIDENT else frozenset()


def _people(payload: Mapping[str, object]) -> frozenset[int]:
    recipients = payload.get("recipients")
    return frozenset(int(each) for each in recipients) if isinstance(recipients, list | tuple) else frozenset()


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _moment(name: str, value: datetime | None) -> dict[str, object]:
    return {} if value is None else {name: value.isoformat()}
