"""Why a slot cannot be had, in the order in which a person would want to know."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from webapp.aftersales import capacity
from webapp.aftersales.needs import Needs
from webapp.aftersales.plan import Plan
from webapp.aftersales.slot import Slot
from webapp.aftersales.taking import courtesy_quarters, free_reception
from webapp.core.errors import Conflict, DomainError, RuleViolation


@dataclass(frozen=True)
class Wish:
    """A slot that somebody wants, and for what. `needs` None: whatever the bay can do. `walk_in`: he is here."""

    slot: Slot
    needs: Needs | None
    waits: bool = False
    walk_in: bool = False


class Refused(Exception):
    """The slot cannot be had; `is_wrong`: at no time. A DomainError when the alternative is known."""

    def __init__(self, code: str, *, is_wrong: bool = False, **details: object) -> None:
        super().__init__(code)
        self.code, self.is_wrong, self.details = code, is_wrong, details

    def as_error(self, **more: object) -> DomainError:
        kind = RuleViolation if self.is_wrong else Conflict
        return kind(self.code, f"The slot is refused: {self.code}.", **self.details, **more)


def refusal_of(plan: Plan, wish: Wish, *, now: datetime) -> Refused | None:
    """What stands in the way of a slot; None: it is free."""
    return _wrong(plan, wish, now) or _shut(plan, wish) or _taken(plan, wish)


def _wrong(plan: Plan, wish: Wish, now: datetime) -> Refused | None:
    slot = wish.slot
    if slot.starts_at + capacity.QUARTER <= now:
        return Refused("slot_in_past", is_wrong=True)
    bay = plan.by_id.get(slot.bay_id)
    if bay is None or bay not in plan.bays:
        return Refused("bay_unknown", is_wrong=True)
    if wish.needs is not None and not bay.serves(wish.needs.bay_type):
        return Refused("bay_unfit", is_wrong=True)
    if slot.advisor_id not in plan.by_user:
        return Refused("advisor_unknown", is_wrong=True)
    return None


def _shut(plan: Plan, wish: Wish) -> Refused | None:
    slot, day = wish.slot, plan.day_of(wish.slot.starts_at)
    if day is None or any(quarter not in day.quarters for quarter in plan.reception_of(slot)) or not plan.work_of(slot):
        return Refused("slot_outside_hours")
    bookable = day.bookable if not wish.walk_in else plan.whole_hours
    if not day.has_room(slot.hours, bookable):
        free = max(bookable - day.promised, Decimal(0))
        return Refused("day_full", free=f"{free:.1f}")
    return None


def _taken(plan: Plan, wish: Wish) -> Refused | None:
    slot, reception, work = wish.slot, plan.reception_of(wish.slot), plan.work_of(wish.slot)
    if not plan.is_free(slot.bay_id, work):
        return Refused("bay_taken")
    advisor = plan.by_user[slot.advisor_id]
    if not plan.is_free(advisor.id, reception):
        away = any(plan.taken.get((advisor.id, quarter)) == "absence" for quarter in reception)
        return Refused("advisor_away" if away else "advisor_taken", advisor=advisor.label_in(""))
    if plan.receptions and free_reception(plan, reception) is None:
        return Refused("reception_taken")
    if wish.waits and plan.waits(slot.advisor_id, work):
        return Refused("waiting_full", advisor=advisor.label_in(""), most=capacity.MOST_WAITING)
    if slot.courtesy_car_id is not None and not (
        slot.courtesy_car_id in {each.id for each in plan.courtesy_cars}
        and plan.is_free(slot.courtesy_car_id, courtesy_quarters(slot, work[-1] + capacity.QUARTER))
    ):
        return Refused("courtesy_taken")
    return None
