"""What the board of the day reads: visits, their cars, where their cases stand, and what changes while one looks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from engine.human_tasks.inbox import InboxTask, open_tasks, read_tasks
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import ProcessInstance
from webapp.aftersales.board_causes import StepNow
from webapp.aftersales.models import AWAITED, HERE, SUBJECT, ServiceJob, ServiceVisit, VisitStatus, WorkOrder, Workshop
from webapp.core.case_sight import case_within
from webapp.core.permissions import RowScope
from webapp.core.steps import step_name
from webapp.vehicles.models import CarModel, CustomerCar


@dataclass(frozen=True)
class CaseNow:
    """The case of a visit: its number, whether its page opens for who asks, and the step that presses."""

    instance_id: int
    in_reach: bool
    step: StepNow | None


def find_visits(
    session: Session, centre_id: int, *, since: datetime, until: datetime, scope: RowScope
) -> Sequence[ServiceVisit]:
    """The visits of a day in a centre: awaited and over by appointment on it, and every car that is here now."""
    statement = (
        select(ServiceVisit)
        .where(_of_day(ServiceVisit.centre_id == centre_id, since, until))
        .options(joinedload(ServiceVisit.advisor), joinedload(ServiceVisit.bay), joinedload(ServiceVisit.courtesy_car))
        .order_by(ServiceVisit.starts_at, ServiceVisit.id)
    )
    limited = scope.limit(statement, owner=ServiceVisit.advisor_id, scope=ServiceVisit.centre_id)
    return session.scalars(limited).unique().all()


def find_cars(session: Session, visits: Sequence[ServiceVisit]) -> Mapping[int, CustomerCar]:
    """The cars of the visits with their models, by number."""
    numbers = {visit.car_id for visit in visits if visit.car_id is not None}
    found = session.scalars(
        select(CustomerCar)
        .where(CustomerCar.id.in_(numbers))
        .options(joinedload(CustomerCar.model).joinedload(CarModel.brand))
    )
    return {car.id: car for car in found}


def find_job_names(session: Session, visits: Sequence[ServiceVisit], language: str) -> Mapping[str, str]:
    """What the jobs of the visits are called, by code."""
    codes = {code for visit in visits for code in visit.jobs}
    found = session.scalars(select(ServiceJob).where(ServiceJob.code.in_(codes)))
    return {job.code: job.name_in(language) for job in found}


def find_orders(session: Session, visits: Sequence[ServiceVisit]) -> Mapping[int, WorkOrder]:
    """The work orders of the visits with their lines, by the visit's number."""
    found = session.scalars(select(WorkOrder).where(WorkOrder.visit_id.in_([visit.id for visit in visits])))
    return {order.visit_id: order for order in found}


def find_cases(session: Session, visits: Sequence[ServiceVisit], *, reach: RowScope | None) -> Mapping[int, CaseNow]:
    """The running cases of the visits, by the visit's number. `reach`: on which cases the person may look."""
    keys = {visit.business_key: visit.id for visit in visits}
    rows = session.execute(
        select(ProcessInstance.id, ProcessInstance.business_key)
        .add_columns((false() if reach is None else case_within(reach)).label("in_reach"))
        .where(ProcessInstance.business_key.in_(keys))
        .order_by(ProcessInstance.id)
    ).all()
    steps = _pressing_steps(session, [row.id for row in rows])
    return {
        keys[row.business_key]: CaseNow(row.id, bool(row.in_reach), _describe(session, steps.get(row.id)))
        for row in rows
    }


def listen_to_day(scope: RowScope, since: datetime, until: datetime) -> Callable[[Session], object]:
    """What is compared while a board is open: the visits of the day in reach, and the open steps of their cases."""

    def read(session: Session) -> object:
        statement = (
            select(
                ServiceVisit.id,
                ServiceVisit.status,
                ServiceVisit.starts_at,
                ServiceVisit.promised_at,
                ServiceVisit.bay_id,
                ServiceVisit.advisor_id,
                ServiceVisit.repeat_repair,
            )
            .where(_of_day(ServiceVisit.centre_id.in_(select(Workshop.centre_id)), since, until))
            .order_by(ServiceVisit.id)
        )
        limited = scope.limit(statement, owner=ServiceVisit.advisor_id, scope=ServiceVisit.centre_id)
        visits = session.execute(limited).all()
        keys = [f"{SUBJECT}:{visit.id}" for visit in visits]
        steps = session.execute(
            select(func.count(), func.max(HumanTask.id))
            .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
            .where(ProcessInstance.business_key.in_(keys), HumanTask.state == TaskState.OPEN)
        ).one()
        return [tuple(visit) for visit in visits], tuple(steps)

    return read


def _of_day(here: ColumnElement[bool], since: datetime, until: datetime) -> ColumnElement[bool]:
    """`here`: in which centres. It stands in both ways, because each is found by an index that begins with it."""
    by_appointment = and_(ServiceVisit.starts_at >= since, ServiceVisit.starts_at < until)
    counted = ServiceVisit.status.in_([*AWAITED, VisitStatus.DONE])
    waits = and_(ServiceVisit.status == VisitStatus.REQUESTED, ServiceVisit.walk_in, ServiceVisit.opened_at >= since)
    return or_(and_(here, by_appointment, counted), and_(here, ServiceVisit.status.in_(HERE)), and_(here, waits))


def _pressing_steps(session: Session, instance_ids: Sequence[int]) -> Mapping[int, InboxTask]:
    """Of each case the open step that is due first."""
    found = read_tasks(
        session,
        open_tasks()
        .where(HumanTask.instance_id.in_(instance_ids))
        .order_by(HumanTask.due_at.is_not(None), HumanTask.due_at.desc(), HumanTask.id.desc()),
    )
    return {task.instance_id: task for task in found}  # the earliest is written last, undated ones before all


def _describe(session: Session, task: InboxTask | None) -> StepNow | None:
    return StepNow(task.element, step_name(session, task), task.created_at, task.due_at) if task else None


def day_of(moment: datetime) -> tuple[datetime, datetime]:
    """Beginning and end of the day in which a moment (by local time) lies."""
    since = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return since, since + timedelta(days=1)
