"""Registering what reaches us: one act finds or opens the customer, writes the inquiry and tells those above.

The slice knows nothing of worksheets. It publishes `InquiryRegistered`; whoever takes the inquiry up (sales, by
the listener in its feature) writes the business key of the case into it, in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core import events
from webapp.core.errors import RuleViolation
from webapp.core.formats import format_phone
from webapp.customers import services as customers
from webapp.customers.models import Customer, Direction, Interaction, InteractionChannel, Sex
from webapp.customers.names import PersonName, guess_sex, split_name
from webapp.customers.services import CustomerFacts
from webapp.inquiries.campaigns import code_of
from webapp.inquiries.models import (
    Inquiry,
    InquiryChannel,
    InquiryResult,
    InquiryTouch,
    InterestType,
    Purpose,
    Source,
    TrackingNumber,
)
from webapp.kit.phones import read_phone
from webapp.staff.models import User
from webapp.vehicles.models import CarModel

REPEAT_WITHIN = timedelta(hours=24)
UNKNOWN_SOURCE = "unknown"
# Nobody has spoken to the person yet when the inquiry came this way.
WAITING_CHANNELS = frozenset({InquiryChannel.WEB_FORM, InquiryChannel.CHAT, InquiryChannel.EMAIL})
CHRONICLE_CHANNELS = {
    InquiryChannel.CALL: InteractionChannel.CALL,
    InquiryChannel.WALK_IN: InteractionChannel.VISIT,
    InquiryChannel.EMAIL: InteractionChannel.EMAIL,
    InquiryChannel.CHAT: InteractionChannel.CHAT,
    InquiryChannel.WEB_FORM: InteractionChannel.WEB,
    InquiryChannel.EVENT: InteractionChannel.EVENT,
    InquiryChannel.REFERRAL: InteractionChannel.CALL,
}


@dataclass(frozen=True)
class InquiryFacts:
    """What is known when somebody calls, comes in or writes.

    Whom it is from: `customer_id`, or a `phone` (as typed) with a `name` in one line, or nobody (only counted).
    """

    channel: InquiryChannel
    purpose: Purpose
    customer_id: int | None = None
    phone: str = ""
    name: str = ""
    sex: Sex = Sex.UNKNOWN
    source_code: str | None = None
    campaign: str = ""
    dialled_number: str = ""
    model_code: str | None = None
    interest_type: InterestType | None = None
    visit_at: datetime | None = None
    handed_to: int | None = None
    centre_id: int | None = None
    comment: str = ""
    missed: bool = False  # a call that nobody took


@dataclass(frozen=True)
class InquiryWritten:
    """Published for a new inquiry of a known customer before anybody takes it up.

    A listener that knows which campaign it answers writes the campaign's code into `inquiry.campaign`.
    """

    inquiry: Inquiry
    customer: Customer
    now: datetime


@dataclass(frozen=True)
class InquiryRegistered:
    """Published for a new inquiry of a known customer. A listener that takes it up sets `inquiry.case_key`."""

    inquiry: Inquiry
    customer: Customer
    named: int | None  # the colleague whom the person at the phone chose; the customer's own manager is not one
    actor_id: int | None
    now: datetime


@dataclass(frozen=True)
class Registered:
    """The answer to a registration. `touch`: it joined an inquiry of the last day instead of making a second one."""

    inquiry: Inquiry
    customer: Customer | None
    new_customer: bool
    touch: bool


def register_inquiry(session: Session, facts: InquiryFacts, *, actor_id: int | None, now: datetime) -> Registered:
    """Register one contact, in the caller's transaction.

    RuleViolation: phone_invalid, name_missing, visit_in_past, source_unknown, sources_missing, model_unknown,
    receiver_unknown; Conflict: phone_taken; NotFound.
    """
    if facts.visit_at is not None and facts.visit_at <= now:
        raise RuleViolation("visit_in_past", "A visit is agreed for the future.")
    if facts.handed_to is not None and session.get(User, facts.handed_to) is None:
        raise RuleViolation("receiver_unknown", f"There is no colleague {facts.handed_to}.")
    number = _number(facts.phone)
    customer, is_new = _find_or_open_customer(session, facts, number, actor_id=actor_id, now=now)
    known_number = number or (customer.phones[0].number if customer and customer.phones else "")
    earlier = _earlier_inquiry(session, facts, known_number, customer, now)
    if earlier is not None and customer is not None:
        _note(session, facts, customer, earlier.case_key, actor_id=actor_id, now=now)
        touch = InquiryTouch(
            inquiry_id=earlier.id, at=now, channel=facts.channel, accepted_by=actor_id, comment=facts.comment
        )
        session.add(touch)
        session.flush()
        return Registered(earlier, customer, is_new, touch=True)

    inquiry = _write(session, facts, known_number, customer, actor_id=actor_id, now=now)
    if customer is not None:
        note = _note(session, facts, customer, None, actor_id=actor_id, now=now)
        events.publish(InquiryWritten(inquiry, customer, now), session=session)
        events.publish(InquiryRegistered(inquiry, customer, facts.handed_to, actor_id, now), session=session)
        note.case_key = inquiry.case_key
    session.flush()
    return Registered(inquiry, customer, is_new, touch=False)


def propose_source(session: Session, dialled_number: str) -> TrackingNumber | None:
    """The advert in which the dialled number of ours stands."""
    try:
        number = read_phone(dialled_number).number
    except ValueError:
        return None
    return session.get(TrackingNumber, number)


def _number(typed: str) -> str:
    if not typed:
        return ""
    try:
        return read_phone(typed).number
    except ValueError as error:
        raise RuleViolation("phone_invalid", f"{typed} is no phone number.", typed=typed) from error


def _find_or_open_customer(
    session: Session, facts: InquiryFacts, number: str, *, actor_id: int | None, now: datetime
) -> tuple[Customer | None, bool]:
    if facts.customer_id is not None:
        customer = customers.get_customer(session, facts.customer_id)
        if number:
            customers.add_phone(session, customer, facts.phone)
        return customer, False
    found = customers.find_by_phone(session, number) if number else None
    if found is not None:
        return found, False
    if not number and not facts.name:
        return None, False
    name = split_name(facts.name)
    if not facts.name:
        if _answered(facts):
            raise RuleViolation("name_missing", "A customer needs a name.")
        name = PersonName(format_phone(number))  # called by his number until somebody has spoken to him
    opened = customers.create_customer(
        session,
        CustomerFacts(
            last_name=name.last,
            first_name=name.first,
            middle_name=name.middle,
            sex=facts.sex if facts.sex is not Sex.UNKNOWN else guess_sex(name),
            owner_id=None if _is_service(facts) else facts.handed_to,  # a manager is somebody in sales
            centre_id=facts.centre_id,
            phones=(facts.phone,) if number else (),
        ),
        actor_id=actor_id,
        now=now,
    )
    return opened, True


def _earlier_inquiry(
    session: Session, facts: InquiryFacts, number: str, customer: Customer | None, now: datetime
) -> Inquiry | None:
    """The inquiry of the last day with the same phone, or of the same customer, for the same department."""
    if customer is None:
        return None
    same_person = Inquiry.phone == number if number else Inquiry.customer_id == customer.id
    statement = (
        select(Inquiry)
        .where(same_person, Inquiry.department == facts.purpose.department, Inquiry.at > now - REPEAT_WITHIN)
        .order_by(Inquiry.at.desc(), Inquiry.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


def _write(
    session: Session,
    facts: InquiryFacts,
    number: str,
    customer: Customer | None,
    *,
    actor_id: int | None,
    now: datetime,
) -> Inquiry:
    proposed = propose_source(session, facts.dialled_number) if facts.dialled_number else None
    source = facts.source_code or (proposed.source_code if proposed else UNKNOWN_SOURCE)
    if session.get(Source, source) is None:
        if session.scalar(select(Source.code).limit(1)) is None:
            raise RuleViolation("sources_missing", "The reference lists have not been filled.")
        raise RuleViolation("source_unknown", f"There is no source {source}.", source=source)
    if facts.model_code and session.get(CarModel, facts.model_code) is None:
        raise RuleViolation("model_unknown", f"There is no model {facts.model_code}.")
    from_advert = proposed.campaign if proposed and source == proposed.source_code else ""
    inquiry = Inquiry(
        at=now,
        channel=facts.channel,
        department=facts.purpose.department,
        purpose=facts.purpose,
        customer_id=customer.id if customer else None,
        phone=number,
        sex=customer.sex if customer else facts.sex,
        dialled_number=facts.dialled_number,
        source_code=source,
        campaign=code_of(session, facts.campaign or from_advert),
        model_code=facts.model_code,
        interest_type=facts.interest_type or _usual_interest(facts.purpose),
        answered=_answered(facts),
        visit_at=facts.visit_at,
        result=_result(facts),
        comment=facts.comment,
        accepted_by=actor_id,
        handed_to=facts.handed_to or (customer.owner_id if customer and not _is_service(facts) else None),
        centre_id=facts.centre_id or (customer.centre_id if customer else None),
    )
    session.add(inquiry)
    session.flush()
    return inquiry


def _note(
    session: Session,
    facts: InquiryFacts,
    customer: Customer,
    case_key: str | None,
    *,
    actor_id: int | None,
    now: datetime,
) -> Interaction:
    return customers.add_interaction(
        session,
        customer_id=customer.id,
        channel=CHRONICLE_CHANNELS[facts.channel],
        direction=Direction.IN,
        subject=f"inquiry.{facts.purpose.value}",
        at=now,
        result=_result(facts).value,
        comment=facts.comment,
        next_at=facts.visit_at,
        employee_id=actor_id,
        case_key=case_key,
    )


def _is_service(facts: InquiryFacts) -> bool:
    return facts.purpose is Purpose.SERVICE


def _answered(facts: InquiryFacts) -> bool:
    return facts.channel not in WAITING_CHANNELS and not facts.missed


def _usual_interest(purpose: Purpose) -> InterestType:
    return {Purpose.NEW_CAR: InterestType.NEW, Purpose.USED_CAR: InterestType.USED}.get(purpose, InterestType.ANY)


def _result(facts: InquiryFacts) -> InquiryResult:
    if facts.missed:
        return InquiryResult.LOST_CALL
    if not _answered(facts):
        return InquiryResult.WAITING
    if facts.visit_at is not None:
        return InquiryResult.VISIT_BOOKED
    if facts.channel is InquiryChannel.WALK_IN:
        return InquiryResult.VISIT_NOW
    if facts.purpose is Purpose.COMPLAINT:
        return InquiryResult.COMPLAINT
    return InquiryResult.TRANSFERRED if facts.handed_to else InquiryResult.INFO_GIVEN
