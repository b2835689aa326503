"""Setting up a workshop: its bays, advisors and courtesy cars. None of the functions commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.aftersales.models import (
    BayType,
    Occupancy,
    ResourceKind,
    ServiceResource,
    ServiceStandard,
    Workshop,
)
from webapp.aftersales.reference import COURTESY_CARS, DEFAULT_STANDARD, BayPlan
from webapp.core import audit
from webapp.core.errors import Conflict, NotFound, RuleViolation
from webapp.staff.models import User
from webapp.staff.queries import find_members

ADVISOR = "service_advisor"
SHIFT_HOURS = Decimal(8)
EFFICIENCY = Decimal("0.85")
LONGEST_NAME = 80


@dataclass(frozen=True)
class ResourceFacts:
    """A resource as somebody describes it: names in both languages, or the person who is the advisor."""

    kind: ResourceKind
    name_en: str = ""
    name_ru: str = ""
    bay_type: BayType | None = None
    user_id: int | None = None
    skills: Sequence[BayType] = ()


def furnish_workshop(
    session: Session,
    centre_id: int,
    *,
    bays: Sequence[BayPlan],
    standard: str = DEFAULT_STANDARD,
    technicians: int | None = None,
    now: datetime,
) -> None:
    """A workshop where there is none yet: these bays, the centre's service advisors, two courtesy cars.

    Told again, it changes nothing. An advisor of all centres belongs to the first that is furnished.
    """
    if session.get(Workshop, centre_id) is not None:
        return
    session.add(
        Workshop(
            centre_id=centre_id,
            standard_code=standard,
            technicians=technicians,
            shift_hours=SHIFT_HOURS,
            efficiency=EFFICIENCY,
        )
    )
    session.flush()
    plans = [ResourceFacts(ResourceKind.BAY, bay.english, bay.russian, bay.bay_type, skills=bay.skills) for bay in bays]
    plans += [ResourceFacts(ResourceKind.ADVISOR, user_id=user_id) for user_id in _free_advisors(session, centre_id)]
    plans += [
        ResourceFacts(ResourceKind.COURTESY_CAR, f"Courtesy car {number}", f"Подменный автомобиль {number}")
        for number in range(1, COURTESY_CARS + 1)
    ]
    for plan in plans:
        add_resource(session, centre_id, plan, actor_id=None, now=now)


def add_resource(
    session: Session, centre_id: int, facts: ResourceFacts, *, actor_id: int | None, now: datetime
) -> ServiceResource:
    """One more. RuleViolation: resource_unnamed, bay_type_missing, advisor_missing; Conflict: advisor_twice."""
    made = ServiceResource(centre_id=centre_id, kind=facts.kind, position=_next_position(session, centre_id))
    _describe(session, made, facts)
    session.add(made)
    session.flush()
    _record(session, "aftersales.resource.added", made, actor_id, now)
    return made


def change_resource(
    session: Session,
    resource: ServiceResource,
    facts: ResourceFacts,
    *,
    active: bool,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Another name, another fitting, or switched off. The refusals of `add_resource`, and Conflict: resource_in_use.

    What has bookings ahead is not switched off: they would be on nobody's calendar.
    """
    if resource.active and not active and _is_booked(session, resource, now):
        raise Conflict("resource_in_use", f"Resource {resource.id} is booked.")
    _describe(session, resource, facts)
    resource.active = active
    session.flush()
    _record(session, "aftersales.resource.changed", resource, actor_id, now, active=active)


def change_workshop(
    session: Session,
    workshop: Workshop,
    *,
    standard: str,
    technicians: int | None,
    shift_hours: Decimal,
    efficiency: Decimal,
    actor_id: int | None,
    now: datetime,
) -> None:
    """What can be done in a day. RuleViolation: standard_unknown."""
    if session.get(ServiceStandard, standard) is None:
        raise RuleViolation("standard_unknown", f"There is no standard {standard}.")
    workshop.standard_code, workshop.technicians = standard, technicians
    workshop.shift_hours, workshop.efficiency = shift_hours, efficiency
    session.flush()
    audit.record(
        session,
        action="aftersales.workshop.changed",
        subject=f"aftersales.workshop:{workshop.centre_id}",
        actor_id=actor_id,
        now=now,
    )


def get_resource(session: Session, resource_id: int, centre_ids: Sequence[int]) -> ServiceResource:
    """One of these centres. NotFound: resource_unknown."""
    found = session.get(ServiceResource, resource_id)
    if found is None or found.centre_id not in centre_ids:
        raise NotFound("resource_unknown", f"There is no resource {resource_id}.")
    return found


def find_candidates(session: Session, centre_id: int) -> list[User]:
    """Service advisors of the centre who are on no calendar yet."""
    return [session.get_one(User, user_id) for user_id in _free_advisors(session, centre_id)]


def _free_advisors(session: Session, centre_id: int) -> list[int]:
    taken = set(session.scalars(select(ServiceResource.user_id).where(ServiceResource.user_id.is_not(None))))
    return [user_id for user_id in find_members(session, ADVISOR, centre_id) if user_id not in taken]


def _describe(session: Session, resource: ServiceResource, facts: ResourceFacts) -> None:
    english, russian = facts.name_en.strip(), facts.name_ru.strip()
    if resource.kind is ResourceKind.ADVISOR:
        user = session.get(User, facts.user_id) if facts.user_id is not None else None
        if user is None:
            raise RuleViolation("advisor_missing", "An advisor is a person.")
        statement = select(ServiceResource.id).where(ServiceResource.user_id == user.id)
        if session.scalar(statement) not in {None, resource.id}:
            raise Conflict("advisor_twice", f"User {user.id} is on a calendar already.", name=user.name)
        if resource.user_id is None and user.id not in find_members(session, ADVISOR, resource.centre_id):
            raise RuleViolation("advisor_missing", f"User {user.id} is no service advisor of the centre.")
        english = russian = user.name[:LONGEST_NAME]
        resource.user_id, resource.user = user.id, user
    elif not (english or russian):
        raise RuleViolation("resource_unnamed", "A bay and a car need a name.")
    if resource.kind is ResourceKind.BAY and facts.bay_type is None:
        raise RuleViolation("bay_type_missing", "A bay is for a kind of work.")
    resource.name_en, resource.name_ru = english or russian, russian or english
    resource.bay_type = facts.bay_type if resource.kind is ResourceKind.BAY else None
    resource.skills = [skill.value for skill in facts.skills] if resource.kind is ResourceKind.BAY else []


def _is_booked(session: Session, resource: ServiceResource, now: datetime) -> bool:
    ahead = select(Occupancy.quarter).where(Occupancy.resource_id == resource.id, Occupancy.quarter >= now)
    return session.execute(ahead.limit(1)).first() is not None


def _next_position(session: Session, centre_id: int) -> int:
    last = session.scalar(select(func.max(ServiceResource.position)).where(ServiceResource.centre_id == centre_id))
    return 0 if last is None else last + 1


def _record(
    session: Session, action: str, resource: ServiceResource, actor_id: int | None, now: datetime, **more: object
) -> None:
    audit.record(
        session,
        action=action,
        subject=f"aftersales.resource:{resource.id}",
        actor_id=actor_id,
        now=now,
        name=resource.name_en,
        **more,
    )
