"""Guests of an event: put on the list, answering, coming, with what they are interested in. None commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.persistence import insert_for, table_of
from webapp.campaigns import segments
from webapp.campaigns.events import planning
from webapp.campaigns.models import (
    MOST_COMPANIONS,
    Event,
    EventParticipant,
    EventStatus,
    GuestStatus,
    NextStep,
)
from webapp.core import audit
from webapp.core.errors import Conflict, NotFound, RuleViolation
from webapp.customers import consents
from webapp.customers import services as customers
from webapp.customers.consents import GivenConsent
from webapp.customers.models import Answer, ConsentChannel, ConsentKind, ConsentWay, Customer
from webapp.customers.names import guess_sex, split_name
from webapp.customers.services import CustomerFacts
from webapp.inquiries.models import InquiryChannel, Purpose
from webapp.inquiries.services import InquiryFacts, register_inquiry
from webapp.kit.phones import read_phone

TAKING_PLACE = (GuestStatus.CONFIRMED, GuestStatus.CAME)
INTERESTS = (Purpose.NEW_CAR, Purpose.USED_CAR, Purpose.TRADE_IN, Purpose.SERVICE)
ROWS = 500  # of one INSERT
ADVERTISED_BY = (ConsentChannel.CALL, ConsentChannel.SMS, ConsentChannel.EMAIL, ConsentChannel.MESSENGER)


@dataclass(frozen=True)
class NewGuest:
    """Somebody whom the base may not know. `agrees_by`: the channels of advertising that he ticked on the sheet."""

    name: str
    phone: str
    email: str = ""
    companions: int = 0
    agrees_by: tuple[ConsentChannel, ...] = ()


def invite_segment(session: Session, event: Event, *, now: datetime) -> int:
    """Write down the customers of its segment; who stands on the list already stays as he is. How many stand there."""
    event.move_to(EventStatus.INVITING)
    event.inviting_began_at = now
    if event.segment is not None:
        ids = session.scalars(segments.members(event.segment, now)).all()
        connection = session.connection()
        for start in range(0, len(ids), ROWS):
            rows = [_row(event, each, now=now) for each in ids[start : start + ROWS]]
            statement = insert_for(connection.dialect.name, table_of(EventParticipant)).values(rows)
            connection.execute(statement.on_conflict_do_nothing(index_elements=["event_id", "customer_id"]))
    session.flush()
    of_event = EventParticipant.event_id == event.id
    return session.scalar(select(func.count()).select_from(EventParticipant).where(of_event)) or 0


def add_guest(
    session: Session, event: Event, customer_id: int, *, actor_id: int | None, now: datetime
) -> EventParticipant:
    """Put a customer on the list. Conflict: guest_listed, event_closed; NotFound: customer_unknown."""
    _lock(session, event)
    customer = customers.get_customer(session, customer_id)
    if session.get(EventParticipant, (event.id, customer.id)) is not None:
        raise Conflict("guest_listed", "He is on the list.", name=customer.name)
    guest = EventParticipant(**_row(event, customer.id, now=now), added_by=actor_id)
    session.add(guest)
    session.flush()
    return guest


def add_new_guest(
    session: Session, event: Event, new: NewGuest, *, actor_id: int | None, now: datetime
) -> EventParticipant:
    """Put somebody on the list by his phone: the base's customer with this number, or a new one.

    What he agreed to on the sheet of the event is recorded as a consent of its own.
    RuleViolation: phone_invalid, name_missing; Conflict: guest_listed, event_closed.
    """
    try:
        number = read_phone(new.phone).number
    except ValueError as error:
        raise RuleViolation("phone_invalid", f"{new.phone} is no phone number.", typed=new.phone) from error
    customer = customers.find_by_phone(session, number)
    if customer is None:
        name = split_name(new.name)
        customer = customers.create_customer(
            session,
            CustomerFacts(
                last_name=name.last,
                first_name=name.first,
                middle_name=name.middle,
                sex=guess_sex(name),
                centre_id=event.centre_id,
                phones=(new.phone,),
                emails=(new.email,) if new.email else (),
            ),
            actor_id=actor_id,
            now=now,
        )
    guest = add_guest(session, event, customer.id, actor_id=actor_id, now=now)
    guest.companions = _companions(new.companions)
    if new.agrees_by:
        _agree(session, event, customer, new.agrees_by, actor_id=actor_id, now=now)
    return guest


def _agree(
    session: Session,
    event: Event,
    customer: Customer,
    channels: tuple[ConsentChannel, ...],
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    """What he signed on the sheet of the event; what is on file already stays."""
    missing = tuple(
        each
        for each in channels
        if not consents.has_consent(session, customer.id, ConsentKind.ADVERTISING, channel=each, now=now)
    )
    if not missing:
        customer.advertising = Answer.YES
        return
    given = GivenConsent(ConsentKind.ADVERTISING, missing, ConsentWay.PAPER, proof=event.name[:200])
    consents.give_consent(session, customer, given, actor_id=actor_id, now=now)


def answer(
    session: Session, event: Event, customer_id: int, *, comes: bool, companions: int = 0, now: datetime
) -> EventParticipant:
    """He has confirmed or declined. Conflict: event_full, event_closed, guest_came; NotFound: guest_unknown."""
    _lock(session, event)
    guest = get_guest(session, event, customer_id)
    if guest.status is GuestStatus.CAME:
        raise Conflict("guest_came", "He is here.")
    if comes:
        wanted = 1 + _companions(companions)
        free = event.capacity - places_taken(session, event, besides=customer_id)
        if wanted > free:
            raise Conflict("event_full", "There is no room.", capacity=event.capacity, free=max(free, 0))
        guest.companions = companions
    guest.status = GuestStatus.CONFIRMED if comes else GuestStatus.DECLINED
    guest.answered_at = now
    session.flush()
    return guest


def check_in(session: Session, event: Event, customer_id: int, *, companions: int | None = None, now: datetime) -> bool:
    """He is here; whether there is still room. Nobody is sent away: beyond the capacity it only warns.

    Conflict: event_not_yet, event_closed; NotFound: guest_unknown.
    """
    _lock(session, event)
    if now < planning.day_begins(session, event):
        raise Conflict("event_not_yet", "Guests are received on the day.")
    guest = get_guest(session, event, customer_id)
    if guest.status is not GuestStatus.CAME:
        guest.walk_in = (
            guest.answered_at is None and guest.invited_at is None and guest.added_at >= _doors(session, event)
        )
        guest.status, guest.came_at = GuestStatus.CAME, now
    if companions is not None:
        guest.companions = _companions(companions)
    session.flush()
    return places_taken(session, event) <= event.capacity


def undo_check_in(session: Session, event: Event, customer_id: int) -> EventParticipant:
    """It was a slip of the finger. Conflict: guest_in_work, event_closed."""
    _lock(session, event)
    guest = get_guest(session, event, customer_id)
    if guest.inquiry_id is not None:
        raise Conflict("guest_in_work", "His interest is with colleagues already.")
    if guest.status is GuestStatus.CAME:
        guest.status = GuestStatus.CONFIRMED if guest.answered_at else GuestStatus.INVITED
        guest.came_at = None
    session.flush()
    return guest


@dataclass(frozen=True)
class Interest:
    """What a guest is interested in and what was agreed with him."""

    purpose: Purpose | None
    model_code: str | None = None
    next_step: NextStep | None = None
    note: str = ""


def note_interest(
    session: Session, event: Event, customer_id: int, interest: Interest, *, actor_id: int | None, now: datetime
) -> EventParticipant:
    """Keep what he is interested in. The first interest becomes an inquiry, so that whoever sells or serves goes on.

    Conflict: guest_not_here, event_over; RuleViolation: model_unknown; NotFound: guest_unknown.
    """
    event.move_to(event.status)
    guest = get_guest(session, event, customer_id)
    if guest.status is not GuestStatus.CAME:
        raise Conflict("guest_not_here", "Only of who came is noted what he is interested in.")
    guest.model_code, guest.next_step, guest.note = interest.model_code, interest.next_step, interest.note
    if interest.purpose is not None and guest.inquiry_id is None:
        registered = register_inquiry(
            session,
            InquiryFacts(
                channel=InquiryChannel.EVENT,
                purpose=interest.purpose,
                customer_id=customer_id,
                source_code=planning.SOURCE,
                campaign=event.campaign.code if event.campaign else "",
                model_code=interest.model_code,
                centre_id=event.centre_id,
                comment=". ".join(filter(None, (event.name, interest.note)))[:2000],
            ),
            actor_id=actor_id,
            now=now,
        )
        guest.inquiry_id = registered.inquiry.id
    guest.interest = interest.purpose or guest.interest
    session.flush()
    return guest


def close_day(session: Session, event: Event, *, actor_id: int | None, now: datetime) -> tuple[int, int]:
    """Nobody comes any more: who had confirmed and is not here did not come. How many came, and how many did not."""
    of_event = EventParticipant.event_id == event.id
    session.execute(
        update(EventParticipant)
        .where(of_event, EventParticipant.status == GuestStatus.CONFIRMED)
        .values(status=GuestStatus.NO_SHOW)
    )
    session.flush()
    event.move_to(EventStatus.HELD)
    event.day_closed_at = now
    audit.record(session, action="campaigns.event.day_closed", subject=event.business_key, actor_id=actor_id, now=now)
    counted = select(EventParticipant.status, func.count()).where(of_event).group_by(EventParticipant.status)
    counts = dict(session.execute(counted).all())
    return counts.get(GuestStatus.CAME, 0), counts.get(GuestStatus.NO_SHOW, 0)


def places_taken(session: Session, event: Event, *, besides: int | None = None) -> int:
    """Places of those who confirmed or came, with their companions."""
    statement = select(func.coalesce(func.sum(EventParticipant.companions + 1), 0)).where(
        EventParticipant.event_id == event.id, EventParticipant.status.in_(TAKING_PLACE)
    )
    if besides is not None:
        statement = statement.where(EventParticipant.customer_id != besides)
    return session.scalar(statement) or 0


def get_guest(session: Session, event: Event, customer_id: int) -> EventParticipant:
    """NotFound: guest_unknown."""
    guest = session.get(EventParticipant, (event.id, customer_id))
    if guest is None:
        raise NotFound("guest_unknown", f"Customer {customer_id} is not on the list.")
    return guest


def _lock(session: Session, event: Event) -> None:
    """Two who take the last place at once are served one after the other. Conflict: event_closed."""
    session.execute(select(Event.id).where(Event.id == event.id).with_for_update())
    session.refresh(event, ["status", "capacity"])
    if not event.status.takes_guests:
        raise Conflict("event_closed", f"Event {event.id} is {event.status}.", event=event.name)


def _doors(session: Session, event: Event) -> datetime:
    return planning.day_begins(session, event)


def _companions(number: int) -> int:
    """RuleViolation: companions_unlikely."""
    if not 0 <= number <= MOST_COMPANIONS:
        raise RuleViolation("companions_unlikely", f"{number} companions.", most=MOST_COMPANIONS)
    return number


def _row(event: Event, customer_id: int, *, now: datetime) -> dict[str, object]:
    return {
        "event_id": event.id,
        "customer_id": customer_id,
        "status": GuestStatus.INVITED,
        "companions": 0,
        "walk_in": False,
        "added_at": now,
        "note": "",
    }
