"""What contracts need of a customer: his passport, a company's details, and the consents on file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core import audit
from webapp.core.errors import RuleViolation
from webapp.customers.models import (
    Answer,
    CompanyDetails,
    Consent,
    ConsentKind,
    Customer,
    CustomerKind,
    DataBasis,
    IdentityDocument,
)
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


def has_consent(session: Session, customer_id: int, kind: ConsentKind, channel: str = "") -> bool:
    """Whether a consent is on file that was not withdrawn; with a channel, for that one."""
    statement = select(Consent.id).where(
        Consent.customer_id == customer_id, Consent.kind == kind, Consent.withdrawn_at.is_(None)
    )
    if channel:
        statement = statement.where(Consent.channel == channel)
    return session.scalar(statement.limit(1)) is not None


def give_data_consent(session: Session, customer: Customer, *, actor_id: int | None, now: datetime) -> None:
    """The separate consent to processing of personal data is signed; a second one changes nothing."""
    if not has_consent(session, customer.id, ConsentKind.PERSONAL_DATA):
        _give(session, customer, ConsentKind.PERSONAL_DATA, "", actor_id=actor_id, now=now)
    customer.data_basis = DataBasis.CONSENT


def agree_to_advertising(
    session: Session, customer: Customer, channels: Sequence[str], *, actor_id: int | None, now: datetime
) -> None:
    """The channels that he ticked on the sheet; those that he agreed to before stay."""
    for channel in channels:
        if not has_consent(session, customer.id, ConsentKind.ADVERTISING, channel):
            _give(session, customer, ConsentKind.ADVERTISING, channel, actor_id=actor_id, now=now)
    if channels:
        customer.advertising = Answer.YES


def withdraw_advertising(session: Session, customer: Customer, *, now: datetime) -> None:
    """Works at once for everything that would be sent (specification §7.9)."""
    statement = select(Consent).where(
        Consent.customer_id == customer.id, Consent.kind == ConsentKind.ADVERTISING, Consent.withdrawn_at.is_(None)
    )
    for consent in session.scalars(statement):
        consent.withdrawn_at = now
    customer.advertising = Answer.NO


def may_be_offered_by_phone(session: Session, customer: Customer) -> bool:
    """Whether we may call him with an offer: he agreed to calls, or to advertising as a whole when he was asked."""
    if customer.advertising is not Answer.YES:
        return False
    by_channel = has_consent(session, customer.id, ConsentKind.ADVERTISING)
    return not by_channel or has_consent(session, customer.id, ConsentKind.ADVERTISING, "call")


def _give(
    session: Session, customer: Customer, kind: ConsentKind, channel: str, *, actor_id: int | None, now: datetime
) -> None:
    session.add(Consent(customer_id=customer.id, kind=kind, channel=channel, given_at=now, recorded_by=actor_id))
    session.flush()


def _read(code: str, read: Callable[[], str]) -> str:
    try:
        return read()
    except ValueError as error:
        raise RuleViolation(code, str(error)) from error
