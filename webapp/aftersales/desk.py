"""What the form of a new booking shows: who calls, with which car, what it needs, and the times that are free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from webapp.aftersales import booking
from webapp.aftersales.calendar import Bar
from webapp.aftersales.capacity import QUARTER, bay_quarters
from webapp.aftersales.models import (
    AWAITED,
    BayType,
    ResourceKind,
    ServiceResource,
    ServiceVisit,
    SlotHold,
    WaitOrLeave,
)
from webapp.aftersales.moving import reception_of
from webapp.aftersales.needs import Needs, list_jobs, needs_of
from webapp.aftersales.plan import Besides, read_plan
from webapp.aftersales.queries import say_place, say_short, say_slot, say_when, zone_of
from webapp.aftersales.slot import Slot, read_slot
from webapp.aftersales.slots import SPAN_DAYS, find_free_slots
from webapp.aftersales.taking import free_courtesy_car
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import DomainError, NotFound, RuleViolation
from webapp.core.formats import format_duration, format_number
from webapp.core.forms import Form, read_day, read_number
from webapp.core.i18n import current_language
from webapp.core.permissions import RowScope, ScopeKind, actor_id, current_scope, may
from webapp.customers.models import Customer
from webapp.customers.queries import find_matches
from webapp.customers.services import find_by_phone, get_customer
from webapp.kit.phones import is_phone, normalise_phone
from webapp.vehicles.models import CustomerCar
from webapp.vehicles.queries import find_matches as find_cars
from webapp.vehicles.services import find_cars_of

PROPOSED = 3
SHORTEST_SEARCH = 3
MOST_CALLERS = 6


@dataclass(frozen=True)
class Caller:
    """Somebody who may be calling, with the car he may mean."""

    customer: Customer
    car: CustomerCar | None
    phone: str

    @property
    def key(self) -> str:
        return f"{self.customer.id}-{self.car.id if self.car else 0}"


@dataclass(frozen=True)
class Found:
    """The part of the form that says who calls: the hits, or the one who was chosen, or a new person."""

    form: Form
    text: str
    callers: Sequence[Caller]
    chosen: Caller | None

    @property
    def is_new(self) -> bool:
        """Whether nobody is known by what was typed, so that name and car are asked for."""
        return self.chosen is None and len(self.text.strip()) >= SHORTEST_SEARCH


@dataclass(frozen=True)
class Proposal:
    """One free time as the form shows it."""

    slot: Slot
    day: str
    place: str
    chosen: bool


@dataclass(frozen=True)
class Times:
    """The part of the form that says when: what the work takes, the times, the one that is held until when."""

    needs: Needs | None
    work: str
    proposals: Sequence[Proposal]
    hold: SlotHold | None
    refusal: str
    courtesy: str
    act: str  # «27 Nov 10:30», for the button

    @property
    def is_asked(self) -> bool:
        return self.needs is not None


NO_TIMES = Times(None, "", (), None, "", "", "")


def find_caller(values: Mapping[str, object]) -> Found:
    """Who may be calling by what was typed or chosen; the only hit for a very phone or plate is taken at once."""
    text = str(values.get("q") or "")
    chosen_id, car_id = read_number(values.get("customer_id")), read_number(values.get("car_id"))
    if chosen_id:
        caller = _caller(chosen_id, car_id, text)
        return Found(_fill(values, caller), text, (), caller)
    callers = list_callers(text)
    exact = callers[0] if len(callers) == 1 and (is_phone(text) or any(map(str.isdigit, text))) else None
    if exact is not None:
        return Found(_fill(values, exact), text, (), exact)
    return Found(_fill(values, None), text, callers, None)


def list_callers(text: str) -> list[Caller]:
    """Customers in reach with their cars, whom the text may mean; the very phone is found wherever its card belongs."""
    if len(text.strip()) < SHORTEST_SEARCH:
        return []
    scope = current_scope("customers.see") if may("customers.see") else RowScope(ScopeKind.OWN, actor_id())
    found: dict[str, Caller] = {}
    for car in find_cars(session(), text, scope=scope, limit=MOST_CALLERS):
        _add(found, car.customer, car, "")
    ids = [hit.id for hit in find_matches(session(), text, scope=scope, limit=MOST_CALLERS)]
    holder = find_by_phone(session(), normalise_phone(text)) if is_phone(text) else None
    if holder is not None:
        ids = [holder.id, *ids]
    known = {caller.customer.id for caller in found.values()}
    for customer_id in dict.fromkeys(ids):
        if customer_id in known:
            continue
        customer = get_customer(session(), customer_id)
        for each in find_cars_of(session(), customer_id) or (None,):
            _add(found, customer, each, customer.phones[0].number if customer.phones else "")
    return list(found.values())[:MOST_CALLERS]


def _add(found: dict[str, Caller], customer: Customer, car: CustomerCar | None, phone: str) -> None:
    caller = Caller(customer, car, phone)
    found.setdefault(caller.key, caller)


def require_reach(customer_id: int, text: str) -> Customer:
    """The customer, if he is in reach or his very phone was typed. NotFound: customer_unknown."""
    customer = get_customer(session(), customer_id)
    scope = current_scope("customers.see") if may("customers.see") else RowScope(ScopeKind.OWN, actor_id())
    typed = normalise_phone(text) if is_phone(text) else ""
    if not scope.covers(customer.owner_id, customer.centre_id) and typed not in {one.number for one in customer.phones}:
        raise NotFound("customer_unknown", f"There is no customer {customer_id}.", customer_id=customer_id)
    return customer


def _caller(customer_id: int, car_id: int | None, text: str) -> Caller:
    """The chosen customer with his car. NotFound: customer_unknown."""
    customer = require_reach(customer_id, text)
    cars = find_cars_of(session(), customer_id)
    car = next((each for each in cars if each.id == car_id), cars[0] if len(cars) == 1 else None)
    return Caller(customer, car, customer.phones[0].number if customer.phones else "")


def _fill(values: Mapping[str, object], caller: Caller | None) -> Form:
    filled = dict(values)
    filled["customer_id"] = caller.customer.id if caller else ""
    filled["car_id"] = caller.car.id if caller and caller.car else ""
    text = str(values.get("q") or "")
    if caller is None and is_phone(text):
        filled["phone"] = text
    elif caller is None and not filled.get("name") and text and not any(map(str.isdigit, text)):
        filled["name"] = text
    return Form(values=filled)


def propose_times(form: Form, *, centre_id: int, visit: ServiceVisit | None = None) -> Times:
    """Free times for the work of the form, or of a visit that has one; the chosen one, else the first, is held.

    What was chosen and has been taken meanwhile is said in `refusal`, and the next is held.
    """
    moves = visit is not None and visit.status in AWAITED
    needs = _needs(form, visit)
    if needs is None:
        return NO_TIMES
    stay = visit.wait_or_leave if visit is not None and moves else form.values.get("wait_or_leave")
    waits, besides = stay == WaitOrLeave.WAIT, visit if moves else None
    wanted, hold, refusal = _chosen(form, needs, centre_id), None, ""
    keep = partial(
        booking.hold_slot, session(), user_id=actor_id(), now=now(), needs=needs, waits=waits, besides=besides
    )
    if wanted is not None:
        try:
            hold = keep(wanted)
        except DomainError as refused:
            refusal, wanted = explain(refused), None
    zone = zone_of(session(), centre_id)
    own = Besides(besides.id if besides else None, hold.id if hold else None)
    slots = list(
        find_free_slots(
            session(),
            centre_id=centre_id,
            bay_type=needs.bay_type,
            hours=needs.hours,
            since=_since(form, zone),
            limit=PROPOSED,
            now=now(),
            express=needs.express,
            waits=waits,
            apart=True,
            besides=own,
        )
    )
    if wanted is None and slots:
        wanted = slots[0]
        hold = keep(wanted)
    if wanted is not None and all(each.starts_at != wanted.starts_at for each in slots):
        slots = [wanted, *slots[: PROPOSED - 1]]
    slots = [wanted if wanted and each.starts_at == wanted.starts_at else each for each in slots]
    return Times(
        needs,
        say_work(needs),
        [_proposal(each, wanted, zone) for each in sorted(slots, key=lambda each: each.starts_at)],
        hold,
        refusal,
        say_courtesy(wanted, centre_id, zone) if wanted else "",
        say_short(wanted, zone, current_language()) if wanted else "",
    )


def _needs(form: Form, visit: ServiceVisit | None) -> Needs | None:
    """By the work of the form; without one by that of the visit."""
    jobs = [str(code) for code in form.values.get("jobs") or () if code] if "jobs" not in form.errors else []
    if not jobs and visit is not None:
        known = needs_of(session(), visit.jobs)
        return replace(known, hours=visit.hours or known.hours)
    return needs_of(session(), jobs) if jobs else None


def _chosen(form: Form, needs: Needs, centre_id: int) -> Slot | None:
    """The slot that was chosen, in this centre."""
    try:
        slot = read_slot(str(form.values.get("slot") or ""), hours=needs.hours, express=needs.express)
    except RuleViolation:
        return None
    bay = session().get(ServiceResource, slot.bay_id)
    return slot if bay is not None and bay.centre_id == centre_id else None


def _since(form: Form, zone: ZoneInfo) -> datetime:
    asked = read_day(str(form.values.get("since") or ""))
    return max(datetime.combine(asked, datetime.min.time(), zone), now()) if asked else now()


def say_work(needs: Needs) -> str:
    """«1.6 norm hours, 2 h in a bay»."""
    language = current_language()
    span = format_duration(bay_quarters(needs.hours) * QUARTER, language)
    hours = format_number(needs.hours.normalize(), language)
    return str(_("%(hours)s norm hours, %(span)s in the bay", hours=hours, span=span))


def say_courtesy(slot: Slot, centre_id: int, zone: ZoneInfo) -> str:
    """The courtesy car that is free for the whole time; empty when none is."""
    day = slot.starts_at.astimezone(zone).date()
    plan = read_plan(session(), centre_id, day, SPAN_DAYS, now=now())
    car = free_courtesy_car(plan, slot)
    return car.name_in(current_language()) if car else ""


def _proposal(slot: Slot, chosen: Slot | None, zone: ZoneInfo) -> Proposal:
    when, place = say_when(slot, zone, current_language()), say_place(session(), slot, current_language())
    return Proposal(slot, when, place, chosen is not None and chosen.starts_at == slot.starts_at)


def job_choices() -> list[tuple[str, str]]:
    """The work on offer, with its norm hours."""
    language = current_language()
    return [
        (job.code, f"{job.name_in(language)} · {format_number(job.hours.normalize(), language)}")
        for job in list_jobs(session())
    ]


def car_answers(data: Mapping[str, Any]) -> dict[str, str]:
    """What the step asks of the car: of the chosen one, else as it was typed."""
    car = session().get(CustomerCar, data["car_id"]) if data["car_id"] else None
    if car is None or car.customer_id != data["customer_id"]:
        return {"plate": data["car_plate"] or "", "name": data["car_name"] or ""}
    return {"plate": car.plate, "vin": car.vin or "", "model": car.model_code or "", "name": car.description}


@dataclass(frozen=True)
class Entry:
    """A visit in the list beside the grid, for whoever does not see or cannot drag bars."""

    bar: Bar
    place: str
    time: str


def agenda_of(
    bars: Sequence[Bar], resources: Sequence[ServiceResource], zone: ZoneInfo
) -> list[tuple[date, list[Entry]]]:
    """Visits by day and time, each once: where the work is done."""
    names = {each.id: each.label_in(current_language()) for each in resources}
    work = {each.id for each in resources if each.kind is ResourceKind.BAY and each.bay_type != BayType.RECEPTION}
    entries = [
        Entry(bar, names.get(bar.resource_id, ""), f"{bar.starts_at.astimezone(zone):%H:%M}")
        for bar in sorted(bars, key=lambda each: each.starts_at)
        if bar.resource_id in work and bar.visit_id is not None
    ]
    by_day = groupby(entries, key=lambda each: each.bar.starts_at.astimezone(zone).date())
    return [(day, list(found)) for day, found in by_day]


@dataclass(frozen=True)
class Places:
    """Where a visit that is moved stands now, and what may be chosen by hand."""

    now: str
    starts_at: str  # of the work, as the input wants it
    bay_id: int
    bays: Sequence[tuple[int, str]]


def places_of(visit: ServiceVisit, resources: Sequence[ServiceResource], zone: ZoneInfo) -> Places | None:
    """Of a booked visit."""
    slot = booking.slot_of(session(), visit)
    if slot is None:
        return None
    needs = needs_of(session(), visit.jobs)
    work = slot.starts_at.astimezone(zone) + reception_of(slot)
    return Places(
        say_slot(session(), slot, zone, current_language()),
        f"{work:%Y-%m-%dT%H:%M}",
        slot.bay_id,
        [(each.id, each.label_in(current_language())) for each in resources if each.serves(needs.bay_type)],
    )
