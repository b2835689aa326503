"""What the workshop does when others report: an inquiry about service opens a visit, and with it its case.

Inquiries stand below and know nothing of visits; a wish for an appointment that sales hears arrives the same way.
"""

from sqlalchemy.orm import Session

from webapp.aftersales import visiting
from webapp.aftersales.visiting import Wish
from webapp.inquiries.models import InquiryChannel, Purpose
from webapp.inquiries.services import InquiryRegistered
from webapp.staff.queries import find_members

TAKERS = ("service_dispatcher", "service_advisor", "call_operator")


def open_visit(event: InquiryRegistered, session: Session) -> None:
    """Open a visit for an inquiry about service, or join the one that is open for the same need."""
    inquiry = event.inquiry
    if inquiry.purpose is not Purpose.SERVICE:
        return
    known = visiting.find_open_visit(session, event.customer.id, now=event.now)
    if known is not None:
        inquiry.case_key = known.business_key
        return
    guest = inquiry.channel is InquiryChannel.WALK_IN
    wish = Wish(
        customer=event.customer,
        centre_id=inquiry.centre_id,
        model_code=inquiry.model_code,
        inquiry=inquiry,
        walk_in=guest,
        words=inquiry.comment,
        taken_by=_who_books(session, event),
        advisor_id=_who_receives(session, event) if guest else None,
    )
    visit = visiting.open_visit(session, wish, actor_id=event.actor_id, now=event.now)
    inquiry.case_key, inquiry.opened_case = visit.business_key, True


def _who_receives(session: Session, event: InquiryRegistered) -> int | None:
    """The advisor to whom a guest is handed over."""
    return event.named if event.named in find_members(session, "service_advisor", event.inquiry.centre_id) else None


def _who_books(session: Session, event: InquiryRegistered) -> int | None:
    """The colleague who was named or who talks to the customer, if he is one of those who book."""
    talking = event.actor_id if event.inquiry.answered else None
    takers = {person for role in TAKERS for person in find_members(session, role, event.inquiry.centre_id)}
    return next((person for person in (event.named, talking) if person in takers), None)
