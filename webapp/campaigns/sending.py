"""Sending a campaign: who gets it, in batches; the consent check is asked at every turn.

Recipients are written down once, as the segment stands when the sending begins. A batch asks the check for some of
them and hands the others over as messages of the register in `customers`, which asks again at the moment of sending
and keeps what became of each.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.orm import Session, selectinload

from engine.outbox import Held, OutboxMessage
from webapp.campaigns import reaching, texts
from webapp.campaigns.models import (
    EVENT_SUBJECT,
    SUBJECT,
    Campaign,
    CampaignChannel,
    CampaignMessage,
    CampaignRecipient,
    CampaignStatus,
    Event,
    EventStatus,
    Exclusion,
    RecipientStep,
)
from webapp.core import audit
from webapp.core.config import settings
from webapp.core.i18n import say_in
from webapp.core.workflow import engine
from webapp.customers.consenting import reach
from webapp.customers.messages import MessageFacts, queue_customer_mail, skip_message
from webapp.customers.models import ConsentChannel, Customer, CustomerMessage, MessagePurpose, MessageState
from webapp.integrations.messaging.port import Mail
from webapp.staff.models import Centre, User

BATCH = 100  # recipients of one beat
ROWS = 500  # of one INSERT
SENT = "campaign.sent"
KEPT = timedelta(days=1)  # the case may not yet wait for it
CALLED_OFF = "campaign_called_off"


@dataclass(frozen=True)
class Begun:
    """How a sending began: how many are written to, how many are not, for comparison."""

    recipients: int
    controls: int
    answers_until: datetime


def is_control(campaign_id: int, customer_id: int, percent: int) -> bool:
    """Whether somebody belongs to the control group: by a hash, so that the same question has the same answer."""
    digest = hashlib.sha256(f"{campaign_id}:{customer_id}".encode()).digest()
    return int.from_bytes(digest[:4]) % 100 < percent


def begin(session: Session, campaign: Campaign, *, now: datetime) -> Begun:
    """Write down the recipients; the beats send. A campaign without mails has none, and is sent at once."""
    campaign.move_to(CampaignStatus.SENDING)
    campaign.sending_began_at = now
    period = datetime.combine(campaign.ends_on, time(23, 59), ZoneInfo(settings().time_zone))
    campaign.answers_until = max(now, period) + timedelta(days=campaign.window_days)
    written_to = controls = 0
    recipients = _recipients(session, campaign, now)
    while rows := list(islice(recipients, ROWS)):
        controls += sum(row["step"] is RecipientStep.CONTROL for row in rows)
        written_to += sum(row["step"] is RecipientStep.WAITING for row in rows)
        session.execute(insert(CampaignRecipient), rows)
    session.flush()
    return Begun(written_to, controls, campaign.answers_until)


def mail_of(campaign: Campaign) -> CampaignMessage | None:
    """What the campaign writes to its recipients, if it writes."""
    return next((each for each in campaign.messages if each.channel is CampaignChannel.EMAIL), None)


def send_batch(session: Session, *, now: datetime) -> bool:
    """One batch of the campaign that began first, or the end of one that is through; False: nothing to do."""
    statement = select(Campaign).where(Campaign.status == CampaignStatus.SENDING).order_by(Campaign.sending_began_at)
    for campaign in session.scalars(statement.options(selectinload(Campaign.messages))).all():
        waiting = session.scalars(
            select(CampaignRecipient.customer_id)
            .where(CampaignRecipient.campaign_id == campaign.id, CampaignRecipient.step == RecipientStep.WAITING)
            .order_by(CampaignRecipient.customer_id)
            .limit(BATCH)
        ).all()
        mail = mail_of(campaign)
        if waiting and mail is not None:
            _hand_over(session, campaign, mail, waiting, now=now)
            return True
        if not _is_underway(session, campaign):
            _end(session, campaign, now=now)
            return True
    return False


def stop(session: Session, campaign: Campaign, *, actor_id: int | None, now: datetime) -> int:
    """Call the campaign off: nothing more is handed over, and what waits to be sent is not sent. To how many."""
    campaign.move_to(CampaignStatus.CANCELLED)
    campaign.closed_at = now
    unsent = (
        select(CustomerMessage.customer_id)
        .where(CustomerMessage.campaign_key == campaign.business_key, CustomerMessage.state == MessageState.QUEUED)
        .where(CustomerMessage.taken_at.is_(None))
    )
    of_campaign = CampaignRecipient.campaign_id == campaign.id
    ids = session.scalars(
        select(CampaignRecipient.customer_id).where(
            of_campaign,
            (CampaignRecipient.step == RecipientStep.WAITING) | CampaignRecipient.customer_id.in_(unsent),
        )
    ).all()
    session.execute(
        update(CampaignRecipient)
        .where(of_campaign, CampaignRecipient.customer_id.in_(ids))
        .values(step=RecipientStep.STOPPED, at=now)
    )
    session.execute(
        delete(CustomerMessage).where(
            CustomerMessage.campaign_key == campaign.business_key,
            CustomerMessage.state == MessageState.QUEUED,
            CustomerMessage.taken_at.is_(None),
        )
    )
    audit.record(
        session, action="campaigns.campaign.stopped", subject=campaign.business_key, actor_id=actor_id, now=now
    )
    return len(ids)


def guard_campaign(session: Session, outgoing: OutboxMessage, now: datetime) -> Held | None:
    """A mail of a campaign or an event that was called off is not sent, though it lies in the outbox."""
    prefix, _, rest = outgoing.dedupe.partition(":")
    number = rest.partition(":")[0]
    if prefix not in (SUBJECT, EVENT_SUBJECT) or not number.isdigit():
        return None
    if prefix == SUBJECT:
        off = session.scalar(select(Campaign.status).where(Campaign.id == int(number))) is CampaignStatus.CANCELLED
    else:
        off = session.scalar(select(Event.status).where(Event.id == int(number))) is EventStatus.CANCELLED
    return Held(CALLED_OFF) if off else None


def _recipients(session: Session, campaign: Campaign, now: datetime) -> Iterator[dict[str, object]]:
    if campaign.segment is None or mail_of(campaign) is None:
        return
    for customer_id in session.scalars(reaching.audience(campaign.segment, campaign, now)).all():
        control = is_control(campaign.id, customer_id, campaign.control_percent)
        yield {
            "campaign_id": campaign.id,
            "customer_id": customer_id,
            "step": RecipientStep.CONTROL if control else RecipientStep.WAITING,
            "at": now,
        }


def _hand_over(
    session: Session, campaign: Campaign, mail: CampaignMessage, ids: Sequence[int], *, now: datetime
) -> None:
    """Judge some recipients, and queue the mails of those who may be written to."""
    elsewhere = set(_written_to_elsewhere(session, campaign, ids, now))
    judged = [each for each in ids if each not in elsewhere]
    found = reach(session, judged, channel=ConsentChannel.EMAIL, purpose=MessagePurpose.ADVERTISING, now=now)
    for customer_id, refusal in found.refusals.items():
        skip_message(session, customer_id, ConsentChannel.EMAIL, _facts(campaign, customer_id), refusal, now=now)
    hashes = _first_of_each_address(session, campaign, found.addresses)
    for customer, centre, manager, phone in readers(session, list(hashes)):
        words = {
            "first_name": customer.first_name or customer.name,
            "customer": customer.name,
            "centre": centre or "",
            "manager": manager or "",
            "code": campaign.code,
        }
        language = texts.language_of(phone, settings().default_language)
        subject, text = (mail.subject_ru, mail.text_ru) if language == "ru" else (mail.subject_en, mail.text_en)
        with say_in(language):
            queue_customer_mail(
                session,
                customer.id,
                Mail(texts.fill(subject, words), texts.fill(text, words)),
                _facts(campaign, customer.id),
                recipient=found.addresses[customer.id],
                now=now,
            )
    steps = dict.fromkeys(ids, RecipientStep.HANDED)
    steps |= dict.fromkeys(elsewhere, RecipientStep.INVITED_ELSEWHERE)
    steps |= {each: RecipientStep.SAME_ADDRESS for each in found.addresses if each not in hashes}
    session.execute(
        update(CampaignRecipient),
        [
            {
                "campaign_id": campaign.id,
                "customer_id": each,
                "step": step,
                "at": now,
                "address_hash": hashes.get(each),
            }
            for each, step in steps.items()
        ],
    )


def _first_of_each_address(session: Session, campaign: Campaign, addresses: Mapping[int, str]) -> dict[int, str]:
    """Hash of his address by customer: of those with one address the first, of those that had a mail before none."""
    hashes = {each: reaching.address_hash(address) for each, address in addresses.items()}
    known = select(CampaignRecipient.address_hash).where(
        CampaignRecipient.campaign_id == campaign.id, CampaignRecipient.address_hash.in_(set(hashes.values()))
    )
    taken = set(session.scalars(known))
    first = {found: each for each, found in reversed(hashes.items()) if found not in taken}
    return {each: found for each, found in hashes.items() if first.get(found) == each}


def _facts(campaign: Campaign, customer_id: int) -> MessageFacts:
    return MessageFacts(
        MessagePurpose.ADVERTISING,
        subject=campaign.name,
        dedupe=f"{campaign.business_key}:{customer_id}",
        campaign_key=campaign.business_key,
        case_key=None,
    )


def readers(session: Session, ids: Sequence[int]) -> Iterator[tuple[Customer, str | None, str | None, str]]:
    """Customer, his home centre, his manager, and the phone that stands first on his card."""
    statement = (
        select(Customer, Centre.name, User.name)
        .outerjoin(Centre, Centre.id == Customer.centre_id)
        .outerjoin(User, User.id == Customer.owner_id)
        .where(Customer.id.in_(ids))
        .options(selectinload(Customer.phones))
        .order_by(Customer.id)
    )
    for customer, centre, manager in session.execute(statement):
        yield customer, centre, manager, customer.phones[0].number if customer.phones else ""


def _written_to_elsewhere(session: Session, campaign: Campaign, ids: Sequence[int], now: datetime) -> Sequence[int]:
    """Whom another campaign has taken since the recipients were written down."""
    if Exclusion.INVITED_ELSEWHERE not in campaign.exclusions:
        return ()
    elsewhere = reaching.handed_elsewhere(campaign.id, now)
    return session.scalars(elsewhere.where(CampaignRecipient.customer_id.in_(ids))).all()


def _is_underway(session: Session, campaign: Campaign) -> bool:
    """Whether a mail is on its way, or waits for the morning."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    CustomerMessage.campaign_key == campaign.business_key,
                    CustomerMessage.state == MessageState.QUEUED,
                )
            )
        )
    )


def _end(session: Session, campaign: Campaign, *, now: datetime) -> None:
    campaign.move_to(CampaignStatus.SENT)
    campaign.sending_ended_at = now
    session.flush()
    engine().correlate_message(session, SENT, campaign.business_key, {}, actor_id=None, now=now, keep_for=KEPT)
