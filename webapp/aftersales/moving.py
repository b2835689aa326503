"""Where a dragged bar or the form of another time leads: the slot that is meant."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from webapp.aftersales import booking, capacity
from webapp.aftersales.models import BayType, ResourceKind, ServiceResource, ServiceVisit
from webapp.aftersales.needs import needs_of
from webapp.aftersales.slot import Slot, read_slot
from webapp.core.errors import Conflict, RuleViolation
from webapp.core.forms import Form


def target_of(session: Session, visit: ServiceVisit, form: Form, *, zone: ZoneInfo) -> Slot:
    """The slot of the form; else that which begins at `starts_at` on the line of `resource`.

    On a bay's line the time is that of the work, on an advisor's or the reception's that of the reception.
    RuleViolation: slot_unreadable; Conflict: visit_not_booked.
    """
    before = booking.slot_of(session, visit)
    if before is None:
        raise Conflict("visit_not_booked", f"Visit {visit.id} has no time.")
    if text := form.data.get("slot"):
        chosen = read_slot(text, hours=visit.hours, express=needs_of(session, visit.jobs).express)
        return replace(chosen, courtesy_car_id=before.courtesy_car_id)
    starts_at, resource_id = form.data.get("starts_at"), form.data.get("resource")
    resource = session.get(ServiceResource, resource_id) if resource_id else None
    if starts_at is None or resource is None or resource.centre_id != visit.centre_id:
        raise RuleViolation("slot_unreadable", "Neither a slot nor a time and a line.")
    moment = capacity.quarter_of(starts_at.replace(tzinfo=zone))
    if resource.kind is ResourceKind.ADVISOR:
        return replace(before, starts_at=moment, advisor_id=resource.user_id or before.advisor_id)
    if resource.kind is ResourceKind.COURTESY_CAR:
        return replace(before, starts_at=moment, courtesy_car_id=resource.id)
    if begins_with_reception(resource):
        return replace(before, starts_at=moment)
    return replace(before, starts_at=moment - reception_of(before), bay_id=resource.id)


def begins_with_reception(line: ServiceResource) -> bool:
    """Whether a time on this line is that of the reception; on the line of a bay it is that of the work."""
    return line.kind is not ResourceKind.BAY or line.bay_type is BayType.RECEPTION


def reception_of(slot: Slot) -> timedelta:
    """How long before the work the reception begins."""
    return capacity.reception_quarters(express=slot.express) * capacity.QUARTER
