"""A desk at which the closing of a deal is tried operation by operation, without the course of the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.errors import BusinessError
from engine.operations import Context
from tests.dealer import START, Dealer
from tests.webapp.sales.walking import VIN, open_worksheet
from webapp.sales import contracts, queries, reserving
from webapp.sales.models import Contract

TODAY = date(2026, 3, 2)
PASSPORT = {
    "customer_kind": "person",
    "birth_date": date(1990, 5, 1),
    "passport_series": "4010",
    "passport_number": "123456",
    "passport_issuer": "Department of the city",
    "passport_issued_on": date(2010, 5, 20),
    "passport_department": "780-001",
    "registration_address": "Saint Petersburg",
    "pd_consent": "yes",
}
COMPANY = {
    "customer_kind": "company",
    "company_name": "Vesna",
    "inn": "7801000005",
    "kpp": "780101001",
    "ogrn": "1027800000007",
    "legal_address": "Saint Petersburg",
    "bank_name": "Demo bank",
    "bic": "044030998",
    "account": "40702810700000000001",
    "corr_account": "30101810100000000998",
    "signatory_name": "A. Person",
    "signatory_position": "Director",
    "signatory_basis": "Charter",
    "pd_consent": "no",
}
TERMS = {
    "outcome": "signed",
    "contract_number": "N-7",
    "signed_on": TODAY,
    "model": "aurelia_s4",
    "vin": VIN,
    "price": Decimal(2400000),
    "tradein": Decimal(400000),
    "vat_rate": "22",
    "handover_term": TODAY + timedelta(days=14),
    "signature": [{"paper": True}],
    "payment_schedule": [
        {"due": TODAY, "amount": Decimal(100000), "kind": "deposit"},
        {"due": TODAY + timedelta(days=7), "amount": Decimal(1900000), "kind": "main"},
    ],
}
MONEY = {"paid_on": TODAY, "pay_method": "transfer", "document_no": "11"}
NOTHING = {
    f"{item}_needed": "no"
    for item in ("accessories", "alarm", "antitheft_marking", "insurance", "registration", "bank_inspection")
}
TICKED = {
    "docs": ["dkp", "act", "pts", "service_book", "manual", "policy", "card"],
    "outside": ["paint", "wheels", "trunk", "bonnet", "filler", "clean"],
    "inside": ["seat", "start", "lights", "climate", "media", "assist", "warnings", "emergency"],
    "explained": ["break_in", "warranty", "service_plan", "equipment", "hotline"],
}
HANDED_OVER = {
    "outcome": "delivered",
    "keys": Decimal(2),
    "odometer": Decimal(15),
    "delivered_on": TODAY,
    "advisor_introduced": "yes",
    "first_service_due": date(2027, 3, 2),
    "act": [{"paper": True}],
    **TICKED,
}


@dataclass
class Desk:
    """Calls operations for one worksheet, each in a transaction of its own."""

    dealer: Dealer
    worksheet_id: int

    def do(self, operation: str, **values: Any) -> Mapping[str, object]:
        with self.dealer.write() as session:
            case = _Case(f"sales.worksheet:{self.worksheet_id}", self.dealer.centres["North"])
            case.owner_id = self.dealer.people["seller"]
            seller, kernel, now = self.dealer.people["seller"], self.dealer.engine.kernel, self.dealer.clock.now()

            def decide(decision: str, given: Mapping[str, object]) -> object:
                return kernel.store.decision(session, decision).model.evaluate(decision, given, now=now)

            return kernel.operations[f"sales.{operation}"].run(
                Context(session, case, "step", seller, now, decide), values
            )

    def refusal(self, operation: str, **values: Any) -> BusinessError:
        with pytest.raises(BusinessError) as refused:
            self.do(operation, **values)
        return refused.value

    def reserve(self, deposit: int = 0) -> None:
        with self.dealer.write() as session:
            worksheet = queries.get_worksheet(session, self.worksheet_id)
            reserving.reserve(
                session,
                worksheet,
                vehicle="Aurelia S4",
                vin=VIN,
                place="showroom",
                until=START + timedelta(hours=20),
                deposit=Decimal(deposit),
                actor_id=None,
                now=START,
            )
            if deposit:
                reserving.note_deposit(session, worksheet, Decimal(deposit))

    def contract(self, session: Session) -> Contract | None:
        return contracts.find_contract(session, self.worksheet_id)


class _Case:
    """What an operation may know of a case; the engine's own stands behind a database row."""

    def __init__(self, business_key: str, scope_id: int) -> None:
        self.instance_id, self.business_key, self.scope_id = 1, business_key, scope_id
        self.owner_id: int | None = None

    def set_owner(self, owner_id: int | None) -> None:
        self.owner_id = owner_id

    def set_scope(self, scope_id: int | None) -> None:
        self.scope_id = scope_id or self.scope_id

    def set_business_key(self, business_key: str) -> None:
        self.business_key = business_key


@pytest.fixture
def desk(dealer: Dealer) -> Desk:
    return Desk(dealer, open_worksheet(dealer))
