"""Reads of the aftersales slice: centres with a workshop, visits in reach, choices of forms."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import has_request_context, request
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import ProcessInstance
from engine.timers.calendars import calendar_for
from webapp.aftersales.models import SUBJECT, ServiceJob, ServiceResource, ServiceVisit, WaitOrLeave, Workshop
from webapp.aftersales.needs import list_jobs, needs_of
from webapp.aftersales.plan import Besides
from webapp.aftersales.slot import Slot, read_slot
from webapp.aftersales.slots import find_free_slots
from webapp.aftersales.workshop import CALENDAR
from webapp.core.choices import Choice, ChoiceSource
from webapp.core.clock import now
from webapp.core.errors import NotFound, RuleViolation
from webapp.core.formats import format_day
from webapp.core.permissions import RowScope, ScopeKind, scope_if_any
from webapp.staff.models import Centre, User

OFFERED = 12  # free times in a list of a form


def find_workshops(session: Session, scope: RowScope) -> list[Centre]:
    """The centres in reach that have a workshop, by name."""
    statement = select(Centre).join(Workshop, Workshop.centre_id == Centre.id).where(Centre.active)
    if scope.kind is not ScopeKind.GROUP:
        statement = statement.where(Centre.id.in_(sorted(scope.held_in)))
    return list(session.scalars(statement.order_by(Centre.name)))


def get_visit(session: Session, visit_id: int, scope: RowScope) -> ServiceVisit:
    """The visit with its people, if this scope reaches it. NotFound: visit_unknown."""
    visit = session.scalar(
        select(ServiceVisit)
        .where(ServiceVisit.id == visit_id)
        .options(joinedload(ServiceVisit.customer), joinedload(ServiceVisit.advisor), joinedload(ServiceVisit.bay))
    )
    if visit is None or not (scope.covers(visit.advisor_id, visit.centre_id) or visit.centre_id in scope.held_in):
        raise NotFound("visit_unknown", f"There is no visit {visit_id}.")
    return visit


def find_open_task(session: Session, business_key: str, element: str) -> HumanTask | None:
    """The open task of this step in the case of a visit."""
    return next((task for task in find_open_tasks(session, business_key) if task.element == element), None)


def find_open_tasks(session: Session, business_key: str) -> Sequence[HumanTask]:
    """What waits for somebody in the case of a visit."""
    statement = (
        select(HumanTask)
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .where(ProcessInstance.business_key == business_key, HumanTask.state == TaskState.OPEN)
    )
    return session.scalars(statement.order_by(HumanTask.id)).all()


def find_case(session: Session, business_key: str) -> ProcessInstance | None:
    """The newest case of a visit."""
    statement = select(ProcessInstance).where(ProcessInstance.business_key == business_key)
    return session.scalar(statement.order_by(ProcessInstance.id.desc()).limit(1))


def say_slot(session: Session, slot: Slot, zone: ZoneInfo, language: str) -> str:
    """«Fri 27 Nov 10:30, Lift 3, Viktor Nosov»."""
    bay = session.get(ServiceResource, slot.bay_id)
    advisor = session.get(User, slot.advisor_id)
    when = f"{format_day(slot.starts_at, language, zone, 'day')} {slot.starts_at.astimezone(zone):%H:%M}"
    return ", ".join(filter(None, (when, bay.name_in(language) if bay else "", advisor.name if advisor else "")))


def _free_slots(session: Session, language: str) -> list[Choice]:
    """Free times for the visit whose case is on the page."""
    visit = _visit_on_page(session)
    if visit is None or session.get(Workshop, visit.centre_id) is None:
        return []
    needs = needs_of(session, visit.jobs)
    found = find_free_slots(
        session,
        centre_id=visit.centre_id,
        bay_type=needs.bay_type,
        hours=visit.hours or needs.hours,
        since=now(),
        limit=OFFERED,
        now=now(),
        express=needs.express,
        waits=visit.wait_or_leave is WaitOrLeave.WAIT,
        apart=True,
        besides=Besides(visit_id=visit.id),
    )
    zone = zone_of(session, visit.centre_id)
    return [Choice(slot.text, say_slot(session, slot, zone, language)) for slot in found]


def _visit_on_page(session: Session) -> ServiceVisit | None:
    """By the address of a case or of a task; the scope of the cases is that page's matter."""
    given = request.view_args or {} if has_request_context() else {}
    instance_id = given.get("instance_id")
    if task := session.get(HumanTask, given["task_id"]) if "task_id" in given else None:
        instance_id = task.instance_id
    case = session.get(ProcessInstance, instance_id) if isinstance(instance_id, int) else None
    subject, _, number = case.business_key.rpartition(":") if case is not None else ("", "", "")
    return session.get(ServiceVisit, int(number)) if subject == SUBJECT and number.isdigit() else None


def _knows_slot(session: Session, value: str) -> bool:
    try:
        slot = read_slot(value, hours=needs_of(session, ()).hours)
    except RuleViolation:
        return False
    return session.get(ServiceResource, slot.bay_id) is not None


def _jobs(session: Session, language: str) -> list[Choice]:
    return [Choice(job.code, job.name_in(language)) for job in list_jobs(session)]


def zone_of(session: Session, centre_id: int) -> ZoneInfo:
    """The clocks of a centre."""
    return ZoneInfo(calendar_for(session, CALENDAR, centre_id).zone)


def today_of(session: Session, centre_id: int, moment: datetime) -> datetime:
    """The present moment by the clocks of a centre."""
    return moment.astimezone(zone_of(session, centre_id))


def may_book(visit: ServiceVisit) -> bool:
    """Whether the person at the page may give this visit a time."""
    scope = scope_if_any("aftersales.book")
    return scope is not None and (scope.kind is ScopeKind.GROUP or visit.centre_id in scope.held_in)


FREE_SLOT_CHOICES = ChoiceSource(_free_slots, _knows_slot)
JOB_CHOICES = ChoiceSource(_jobs, lambda session, value: session.get(ServiceJob, value) is not None)
