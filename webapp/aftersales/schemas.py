"""The forms of the booking page, of the set-up of a workshop, and of what an order costs us."""

from collections.abc import Iterable
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, validate

from webapp.aftersales.models import BayType, NotBookedReason, ResourceKind, WaitOrLeave, WorkOrder
from webapp.core.forms import Amount, Count, FormSchema, amount, choice, day, moment, text, whole_number, within

MOST_KM = 2_000_000
MOST_JOBS = 30  # of one visit
NO_NUMBER = _l("Not a valid number.")
MOST_RATE, MOST_PARTS = Decimal(100_000), Decimal(10_000_000)  # roubles
LARGEST_COST = Decimal("999999999.99")


class BookingForm(FormSchema):
    """A call about service as the dispatcher writes it down. `act`: which button; `slot` as `Slot.text`."""

    act = choice(["book", "callback", "not_booked"], required=False)
    q = text(200)
    centre = whole_number(required=True)
    customer_id = whole_number(load_default=None)
    car_id = whole_number(load_default=None)
    phone = text(40)
    name = text(180)
    car_plate = text(15)
    car_name = text(120)
    km = Count(load_default=None, validate=within(0, MOST_KM))
    wait_or_leave = choice([each.value for each in WaitOrLeave], required=False)
    jobs = fields.List(
        fields.String(), load_default=list, validate=validate.Length(max=MOST_JOBS, error=_l("Choose at most {max}."))
    )
    customer_words = text(2000)
    repeat_repair = fields.Boolean(load_default=False)
    courtesy_car = fields.Boolean(load_default=False)
    since = day(load_default=None)
    slot = text(80)
    new_owner = fields.Boolean(load_default=False)
    not_booked_reason = choice([each.value for each in NotBookedReason], required=False)
    callback_at = moment(load_default=None)


class MoveForm(FormSchema):
    """Another time for a booked visit: a slot, or the beginning on one line of the calendar."""

    slot = text(80)
    starts_at = moment(load_default=None)
    resource = whole_number(load_default=None)
    by_us = fields.Boolean(load_default=False)
    back = text(300)


class ResourceForm(FormSchema):
    """A bay, an advisor or a courtesy car."""

    kind = choice([each.value for each in ResourceKind])
    name_en = text(80)
    name_ru = text(80)
    bay_type = choice([each.value for each in BayType], required=False)
    skills = fields.List(choice([each.value for each in BayType], required=False), load_default=list)
    user_id = whole_number(load_default=None)
    active = fields.Boolean(load_default=False)


class WorkshopForm(FormSchema):
    """What a workshop can do in a day; `efficiency` in per cent, `rate` in roubles for a norm hour."""

    standard = text(80, required=True)
    technicians = fields.Integer(load_default=None, validate=within(0, 500))
    shift_hours = Amount(required=True, places=2, validate=within(1, 24), error_messages={"special": NO_NUMBER})
    efficiency = fields.Integer(required=True, validate=within(1, 200))
    rate = amount(MOST_RATE, required=False)
    hour_cost = amount(LARGEST_COST, required=False)


def parts_form(codes: Iterable[str]) -> Schema:
    """What the parts of each of these jobs usually cost, one field per code; empty: not known."""
    return FormSchema.from_dict({code: amount(MOST_PARTS, required=False) for code in codes})()


def costs_form(order: WorkOrder) -> type[FormSchema]:
    """A field `cost-<id>` for each part that we bought, and one for a norm hour."""
    costs = {f"cost-{line.id}": amount(LARGEST_COST, required=False) for line in order.part_lines if not line.own}
    made: type[FormSchema] = type(
        "CostsForm", (FormSchema,), {"hour_cost": amount(LARGEST_COST, required=False), **costs}
    )
    return made
