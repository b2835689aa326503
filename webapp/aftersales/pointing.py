"""A free place of the calendar that somebody points at: the slot that is meant, whatever may still stand in its way."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.aftersales.models import ResourceKind, ServiceResource
from webapp.aftersales.moving import begins_with_reception, reception_of
from webapp.aftersales.needs import Needs
from webapp.aftersales.plan import NOTHING, Besides
from webapp.aftersales.slot import Slot
from webapp.aftersales.slots import find_free_slots
from webapp.aftersales.workshop import find_resources
from webapp.core.errors import RuleViolation


@dataclass(frozen=True)
class Place:
    """A moment on the line of a resource."""

    resource: ServiceResource
    at: datetime


def slot_at(
    session: Session, place: Place, needs: Needs, *, waits: bool = False, besides: Besides = NOTHING, now: datetime
) -> Slot:
    """The slot there: what the line does not say, bay or advisor, is what would suit best at this time.

    On a bay's line the time is that of the work, elsewhere that of the reception, as when a bar is dragged.
    RuleViolation: slot_in_past, bay_unknown, advisor_unknown, when there is nothing to choose from at all.
    """
    line = place.resource
    slot = Slot(place.at, 0, 0, needs.hours, needs.express)
    if not begins_with_reception(line):
        slot = replace(slot, starts_at=place.at - reception_of(slot), bay_id=line.id)
    if slot.starts_at < now:
        raise RuleViolation("slot_in_past", "A visit begins in the future.")
    if line.kind is ResourceKind.ADVISOR:
        slot = replace(slot, advisor_id=line.user_id or 0)
    free = find_free_slots(
        session,
        centre_id=line.centre_id,
        bay_type=needs.bay_type,
        hours=needs.hours,
        since=slot.starts_at,
        advisor_id=slot.advisor_id or None,
        limit=1,
        now=now,
        express=needs.express,
        waits=waits,
        besides=besides,
    )
    best = free[0] if free and free[0].starts_at == slot.starts_at else None
    return replace(
        slot,
        bay_id=slot.bay_id or (best.bay_id if best else _any_bay(session, line.centre_id, needs)),
        advisor_id=slot.advisor_id or (best.advisor_id if best else _any_advisor(session, line.centre_id)),
    )


def _any_bay(session: Session, centre_id: int, needs: Needs) -> int:
    """Somewhere the work could be done: what is taken then, the booking says."""
    found = [each for each in find_resources(session, centre_id) if each.serves(needs.bay_type)]
    if not found:
        raise RuleViolation("bay_unknown", "No bay suits the work.")
    return found[0].id


def _any_advisor(session: Session, centre_id: int) -> int:
    for each in find_resources(session, centre_id):
        if each.kind is ResourceKind.ADVISOR and each.user_id is not None:
            return each.user_id
    raise RuleViolation("advisor_unknown", "The workshop has no advisor.")
