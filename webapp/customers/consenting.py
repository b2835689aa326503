"""The consent check (specification §3.1): may this be sent to that customer, by this channel, now?

It is asked when a list is built, for thousands at once, and again at the moment of sending.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from webapp.core.config import settings
from webapp.customers.models import (
    CompanyDetails,
    Consent,
    ConsentChannel,
    ConsentKind,
    Customer,
    CustomerEmail,
    CustomerMessage,
    CustomerPhone,
    IdentityDocument,
    MessagePurpose,
    MessageState,
    StopKind,
    StopListEntry,
)
from webapp.customers.models.consents import stop_hash
from webapp.customers.quiet_hours import next_opening
from webapp.kit.addresses import is_mail_address
from webapp.kit.phones import takes_texts
from webapp.staff.models import Centre

Customers = Collection[int] | Select[int]  # ids, or a statement that gives them


class RefusalCode(StrEnum):
    """Why something is not sent, in the order in which it is looked at."""

    NO_ADDRESS = "no_address"
    STOP_LIST = "stop_list"
    NO_CONSENT = "no_consent"
    FREQUENCY = "frequency"
    QUIET_HOURS = "quiet_hours"  # not now, but later


@dataclass(frozen=True)
class Refusal:
    """Why it is not sent. `until`: of quiet hours alone, the moment from which it may be."""

    code: RefusalCode
    until: datetime | None = None

    @property
    def state(self) -> MessageState:
        """What a message becomes that is skipped for it. ValueError for quiet hours: that one waits."""
        return MessageState(f"skipped_{self.code}")


@dataclass(frozen=True)
class Reach:
    """Whom a message would reach: address by customer; and the others, with why not."""

    addresses: Mapping[int, str]
    refusals: Mapping[int, Refusal]

    def count(self, code: RefusalCode) -> int:
        """How many are left out for this reason."""
        return sum(refusal.code is code for refusal in self.refusals.values())


def refusal_to_send(
    session: Session,
    customer_id: int,
    *,
    channel: ConsentChannel,
    purpose: MessagePurpose,
    now: datetime,
    besides: int | None = None,
) -> Refusal | None:
    """Why this must not be sent to him now; None: it may be.

    `besides`: the message that is asked for, which does not count towards how often he was written to.
    """
    found = reach(session, [customer_id], channel=channel, purpose=purpose, now=now, besides=besides)
    if customer_id in found.refusals:
        return found.refusals[customer_id]
    if purpose is MessagePurpose.SERVICE:
        return None
    known = settings()
    zone = session.scalar(
        select(Centre.time_zone).join(Customer, Customer.centre_id == Centre.id).where(Customer.id == customer_id)
    )
    opens = next_opening(
        now,
        zone=zone or known.time_zone,
        from_hour=known.advertising_from_hour,
        until_hour=known.advertising_until_hour,
    )
    return Refusal(RefusalCode.QUIET_HOURS, until=opens) if opens else None


def reach(
    session: Session,
    customer_ids: Customers,
    *,
    channel: ConsentChannel,
    purpose: MessagePurpose,
    now: datetime,
    besides: int | None = None,
) -> Reach:
    """Whom of them a message would reach. Five statements at most, however many there are.

    Quiet hours are no matter of whom, but of when: they are not looked at here.
    """
    asked = _ids(session, customer_ids)
    among = _Among(customer_ids)
    addresses = _addresses(session, among, channel)
    stopped = _stopped(session, addresses, channel)
    refusals: dict[int, RefusalCode] = {}
    if purpose is MessagePurpose.ADVERTISING:
        agreed = _agreed(session, among, channel, now)
        often = _written_to_enough(session, among, channel, now, besides)
        refusals |= dict.fromkeys(often, RefusalCode.FREQUENCY)
        refusals |= {each: RefusalCode.NO_CONSENT for each in asked if each not in agreed}
    refusals |= dict.fromkeys(stopped, RefusalCode.STOP_LIST)
    usable = {each: _usable(addresses.get(each, ()), channel) for each in asked}
    refusals |= {each: RefusalCode.NO_ADDRESS for each in asked if not usable[each]}
    return Reach(
        addresses={each: usable[each] for each in asked if each not in refusals},
        refusals={each: Refusal(refusals[each]) for each in asked if each in refusals},
    )


class _Among:
    """The condition that a column names one of the customers."""

    def __init__(self, customers: Customers) -> None:
        self._customers = customers

    def __call__(self, column: Any) -> ColumnElement[bool]:
        if isinstance(self._customers, Select):
            return bool_of(column.in_(self._customers))
        # written into the statement: thousands of bound values would be more than a database takes
        ids: BindParameter[Any] = bindparam(
            "customer_ids", sorted(set(self._customers)), expanding=True, literal_execute=True
        )
        return bool_of(column.in_(ids))


def bool_of(condition: Any) -> ColumnElement[bool]:
    """The condition, typed."""
    found: ColumnElement[bool] = condition
    return found


def _ids(session: Session, customers: Customers) -> list[int]:
    if isinstance(customers, Select):
        return list(dict.fromkeys(session.scalars(customers)))
    return list(dict.fromkeys(customers))


def _addresses(session: Session, among: _Among, channel: ConsentChannel) -> dict[int, list[str]]:
    """All addresses of the kind that the channel uses, the one to use first."""
    statement: Select[int, str]
    if channel is ConsentChannel.EMAIL:
        statement = (
            select(CustomerEmail.customer_id, CustomerEmail.address)
            .where(among(CustomerEmail.customer_id))
            .order_by(CustomerEmail.position, CustomerEmail.id)
        )
    elif channel is ConsentChannel.POST:
        written = func.coalesce(
            func.nullif(Customer.post_address, ""),
            func.nullif(CompanyDetails.legal_address, ""),
            IdentityDocument.registration_address,
        )
        statement = (
            select(Customer.id, written)
            .outerjoin(CompanyDetails, CompanyDetails.customer_id == Customer.id)
            .outerjoin(IdentityDocument, IdentityDocument.customer_id == Customer.id)
            .where(among(Customer.id), written.is_not(None))
        )
    else:
        statement = (
            select(CustomerPhone.customer_id, CustomerPhone.number)
            .where(among(CustomerPhone.customer_id))
            .order_by(CustomerPhone.position, CustomerPhone.id)
        )
    found: dict[int, list[str]] = {}
    for customer_id, address in session.execute(statement):
        found.setdefault(customer_id, []).append(address.strip())  # cards that were carried over may have blanks
    return found


def _usable(addresses: Collection[str], channel: ConsentChannel) -> str:
    """The first that the channel can serve; empty: none."""
    if channel is ConsentChannel.EMAIL:
        return next(filter(is_mail_address, addresses), "")
    if channel in (ConsentChannel.SMS, ConsentChannel.MESSENGER):
        return next(filter(takes_texts, addresses), "")
    return next((each for each in addresses if each.strip()), "")


def _stopped(session: Session, addresses: Mapping[int, Collection[str]], channel: ConsentChannel) -> set[int]:
    """Who has an address in the stop list: nothing goes to another of his either. Letters by post have no list."""
    if channel is ConsentChannel.POST or not addresses:
        return set()
    kind = StopKind.EMAIL if channel is ConsentChannel.EMAIL else StopKind.PHONE
    hashes = {each: [stop_hash(kind, address) for address in known] for each, known in addresses.items()}
    statement = select(StopListEntry.hash).where(StopListEntry.kind == kind)
    if len(hashes) == 1:
        statement = statement.where(StopListEntry.hash.in_(*hashes.values()))
    listed = set(session.scalars(statement))
    return {each for each, known in hashes.items() if not listed.isdisjoint(known)}


def _agreed(session: Session, among: _Among, channel: ConsentChannel, now: datetime) -> set[int]:
    """Who has agreed to advertising by this channel, and neither withdrawn it nor let it run out."""
    statement = select(Consent.customer_id).where(
        among(Consent.customer_id),
        Consent.kind == ConsentKind.ADVERTISING,
        Consent.channel == channel.value,
        is_active(now),
    )
    return set(session.scalars(statement))


def is_active(now: datetime) -> ColumnElement[bool]:
    """The condition that a consent holds; `Consent.state` decides the same for one."""
    return bool_of(Consent.withdrawn_at.is_(None) & or_(Consent.valid_to.is_(None), Consent.valid_to > now))


def _written_to_enough(
    session: Session, among: _Among, channel: ConsentChannel, now: datetime, besides: int | None
) -> set[int]:
    """Who has had as much advertising by this channel as he may; what is on its way right now counts too."""
    known = settings()
    lately = CustomerMessage.sent_at > now - timedelta(days=known.advertising_days)
    on_its_way = CustomerMessage.taken_at.is_not(None) & (CustomerMessage.state == MessageState.QUEUED)
    statement = (
        select(CustomerMessage.customer_id)
        .where(
            among(CustomerMessage.customer_id),
            CustomerMessage.channel == channel,
            CustomerMessage.purpose == MessagePurpose.ADVERTISING,
            or_(lately, on_its_way),
        )
        .group_by(CustomerMessage.customer_id)
        .having(func.count() >= known.advertising_most)
    )
    if besides is not None:
        statement = statement.where(CustomerMessage.id != besides)
    return set(session.scalars(statement))
