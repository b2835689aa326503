"""What all operations of a visit share: its record, its calendar, its row in the chronicle."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.operations import Context, OperationSet
from engine.timers.calendars import WorkingCalendar, calendar_for
from webapp.aftersales import visiting
from webapp.aftersales.models import ServiceResource, ServiceVisit, WaitOrLeave
from webapp.aftersales.needs import needs_of
from webapp.aftersales.plan import Besides
from webapp.aftersales.slot import Slot, read_slot
from webapp.aftersales.slots import find_free_slots
from webapp.aftersales.workshop import CALENDAR
from webapp.core.errors import RuleViolation
from webapp.customers.models import InteractionChannel
from webapp.customers.services import get_customer
from webapp.kit.identifiers import tidy_plate
from webapp.vehicles.models import CustomerCar
from webapp.vehicles.services import CarFacts, find_by_vin, find_cars_of, get_car, pass_on, record_car

YES = "yes"
NO_ANSWER = "no_answer"

operations = OperationSet("aftersales")


def visit_of(context: Context) -> ServiceVisit:
    return visiting.get_visit_by_key(context.session, context.case.business_key)


def opening_hours(context: Context) -> WorkingCalendar:
    return calendar_for(context.session, CALENDAR, context.case.scope_id)


def local_day(context: Context, moment: datetime | None = None) -> date:
    """The day of a moment, today's without one, where the centre is."""
    return (moment or context.now).astimezone(ZoneInfo(opening_hours(context).zone)).date()


def slot_for(context: Context, visit: ServiceVisit, text: str | None) -> Slot:
    """The chosen slot for the hours of the visit. RuleViolation: slot_unreadable, slot_missing."""
    if not text:
        raise RuleViolation("slot_missing", "A free time is to be chosen.")
    needs = needs_of(context.session, visit.jobs)
    slot = read_slot(text, hours=visit.hours or needs.hours, express=needs.express)
    bay = context.session.get(ServiceResource, slot.bay_id)
    if bay is None or bay.serves(needs.bay_type):
        return slot
    # the time was offered before anybody said what is to be done: a bay that suits the work, at the same time
    suited = find_free_slots(
        context.session,
        centre_id=visit.centre_id,
        bay_type=needs.bay_type,
        hours=slot.hours,
        since=slot.starts_at,
        advisor_id=slot.advisor_id,
        limit=1,
        now=context.now,
        express=needs.express,
        waits=visit.wait_or_leave is WaitOrLeave.WAIT,
        besides=Besides(visit_id=visit.id),
    )
    return suited[0] if suited and suited[0].starts_at == slot.starts_at else slot


def lead_by_advisor(context: Context, visit: ServiceVisit) -> None:
    """The case belongs to the advisor of the visit."""
    if visit.advisor_id is not None:
        context.case.set_owner(visit.advisor_id)


def record_vehicle(
    context: Context, visit: ServiceVisit, *, plate: str | None, vin: str | None, model: str | None, name: str | None
) -> CustomerCar | None:
    """The car of the visit by what was told of it; nothing told leaves the one that is known.

    RuleViolation: car_missing, and as of `record_car`.
    """
    session = context.session
    car = get_car(session, visit.car_id) if visit.car_id else None
    if not (plate or vin):
        if car is None:
            raise RuleViolation("car_missing", "The car is named by its plate or VIN.")
        return car
    facts = CarFacts(vin=vin or "", plate=plate or "", model_code=model, description=name or "")
    found = _known_car(context, visit.customer_id, facts) or car
    if found is None or (vin and found.vin and found.vin != vin):
        customer = get_customer(session, visit.customer_id)
        found = record_car(session, customer=customer, facts=facts, actor_id=context.actor_id, now=context.now)
    visit.car_id = found.id
    return found


def note(
    context: Context,
    visit: ServiceVisit,
    subject: str,
    result: str,
    comment: str | None,
    *,
    channel: InteractionChannel = InteractionChannel.CALL,
    next_at: datetime | None = None,
) -> None:
    visiting.note_contact(
        context.session,
        visit,
        subject,
        result,
        comment or "",
        channel=channel,
        next_at=next_at,
        actor_id=context.actor_id,
        now=context.now,
    )


def unanswered(context: Context, subject: str, *, since: datetime | None = None) -> int:
    """How many calls of this step nobody has taken, this one not yet among them."""
    key = context.case.business_key
    return visiting.count_calls(context.session, key, f"visit.{subject}", NO_ANSWER, since=since)


def _known_car(context: Context, customer_id: int, facts: CarFacts) -> CustomerCar | None:
    """A car in our books with this VIN, passed on when it was another's, or one of the customer's with this plate."""
    known = find_by_vin(context.session, facts.vin) if facts.vin else None
    if known is not None and known.customer_id != customer_id:
        customer = get_customer(context.session, customer_id)
        day = local_day(context)
        return pass_on(context.session, known, customer=customer, on=day, actor_id=context.actor_id, now=context.now)
    if known is not None or not facts.plate:
        return known
    tidy = tidy_plate(facts.plate)
    return next((car for car in find_cars_of(context.session, customer_id) if car.plate == tidy), None)
