"""Tables of the sales slice.

Where a worksheet stands is not written here: that is the state of its case (business key `sales.worksheet:<id>`),
and milestones come out of the drawing alone.
"""

from webapp.sales.models.contracts import (
    Contract,
    ContractLine,
    ContractStatus,
    Payment,
    PaymentKind,
    SalesSurvey,
)
from webapp.sales.models.offers import DiscountLevel, DiscountRequest, Offer, Reservation
from webapp.sales.models.trying import TestDrive, TradeInAppraisal
from webapp.sales.models.worksheets import (
    AFTERCARE,
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
    "AFTERCARE",
    "NUMBER_PREFIX",
    "OPEN_APPOINTMENTS",
    "SUBJECT",
    "Appointment",
    "AppointmentStatus",
    "Competitor",
    "Contract",
    "ContractLine",
    "ContractStatus",
    "DiscountLevel",
    "DiscountRequest",
    "FollowUpContact",
    "FollowUpRound",
    "LostReason",
    "Offer",
    "PayMethod",
    "Payment",
    "PaymentKind",
    "ReasonGroup",
    "RefusalReason",
    "Reservation",
    "Sale",
    "SalesSurvey",
    "TestDrive",
    "TradeInAppraisal",
    "Visit",
    "Worksheet",
    "worksheet_number",
]
