"""The contract of a worksheet and the money for it: signed, paid, overdue, ended, given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from webapp.core import audit
from webapp.core.errors import NotFound, RuleViolation
from webapp.kit.identifiers import read_vin
from webapp.sales import reserving
from webapp.sales.models import (
    Contract,
    ContractLine,
    ContractStatus,
    Payment,
    PaymentKind,
    Reservation,
    Worksheet,
)
from webapp.sales.payment_plan import Instalment, PaymentStanding, standing
from webapp.vehicles.models import CarModel


@dataclass(frozen=True)
class ContractTerms:
    """What the contract says. `signature`: hash of the stored picture, empty when it was signed on paper."""

    number: str
    signed_on: date
    model_code: str
    vin: str
    price: Decimal
    tradein: Decimal
    vat_rate: str
    handover_term: date
    schedule: Sequence[Instalment]
    credit_bank: str = ""
    signature: str = ""


def find_contract(session: Session, worksheet_id: int) -> Contract | None:
    """The contract that is in force."""
    statement = select(Contract).where(Contract.worksheet_id == worksheet_id, Contract.status == ContractStatus.SIGNED)
    return session.scalar(statement.order_by(Contract.id.desc()).limit(1))


def get_contract(session: Session, worksheet_id: int) -> Contract:
    """NotFound: contract_missing."""
    contract = find_contract(session, worksheet_id)
    if contract is None:
        raise NotFound("contract_missing", f"Worksheet {worksheet_id} has no contract in force.")
    return contract


def sign_contract(
    session: Session, worksheet: Worksheet, terms: ContractTerms, *, zone: str, actor_id: int | None, now: datetime
) -> Contract:
    """Write the contract; one that was in force before is replaced.

    RuleViolation: contract_in_future, vin_invalid, vin_not_reserved, model_unknown, tradein_over_price,
    schedule_missing, schedule_unequal, handover_before_contract.
    """
    _check_terms(session, terms, today=now.astimezone(ZoneInfo(zone)).date())
    kept = reserving.find_reservation(session, worksheet.id)
    if kept is not None and kept.vin and kept.vin != terms.vin:
        raise RuleViolation("vin_not_reserved", f"Reserved is {kept.vin}.", reserved=kept.vin)
    earlier = find_contract(session, worksheet.id)
    if earlier is not None:
        earlier.status = ContractStatus.TERMINATED
    contract = Contract(
        worksheet_id=worksheet.id,
        number=terms.number,
        signed_on=terms.signed_on,
        signature=terms.signature,
        model_code=terms.model_code,
        vin=terms.vin,
        price=terms.price,
        tradein=terms.tradein,
        vat_rate=terms.vat_rate,
        handover_term=terms.handover_term,
        credit_bank=terms.credit_bank,
        recorded_by=actor_id,
        recorded_at=now,
        lines=[
            ContractLine(position=place, due=line.due, amount=line.amount, kind=line.kind)
            for place, line in enumerate(terms.schedule)
        ],
    )
    session.add(contract)
    session.flush()
    audit.record(
        session,
        action="sales.contract.signed",
        subject=worksheet.business_key,
        actor_id=actor_id,
        now=now,
        number=terms.number,
        price=terms.price,
    )
    return contract


def exchange_car(session: Session, worksheet: Worksheet, vin: str, *, actor_id: int | None, now: datetime) -> None:
    """The contract in force, if there is one, is now about the car with this VIN; its price and terms stay."""
    contract = find_contract(session, worksheet.id)
    if contract is None or contract.vin == vin:
        return
    audit.record(
        session,
        action="sales.contract.car_exchanged",
        subject=worksheet.business_key,
        actor_id=actor_id,
        now=now,
        number=contract.number,
        before=contract.vin,
        after=vin,
    )
    contract.vin = vin


def end_contract(session: Session, contract: Contract, *, reason: str, actor_id: int | None, now: datetime) -> None:
    """The contract is no longer in force."""
    contract.status = ContractStatus.TERMINATED
    audit.record(
        session,
        action="sales.contract.terminated",
        subject=f"sales.worksheet:{contract.worksheet_id}",
        actor_id=actor_id,
        now=now,
        number=contract.number,
        reason=reason,
    )


def get_received(session: Session, worksheet_id: int) -> Decimal:
    """Money that came in for a worksheet, its deposits too, less what went back."""
    signed = case((Payment.kind == PaymentKind.REFUND, -Payment.amount), else_=Payment.amount)
    paid = session.scalar(select(func.sum(signed)).where(Payment.worksheet_id == worksheet_id))
    deposits = session.scalar(
        select(func.sum(Reservation.deposit)).where(
            Reservation.worksheet_id == worksheet_id, Reservation.deposit_paid.is_(True)
        )
    )
    return Decimal(paid or 0) + Decimal(deposits or 0)


def get_standing(session: Session, contract: Contract) -> PaymentStanding:
    """What is paid of a contract, and until when the rest is due."""
    received = get_received(session, contract.worksheet_id)
    return standing(contract.schedule, received, waits_until=contract.waits_until)


def receive(
    session: Session,
    worksheet: Worksheet,
    *,
    kind: PaymentKind,
    amount: Decimal,
    paid_on: date,
    method: str,
    document_no: str,
    actor_id: int | None,
    now: datetime,
) -> Payment:
    """Note money that came in, or went back. RuleViolation: refund_over_received."""
    if kind is PaymentKind.REFUND and amount > (received := get_received(session, worksheet.id)):
        raise RuleViolation("refund_over_received", f"Only {received} was received.", received=received)
    payment = Payment(
        worksheet_id=worksheet.id,
        kind=kind,
        amount=amount,
        paid_on=paid_on,
        method=method,
        document_no=document_no,
        recorded_by=actor_id,
        recorded_at=now,
    )
    session.add(payment)
    session.flush()
    audit.record(
        session,
        action=f"sales.payment.{'returned' if kind is PaymentKind.REFUND else 'received'}",
        subject=worksheet.business_key,
        actor_id=actor_id,
        now=now,
        amount=amount,
    )
    return payment


def _check_terms(session: Session, terms: ContractTerms, *, today: date) -> None:
    if terms.signed_on > today:
        raise RuleViolation("contract_in_future", "A contract is signed today or earlier.")
    if terms.handover_term < terms.signed_on:
        raise RuleViolation("handover_before_contract", "The car is handed over after the contract is signed.")
    try:
        read_vin(terms.vin)
    except ValueError as error:
        raise RuleViolation("vin_invalid", str(error)) from error
    if session.get(CarModel, terms.model_code) is None:
        raise RuleViolation("model_unknown", f"There is no model {terms.model_code}.", model=terms.model_code)
    if terms.tradein > terms.price:
        raise RuleViolation("tradein_over_price", "The trade-in is worth more than the car.")
    payable = terms.price - terms.tradein
    if not terms.schedule:
        raise RuleViolation("schedule_missing", "A contract needs a payment schedule.")
    total = sum((line.amount for line in terms.schedule), Decimal())
    if total != payable:
        raise RuleViolation(
            "schedule_unequal",
            f"The lines make {total}, to be paid are {payable}.",
            total=total,
            payable=payable,
            difference=abs(payable - total),
        )
