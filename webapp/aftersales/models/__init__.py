"""Tables of the aftersales slice: visits, what they take, and who has which quarter of it."""

from webapp.aftersales.models.occupancy import Occupancy, SlotHold
from webapp.aftersales.models.resources import (
    BayType,
    BrandStandard,
    ResourceKind,
    ServiceJob,
    ServiceResource,
    ServiceStandard,
    Workshop,
)
from webapp.aftersales.models.visits import (
    AWAITED,
    HERE,
    OVER,
    SUBJECT,
    NotBookedReason,
    ServiceVisit,
    VisitReason,
    VisitStatus,
    WaitOrLeave,
)

__all__ = [
    "AWAITED",
    "HERE",
    "OVER",
    "SUBJECT",
    "BayType",
    "BrandStandard",
    "NotBookedReason",
    "Occupancy",
    "ResourceKind",
    "ServiceJob",
    "ServiceResource",
    "ServiceStandard",
    "ServiceVisit",
    "SlotHold",
    "VisitReason",
    "VisitStatus",
    "WaitOrLeave",
    "Workshop",
]
