"""Calling a campaign off from its page: its case hears of it, and stops what has not been sent."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.campaigns.models import Campaign
from webapp.core.errors import Conflict
from webapp.core.workflow import engine

HALTED = "campaign.halted"


def call_off(session: Session, campaign: Campaign, reason: str, *, actor_id: int, now: datetime) -> None:
    """Conflict: campaign_over, campaign_not_waiting."""
    if campaign.status.is_over:
        raise Conflict("campaign_over", f"Campaign {campaign.id} is {campaign.status}.", campaign=campaign.name)
    heard = engine().correlate_message(
        session, HALTED, campaign.business_key, {"reason": reason}, actor_id=actor_id, now=now
    )
    if heard is None:
        raise Conflict("campaign_not_waiting", "The case of the campaign does not wait for it.")
