"""Who agrees to advertising when he first comes to us, by which channels, and who changes his mind.

Rates of specification §9.4: 64 % of customers agree, 40 % to calls, 1.5 % of them end it within a year.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from webapp.customers import consents
from webapp.customers.consents import GivenConsent
from webapp.customers.models import ConsentChannel, ConsentKind, ConsentWay, Customer, WithdrawalWay
from webapp.customers.services import add_email, get_customer
from webapp.demo.names import home_address, mail_address
from webapp.demo.simulation import Play
from webapp.inquiries.models import InquiryChannel
from webapp.inquiries.services import Registered

AGREES, AGREES_TO_CALLS = 0.64, 0.40  # of all customers
BY_CHANNEL = {
    ConsentChannel.EMAIL: 0.88,
    ConsentChannel.SMS: 0.8,
    ConsentChannel.MESSENGER: 0.45,
    ConsentChannel.POST: 0.3,
}  # of who agrees
HAS_MAIL, HAS_HOME = 0.96, 0.9  # of who agrees to mails, to letters: the others have not told their address
WITHDRAWN_YEARLY = 0.015
YEAR = timedelta(days=365)
WAYS = {
    InquiryChannel.CALL: (ConsentWay.CALL_RECORD, "Запись звонка"),
    InquiryChannel.WEB_FORM: (ConsentWay.WEB, "Отметка в форме на сайте"),
    InquiryChannel.CHAT: (ConsentWay.WEB, "Отметка в чате на сайте"),
}
ON_PAPER = (ConsentWay.PAPER, "Папка согласий на ресепшен")


@dataclass(frozen=True)
class Agreement:
    """What one customer agrees to; no channels: to nothing. `withdraws_after`: so long after; None: never."""

    channels: Sequence[ConsentChannel] = ()
    has_mail: bool = False
    has_home: bool = False  # has told where letters go
    withdraws_after: timedelta | None = None


def decide_agreement(random: Random) -> Agreement:
    """Draw it."""
    if random.random() >= AGREES:
        return Agreement()
    chances = {**BY_CHANNEL, ConsentChannel.CALL: AGREES_TO_CALLS / AGREES}
    channels = [channel for channel, chance in chances.items() if random.random() < chance]
    has_mail, has_home = (random.random() < chance for chance in (HAS_MAIL, HAS_HOME))
    years = random.expovariate(-math.log(1 - WITHDRAWN_YEARLY))
    return Agreement(
        channels=channels or [ConsentChannel.EMAIL],
        has_mail=has_mail,
        has_home=has_home,
        withdraws_after=years * YEAR if years < 10 else None,
    )


def note_agreement(play: Play, registered: Registered, *, actor_id: int | None, now: datetime) -> None:
    """Whoever comes for the first time is asked, and says yes or no."""
    customer = registered.customer
    if not registered.new_customer or customer is None:
        return
    # drawn apart: nothing else that happens to him depends on it
    agreed = decide_agreement(Random(f"agreement/{play.number}"))  # noqa: S311  # repeatable, no secret
    if not agreed.channels:
        return
    if ConsentChannel.EMAIL in agreed.channels and agreed.has_mail:
        add_email(play.session, customer, mail_address(customer.last_name, play.number))
    if ConsentChannel.POST in agreed.channels and agreed.has_home:
        customer.post_address, customer.post_code = home_address(play.number)
    way, proof = WAYS.get(registered.inquiry.channel, ON_PAPER)
    given = GivenConsent(ConsentKind.ADVERTISING, agreed.channels, way=way, proof=f"{proof}, {now:%d.%m.%Y}")
    consents.give_consent(play.session, customer, given, actor_id=actor_id, now=now)
    if agreed.withdraws_after is not None:
        play.plan(now + agreed.withdraws_after, lambda at: _withdraw(play, customer, at))


def _withdraw(play: Play, customer: Customer, now: datetime) -> None:
    """He has had enough."""
    known = get_customer(play.session, customer.id)
    consents.withdraw_consents(
        play.session, known, ConsentKind.ADVERTISING, way=WithdrawalWay.SPOKEN, actor_id=None, now=now
    )
