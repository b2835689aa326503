"""Reads of the aftersales slice: centres with a workshop, visits in reach, their open steps."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import ProcessInstance
from engine.timers.calendars import calendar_for
from webapp.aftersales.models import ServiceResource, ServiceVisit, Workshop
from webapp.aftersales.slot import Slot
from webapp.aftersales.workshop import CALENDAR
from webapp.core.case_sight import case_within
from webapp.core.errors import NotFound
from webapp.core.formats import format_day
from webapp.core.permissions import RowScope, ScopeKind
from webapp.staff.models import Centre, User


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


def find_case_in_sight(session: Session, business_key: str, reach: RowScope | None) -> ProcessInstance | None:
    """The newest case of a visit, if whoever has this reach over cases may open its page."""
    case = find_case(session, business_key) if reach is not None else None
    if case is None or reach is None:
        return None
    seen = select(ProcessInstance.id).where(ProcessInstance.id == case.id, case_within(reach))
    return case if session.scalar(seen) is not None else None


def say_slot(session: Session, slot: Slot, zone: ZoneInfo, language: str) -> str:
    """«Fri 27 Nov 10:30, Lift 3, Viktor Nosov»."""
    return ", ".join(filter(None, (say_when(slot, zone, language), say_place(session, slot, language))))


def say_when(slot: Slot, zone: ZoneInfo, language: str) -> str:
    """«Fri 27 Nov 10:30»: the reception by the clocks of the centre."""
    return f"{format_day(slot.starts_at, language, zone, 'day')} {slot.starts_at.astimezone(zone):%H:%M}"


def say_short(slot: Slot, zone: ZoneInfo, language: str) -> str:
    """«27 Nov 10:30», for a button."""
    return f"{format_day(slot.starts_at, language, zone, 'day_month')} {slot.starts_at.astimezone(zone):%H:%M}"


def say_place(session: Session, slot: Slot, language: str) -> str:
    """«Lift 3, Viktor Nosov»."""
    bay, advisor = session.get(ServiceResource, slot.bay_id), session.get(User, slot.advisor_id)
    return ", ".join(filter(None, (bay.name_in(language) if bay else "", advisor.name if advisor else "")))


def zone_of(session: Session, centre_id: int) -> ZoneInfo:
    """The clocks of a centre."""
    return ZoneInfo(calendar_for(session, CALENDAR, centre_id).zone)


def today_of(session: Session, centre_id: int, moment: datetime) -> datetime:
    """The present moment by the clocks of a centre."""
    return moment.astimezone(zone_of(session, centre_id))
