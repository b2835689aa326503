"""The list of a segment for letters and short messages: whom the consent check lets through, with what is needed.

Nothing is sent here: the letters go by post, the numbers to whoever sends short messages for the dealer.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.campaigns import texts
from webapp.campaigns.models import Segment
from webapp.campaigns.segments import members
from webapp.campaigns.sending import readers
from webapp.core import audit
from webapp.core.permissions import RowScope
from webapp.customers.consenting import RefusalCode, reach
from webapp.customers.models import ConsentChannel, Customer, MessagePurpose

AT_ONCE = 300  # letters or labels in one file: a minute of printing


class ListKind(StrEnum):
    """What is made of a list."""

    LABELS = "labels"
    LETTERS = "letters"
    PHONES = "phones"


CHANNEL_OF: Mapping[ListKind, ConsentChannel] = {
    ListKind.LABELS: ConsentChannel.POST,
    ListKind.LETTERS: ConsentChannel.POST,
    ListKind.PHONES: ConsentChannel.SMS,
}


@dataclass(frozen=True)
class Audience:
    """Whom a list reaches, in the order of names, and how many are left out for which reason."""

    addresses: Mapping[int, str]
    left_out: Mapping[RefusalCode, int]

    def part(self, number: int) -> Sequence[int]:
        """The customers of the file with this number, from 1."""
        return list(self.addresses)[(number - 1) * AT_ONCE : number * AT_ONCE]

    @property
    def parts(self) -> int:
        return -(-len(self.addresses) // AT_ONCE)


@dataclass(frozen=True)
class Addressee:
    """One line of a list: the name in full, where it goes, and what fills the gaps of a text."""

    customer_id: int
    name: str
    address: str  # postal address, or the number (E.164)
    post_code: str
    words: Mapping[str, str]


def audience_of(
    session: Session, segment: Segment, channel: ConsentChannel, *, scope: RowScope, now: datetime
) -> Audience:
    """The segment's customers in the person's reach who may be written to by this channel now."""
    ids = select(Customer.id).where(Customer.id.in_(members(segment, now)))
    ids = scope.limit(ids, owner=Customer.owner_id, scope=Customer.centre_id)
    ids = ids.order_by(Customer.sort_name, Customer.id)
    found = reach(session, ids, channel=channel, purpose=MessagePurpose.ADVERTISING, now=now)
    return Audience(found.addresses, Counter(refusal.code for refusal in found.refusals.values()))


def addressees(session: Session, audience: Audience, ids: Sequence[int]) -> list[Addressee]:
    """These customers of the audience, in its order."""
    lines = {}
    for customer, centre, manager, _ in readers(session, ids):
        words = {
            "first_name": customer.first_name or customer.name,
            "customer": customer.name,
            "centre": centre or "",
            "manager": manager or "",
        }
        code = customer.post_code if customer.post_address else ""
        address = audience.addresses[customer.id]
        lines[customer.id] = Addressee(customer.id, customer.full_name, address, code, words)
    return [lines[each] for each in ids if each in lines]


def letter_for(addressee: Addressee, text: str) -> list[str]:
    """The paragraphs of the text for this reader."""
    filled = texts.fill(text, addressee.words)
    return [" ".join(part.split()) for part in filled.split("\n\n") if part.strip()]


def note_taken(
    session: Session, segment: Segment, kind: ListKind, number: int, *, actor_id: int | None, now: datetime
) -> None:
    """Personal data leaves the system: who took what, and how much of it."""
    audit.record(
        session,
        action="campaigns.segment.taken_away",
        subject=f"campaigns.segment:{segment.id}",
        actor_id=actor_id,
        now=now,
        kind=kind.value,
        customers=number,
    )
