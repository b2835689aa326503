"""What a notification says, in the reader's language and zone; on the page and in mails alike."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.human_tasks.models import HumanTask
from engine.instances.models import ProcessInstance
from webapp.core.feature import Text
from webapp.core.formats import format_day, format_moment, format_time
from webapp.core.steps import element_of
from webapp.core.workflow import describe_cases
from webapp.diary.models import Notification, NotificationKind
from webapp.staff.queries import names_of

KINDS: Mapping[NotificationKind, Text] = {
    NotificationKind.ASSIGNED: _l("New tasks"),
    NotificationKind.REMINDER: _l("Reminders of own tasks"),
    NotificationKind.ESCALATION: _l("Late tasks of the people I lead"),
    NotificationKind.DELEGATED: _l("Tasks that a colleague hands to me"),
    NotificationKind.WOKEN: _l("Postponed tasks that are back"),
    NotificationKind.INCIDENT: _l("Steps that failed for a technical reason"),
    NotificationKind.PROCESS: _l("Drawings that wait for a second person"),
}
ICONS: Mapping[NotificationKind, str] = {
    NotificationKind.ASSIGNED: "clipboard-list",
    NotificationKind.REMINDER: "alarm",
    NotificationKind.ESCALATION: "user-exclamation",
    NotificationKind.DELEGATED: "user-share",
    NotificationKind.WOKEN: "clock",
    NotificationKind.INCIDENT: "alert-triangle",
    NotificationKind.PROCESS: "route",
}
URGENT = frozenset({NotificationKind.REMINDER, NotificationKind.ESCALATION})


@dataclass(frozen=True)
class Told:
    """A notification as it is read."""

    id: int
    kind: NotificationKind
    icon: str
    title: str
    text: str
    at: datetime
    is_read: bool
    instance_id: int | None
    task_id: int | None


def tell(session: Session, notifications: Sequence[Notification], *, language: str, zone: ZoneInfo) -> list[Told]:
    """The sentences, with the names of steps and customers: three statements for all of them.

    The caller has set the language of translations to the same language.
    """
    steps = _steps(session, [each.task_id for each in notifications if each.task_id is not None], language)
    keys = _business_keys(session, [each.instance_id for each in notifications if each.instance_id is not None])
    labels = describe_cases(session, set(keys.values()))
    params = {each.id: json.loads(each.params) for each in notifications}
    people = names_of(session, {_person(each) for each in params.values()} - {0})
    told = []
    for each in notifications:
        key = keys.get(each.instance_id or 0, "")
        subject = ": ".join(
            part for part in (steps.get(each.task_id or 0, ""), labels[key].title if key else "") if part
        )
        told.append(
            Told(
                id=each.id,
                kind=each.kind,
                icon=ICONS[each.kind],
                title=subject or _titled(params[each.id], language) or _subject(each.code),
                text=_sentence(each.code, params[each.id], people, each.created_at, language, zone),
                at=each.created_at,
                is_read=each.read_at is not None,
                instance_id=each.instance_id,
                task_id=each.task_id,
            )
        )
    return told


def _sentence(
    code: str,
    params: Mapping[str, object],
    people: Mapping[int, str],
    created: datetime,
    language: str,
    zone: ZoneInfo,
) -> Text:
    due = _when(params.get("due"), created, language, zone)
    name = people.get(_person(params), "")
    if code == "task_assigned":
        return _("A new task for you. Due %(due)s.", due=due) if due else _("A new task for you.")
    if code == "task_free":
        return _("Free for everybody of your role. Due %(due)s.", due=due)
    if code == "reminder_ahead":
        return _("Due %(due)s.", due=due)
    if code == "reminder_due":
        return _("Was due %(due)s.", due=due) if params.get("missed") else _("It is due now.")
    if code == "escalated":
        if not name:
            return _("Nobody has taken it. Due %(due)s.", due=due)
        return _("%(name)s is late. Due %(due)s.", name=name, due=due)
    if code == "task_delegated":
        return _("%(name)s hands it to you.", name=name or _("A colleague"))
    if code == "task_woken":
        return _("The time for which it was postponed is over.")
    if code in ("incident_opened", "timer_failed"):
        return _("A step failed for a technical reason, incident %(number)s.", number=params.get("incident"))
    if code == "send_failed":
        return _("It could not be sent, incident %(number)s.", number=params.get("incident"))
    if code == "approval_asked":
        return _("%(name)s asks you to look at it before it goes live.", name=name or _("A colleague"))
    if code == "approval_withdrawn":
        return _("%(name)s takes the request back: there is nothing to look at.", name=name or _("A colleague"))
    if code == "approval_given":
        return _("%(name)s has approved it. It can be published.", name=name or _("A colleague"))
    if code == "approval_returned":
        words = params.get("words") or ""
        return _("%(name)s sends it back: %(words)s", name=name or _("A colleague"), words=words)
    if code == "webhook_switched_off":
        return _("The webhook “%(name)s” has failed for days and was switched off.", name=params.get("webhook"))
    return code


def _subject(code: str) -> Text:
    """What it is about, where it belongs to no case."""
    if code == "webhook_switched_off":
        return _("A webhook")
    if code == "timer_failed":
        return _("A timer")
    return _("A message") if code == "send_failed" else _("A case")


def _titled(params: Mapping[str, object], language: str) -> str:
    """The drawing that it is about."""
    titles = params.get("title")
    return str(titles.get(language, "")) if isinstance(titles, Mapping) else ""


def _person(params: Mapping[str, object]) -> int:
    found = params.get("by") or params.get("assignee")
    return found if isinstance(found, int) else 0


def _when(value: object, created: datetime, language: str, zone: ZoneInfo) -> str:
    """A time on the same day, with the day otherwise."""
    if not isinstance(value, str):
        return ""
    moment = datetime.fromisoformat(value)
    if moment.astimezone(zone).date() == created.astimezone(zone).date():
        return format_time(moment, zone)
    if abs((moment - created).days) < 7:
        return f"{format_day(moment, language, zone, 'day')} {format_time(moment, zone)}"
    return format_moment(moment, language, zone)


def _steps(session: Session, task_ids: Sequence[int], language: str) -> dict[int, str]:
    if not task_ids:
        return {}
    rows = session.execute(
        select(HumanTask.id, ProcessInstance.definition_id, HumanTask.element, HumanTask.path)
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .where(HumanTask.id.in_(task_ids))
    ).all()
    found = {row.id: (element_of(session, row), row.element) for row in rows}
    return {number: (node.name.in_language(language) if node else "") or name for number, (node, name) in found.items()}


def _business_keys(session: Session, instance_ids: Sequence[int]) -> dict[int, str]:
    if not instance_ids:
        return {}
    statement = select(ProcessInstance.id, ProcessInstance.business_key).where(ProcessInstance.id.in_(instance_ids))
    return {row.id: row.business_key for row in session.execute(statement)}
