"""What a slot takes of the workshop: the quarters of bay, advisor, reception and courtesy car."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.aftersales import capacity
from webapp.aftersales.models import ServiceResource
from webapp.aftersales.plan import Plan
from webapp.aftersales.slot import Slot


@dataclass(frozen=True)
class Taking:
    """The quarters of each resource (by its id), and when the work in the bay ends."""

    quarters: Sequence[tuple[int, datetime]]
    ends_at: datetime


def taking_of(plan: Plan, slot: Slot) -> Taking:
    """Of a slot that is free."""
    reception, work = plan.reception_of(slot), plan.work_of(slot)
    ends_at = work[-1] + capacity.QUARTER
    taken = [(slot.bay_id, quarter) for quarter in work]
    taken += [(plan.by_user[slot.advisor_id].id, quarter) for quarter in reception]
    if place := free_reception(plan, reception):
        taken += [(place.id, quarter) for quarter in reception]
    if slot.courtesy_car_id is not None:
        taken += [(slot.courtesy_car_id, quarter) for quarter in courtesy_quarters(slot, ends_at)]
    return Taking(taken, ends_at)


def free_reception(plan: Plan, quarters: Sequence[datetime]) -> ServiceResource | None:
    """A reception bay that is free; a centre without one receives customers anywhere."""
    return next((each for each in plan.receptions if plan.is_free(each.id, quarters)), None)


def courtesy_quarters(slot: Slot, ends_at: datetime) -> list[datetime]:
    """From the reception to the planned return and half an hour more, nights included."""
    return list(capacity.quarters_between(slot.starts_at, ends_at + capacity.COURTESY_AFTER))


def free_courtesy_car(plan: Plan, slot: Slot) -> ServiceResource | None:
    """A courtesy car for the whole time of a slot."""
    work = plan.work_of(slot)
    if not work:
        return None
    quarters = courtesy_quarters(slot, work[-1] + capacity.QUARTER)
    return next((each for each in plan.courtesy_cars if plan.is_free(each.id, quarters)), None)
