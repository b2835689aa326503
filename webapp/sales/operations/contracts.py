"""The contract and the money for it (S14, S15), and what is given back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.operations import Context, Effect, having
from webapp.core.errors import RuleViolation
from webapp.customers import consents, papers
from webapp.customers.models import ConsentKind, Customer, CustomerKind, InteractionChannel
from webapp.customers.papers import CompanyFacts, PassportFacts
from webapp.customers.services import get_customer
from webapp.sales import contracts
from webapp.sales.contracts import ContractTerms
from webapp.sales.models.contracts import PaymentKind
from webapp.sales.operations.common import YES, note, opening_day, opening_hours, operations, take_over, worksheet_of
from webapp.sales.payment_plan import Instalment, PaymentStanding

FULLY_PAID = "fully_paid"


@operations.register
def record_contract(
    context: Context,
    *,
    outcome: str,
    customer_kind: str,
    pd_consent: str,
    birth_date: date | None = None,
    passport_series: str | None = None,
    passport_number: str | None = None,
    passport_issuer: str | None = None,
    passport_issued_on: date | None = None,
    passport_department: str | None = None,
    registration_address: str | None = None,
    company_name: str | None = None,
    inn: str | None = None,
    kpp: str | None = None,
    ogrn: str | None = None,
    legal_address: str | None = None,
    bank_name: str | None = None,
    bic: str | None = None,
    account: str | None = None,
    corr_account: str | None = None,
    signatory_name: str | None = None,
    signatory_position: str | None = None,
    signatory_basis: str | None = None,
    contract_number: str | None = None,
    signed_on: date | None = None,
    model: str | None = None,
    vin: str | None = None,
    price: Decimal | None = None,
    tradein: Decimal | None = None,
    vat_rate: str | None = None,
    handover_term: date | None = None,
    credit_bank: str | None = None,
    signature: list[Any] | None = None,
    payment_schedule: list[Any] | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Write the contract. Keeps the buyer's papers with his card; answers `payable`, `due_at` and `overdue_at`."""
    session, worksheet = context.session, take_over(context)
    zone = opening_hours(context).zone
    customer = get_customer(session, worksheet.customer_id)
    kind = CustomerKind(customer_kind)
    if kind is not CustomerKind.COMPANY and birth_date and passport_issued_on:
        passport = PassportFacts(
            born=birth_date,
            series=passport_series or "",
            number=passport_number or "",
            issuer=passport_issuer or "",
            issued_on=passport_issued_on,
            department_code=passport_department or "",
            registration_address=registration_address or "",
        )
        papers.record_passport(session, customer, passport, actor_id=context.actor_id, zone=zone, now=context.now)
    if kind is not CustomerKind.PERSON:
        company = CompanyFacts(
            name=company_name or "",
            inn=inn or "",
            ogrn=ogrn or "",
            kpp=kpp or "",
            legal_address=legal_address or "",
            bank_name=bank_name or "",
            bic=bic or "",
            account=account or "",
            correspondent_account=corr_account or "",
            signatory_name=signatory_name or "",
            signatory_position=signatory_position or "",
            signatory_basis=signatory_basis or "",
        )
        papers.record_company(session, customer, kind, company, actor_id=context.actor_id, now=context.now)
    _require_consent(context, customer, kind, pd_consent)
    note(context, worksheet, "worksheet.contract", outcome, comment, channel=InteractionChannel.VISIT)
    if outcome != "signed" or price is None or signed_on is None or handover_term is None:
        return {}
    terms = ContractTerms(
        number=contract_number or "",
        signed_on=signed_on,
        model_code=model or "",
        vin=vin or "",
        price=price,
        tradein=tradein or Decimal(),
        vat_rate=vat_rate or "",
        handover_term=handover_term,
        schedule=[_line(each) for each in payment_schedule or []],
        credit_bank=credit_bank or "",
        signature=_picture(signature),
    )
    contract = contracts.sign_contract(session, worksheet, terms, zone=zone, actor_id=context.actor_id, now=context.now)
    return {"payable": contract.payable, **_times(context, contracts.get_standing(session, contract))}


@operations.register
def plan_payment(context: Context) -> dict[str, object]:
    """Work out what is still to be paid. Answers `paid`, `balance`, `due_at`, and `overdue_at` for the head."""
    contract = contracts.get_contract(context.session, worksheet_of(context).id)
    found = contracts.get_standing(context.session, contract)
    return {"paid": found.paid, "balance": found.balance, **_times(context, found)}


@operations.register
@having(Effect.PAYS)
def record_payment(
    context: Context,
    *,
    outcome: str,
    amount: Decimal,
    paid_on: date,
    pay_method: str,
    document_no: str,
    comment: str | None = None,
) -> dict[str, object]:
    """Note money that has come in. Answers `paid` and `balance`; what it is called must fit the sum."""
    session, worksheet = context.session, worksheet_of(context)
    contract = contracts.get_contract(session, worksheet.id)
    if paid_on > opening_day(context):
        raise RuleViolation("payment_in_future", "Money that has come in came today or earlier.")
    if amount > 0:
        contracts.receive(
            session,
            worksheet,
            kind=PaymentKind.MAIN,
            amount=amount,
            paid_on=paid_on,
            method=pay_method,
            document_no=document_no,
            actor_id=context.actor_id,
            now=context.now,
        )
    found = contracts.get_standing(session, contract)
    if outcome == FULLY_PAID and found.balance > 0:
        raise RuleViolation("payment_short", f"{found.balance} are missing.", balance=found.balance)
    if outcome != FULLY_PAID and found.balance <= 0:
        raise RuleViolation("payment_complete", "With this sum everything is paid.")
    if outcome != FULLY_PAID and amount <= 0:
        raise RuleViolation("payment_empty", "Enter the sum that has come in.")
    note(context, worksheet, "worksheet.payment", outcome, comment, channel=InteractionChannel.NOTE)
    return {"paid": found.paid, "balance": found.balance}


@operations.register
@having(Effect.PAYS)
def record_overdue_decision(
    context: Context, *, decision: str, reason: str, wait_until: date | None = None
) -> dict[str, object]:
    """Note whether to wait for the money or end the contract. The head decides."""
    worksheet = worksheet_of(context)
    contract = contracts.get_contract(context.session, worksheet.id)
    if decision == "terminate":
        contracts.end_contract(context.session, contract, reason=reason, actor_id=context.actor_id, now=context.now)
    else:
        if wait_until is None or wait_until <= opening_day(context):
            raise RuleViolation("wait_in_past", "The new term lies ahead.")
        contract.waits_until = wait_until
    note(context, worksheet, "worksheet.overdue", decision, reason, channel=InteractionChannel.NOTE)
    return {}


@operations.register
@having(Effect.PAYS)
def record_refund(
    context: Context,
    *,
    outcome: str,
    amount: Decimal | None = None,
    pay_method: str | None = None,
    document_no: str | None = None,
    reason: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the refund of the deposit. Or why there is none; the contract is no longer in force."""
    session, worksheet = context.session, worksheet_of(context)
    contract = contracts.find_contract(session, worksheet.id)
    if contract is not None:
        contracts.end_contract(session, contract, reason=outcome, actor_id=context.actor_id, now=context.now)
    if outcome == "returned" and amount is not None:
        contracts.receive(
            session,
            worksheet,
            kind=PaymentKind.REFUND,
            amount=amount,
            paid_on=opening_day(context),
            method=pay_method or "",
            document_no=document_no or "",
            actor_id=context.actor_id,
            now=context.now,
        )
    note(context, worksheet, "worksheet.refund", outcome, reason or comment, channel=InteractionChannel.NOTE)
    return {}


def _require_consent(context: Context, customer: Customer, kind: CustomerKind, answer: str) -> None:
    """RuleViolation: consent_missing. Nothing of the person may go into a document without it (§7.9)."""
    if answer == YES:
        consents.give_data_consent(context.session, customer, actor_id=context.actor_id, now=context.now)
    elif kind is not CustomerKind.COMPANY and not consents.has_consent(
        context.session, customer.id, ConsentKind.PERSONAL_DATA, now=context.now
    ):
        raise RuleViolation("consent_missing", "The consent to processing of personal data is not signed.")


def _picture(signature: Sequence[Mapping[str, Any]] | None) -> str:
    """The hash of what was drawn on the screen; empty when it was signed on paper."""
    return str(signature[0].get("file", "")) if signature else ""


def _line(row: Mapping[str, Any]) -> Instalment:
    return Instalment(row["due"], row["amount"], str(row["kind"]))


def _times(context: Context, found: PaymentStanding) -> dict[str, datetime]:
    """`due_at`: the closing of the day; `overdue_at`: the opening of the day from which the head decides."""
    hours = opening_hours(context)
    begins = datetime.combine(found.overdue_on, time(), ZoneInfo(hours.zone))
    return {"due_at": hours.closing_of(found.due), "overdue_at": hours.next_open(begins)}
