"""Tables of the campaigns slice."""

from webapp.campaigns.models.campaigns import (
    SUBJECT,
    Campaign,
    CampaignChannel,
    CampaignCost,
    CampaignMessage,
    CampaignRecipient,
    CampaignResponse,
    CampaignStatus,
    CampaignTask,
    CampaignType,
    Exclusion,
    GoalMetric,
    RecipientStep,
    Repeat,
    ResponseWay,
)
from webapp.campaigns.models.segments import Segment, SegmentMember

__all__ = [
    "SUBJECT",
    "Campaign",
    "CampaignChannel",
    "CampaignCost",
    "CampaignMessage",
    "CampaignRecipient",
    "CampaignResponse",
    "CampaignStatus",
    "CampaignTask",
    "CampaignType",
    "Exclusion",
    "GoalMetric",
    "RecipientStep",
    "Repeat",
    "ResponseWay",
    "Segment",
    "SegmentMember",
]
