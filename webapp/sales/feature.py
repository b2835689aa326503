"""The sales slice: worksheets, from the first wish to the car that is handed over."""

from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _l

from webapp.core.board import BoardProblem, Expiring
from webapp.core.feature import Feature, PageQuestion, Permission
from webapp.customers.labels import register_chronicle
from webapp.customers.messages import MessageSkipped
from webapp.inquiries.services import InquiryRegistered
from webapp.integrations.beats import SendFailed
from webapp.sales.aftercare import tell_of_skipped_thanks, tell_of_unsent_thanks
from webapp.sales.aftercare_cases import aftercare_facts, describe_aftercare
from webapp.sales.cases import describe_worksheets, worksheet_facts, worksheet_objects, worksheet_values
from webapp.sales.labels import RESULTS, SUBJECTS
from webapp.sales.listeners import follow_owner, open_worksheet
from webapp.sales.models import AFTERCARE, SUBJECT
from webapp.sales.operations import operations
from webapp.sales.papers import PAPERS
from webapp.sales.proceeds import worksheet_money
from webapp.sales.queries import COMPETITOR_CHOICES, MANAGER_CHOICES, REFUSAL_REASON_CHOICES, worksheets_meant
from webapp.sales.reference import ship_reference_lists
from webapp.sales.silence import LIMIT, silent_cases

EXPIRES_SOON = timedelta(days=2)


def _set_up(app: Flask) -> None:
    register_chronicle(app, subjects=SUBJECTS, results=RESULTS)


SALES = Feature(
    name="sales",
    permissions=(
        Permission("sales.see", _l("See worksheets")),
        Permission("sales.change", _l("Work on worksheets")),
    ),
    operations=operations,
    listeners=(
        (InquiryRegistered, open_worksheet),
        (SendFailed, tell_of_unsent_thanks),
        (MessageSkipped, tell_of_skipped_thanks),
    ),
    step_listeners=(follow_owner,),
    case_labels={SUBJECT: describe_worksheets, AFTERCARE: describe_aftercare},
    case_objects={SUBJECT: worksheet_objects, AFTERCARE: worksheet_objects},
    case_money={SUBJECT: worksheet_money},
    case_finders=(worksheets_meant,),
    case_facts={SUBJECT: worksheet_facts, AFTERCARE: aftercare_facts},
    case_values={SUBJECT: worksheet_values, AFTERCARE: worksheet_values},
    refusals={
        "worksheet_unknown": _l("This worksheet does not exist, or is not visible to you."),
        "model_unknown": _l("Choose a model from the list."),
        "visit_outside_hours": _l("The centre is closed at that time. Choose a time within its opening hours."),
        "visit_slot_taken": _l("The manager expects another guest within half an hour of that time."),
        "appointment_closed": _l("This visit has already taken place or was cancelled."),
        "customer_unreachable": _l("The card has neither phone nor e-mail. Add one, then save the needs."),
        "budget_reversed": _l("The budget ends below its beginning. Swap the two amounts."),
        "priorities_too_many": _l("Choose at most %(most)s priorities."),
        "refusal_reason_unknown": _l("Choose a reason from the list."),
        "passport_dates": _l(
            "The passport cannot have been issued on that day. Check the date of birth and the date of issue."
        ),
        "inn_invalid": _l("The INN has a typing error: its check digit does not fit."),
        "inn_of_other_kind": _l("A company has an INN of 10 and an OGRN of 13 digits, a sole trader 12 and 15."),
        "ogrn_invalid": _l("The OGRN has a typing error: its check digit does not fit."),
        "kpp_invalid": _l("A KPP has nine signs, for example 780101001."),
        "bic_invalid": _l("A BIC has nine digits, for example 044030998."),
        "account_invalid": _l("The settlement account does not fit the BIC. Check both."),
        "correspondent_account_invalid": _l("The correspondent account does not fit the BIC. Check both."),
        "consent_missing": _l("Have the consent to processing of personal data signed first."),
        "contract_missing": _l("There is no contract in force. Sign the contract first."),
        "contract_in_future": _l("The contract cannot be signed later than today."),
        "handover_before_contract": _l("The car is handed over after the contract is signed. Check the two dates."),
        "vin_invalid": _l("A VIN has 17 letters and digits, without I, O and Q."),
        "vin_not_reserved": _l("Another car is reserved for this customer: %(reserved)s. Check the VIN."),
        "vin_differs": _l("The contract names another car: %(expected)s. Check the VIN on the car."),
        "tradein_over_price": _l("The trade-in cannot be worth more than the car."),
        "schedule_missing": _l("Add at least one line to the payment schedule."),
        "schedule_unequal": _l(
            "The payment schedule makes %(total)s, to be paid are %(payable)s. The difference is %(difference)s."
        ),
        "payment_in_future": _l("The payment cannot be later than today."),
        "payment_short": _l("It is not fully paid: %(balance)s are missing. Choose «A part of it»."),
        "payment_complete": _l("With this sum everything is paid. Choose «Everything is paid»."),
        "payment_empty": _l("Enter the sum that has come in."),
        "wait_in_past": _l("Choose a new term that lies ahead."),
        "refund_over_received": _l("No more than %(received)s was received for this deal."),
        "bank_inspection_needed": _l("The car is bought on credit: it has to be shown to the bank %(bank)s."),
        "insurance_before_registration": _l("A car is registered with a valid policy: arrange the insurance first."),
        "preparation_unfinished": _l("Something that is needed has no date of completion yet."),
        "checklist_unfinished": _l("%(missing)s lines of the checklist are not ticked. Tick them or say why not."),
        "first_service_too_early": _l("The first service comes after the handover."),
        "eta_before_loading": _l("The car cannot arrive before it is loaded. Check the two dates."),
        "pdi_defect_open": _l("A line of the checklist still says «Defect»: the car is not ready."),
        "pdi_defect_unmarked": _l("Mark the defect in the checklist too."),
        "ready_in_past": _l("Choose a time that lies ahead."),
        "bank_twice": _l("A bank stands in the list twice."),
        "bank_result_unfounded": _l("The result does not follow from the answers of the banks."),
        "bank_not_in_answers": _l("The chosen bank stands in the list with another answer."),
        "choice_unknown": _l("There is no car of this number in the list. Enter a number from 1 to %(most)s."),
        "drive_in_future": _l("A test drive is recorded when it is over. Check its beginning."),
        "drive_in_past": _l("Choose a time for the test drive that lies ahead."),
        "licence_expired": _l("The driving licence has run out. He must not drive."),
        "driver_too_young": _l("A test drive is for drivers of %(least)s years or older."),
        "driver_inexperienced": _l("A test drive is for drivers with at least %(least)s years at the wheel."),
        "odometer_reversed": _l("The odometer after the drive is below that before it. Check both."),
        "demo_car_taken": _l("%(car)s was on another test drive at that time. Check car and time."),
        "test_drive_unknown": _l("No test drive is recorded for this worksheet."),
        "appraisal_unknown": _l("No appraisal is recorded for this worksheet."),
        "appraisal_expired": _l("The price is good until a day that has passed. Choose a later day."),
        "appraisal_too_long": _l("A trade-in price is good for %(days)s days at most. Choose an earlier day."),
        "year_in_future": _l("The year of the car lies ahead. Check it."),
        "offer_without_car": _l("Add a line of the kind “Car” with its price."),
        "offer_below_zero": _l("The lines come to less than nothing. Check discounts and trade-in."),
        "offer_expired": _l("The offer is good until a day that has passed. Choose a later day."),
        "offer_valid_too_long": _l("An offer is good for %(days)s days at most. Choose an earlier day."),
        "variants_too_few": _l("Who needs credit compares at least %(least)s ways to pay. Add one."),
        "decision_answer_unfit": _l(
            "The table “%(decision)s” answers %(answer)s, which this step does not know. Tell the owner of the process."
        ),
        "discount_not_approved": _l(
            "A discount of up to %(allowed)s may be given. Choose “Bargains” and ask for a larger one."
        ),
        "offer_missing": _l("There is no offer yet. Make the offer first."),
        "discount_above_price": _l("The discount is larger than the price of the car."),
        "discount_above_request": _l("More than the salesperson has asked for. Enter at most the requested sum."),
        "discount_unknown": _l("Nobody has asked for a discount."),
        "reservation_in_past": _l("Choose an end of the reservation that lies ahead."),
        "reservation_too_long": _l("A car is kept for %(days)s days at most. Choose an earlier day."),
        "reservation_without_deposit": _l(
            "Without a deposit a car is kept for %(hours)s hours at most. Choose an earlier time or take a deposit."
        ),
        "reservation_unknown": _l("No car is reserved for this customer."),
        "vehicle_reserved": _l("This car is reserved by %(manager)s until %(until)s. Choose another one."),
        "sale_missing": _l("The handover of the car is not recorded."),
        "delivered_in_future": _l("The day of delivery lies ahead. Record the sale when the car is handed over."),
    },
    choices={
        "sales.refusal_reasons": REFUSAL_REASON_CHOICES,
        "sales.competitors": COMPETITOR_CHOICES,
        "sales.managers": MANAGER_CHOICES,
    },
    reference=ship_reference_lists,
    asks=(PageQuestion(LIMIT, ("temperature",), _l("Control board, “Hot, no contact”")),),
    problems=(BoardProblem("silent", _l("Hot, no contact"), "sales.see", silent_cases),),
    expiring=(
        Expiring("offer", _l("Offers ending"), "sales.see", EXPIRES_SOON),
        Expiring("reservation", _l("Reservations ending"), "sales.see", EXPIRES_SOON),
    ),
    setup=_set_up,
    papers=PAPERS,
)
