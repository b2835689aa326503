"""The sentences with which visits and work orders refuse; those of booking stand with the booking."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text

VISIT_REFUSALS: Mapping[str, Text] = {
    "visit_unknown": _l("This visit does not exist, or is not visible to you."),
    "centre_missing": _l("There is no centre yet that could serve the car. Add a centre first."),
    "car_missing": _l("Enter the number plate or the VIN of the car."),
    "slot_missing": _l("Choose a free time."),
    "arrived_in_future": _l("The car cannot have come later than now. Check the time of arrival."),
    "arrived_before_call": _l("The car cannot have come before its visit was asked for. Check the time of arrival."),
    "odometer_below": _l("This car has run %(known)s km before. Check the mileage, or tick that it is lower indeed."),
    "expected_in_past": _l("Choose a time that lies ahead, when the customer will be here."),
    "order_missing": _l("There is no work order for this visit yet."),
    "order_unknown": _l("This work order does not exist, or is not visible to you."),
    "order_closed": _l("This work order is closed. What is wrong in it is put right by a correction document."),
    "order_cancelled": _l("This work order is cancelled: it costs and brings nothing."),
    "order_without_lines": _l("Add at least one line of work or parts."),
    "order_too_large": _l("The order comes to more than %(most)s. Check hours, quantities and prices."),
    "promised_in_past": _l("Promise a time that lies ahead."),
    "work_ends_before_begin": _l("The work ends before it begins. Check both times."),
    "hours_impossible": _l("So many hours have not passed: at most %(most)s are possible. Check the hours worked."),
    "payment_above_balance": _l("Only %(balance)s are still to be paid. Check the sum."),
    "payment_too_small": _l("It is not fully paid: %(balance)s are to be paid. Choose “A part of it”."),
    "payment_missing": _l("Enter the sum that was received."),
    "payment_is_whole": _l("With this sum everything is paid. Choose “Everything is paid”."),
    "deferred_for_company": _l("Only a company with a contract pays later. Take the payment now."),
    "controller_did_the_work": _l("Whoever did the work does not check it. Ask a colleague to check the car."),
    "road_test_reversed": _l("The odometer after the drive is below that before it. Check both."),
    "next_service_in_past": _l("Choose a day for the next service that lies ahead."),
    "call_again_in_past": _l("Choose a day for the next call that lies ahead."),
}
