"""What pages ask about customers: matches while typing, the list, the chronicle."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.core.permissions import RowScope
from webapp.customers.models import Customer, CustomerKind, CustomerPhone, CustomerWord, Interaction, InteractionChannel
from webapp.kit.beginnings import begins_with
from webapp.kit.phones import SHORTEST_TAIL, digits_of, normalise_phone
from webapp.kit.spelling import sound_of
from webapp.staff.models import Centre, User

Columns = TypeVarTuple("Columns")


class MatchKind(StrEnum):
    """Why a customer was found."""

    SAME_PHONE = "same_phone"  # the very number
    PHONE = "phone"  # its last digits
    NAME = "name"


@dataclass(frozen=True)
class Match:
    """A customer found while somebody types."""

    id: int
    name: str
    phone: str
    kind: MatchKind
    company: bool


@dataclass(frozen=True)
class CustomerRow:
    """One line of the list."""

    id: int
    name: str
    kind: CustomerKind
    phone: str
    owner: str
    centre: str
    last_contact: datetime | None


@dataclass(frozen=True)
class ListFilter:
    """What the list is narrowed to."""

    text: str = ""
    kind: CustomerKind | None = None
    owner_id: int | None = None
    centre_id: int | None = None


CHRONICLE_GROUPS: dict[str, tuple[InteractionChannel, ...]] = {
    "calls": (InteractionChannel.CALL,),
    "visits": (InteractionChannel.VISIT, InteractionChannel.EVENT),
    "messages": (
        InteractionChannel.EMAIL,
        InteractionChannel.SMS,
        InteractionChannel.MESSENGER,
        InteractionChannel.WEB,
        InteractionChannel.CHAT,
    ),
    "notes": (InteractionChannel.NOTE,),
}


def find_matches(session: Session, text: str, *, scope: RowScope, limit: int = 8) -> list[Match]:
    """Customers whom this may mean: the very phone, its last four or more digits, names in any spelling.

    Digits and words may stand together ("belova 4117"); those for whom both fit come first.
    """
    digits, words = _split(text)
    exact = _exact_number(text)
    if len(digits) < SHORTEST_TAIL and not words:
        return []
    found: dict[int, Match] = {}
    attempts: list[tuple[MatchKind, Select[Customer, str]]] = []
    if exact:
        attempts.append((MatchKind.SAME_PHONE, _with_phone().where(CustomerPhone.number == exact)))
    if len(digits) >= SHORTEST_TAIL:
        by_tail = _with_phone().where(begins_with(CustomerPhone.tail, digits[::-1]))
        if words:
            attempts.append((MatchKind.PHONE, _with_words(by_tail, words)))
        attempts.append((MatchKind.PHONE, by_tail))
    if words:
        attempts.append((MatchKind.NAME, _with_words(_with_first_phone(), words)))
    for kind, statement in attempts:
        if len(found) >= limit:
            break
        limited = scope.limit(statement, owner=Customer.owner_id, scope=Customer.centre_id)
        for customer, number in session.execute(limited.order_by(Customer.sort_name, Customer.id).limit(limit)):
            found.setdefault(
                customer.id,
                Match(customer.id, customer.name, number or "", kind, customer.kind is CustomerKind.COMPANY),
            )
    return list(found.values())[:limit]


def list_customers(
    session: Session, wanted: ListFilter, *, scope: RowScope, offset: int = 0, limit: int = 50
) -> tuple[list[CustomerRow], bool]:
    """A page of the list by name, and whether another page follows."""
    last_contact = (
        select(func.max(Interaction.at)).where(Interaction.customer_id == Customer.id).correlate(Customer)
    ).scalar_subquery()
    statement = (
        select(Customer, CustomerPhone.number, User.name, Centre.name, last_contact)
        .outerjoin(CustomerPhone, (CustomerPhone.customer_id == Customer.id) & (CustomerPhone.position == 0))
        .outerjoin(User, User.id == Customer.owner_id)
        .outerjoin(Centre, Centre.id == Customer.centre_id)
    )
    statement = scope.limit(narrow(statement, wanted), owner=Customer.owner_id, scope=Customer.centre_id)
    rows = session.execute(statement.order_by(Customer.sort_name, Customer.id).offset(offset).limit(limit + 1)).all()
    page = [
        CustomerRow(customer.id, customer.list_name, customer.kind, number or "", owner or "", centre or "", last)
        for customer, number, owner, centre, last in rows[:limit]
    ]
    return page, len(rows) > limit


def customers_meant(text: str) -> Select[int] | None:
    """Ids of the customers whom this text names, by words or the end of a phone; None: it says too little."""
    digits, words = _split(text)
    if not words and len(digits) < SHORTEST_TAIL:
        return None
    return narrow(select(Customer.id), ListFilter(text=text))


def count_customers(session: Session, wanted: ListFilter, *, scope: RowScope, at_most: int = 10_000) -> int:
    """How many there are; stops counting at `at_most`."""
    statement = narrow(select(Customer.id), wanted)
    limited = scope.limit(statement, owner=Customer.owner_id, scope=Customer.centre_id).limit(at_most)
    return session.scalar(select(func.count()).select_from(limited.subquery())) or 0


def get_neighbours(
    session: Session, customer: Customer, wanted: ListFilter, *, scope: RowScope
) -> tuple[int | None, int | None]:
    """The customers before and after this one in the filtered list."""
    namesake = Customer.sort_name == customer.sort_name
    before = or_(Customer.sort_name < customer.sort_name, namesake & (Customer.id < customer.id))
    after = or_(Customer.sort_name > customer.sort_name, namesake & (Customer.id > customer.id))
    statement = scope.limit(narrow(select(Customer.id), wanted), owner=Customer.owner_id, scope=Customer.centre_id)
    previous = statement.where(before).order_by(Customer.sort_name.desc(), Customer.id.desc()).limit(1)
    following = statement.where(after).order_by(Customer.sort_name, Customer.id).limit(1)
    return session.scalar(previous), session.scalar(following)


def get_chronicle(
    session: Session, customer_id: int, *, group: str = "", offset: int = 0, limit: int = 50
) -> tuple[list[Interaction], bool]:
    """Rows of the chronicle, the newest first, and whether older ones follow."""
    statement = (
        select(Interaction).where(Interaction.customer_id == customer_id).options(joinedload(Interaction.employee))
    )
    if group in CHRONICLE_GROUPS:
        statement = statement.where(Interaction.channel.in_(CHRONICLE_GROUPS[group]))
    rows = session.scalars(
        statement.order_by(Interaction.at.desc(), Interaction.id.desc()).offset(offset).limit(limit + 1)
    ).all()
    return list(rows[:limit]), len(rows) > limit


def count_chronicle(session: Session, customer_id: int) -> dict[str, int]:
    """How many rows each group of the chronicle has."""
    rows = session.execute(
        select(Interaction.channel, func.count())
        .where(Interaction.customer_id == customer_id)
        .group_by(Interaction.channel)
    )
    by_channel = dict(rows.all())
    return {
        group: sum(by_channel.get(channel, 0) for channel in channels) for group, channels in CHRONICLE_GROUPS.items()
    }


def _split(text: str) -> tuple[str, list[str]]:
    """Digits and the sounds of words; a lone digit group inside a name counts as digits."""
    digits = digits_of(text)
    words = [word for word in sound_of(text).split() if not word.isdigit()]
    return digits, words


def _exact_number(text: str) -> str | None:
    try:
        return normalise_phone("".join(part for part in text if not part.isalpha()))
    except ValueError:
        return None


def _with_phone() -> Select[Customer, str]:
    return select(Customer, CustomerPhone.number).join(CustomerPhone, CustomerPhone.customer_id == Customer.id)


def _with_first_phone() -> Select[Customer, str]:
    return select(Customer, CustomerPhone.number).outerjoin(
        CustomerPhone, (CustomerPhone.customer_id == Customer.id) & (CustomerPhone.position == 0)
    )


def _with_words(statement: Select[Customer, str], words: list[str]) -> Select[Customer, str]:
    return statement.where(*map(_named, words))


def _named(word: str) -> ColumnElement[bool]:
    """A word of the names begins with this one. A single letter begins so many that they are met on the way anyhow."""
    if len(word) < 2:
        return Customer.search_name.contains(f" {word}")
    return Customer.id.in_(select(CustomerWord.customer_id).where(begins_with(CustomerWord.word, word)))


def narrow(statement: Select[*Columns], wanted: ListFilter) -> Select[*Columns]:
    """Only those customers of a statement over `Customer` who are wanted."""
    digits, words = _split(wanted.text)
    if words:
        statement = statement.where(*map(_named, words))
    if len(digits) >= SHORTEST_TAIL:
        with_number = select(CustomerPhone.customer_id).where(begins_with(CustomerPhone.tail, digits[::-1]))
        statement = statement.where(Customer.id.in_(with_number))
    if wanted.kind is not None:
        statement = statement.where(Customer.kind == wanted.kind)
    if wanted.owner_id is not None:
        statement = statement.where(Customer.owner_id == wanted.owner_id)
    if wanted.centre_id is not None:
        statement = statement.where(Customer.centre_id == wanted.centre_id)
    return statement
