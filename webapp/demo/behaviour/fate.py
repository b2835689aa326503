"""What will become of one customer: decided when he first calls, unknown to the dealer (specification §9.3, §9.4).

Every chance is a conditional one: of a booked visit given the inquiry, of its keeping given the booking, and so on.
The hand of the salesperson, the source and the model turn the later ones, in such a way that the mean stays.
"""

from dataclasses import dataclass
from random import Random

from webapp.inquiries.models import InquiryChannel

ANSWERED_WEB = 0.72  # web leads and chats that are reached at all
BOOKED = {InquiryChannel.CALL: 0.46, InquiryChannel.WEB_FORM: 0.38, InquiryChannel.CHAT: 0.38}  # of those reached
CAME = {InquiryChannel.CALL: 0.60, InquiryChannel.WEB_FORM: 0.58, InquiryChannel.CHAT: 0.58}  # of booked visits
WORKSHEET = 0.80  # of visits
DRIVE = 0.38  # of worksheets
OFFER_DRIVEN, OFFER_NOT_DRIVEN = 0.85, 0.447  # of worksheets; together 60 %
RESERVED_DRIVEN, RESERVED_NOT_DRIVEN = 0.353, 0.2125  # of offers; 30 % and 9.5 % of worksheets, together 17.3 %
CONTRACT = 0.93  # of reservations
DELIVERED = 0.94  # of contracts
TRADE_IN = 0.47  # of those who get as far as the presentation: 28 % of worksheets
SURE = 0.95  # no hand is so good that everybody buys
VANISHES = 0.27  # of those who do not buy


@dataclass(frozen=True)
class Hand:
    """How good a salesperson is, as factors with the mean 1 over all of them."""

    keeping: float = 1.0  # of booked visits
    opening: float = 1.0  # of worksheets
    closing: float = 1.0  # of offers


@dataclass
class Fate:
    """One customer. The first fields are decided at the beginning, the others by what happens."""

    answers: bool = True
    books: bool = False
    comes: bool = False
    opens: bool = False
    drives: bool = False
    wants_offer: bool = False
    reserves: bool = False
    signs: bool = False
    takes_car: bool = False
    vanishes: bool = False
    model: str = ""
    source: str = ""
    gives_own_car: bool = False

    visited: bool = False
    missed: int = 0
    rounds: int = 0
    refused: int = 0
    offers: int = 0
    haggled: bool = False
    on_credit: bool = False
    price: int = 0  # roubles
    place: str = "showroom"
    vin: str = ""
    deposit: int = 0
    deposit_taken: bool = False
    asked: int = 0  # discount, roubles
    paid: bool = False  # the bank has been asked


def decide(random: Random, channel: InquiryChannel, hand: Hand, factor: float) -> Fate:
    """Draw a fate; `factor` is the worth of the source and of the model, with the mean 1."""

    def happens(chance: float) -> bool:
        return random.random() < min(chance, SURE)

    fate = Fate(vanishes=random.random() < VANISHES)
    fate.answers = channel not in {InquiryChannel.WEB_FORM, InquiryChannel.CHAT} or happens(ANSWERED_WEB)
    fate.books = channel is InquiryChannel.WALK_IN or (fate.answers and happens(BOOKED[channel]))
    fate.comes = channel is InquiryChannel.WALK_IN or (fate.books and happens(CAME[channel] * hand.keeping))
    fate.opens = fate.comes and happens(WORKSHEET * hand.opening)
    fate.drives = fate.opens and happens(DRIVE)
    fate.wants_offer = fate.opens and happens(OFFER_DRIVEN if fate.drives else OFFER_NOT_DRIVEN)
    reserving = (RESERVED_DRIVEN if fate.drives else RESERVED_NOT_DRIVEN) * hand.closing * factor
    fate.reserves = fate.wants_offer and happens(reserving)
    fate.signs = fate.reserves and happens(CONTRACT)
    fate.takes_car = fate.signs and happens(DELIVERED)
    return fate
