"""What the forms of a visit let choose: free times, jobs, technicians of the centres that a person serves."""

from zoneinfo import ZoneInfo

from flask import has_request_context, request
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.human_tasks.models import HumanTask
from engine.instances.models import ProcessInstance
from engine.timers.calendars import calendar_for
from webapp.aftersales.models import (
    SUBJECT,
    BayType,
    ResourceKind,
    ServiceJob,
    ServiceResource,
    ServiceVisit,
    WaitOrLeave,
    Workshop,
)
from webapp.aftersales.needs import UNKNOWN_HOURS, list_jobs, needs_of
from webapp.aftersales.plan import Besides
from webapp.aftersales.queries import say_slot, zone_of
from webapp.aftersales.slot import read_slot
from webapp.aftersales.slots import find_free_slots
from webapp.aftersales.workshop import CALENDAR, TECHNICIAN, find_resources
from webapp.core.choices import Choice, ChoiceSource
from webapp.core.clock import now
from webapp.core.errors import RuleViolation
from webapp.core.formats import format_moment
from webapp.core.forms import read_number
from webapp.core.permissions import scope_if_any
from webapp.staff.models import Centre, RoleGrant, User

PROPOSED = 8  # free times of a centre


def _workshops(session: Session) -> list[Centre]:
    """Centres with a workshop in which the person books."""
    statement = select(Centre).join(Workshop, Workshop.centre_id == Centre.id).where(Centre.active)
    reach = scope_if_any("aftersales.see")
    centres = list(session.scalars(statement.order_by(Centre.name)))
    if reach is None:
        return centres
    own = reach.held_in | reach.centre_ids
    return [centre for centre in centres if centre.id in own] or centres


def _free_slots(session: Session, language: str) -> list[Choice]:
    """The next times, far enough apart to choose between, each with its advisor; headed by the centre.

    On the page of a visit's case they are those of its own centre, for its own work.
    """
    visit = _visit_on_page(session)
    if visit is not None:
        return _free_slots_of(session, visit, language)
    found = []
    for centre in _workshops(session):
        zone = ZoneInfo(calendar_for(session, CALENDAR, centre.id).zone)
        names = {
            each.user_id: each.label_in(language)
            for each in find_resources(session, centre.id)
            if each.kind is ResourceKind.ADVISOR
        }
        slots = find_free_slots(
            session,
            centre_id=centre.id,
            bay_type=BayType.LIFT2,
            hours=UNKNOWN_HOURS,
            since=now(),
            limit=PROPOSED,
            now=now(),
            apart=True,
        )
        for slot in slots:
            label = f"{format_moment(slot.starts_at, language, zone)}, {names.get(slot.advisor_id, '')}"
            found.append(Choice(slot.text, label, centre.name))
    return found


def _free_slots_of(session: Session, visit: ServiceVisit, language: str) -> list[Choice]:
    if session.get(Workshop, visit.centre_id) is None:
        return []
    needs = needs_of(session, visit.jobs)
    slots = find_free_slots(
        session,
        centre_id=visit.centre_id,
        bay_type=needs.bay_type,
        hours=visit.hours or needs.hours,
        since=now(),
        limit=PROPOSED,
        now=now(),
        express=needs.express,
        waits=visit.wait_or_leave is WaitOrLeave.WAIT,
        apart=True,
        besides=Besides(visit_id=visit.id),
    )
    zone = zone_of(session, visit.centre_id)
    return [Choice(slot.text, say_slot(session, slot, zone, language)) for slot in slots]


def _visit_on_page(session: Session) -> ServiceVisit | None:
    """By the address of a case or of a task; whether the case is in sight is that page's matter."""
    given = request.view_args or {} if has_request_context() else {}
    instance_id = given.get("instance_id")
    if task := session.get(HumanTask, given["task_id"]) if "task_id" in given else None:
        instance_id = task.instance_id
    case = session.get(ProcessInstance, instance_id) if isinstance(instance_id, int) else None
    subject, _, number = case.business_key.rpartition(":") if case is not None else ("", "", "")
    return session.get(ServiceVisit, int(number)) if subject == SUBJECT and number.isdigit() else None


def _knows_slot(session: Session, value: str) -> bool:
    """Whether it names a bay and an advisor of ours; whether they are free, the booking says."""
    try:
        slot = read_slot(value, hours=UNKNOWN_HOURS)
    except RuleViolation:
        return False
    bay = session.get(ServiceResource, slot.bay_id)
    return bay is not None and bay.kind is ResourceKind.BAY


def _tell_slot(session: Session, language: str, value: str) -> str:
    """«Fri 27 Nov 10:30, Lift 3, Viktor Nosov», also when it is taken or past."""
    if not _knows_slot(session, value):
        return value
    slot = read_slot(value, hours=UNKNOWN_HOURS)
    zone = zone_of(session, session.get_one(ServiceResource, slot.bay_id).centre_id)
    return say_slot(session, slot, zone, language)


def _jobs(session: Session, language: str) -> list[Choice]:
    return [Choice(job.code, job.name_in(language)) for job in list_jobs(session)]


def _technicians(session: Session, language: str) -> list[Choice]:
    people = session.scalars(_technicians_in_reach().where(User.active).order_by(User.name))
    return [Choice(str(user.id), user.name) for user in people]


def _is_technician(session: Session, value: str) -> bool:
    user_id = read_number(value)
    return user_id is not None and session.scalar(_technicians_in_reach().where(User.id == user_id)) is not None


def _technicians_in_reach() -> Select[User]:
    grants = select(RoleGrant.user_id).where(RoleGrant.role == TECHNICIAN)
    reach = scope_if_any("aftersales.see")
    if reach is not None and reach.held_in:
        grants = grants.where(RoleGrant.centre_id.in_(sorted(reach.held_in)) | RoleGrant.centre_id.is_(None))
    return select(User).where(User.id.in_(grants))


FREE_SLOT_CHOICES = ChoiceSource(_free_slots, _knows_slot, _tell_slot)
JOB_CHOICES = ChoiceSource(_jobs, lambda session, value: session.get(ServiceJob, value) is not None)
TECHNICIAN_CHOICES = ChoiceSource(_technicians, _is_technician)
