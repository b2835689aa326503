"""Between contract and handover: another car, registration and equipment (S17), and what the customer is told."""

from datetime import date

from engine.operations import Context
from webapp.core.errors import RuleViolation
from webapp.customers.models import InteractionChannel
from webapp.sales import contracts, reserving
from webapp.sales.operations.common import YES, note, operations, take_over, worksheet_of


@operations.register
def accept_handover(context: Context, *, comment: str | None = None) -> dict[str, object]:
    """Take over what another department hands on. Answers `accepted_by`: whose the next steps are."""
    note(context, worksheet_of(context), "worksheet.accepted", "accepted", comment, channel=InteractionChannel.NOTE)
    return {"accepted_by": context.actor_id}


@operations.register
def record_other_car(
    context: Context,
    *,
    outcome: str,
    vehicle: str | None = None,
    vin: str | None = None,
    place: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note which other car the customer takes. The one he had is gone; reservation and contract move to it."""
    worksheet = take_over(context)
    if outcome == "chosen" and vehicle and place:
        reserving.exchange(context.session, worksheet, vehicle=vehicle, vin=vin or "", place=place)
        if vin:
            contracts.exchange_car(context.session, worksheet, vin, actor_id=context.actor_id, now=context.now)
    note(context, worksheet, "worksheet.other_car", outcome, comment, channel=InteractionChannel.CALL)
    return {}


@operations.register
def record_customer_informed(
    context: Context,
    *,
    outcome: str,
    promised_date: date,
    reaction: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note that the customer knows of the new date. How he took it is noted too."""
    worksheet = take_over(context)
    channel = InteractionChannel.CALL if outcome == "talked" else InteractionChannel.MESSENGER
    note(context, worksheet, "worksheet.informed", reaction or outcome, comment, channel=channel)
    return {}


@operations.register
def record_preparation(
    context: Context,
    *,
    outcome: str,
    accessories_needed: str,
    alarm_needed: str,
    antitheft_marking_needed: str,
    insurance_needed: str,
    registration_needed: str,
    bank_inspection_needed: str,
    accessories_done_on: date | None = None,
    alarm_done_on: date | None = None,
    antitheft_marking_done_on: date | None = None,
    insurance_done_on: date | None = None,
    registration_done_on: date | None = None,
    bank_inspection_done_on: date | None = None,
    plate: str | None = None,
    policy_until: date | None = None,
    delay_reason: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note registration, insurance and equipment. The policy comes before the registration."""
    worksheet = worksheet_of(context)
    contract = contracts.get_contract(context.session, worksheet.id)
    needed = {
        "accessories": accessories_needed == YES,
        "alarm": alarm_needed == YES,
        "antitheft_marking": antitheft_marking_needed == YES,
        "insurance": insurance_needed == YES,
        "registration": registration_needed == YES,
        "bank_inspection": bank_inspection_needed == YES,
    }
    done_on = {
        "accessories": accessories_done_on,
        "alarm": alarm_done_on,
        "antitheft_marking": antitheft_marking_done_on,
        "insurance": insurance_done_on,
        "registration": registration_done_on,
        "bank_inspection": bank_inspection_done_on,
    }
    if contract.credit_bank and not needed["bank_inspection"]:
        raise RuleViolation(
            "bank_inspection_needed", "A car on credit is shown to the bank.", bank=contract.credit_bank
        )
    registered, insured = done_on["registration"], done_on["insurance"]
    if needed["registration"] and registered and (not needed["insurance"] or not insured or insured > registered):
        raise RuleViolation("insurance_before_registration", "A car is registered with a valid policy.")
    unfinished = [name for name, is_needed in needed.items() if is_needed and done_on[name] is None]
    if outcome == "done" and unfinished:
        raise RuleViolation("preparation_unfinished", f"Not done yet: {', '.join(unfinished)}.")
    contract.plate, contract.policy_until = plate or contract.plate, policy_until or contract.policy_until
    note(
        context,
        worksheet,
        "worksheet.preparation",
        outcome,
        delay_reason or comment,
        channel=InteractionChannel.NOTE,
    )
    return {"unfinished": unfinished}
