"""Whom a segment would reach, by the consent check, and whom a campaign leaves out of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, union
from sqlalchemy.orm import Session

from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import ProcessInstance
from webapp.aftersales.models import ServiceVisit
from webapp.campaigns import activity
from webapp.campaigns.models import Campaign, CampaignRecipient, Exclusion, RecipientStep, Segment
from webapp.campaigns.rules.compiling import in_work, who_fits
from webapp.campaigns.rules.tree import parse
from webapp.campaigns.segments import members, moment_at
from webapp.core.feature import Text
from webapp.customers.consenting import reach
from webapp.customers.models import ConsentChannel, Customer, CustomerEmail, CustomerPhone, MessagePurpose
from webapp.sales.models import Worksheet
from webapp.staff.models import User

LATELY = timedelta(days=30)
COMPLAINT = "common/complaint"  # the form by which a complaint is settled, whatever it is about
OVERLAP = timedelta(days=14)  # two campaigns within it are one too many for a customer
CHANNELS: Mapping[ConsentChannel, Text] = {
    ConsentChannel.EMAIL: _l("Mail"),
    ConsentChannel.SMS: _l("SMS"),
    ConsentChannel.CALL: _l("Call"),
}


@dataclass(frozen=True)
class Reached:
    """How many of a segment may be written to by one channel now."""

    channel: ConsentChannel
    title: str
    reached: int


def reach_by_channel(session: Session, ids: Select[int], *, now: datetime) -> list[Reached]:
    """Whom advertising would reach by each channel."""
    return [
        Reached(channel, str(title), reach_of(session, ids, channel, now=now)) for channel, title in CHANNELS.items()
    ]


def reach_of(session: Session, ids: Select[int], channel: ConsentChannel, *, now: datetime) -> int:
    """Cards by phone and by short message; mails are one for each address, however many cards have it."""
    addresses = reach(session, ids, channel=channel, purpose=MessagePurpose.ADVERTISING, now=now).addresses.values()
    if channel is not ConsentChannel.EMAIL:
        return len(addresses)
    return len({address_hash(each) for each in addresses})


def address_hash(address: str) -> str:
    """SHA-256 of a mail address; neither case nor spaces around it make another one of it."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def meant(segment: Segment, campaign: Campaign, now: datetime) -> Select[int]:
    """The customers of the segment. What was approved stays: a rule that was changed later is for later campaigns."""
    if campaign.approved_rule is None:
        return members(segment, now)
    return who_fits(parse(campaign.approved_rule), moment_at(now))


def audience(segment: Segment, campaign: Campaign, now: datetime) -> Select[int]:
    """Those who are meant without those whom the campaign leaves out."""
    statement = select(Customer.id).where(Customer.id.in_(meant(segment, campaign, now)))
    for exclusion in campaign.exclusions:
        statement = statement.where(Customer.id.not_in(_excluded(exclusion, campaign, now)))
    return statement


def _excluded(exclusion: Exclusion, campaign: Campaign, now: datetime) -> Select[int] | CompoundSelect[int]:
    if exclusion is Exclusion.CONTACTED_LATELY:
        contacts = activity.contacts()
        return select(contacts.c.customer_id).where(contacts.c.at > now - LATELY)
    if exclusion is Exclusion.ACTIVE_WORKSHEET:
        return in_work()
    if exclusion is Exclusion.LOST_BY_WISH:
        return union(
            select(Worksheet.customer_id).where(Worksheet.may_contact_later.is_(False)),
            select(Customer.id).where(Customer.lost_reason.is_not(None)),
        )
    if exclusion is Exclusion.OPEN_COMPLAINT:
        return complaining()
    if exclusion is Exclusion.EMPLOYEES:
        return employees()
    return written_to_elsewhere(campaign.id, now)


def complaining() -> CompoundSelect[int]:
    """Customers with an open task to settle what they complained of, after a visit or a delivery."""
    keys = (
        select(ProcessInstance.business_key)
        .join(HumanTask, HumanTask.instance_id == ProcessInstance.id)
        .where(HumanTask.state == TaskState.OPEN, HumanTask.form == COMPLAINT)
    )
    return union(
        select(ServiceVisit.customer_id).where(ServiceVisit.business_key.in_(keys)),
        select(Worksheet.customer_id).where(Worksheet.business_key.in_(keys)),
    )


def employees() -> CompoundSelect[int]:
    """Customers with the phone or the mail of somebody who works here now."""
    works = User.active.is_(True)
    return union(
        select(CustomerPhone.customer_id).join(User, User.phone == CustomerPhone.number).where(works, User.phone != ""),
        select(CustomerEmail.customer_id).join(User, User.email == CustomerEmail.address).where(works),
    )


def written_to_elsewhere(campaign_id: int, now: datetime) -> Select[int]:
    """Customers to whom another campaign has written lately, or is about to."""
    return select(CampaignRecipient.customer_id).where(
        CampaignRecipient.campaign_id != campaign_id,
        or_(CampaignRecipient.step == RecipientStep.WAITING, handed_lately(now)),
    )


def handed_elsewhere(campaign_id: int, now: datetime) -> Select[int]:
    """Customers to whom another campaign has written lately: of two that wait, the first to write has them."""
    return select(CampaignRecipient.customer_id).where(CampaignRecipient.campaign_id != campaign_id, handed_lately(now))


def handed_lately(now: datetime) -> ColumnElement[bool]:
    """The recipient was written to within the time in which a second campaign is one too many."""
    return and_(CampaignRecipient.step == RecipientStep.HANDED, CampaignRecipient.at > now - OVERLAP)
