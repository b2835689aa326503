"""The credit application to one bank or several (S14b)."""

from collections.abc import Sequence
from typing import Any

from engine.operations import Context
from webapp.core.errors import RuleViolation
from webapp.customers.models import InteractionChannel
from webapp.sales.operations.common import note, operations, worksheet_of

APPROVED, APPROVED_LESS, DENIED, WAITING = "approved", "approved_less", "denied", "waiting"


@operations.register
def record_applications(
    context: Context, *, applications: list[Any], quotes: list[Any] | None = None, comment: str | None = None
) -> dict[str, object]:
    """Note to which banks the application went. A bank is asked once a round."""
    banks = [_folded(each["bank"]) for each in applications]
    if len(set(banks)) < len(banks):
        raise RuleViolation("bank_twice", "A bank stands in the list twice.")
    note(context, worksheet_of(context), "worksheet.credit", "sent", comment, channel=InteractionChannel.NOTE)
    return {}


@operations.register
def record_bank_answers(
    context: Context,
    *,
    outcome: str,
    answers: list[Any],
    chosen_bank: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note what the banks answered. The result must follow from the lines."""
    _check_result(outcome, answers, chosen_bank)
    note(context, worksheet_of(context), "worksheet.credit", outcome, comment, channel=InteractionChannel.NOTE)
    return {}


@operations.register
def record_terms(context: Context, *, outcome: str, comment: str | None = None) -> dict[str, object]:
    """Note the customer's decision on the banks' terms."""
    note(context, worksheet_of(context), "worksheet.credit_terms", outcome, comment)
    return {}


@operations.register
def conclude_credit(context: Context, *, outcome: str) -> dict[str, object]:
    """End the credit application. Answers `outcome`: approved or denied."""
    note(context, worksheet_of(context), "worksheet.credit", outcome, None, channel=InteractionChannel.NOTE)
    return {"outcome": outcome}


def _check_result(outcome: str, answers: Sequence[Any], chosen: str | None) -> None:
    said = {each["status"] for each in answers}
    if outcome in {APPROVED, APPROVED_LESS}:
        fitting = {_folded(each["bank"]) for each in answers if each["status"] == outcome}
        if not fitting:
            raise RuleViolation("bank_result_unfounded", "No line says so.")
        if _folded(chosen or "") not in fitting:
            raise RuleViolation("bank_not_in_answers", "The chosen bank did not answer so.")
    elif outcome == DENIED and said != {DENIED}:
        raise RuleViolation("bank_result_unfounded", "Not every bank has denied.")
    elif outcome == WAITING and WAITING not in said:
        raise RuleViolation("bank_result_unfounded", "No bank is still thinking.")


def _folded(name: object) -> str:
    return " ".join(str(name).split()).casefold()
