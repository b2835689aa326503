"""What is missing or cannot be in the form of a booking: all of it at once, in the words of the form."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from webapp.aftersales.needs import UNKNOWN_HOURS
from webapp.aftersales.slot import read_slot
from webapp.core.errors import RuleViolation
from webapp.core.forms import Form
from webapp.kit.identifiers import read_plate

BOOK = (None, "book")


def look_for_gaps(form: Form, *, known: bool, zone: ZoneInfo, now: datetime) -> None:
    """Refuse what is not there, field by field; what could not be read has been refused already. `known`: a visit."""
    given = form.data.get
    if not known and not given("customer_id"):
        if not given("phone"):
            form.refuse("q", _("Type the phone of the customer."))
        if not given("name"):
            form.refuse("name", _("Ask for the name."))
    act = given("act")
    if act == "not_booked" and not given("not_booked_reason"):
        form.refuse("not_booked_reason", _("Say why there is no booking."))
    if act == "callback":
        _look_at_call(form, zone=zone, now=now)
    if act in BOOK:
        _look_at_visit(form, known=known, zone=zone)


def _look_at_call(form: Form, *, zone: ZoneInfo, now: datetime) -> None:
    at = form.data.get("callback_at")
    if at is None:
        form.refuse("callback_at", _("Say when we call back."))
    elif at.replace(tzinfo=zone) <= now:
        form.refuse("callback_at", _("This time has passed. Promise a call in the future."))


def _look_at_visit(form: Form, *, known: bool, zone: ZoneInfo) -> None:
    given = form.data.get
    plate = given("car_plate")
    if not known and not given("car_id") and not plate:
        form.refuse("car_plate", _("Ask for the number plate."))
    if plate and not _is_plate(plate):
        form.refuse("car_plate", _("This is no Russian number plate. Example: А 123 ВС 178."))
    if given("km") is None:
        form.refuse("km", _("Ask for the mileage."))
    if not given("jobs"):
        form.refuse("jobs", _("Choose the work."))
    elif not given("slot"):
        form.refuse("slot", _("Choose a time."))
    elif _is_too_early(form, zone):
        form.refuse("slot", _("This time is earlier than the customer comes. Choose another one."))
    if not given("customer_words"):
        form.refuse("customer_words", _("Write down what the customer said."))


def _is_plate(typed: str) -> bool:
    try:
        read_plate(typed)
    except ValueError:
        return False
    return True


def _is_too_early(form: Form, zone: ZoneInfo) -> bool:
    """Whether the time was held before somebody said from which day on the customer comes."""
    since = form.data.get("since")
    try:
        slot = read_slot(form.data["slot"], hours=UNKNOWN_HOURS)
    except RuleViolation:
        return False  # the step says so
    return since is not None and slot.starts_at < datetime.combine(since, time(), zone)
