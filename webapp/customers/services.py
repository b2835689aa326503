"""What is done with customers. Each function is one act; none commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from webapp.core import audit
from webapp.core.errors import Conflict, NotFound, RuleViolation
from webapp.customers.models import (
    Customer,
    CustomerEmail,
    CustomerKind,
    CustomerPhone,
    Direction,
    Interaction,
    InteractionChannel,
    Sex,
)
from webapp.kit.phones import Phone, read_phone
from webapp.staff.models import Centre, User

LONGEST_LIFE = 120  # years
LONGEST_NAMES = {"last_name": 60, "first_name": 60, "middle_name": 60, "company_name": 200}  # as the table has them


@dataclass(frozen=True)
class CustomerFacts:
    """What a person enters about a customer. `phones` and `emails` as typed, the one to use first."""

    kind: CustomerKind = CustomerKind.PERSON
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    company_name: str = ""
    sex: Sex = Sex.UNKNOWN
    birth_date: date | None = None
    owner_id: int | None = None
    centre_id: int | None = None
    note: str = ""
    post_code: str = ""
    post_address: str = ""
    phones: Sequence[str] = ()
    emails: Sequence[str] = ()


def get_customer(session: Session, customer_id: int) -> Customer:
    """The customer with phones and mails. NotFound: customer_unknown."""
    statement = (
        select(Customer)
        .where(Customer.id == customer_id)
        .options(selectinload(Customer.phones), selectinload(Customer.emails))
        .execution_options(populate_existing=False)
    )
    customer = session.scalar(statement)
    if customer is None:
        raise NotFound("customer_unknown", f"There is no customer {customer_id}.", customer_id=customer_id)
    return customer


def get_customers(session: Session, ids: Sequence[int]) -> list[Customer]:
    """Those who are there, with their phones, in the order in which they were named."""
    statement = select(Customer).where(Customer.id.in_(ids)).options(selectinload(Customer.phones))
    known = {customer.id: customer for customer in session.scalars(statement)}
    return [known[number] for number in ids if number in known]


def find_by_phone(session: Session, number: str) -> Customer | None:
    """The customer whose number (E.164) this is."""
    statement = (
        select(Customer)
        .join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
        .where(CustomerPhone.number == number)
        .options(selectinload(Customer.phones), selectinload(Customer.emails))
    )
    return session.scalar(statement)


def create_customer(session: Session, facts: CustomerFacts, *, actor_id: int | None, now: datetime) -> Customer:
    """Open a card.

    RuleViolation: name_missing, name_too_long, phone_invalid, birth_date_unlikely, owner_unknown, centre_unknown;
    Conflict: phone_taken.
    """
    customer = Customer(created_at=now, created_by=actor_id, phones=[], emails=[])
    _apply(session, customer, facts, now=now)
    session.add(customer)
    _flush(session)
    audit.record(session, action="customers.customer.added", subject=_subject(customer), actor_id=actor_id, now=now)
    return customer


def change_customer(
    session: Session, customer_id: int, facts: CustomerFacts, *, actor_id: int | None, now: datetime
) -> Customer:
    """Replace what is known. The same refusals as `create_customer`, and NotFound."""
    customer = get_customer(session, customer_id)
    _apply(session, customer, facts, now=now)
    _flush(session)
    audit.record(session, action="customers.customer.changed", subject=_subject(customer), actor_id=actor_id, now=now)
    return customer


def add_phone(session: Session, customer: Customer, typed: str) -> CustomerPhone:
    """Add a number at the end of the card's. RuleViolation: phone_invalid; Conflict: phone_taken."""
    phone = _read(typed)
    known = next((each for each in customer.phones if each.number == phone.number), None)
    if known is not None:
        return known
    _refuse_taken(session, [phone.number], customer.id)
    added = CustomerPhone.of(phone.number, extension=phone.extension, position=len(customer.phones))
    customer.phones.append(added)
    _flush(session)
    return added


def add_email(session: Session, customer: Customer, typed: str) -> CustomerEmail:
    """Add an address at the end of the card's; one that stands there already is that one."""
    address = typed.strip().lower()
    known = next((each for each in customer.emails if each.address == address), None)
    if known is not None:
        return known
    added = CustomerEmail(address=address, position=len(customer.emails))
    customer.emails.append(added)
    _flush(session)
    return added


def add_interaction(
    session: Session,
    *,
    customer_id: int,
    channel: InteractionChannel,
    direction: Direction,
    subject: str,
    at: datetime,
    result: str = "",
    comment: str = "",
    next_at: datetime | None = None,
    employee_id: int | None = None,
    case_key: str | None = None,
) -> Interaction:
    """Write a row of the chronicle."""
    row = Interaction(
        customer_id=customer_id,
        at=at,
        direction=direction,
        channel=channel,
        subject=subject,
        result=result,
        comment=comment,
        next_at=next_at,
        employee_id=employee_id,
        case_key=case_key,
    )
    session.add(row)
    return row


def note_contact(
    session: Session,
    customer_id: int,
    *,
    channel: InteractionChannel,
    direction: Direction,
    subject: str,
    comment: str,
    at: datetime,
    next_at: datetime | None,
    actor_id: int,
    now: datetime,
) -> Interaction:
    """A contact that happened, told by the person himself. RuleViolation: contact_in_future, next_contact_in_past."""
    get_customer(session, customer_id)
    if at > now:
        raise RuleViolation("contact_in_future", "A contact that happened lies in the past.")
    if next_at is not None and next_at <= now:
        raise RuleViolation("next_contact_in_past", "The next contact lies in the future.")
    return add_interaction(
        session,
        customer_id=customer_id,
        channel=channel,
        direction=direction,
        subject=subject,
        comment=comment,
        at=at,
        next_at=next_at,
        employee_id=actor_id,
    )


def _apply(session: Session, customer: Customer, facts: CustomerFacts, *, now: datetime) -> None:
    is_company = facts.kind is CustomerKind.COMPANY
    if not (facts.company_name if is_company else facts.first_name or facts.last_name):
        raise RuleViolation("name_missing", "A customer needs a name.")
    for name, most in LONGEST_NAMES.items():
        if len(getattr(facts, name)) > most:
            raise RuleViolation("name_too_long", f"A name has {most} signs at most.", most=most)
    if facts.birth_date and not now.year - LONGEST_LIFE <= facts.birth_date.year <= now.year - 1:
        raise RuleViolation("birth_date_unlikely", "The birth date cannot be right.")
    if facts.owner_id is not None and session.get(User, facts.owner_id) is None:
        raise RuleViolation("owner_unknown", f"There is no colleague {facts.owner_id}.")
    if facts.centre_id is not None and session.get(Centre, facts.centre_id) is None:
        raise RuleViolation("centre_unknown", f"There is no centre {facts.centre_id}.")
    customer.kind = facts.kind
    customer.rename(
        last_name=facts.last_name,
        first_name=facts.first_name,
        middle_name=facts.middle_name,
        company_name="" if facts.kind is CustomerKind.PERSON else facts.company_name,
    )
    customer.sex, customer.birth_date = facts.sex, facts.birth_date
    customer.owner_id, customer.centre_id, customer.note = facts.owner_id, facts.centre_id, facts.note
    customer.post_code, customer.post_address = facts.post_code, facts.post_address
    _set_phones(session, customer, facts.phones)
    _set_emails(customer, facts.emails)


def _set_phones(session: Session, customer: Customer, typed: Sequence[str]) -> None:
    wanted = {phone.number: phone for phone in map(_read, typed)}
    known = {each.number: each for each in customer.phones}
    _refuse_taken(session, wanted.keys() - known.keys(), customer.id)
    kept = []
    for position, (number, phone) in enumerate(wanted.items()):
        row = known.get(number) or CustomerPhone.of(number)
        row.extension, row.position = phone.extension, position
        kept.append(row)
    customer.phones = kept


def _set_emails(customer: Customer, typed: Sequence[str]) -> None:
    known = {each.address: each for each in customer.emails}
    kept = []
    for position, address in enumerate(dict.fromkeys(each.lower() for each in typed)):
        row = known.get(address) or CustomerEmail(address=address)
        row.position = position
        kept.append(row)
    customer.emails = kept


def _read(typed: str) -> Phone:
    try:
        return read_phone(typed)
    except ValueError as error:
        raise RuleViolation("phone_invalid", f"{typed} is no phone number.", typed=typed) from error


def _refuse_taken(session: Session, numbers: "set[str] | list[str]", customer_id: int | None) -> None:
    if not numbers:
        return
    taken = session.execute(
        select(CustomerPhone.number, CustomerPhone.customer_id).where(CustomerPhone.number.in_(sorted(numbers)))
    ).all()
    for number, holder in taken:
        if holder != customer_id:
            raise Conflict("phone_taken", f"{number} belongs to customer {holder}.", number=number, customer_id=holder)


def _flush(session: Session) -> None:
    """Write; a number that somebody else has just taken is the same refusal as one taken before.

    After it the unit of work must be rolled back, as after every refusal.
    """
    try:
        session.flush()
    except IntegrityError as error:
        if "customer_phone" not in str(error.orig):
            raise
        raise Conflict("phone_taken", "The phone belongs to another customer.", number="", customer_id=None) from error


def _subject(customer: Customer) -> str:
    return f"customers.customer:{customer.id}"
