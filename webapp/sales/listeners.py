"""What sales does when others report: an inquiry about a car opens a worksheet, and with it its case.

Inquiries stand below sales and know nothing of worksheets. They publish; this listener writes the worksheet,
correlates the message `inquiry.registered`, by which the drawing starts, and notes the case in the inquiry:
all in the transaction of the registration. Only here is the business key known.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.history.recording import EventKind
from engine.instances.report import StepReport
from engine.timers.calendars import calendar_for
from webapp.core.workflow import engine
from webapp.inquiries.models import Inquiry, InquiryChannel
from webapp.inquiries.services import InquiryRegistered
from webapp.sales import queries, services, visits
from webapp.sales.models import SUBJECT, Worksheet
from webapp.sales.operations.common import CALENDAR
from webapp.vehicles.queries import get_brand_code

MESSAGE = "inquiry.registered"


def open_worksheet(event: InquiryRegistered, session: Session) -> None:
    """Open a worksheet for an inquiry about a car, or join the one that is open for the same wish."""
    inquiry = event.inquiry
    if not inquiry.purpose.is_sale:
        return
    active = queries.find_active_worksheet(
        session,
        event.customer.id,
        interest_type=inquiry.interest_type,
        brand_code=get_brand_code(session, inquiry.model_code),
    )
    if active is not None:
        inquiry.case_key = active.business_key
        inquiry.handed_to = active.manager_id or inquiry.handed_to
        return
    worksheet = services.open_worksheet(session, inquiry, event.customer, now=event.now)
    if inquiry.visit_at is not None:
        visits.agree_visit(
            session,
            worksheet,
            inquiry.visit_at,
            hours=calendar_for(session, CALENDAR, worksheet.centre_id),
            actor_id=event.actor_id,
            now=event.now,
        )
    inquiry.case_key, inquiry.opened_case = worksheet.business_key, True
    engine().correlate_message(
        session,
        MESSAGE,
        worksheet.business_key,
        start_payload(inquiry, worksheet, event.named),
        actor_id=event.actor_id,
        now=event.now,
        scope_id=worksheet.centre_id,
        owner_id=worksheet.manager_id,
    )


def start_payload(inquiry: Inquiry, worksheet: Worksheet, named: int | None) -> dict[str, object]:
    """What the drawing knows of the inquiry from its start; it stands under `inquiry_registered`."""
    return {
        "inquiry_id": inquiry.id,
        "customer_id": worksheet.customer_id,
        "worksheet_id": worksheet.id,
        "channel": inquiry.channel.value,
        "answered": inquiry.answered,
        "handed_to": named,
        "walk_in": inquiry.channel is InquiryChannel.WALK_IN,
        "visit_at": inquiry.visit_at,
        "source": inquiry.source_code,
        "campaign": inquiry.campaign or None,
        "model": inquiry.model_code,
        "purpose": inquiry.purpose.value,
        "interest_type": inquiry.interest_type.value,
    }


def follow_owner(session: Session, report: StepReport, now: datetime) -> None:
    """A case that was given to somebody else takes its worksheet with it."""
    if not report.business_key.startswith(f"{SUBJECT}:") or report.owner_id is None:
        return
    if any(event.kind is EventKind.CASE_MOVED and "owner" in event.payload for event in report.events):
        worksheet = queries.get_worksheet_by_key(session, report.business_key)
        if worksheet.manager_id != report.owner_id:
            services.hand_over(session, worksheet, report.owner_id)
