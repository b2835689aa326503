"""What pages ask of events: the list, its counts and money, the guests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.campaigns import activity
from webapp.campaigns.events import money
from webapp.campaigns.figures import Figures
from webapp.campaigns.models import Event, EventParticipant, EventStatus, GuestStatus, MessageKind
from webapp.core.errors import NotFound
from webapp.core.permissions import RowScope
from webapp.customers.models import Customer, CustomerMessage, CustomerPhone
from webapp.customers.queries import ListFilter, narrow
from webapp.inquiries.models import Inquiry
from webapp.vehicles.models import CarModel

STATES: Mapping[str, Sequence[EventStatus]] = {
    "coming": [each for each in EventStatus if each.takes_guests],
    "held": [EventStatus.HELD],
    "over": [each for each in EventStatus if each.is_over],
}
GuestColumns = tuple[EventParticipant, Customer, str, CarModel, str | None]
COMING = (GuestStatus.CONFIRMED, GuestStatus.CAME, GuestStatus.NO_SHOW)


@dataclass(frozen=True)
class Counts:
    """Guests of one event. `confirmed`: who had said yes, whether he came or not; `places`: taken, with companions."""

    listed: int = 0
    confirmed: int = 0
    declined: int = 0
    came: int = 0
    companions: int = 0  # of those who came
    walk_ins: int = 0
    no_shows: int = 0
    contacts: int = 0
    places: int = 0

    @property
    def here(self) -> int:
        """Heads on the day."""
        return self.came + self.companions


@dataclass(frozen=True)
class GuestRow:
    """A guest and what is known of him. `mail`: what became of his invitation; `case_key`: where his interest is."""

    guest: EventParticipant
    name: str
    phone: str
    model: str
    mail: str
    case_key: str


def list_events(
    session: Session, *, scope: RowScope, state: str, since: date | None = None, until: date | None = None
) -> Sequence[Event]:
    """Those in this state whose days touch the period: the next first, of what is past the latest first."""
    statement = select(Event).options(
        joinedload(Event.responsible),
        joinedload(Event.centre),
        selectinload(Event.costs),
        selectinload(Event.materials),
    )
    statement = statement.where(Event.status.in_(STATES[state]))
    if since is not None:
        statement = statement.where(Event.last_day >= since)
    if until is not None:
        statement = statement.where(Event.first_day <= until)
    limited = scope.limit(statement, owner=Event.responsible_id, scope=Event.centre_id)
    order = Event.starts_at if state == "coming" else Event.starts_at.desc()
    return session.scalars(limited.order_by(order, Event.id).limit(200)).all()


def find_event(session: Session, event_id: int, *, scope: RowScope, receiving: bool = False) -> Event | None:
    """With everything its pages show; `receiving`: in reach of whoever receives the guests."""
    owner = Event.responsible_id if receiving else Event.owner_id
    return session.scalar(
        select(Event)
        .where(Event.id == event_id, scope.condition(owner=owner, scope=Event.centre_id))
        .options(
            joinedload(Event.owner),
            joinedload(Event.responsible),
            joinedload(Event.centre),
            joinedload(Event.campaign),
            joinedload(Event.segment),
            selectinload(Event.messages),
            selectinload(Event.costs),
            selectinload(Event.materials),
        )
    )


def counts_of(session: Session, ids: Sequence[int]) -> dict[int, Counts]:
    """Guests of each event, by its id."""
    guest = EventParticipant
    came = guest.status == GuestStatus.CAME
    rows = session.execute(
        select(
            guest.event_id,
            func.count(),
            func.count().filter(guest.status.in_(COMING), ~guest.walk_in),
            func.count().filter(guest.status == GuestStatus.DECLINED),
            func.count().filter(came),
            func.coalesce(func.sum(guest.companions).filter(came), 0),
            func.count().filter(came, guest.walk_in),
            func.count().filter(guest.status == GuestStatus.NO_SHOW),
            func.count().filter(guest.interest.is_not(None)),
            func.coalesce(
                func.sum(guest.companions + 1).filter(guest.status.in_((GuestStatus.CONFIRMED, GuestStatus.CAME))), 0
            ),
        )
        .where(guest.event_id.in_(ids))
        .group_by(guest.event_id)
    )
    known = {event_id: Counts(*numbers) for event_id, *numbers in rows}
    return {each: known.get(each, Counts()) for each in ids}


def facts_of(session: Session, events: Sequence[Event], counts: Mapping[int, Counts]) -> dict[int, Figures]:
    """What came of each event, by its id: one statement over what its guests bought within its window."""
    bought = {row[0]: (row[1], row[2]) for row in session.execute(_bought([event.id for event in events]))}
    found = {}
    for event in events:
        sales, revenue = bought.get(event.id, (0, None))
        of_event = counts[event.id]
        found[event.id] = money.fact_of(
            event,
            invited=of_event.listed,
            guests=of_event.here,
            contacts=of_event.contacts,
            sales=sales,
            revenue=Decimal(revenue or 0),
            spent=money.spent(event),
        )
    return found


def list_guests(
    session: Session, event: Event, *, text: str = "", status: str = "", scope: RowScope | None, limit: int = 100
) -> tuple[list[GuestRow], int]:
    """Guests by name, narrowed to what somebody typed, and how many fit. `scope` None: whoever stands on the list."""
    statement = _guests(event)
    if status in set(GuestStatus):
        statement = statement.where(EventParticipant.status == GuestStatus(status))
    statement = narrow(statement, ListFilter(text=text))
    if scope is not None:
        statement = scope.limit(statement, owner=Customer.owner_id, scope=Customer.centre_id)
    number = session.scalar(
        select(func.count()).select_from(statement.with_only_columns(EventParticipant.customer_id).subquery())
    )
    rows = session.execute(statement.order_by(Customer.sort_name, Customer.id).limit(limit)).all()
    mails = _mails(session, event, [row[0].customer_id for row in rows])
    return [_row(row, mails) for row in rows], number or 0


def get_guest_row(session: Session, event: Event, customer_id: int) -> GuestRow:
    """One guest. NotFound: guest_unknown."""
    found = session.execute(_guests(event).where(EventParticipant.customer_id == customer_id)).first()
    if found is None:
        raise NotFound("guest_unknown", f"Customer {customer_id} is not on the list.")
    return _row(found, {})


def listed_among(session: Session, event: Event, ids: Sequence[int]) -> set[int]:
    """Who of these customers stands on the list."""
    guest = EventParticipant
    statement = select(guest.customer_id).where(guest.event_id == event.id, guest.customer_id.in_(ids))
    return set(session.scalars(statement)) if ids else set()


def is_in_sight(session: Session, customer_id: int, *, scope: RowScope) -> bool:
    """Whether this person may see the customer."""
    statement = scope.limit(select(Customer.id), owner=Customer.owner_id, scope=Customer.centre_id)
    return session.scalar(statement.where(Customer.id == customer_id)) is not None


def _guests(event: Event) -> Select[*GuestColumns]:
    guest = EventParticipant
    phone = (CustomerPhone.customer_id == Customer.id) & (CustomerPhone.position == 0)
    return (
        select(guest, Customer, CustomerPhone.number, CarModel, Inquiry.case_key)
        .join(Customer, Customer.id == guest.customer_id)
        .outerjoin(CustomerPhone, phone)
        .outerjoin(CarModel, CarModel.code == guest.model_code)
        .outerjoin(Inquiry, Inquiry.id == guest.inquiry_id)
        .where(guest.event_id == event.id)
    )


def _row(found: Row[*GuestColumns], mails: Mapping[int, str]) -> GuestRow:
    guest, customer, number, model, case_key = found
    return GuestRow(
        guest=guest,
        name=customer.list_name,
        phone=number or "",
        model=model.full_name if model else "",
        mail=mails.get(customer.id, ""),
        case_key=case_key or "",
    )


def _mails(session: Session, event: Event, ids: Sequence[int]) -> dict[int, str]:
    """What became of the invitations."""
    keys = {f"{event.business_key}:{each}:{MessageKind.INVITATION}": each for each in ids}
    statement = select(CustomerMessage.dedupe, CustomerMessage.state).where(CustomerMessage.dedupe.in_(keys))
    return {keys[dedupe]: state.value for dedupe, state in session.execute(statement)}


def _bought(ids: Sequence[int]) -> Select[int, int, Decimal]:
    """Cars and money of those who came, from the first day to the end of the window."""
    bought = activity.commercial()
    return (
        select(
            EventParticipant.event_id,
            func.count().filter(bought.c.kind == activity.CAR),
            func.sum(bought.c.amount),
        )
        .join(Event, Event.id == EventParticipant.event_id)
        .join(bought, bought.c.customer_id == EventParticipant.customer_id)
        .where(
            EventParticipant.event_id.in_(ids),
            EventParticipant.status == GuestStatus.CAME,
            bought.c.day >= Event.first_day,
            bought.c.day <= Event.counts_until,
        )
        .group_by(EventParticipant.event_id)
    )
