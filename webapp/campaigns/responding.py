"""Responses of a campaign (specification M8): who named its code, dialled its number, or was written to and came.

A customer answers a campaign once. A contact without a code belongs to the campaign that wrote to him last.
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from engine.persistence import insert_for, table_of
from webapp.campaigns.models import (
    SUBJECT,
    Campaign,
    CampaignMessage,
    CampaignRecipient,
    CampaignResponse,
    CampaignStatus,
    RecipientStep,
    ResponseWay,
)
from webapp.core.workflow import engine
from webapp.customers.models import CustomerMessage
from webapp.inquiries.models import Inquiry
from webapp.inquiries.services import InquiryWritten
from webapp.kit.phones import is_phone, normalise_phone
from webapp.sales.visits import GuestReceived

ANSWERED = "campaign.answered"
KEPT = timedelta(days=30)  # while the mails are still going out the case does not wait for it yet
COUNTING = (CampaignStatus.APPROVED, CampaignStatus.SENDING, CampaignStatus.SENT)


def hear_inquiry(event: InquiryWritten, session: Session) -> None:
    """Somebody called, came or wrote. The inquiry names the campaign from now on, and so will the case it opens.

    What he named stays, where it is another advert and he has only turned up after a mail.
    """
    inquiry = event.inquiry
    by_number = _by_number(session, inquiry, event.now)
    by_code = _by_code(session, inquiry, event.now) if by_number is None else None
    if by_number is not None:
        answered = by_number
        note_response(session, answered, event.customer.id, ResponseWay.TRACKING, at=event.now, inquiry_id=inquiry.id)
    elif by_code is not None:
        answered = by_code
        note_response(session, answered, event.customer.id, ResponseWay.CODE, at=event.now, inquiry_id=inquiry.id)
    else:
        turned_up = note_turning_up(session, event.customer.id, at=event.now, inquiry_id=inquiry.id)
        if turned_up is None or inquiry.campaign:
            return
        answered = turned_up
    inquiry.campaign = session.scalars(select(Campaign.code).where(Campaign.id == answered)).one()


def hear_guest(event: GuestReceived, session: Session) -> None:
    """Somebody is in the showroom, perhaps by an older wish."""
    note_turning_up(session, event.worksheet.customer_id, at=event.at)


def note_turning_up(session: Session, customer_id: int, *, at: datetime, inquiry_id: int | None = None) -> int | None:
    """A contact without a code: a response to whichever campaign wrote to him last, if its time is not over."""
    campaign_id = session.scalar(
        select(Campaign.id)
        .join(CampaignRecipient, CampaignRecipient.campaign_id == Campaign.id)
        .join(
            CustomerMessage,
            (CustomerMessage.customer_id == CampaignRecipient.customer_id)
            & (CustomerMessage.campaign_key == Campaign.business_key),
        )
        .where(
            CampaignRecipient.customer_id == customer_id,
            CampaignRecipient.step == RecipientStep.HANDED,
            CustomerMessage.sent_at <= at,
            Campaign.status.in_(COUNTING),
            Campaign.answers_until > at,
        )
        .order_by(CustomerMessage.sent_at.desc(), Campaign.id.desc())
        .limit(1)
    )
    if campaign_id is not None:
        note_response(session, campaign_id, customer_id, ResponseWay.WINDOW, at=at, inquiry_id=inquiry_id)
    return campaign_id


def note_response(
    session: Session,
    campaign_id: int,
    customer_id: int,
    way: ResponseWay,
    *,
    at: datetime,
    inquiry_id: int | None = None,
) -> bool:
    """Write the response, unless he has answered before; whether it is one. The case hears of the first of all."""
    is_first = not session.scalar(select(exists().where(CampaignResponse.campaign_id == campaign_id)))
    connection = session.connection()
    row = {"campaign_id": campaign_id, "customer_id": customer_id, "way": way, "at": at, "inquiry_id": inquiry_id}
    statement = insert_for(connection.dialect.name, table_of(CampaignResponse)).values(row)
    written = connection.execute(
        statement.on_conflict_do_nothing(index_elements=["campaign_id", "customer_id"])
    ).rowcount
    if written and is_first:
        key = f"{SUBJECT}:{campaign_id}"
        engine().correlate_message(session, ANSWERED, key, {}, actor_id=None, now=at, keep_for=KEPT)
    return bool(written)


def _by_number(session: Session, inquiry: Inquiry, now: datetime) -> int | None:
    if not is_phone(inquiry.dialled_number):
        return None
    statement = _running(now).join(CampaignMessage, CampaignMessage.campaign_id == Campaign.id)
    return session.scalar(statement.where(CampaignMessage.tracking_number == normalise_phone(inquiry.dialled_number)))


def _by_code(session: Session, inquiry: Inquiry, now: datetime) -> int | None:
    """Its code, or the mark of its links, as the register or a web form wrote it down."""
    typed = " ".join(inquiry.campaign.split())
    if not typed:
        return None
    found = session.scalar(_running(now).where(Campaign.code == typed.upper()))
    if found is not None:
        return found
    statement = _running(now).join(CampaignMessage, CampaignMessage.campaign_id == Campaign.id)
    return session.scalar(statement.where(CampaignMessage.utm != "", func.lower(CampaignMessage.utm) == typed.lower()))


def _running(now: datetime) -> Select[int]:
    """The newest campaign whose answers count."""
    return (
        select(Campaign.id)
        .where(
            Campaign.status.in_(COUNTING),
            Campaign.answers_until.is_(None) | (Campaign.answers_until > now),
        )
        .order_by(Campaign.id.desc())
        .limit(1)
    )
