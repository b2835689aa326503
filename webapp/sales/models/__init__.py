"""Tables of the sales slice.

Where a worksheet stands is not written here: that is the state of its case (business key `sales.worksheet:<id>`),
and milestones come out of the drawing alone.
"""

from webapp.sales.models.offers import DiscountLevel, DiscountRequest, Offer, Reservation
from webapp.sales.models.trying import TestDrive, TradeInAppraisal
from webapp.sales.models.worksheets import (
    NUMBER_PREFIX,
    OPEN_APPOINTMENTS,
    SUBJECT,
    Appointment,
    AppointmentStatus,
    Competitor,
    FollowUpContact,
    FollowUpRound,
    LostReason,
    PayMethod,
    ReasonGroup,
    RefusalReason,
    Sale,
    Visit,
    Worksheet,
    worksheet_number,
)

__all__ = [
    "NUMBER_PREFIX",
    "OPEN_APPOINTMENTS",
    "SUBJECT",
    "Appointment",
    "AppointmentStatus",
    "Competitor",
    "DiscountLevel",
    "DiscountRequest",
    "FollowUpContact",
    "FollowUpRound",
    "LostReason",
    "Offer",
    "PayMethod",
    "ReasonGroup",
    "RefusalReason",
    "Reservation",
    "Sale",
    "TestDrive",
    "TradeInAppraisal",
    "Visit",
    "Worksheet",
    "worksheet_number",
]
