"""What pages ask about inquiries: today's list, sources, and who can take a customer over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import InstanceStatus, ProcessInstance
from webapp.core.case_sight import case_within
from webapp.core.choices import Choice, ChoiceSource
from webapp.core.permissions import RowScope, ScopeKind
from webapp.inquiries.models import Department, Inquiry, InquiryResult, Source
from webapp.staff.models import Centre, RoleGrant, User
from webapp.staff.queries import find_away

SELLER = "sales_manager"
ADVISOR = "service_advisor"

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True)
class DaySummary:
    """Figures of one day: all inquiries, lost calls, those without a name; worksheets and service visits opened."""

    total: int
    lost: int
    nameless: int
    worksheets: int
    visits: int


@dataclass(frozen=True)
class Receiver:
    """Somebody to whom a customer can be handed over. `busy_until` while he is away; `next_at`: his next task."""

    id: int
    name: str
    centre: str
    centre_id: int | None
    open_cases: int
    next_at: datetime | None
    busy_until: datetime | None
    deputy: str
    deputy_id: int | None


def list_inquiries(
    session: Session, *, scope: RowScope, since: datetime, until: datetime, limit: int = 50, offset: int = 0
) -> tuple[list[Inquiry], bool]:
    """Inquiries of a period, the newest first, with their people; and whether older ones follow."""
    statement = (
        _within(select(Inquiry), scope)
        .where(Inquiry.at >= since, Inquiry.at < until)
        .options(joinedload(Inquiry.customer), joinedload(Inquiry.receiver), joinedload(Inquiry.source))
        .order_by(Inquiry.at.desc(), Inquiry.id.desc())
        .offset(offset)
        .limit(limit + 1)
    )
    rows = session.scalars(statement).all()
    return list(rows[:limit]), len(rows) > limit


def summarise(session: Session, *, scope: RowScope, since: datetime, until: datetime) -> DaySummary:
    """The figures above the list."""
    statement = _within(
        select(
            func.count(),
            func.count().filter(Inquiry.result == InquiryResult.LOST_CALL),
            func.count().filter(Inquiry.customer_id.is_(None)),
            func.count().filter(Inquiry.opened_case, Inquiry.department != Department.SERVICE),
            func.count().filter(Inquiry.opened_case, Inquiry.department == Department.SERVICE),
        ),
        scope,
    ).where(Inquiry.at >= since, Inquiry.at < until)
    return DaySummary(*session.execute(statement).one())


def list_sources(session: Session) -> Sequence[Source]:
    """Sources on offer, in their order."""
    return session.scalars(select(Source).where(Source.active).order_by(Source.position)).all()


def list_receivers(
    session: Session, *, centre_ids: frozenset[int] | None, now: datetime, role: str = SELLER
) -> list[Receiver]:
    """Who has this role in these centres (None: in all), those who are here and have the fewest open cases first."""
    people = (
        select(User.id, User.name, func.min(Centre.name), func.min(Centre.id))
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .outerjoin(Centre, Centre.id == RoleGrant.centre_id)
        .where(User.active, RoleGrant.role == role)
        .group_by(User.id, User.name)
    )
    if centre_ids is not None:
        people = people.where(RoleGrant.centre_id.in_(sorted(centre_ids)) | RoleGrant.centre_id.is_(None))
    rows = session.execute(people).all()
    ids = [row[0] for row in rows]
    cases, following, away = _open_cases(session, ids), _next_tasks(session, ids, now), find_away(session, ids, now)
    receivers = []
    for person, name, centre, centre_id in rows:
        absence = away.get(person)
        receivers.append(
            Receiver(
                id=person,
                name=name,
                centre=centre or "",
                centre_id=centre_id,
                open_cases=cases.get(person, 0),
                next_at=following.get(person),
                busy_until=absence.ends_at if absence else None,
                deputy=absence.deputy.name if absence and absence.deputy else "",
                deputy_id=absence.deputy_id if absence else None,
            )
        )
    return sorted(receivers, key=lambda each: (each.busy_until is not None, each.open_cases, each.name))


def find_inquiry(session: Session, inquiry_id: int) -> Inquiry | None:
    """An inquiry with its people."""
    statement = (
        select(Inquiry)
        .where(Inquiry.id == inquiry_id)
        .options(joinedload(Inquiry.customer), joinedload(Inquiry.receiver), joinedload(Inquiry.source))
    )
    return session.scalar(statement)


def reaches(scope: RowScope, inquiry: Inquiry) -> bool:
    """Whether the scope covers this inquiry: accepted by, or handed to the person, or of his centres."""
    return scope.covers(inquiry.accepted_by, inquiry.centre_id) or inquiry.handed_to in scope.owner_ids


def find_instances(session: Session, case_keys: Sequence[str], *, reach: RowScope | None) -> dict[str, int]:
    """Numbers of the cases within reach, by business key."""
    if reach is None:
        return {}
    found = select(ProcessInstance.business_key, ProcessInstance.id).where(ProcessInstance.business_key.in_(case_keys))
    rows = session.execute(found.where(case_within(reach)))
    return dict(rows.all())


def centre_name(session: Session, held_in: frozenset[int]) -> str:
    """The centre in whose name somebody answers; none when he answers for several."""
    centre = session.get(Centre, next(iter(held_in))) if len(held_in) == 1 else None
    return centre.name if centre else ""


def _within(statement: Select[*Columns], scope: RowScope) -> Select[*Columns]:
    """Rows that the person accepted or was handed, or of his centres."""
    if scope.kind is ScopeKind.GROUP:
        return statement
    accepted = scope.condition(owner=Inquiry.accepted_by, scope=Inquiry.centre_id)
    return statement.where(or_(accepted, Inquiry.handed_to.in_(sorted(scope.owner_ids))))


def _open_cases(session: Session, ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(ProcessInstance.owner_id, func.count())
        .where(ProcessInstance.owner_id.in_(ids), ProcessInstance.status == InstanceStatus.ACTIVE)
        .group_by(ProcessInstance.owner_id)
    )
    return {owner: count for owner, count in rows if owner is not None}


def _next_tasks(session: Session, ids: Sequence[int], now: datetime) -> dict[int, datetime]:
    rows = session.execute(
        select(HumanTask.assignee_id, func.min(HumanTask.due_at))
        .where(HumanTask.assignee_id.in_(ids), HumanTask.state == TaskState.OPEN, HumanTask.due_at > now)
        .group_by(HumanTask.assignee_id)
    )
    return {person: at for person, at in rows if person is not None and at is not None}


def _choices(session: Session, language: str) -> list[Choice]:
    return [Choice(source.code, source.name_in(language)) for source in list_sources(session)]


SOURCE_CHOICES = ChoiceSource(_choices, lambda session, value: session.get(Source, value) is not None)
