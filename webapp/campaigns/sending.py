"""Sending a campaign: who gets it, in batches; every mail asks the consent check when its turn comes.

Recipients are written down once, as the segment stands when the sending begins. A batch hands some of them over as
messages of the register in `customers`, which asks again at the moment of sending and keeps what became of each.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import insert
from sqlalchemy.orm import Session

from webapp.campaigns import reaching
from webapp.campaigns.models import (
    Campaign,
    CampaignChannel,
    CampaignRecipient,
    CampaignStatus,
    RecipientStep,
)

BATCH = 100  # recipients of one beat
ROWS = 500  # of one INSERT


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
    campaign.answers_until = max(
        now, datetime.combine(campaign.ends_on, now.timetz()) if campaign.ends_on else now
    ) + timedelta(days=campaign.window_days)
    written_to = 0
    controls = 0
    recipients = _recipients(session, campaign, now)
    while rows := list(islice(recipients, ROWS)):
        controls += sum(row["step"] is RecipientStep.CONTROL for row in rows)
        written_to += sum(row["step"] is RecipientStep.WAITING for row in rows)
        session.execute(insert(CampaignRecipient), rows)
    session.flush()
    return Begun(written_to, controls, campaign.answers_until)


def _recipients(session: Session, campaign: Campaign, now: datetime) -> Iterator[dict[str, object]]:
    if campaign.segment is None or not mail_of(campaign):
        return
    statement = reaching.audience(campaign.segment, campaign, now)
    for customer_id in session.scalars(statement).all():
        control = is_control(campaign.id, customer_id, campaign.control_percent)
        yield {
            "campaign_id": campaign.id,
            "customer_id": customer_id,
            "step": RecipientStep.CONTROL if control else RecipientStep.WAITING,
            "at": now,
        }


def mail_of(campaign: Campaign):  # type: ignore[no-untyped-def]
    return next((each for each in campaign.messages if each.channel is CampaignChannel.EMAIL), None)
