"""What contracts need of a customer: his passport, or a company's details."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from webapp.core import audit
from webapp.core.errors import RuleViolation
from webapp.customers.models import CompanyDetails, Customer, CustomerKind, IdentityDocument
from webapp.kit.identifiers import (
    check_passport_dates,
    read_account,
    read_bic,
    read_correspondent_account,
    read_inn,
    read_kpp,
    read_ogrn,
)

INN_OF_COMPANY = 10
OGRN_OF_COMPANY = 13


@dataclass(frozen=True)
class PassportFacts:
    """As it stands in the document that the person shows."""

    born: date
    series: str
    number: str
    issuer: str
    issued_on: date
    department_code: str
    registration_address: str


@dataclass(frozen=True)
class CompanyFacts:
    """As they stand on the company's card; `kpp`, address and signatory only of companies."""

    name: str
    inn: str
    ogrn: str
    bank_name: str
    bic: str
    account: str
    correspondent_account: str
    kpp: str = ""
    legal_address: str = ""
    signatory_name: str = ""
    signatory_position: str = ""
    signatory_basis: str = ""


def find_passport(session: Session, customer_id: int) -> IdentityDocument | None:
    return session.get(IdentityDocument, customer_id)


def find_company_details(session: Session, customer_id: int) -> CompanyDetails | None:
    return session.get(CompanyDetails, customer_id)


def record_passport(
    session: Session, customer: Customer, facts: PassportFacts, *, actor_id: int | None, zone: str, now: datetime
) -> IdentityDocument:
    """Write down or replace the passport. `zone`: where today is. RuleViolation: passport_dates."""
    try:
        check_passport_dates(born=facts.born, issued=facts.issued_on, today=now.astimezone(ZoneInfo(zone)).date())
    except ValueError as error:
        raise RuleViolation("passport_dates", str(error)) from error
    customer.birth_date = facts.born
    document = find_passport(session, customer.id) or IdentityDocument(customer_id=customer.id)
    document.series, document.number, document.issuer = facts.series, facts.number, facts.issuer
    document.issued_on, document.department_code = facts.issued_on, facts.department_code
    document.registration_address = facts.registration_address
    document.recorded_by, document.recorded_at = actor_id, now
    session.add(document)
    audit.record(
        session,
        action="customers.passport.recorded",
        subject=f"customers.customer:{customer.id}",
        actor_id=actor_id,
        now=now,
    )
    return document


def record_company(
    session: Session,
    customer: Customer,
    kind: CustomerKind,
    facts: CompanyFacts,
    *,
    actor_id: int | None,
    now: datetime,
) -> CompanyDetails:
    """Write down or replace a company's details.

    RuleViolation: inn_invalid, inn_of_other_kind, ogrn_invalid, kpp_invalid, bic_invalid, account_invalid,
    correspondent_account_invalid.
    """
    is_company = kind is CustomerKind.COMPANY
    inn = _read("inn_invalid", lambda: read_inn(facts.inn))
    ogrn = _read("ogrn_invalid", lambda: read_ogrn(facts.ogrn))
    if (len(inn) == INN_OF_COMPANY) is not is_company or (len(ogrn) == OGRN_OF_COMPANY) is not is_company:
        raise RuleViolation("inn_of_other_kind", "A company has ten and thirteen digits, a sole trader more.")
    bic = _read("bic_invalid", lambda: read_bic(facts.bic))
    details = find_company_details(session, customer.id) or CompanyDetails(customer_id=customer.id)
    details.inn, details.ogrn, details.bic, details.bank_name = inn, ogrn, bic, facts.bank_name
    details.kpp = _read("kpp_invalid", lambda: read_kpp(facts.kpp)) if is_company else ""
    details.account = _read("account_invalid", lambda: read_account(facts.account, bic=bic))
    details.correspondent_account = _read(
        "correspondent_account_invalid", lambda: read_correspondent_account(facts.correspondent_account, bic=bic)
    )
    details.legal_address, details.signatory_name = facts.legal_address, facts.signatory_name
    details.signatory_position, details.signatory_basis = facts.signatory_position, facts.signatory_basis
    details.recorded_by, details.recorded_at = actor_id, now
    session.add(details)
    customer.kind = kind
    customer.rename(
        last_name=customer.last_name,
        first_name=customer.first_name,
        middle_name=customer.middle_name,
        company_name=facts.name,
    )
    return details


def _read(code: str, read: Callable[[], str]) -> str:
    try:
        return read()
    except ValueError as error:
        raise RuleViolation(code, str(error)) from error
