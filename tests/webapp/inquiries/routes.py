"""The routes of the register and of the advertising spend."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from tests.webapp.routes import Route
from tests.webapp.staff.factories import NOW
from webapp.inquiries.models import AdvertisingSpend
from webapp.staff.models import Centre, User


def own_spend(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    day = date(2026, 3, 1)
    spend = AdvertisingSpend(
        from_day=day, to_day=day, amount=Decimal(1), centre_id=centre.id, recorded_by=owner.id, recorded_at=NOW
    )
    session.add(spend)
    session.flush()
    return {"spend_id": spend.id}


ROUTES: dict[str, Route] = {
    "inquiries.list_inquiries": Route("inquiries.see"),
    "inquiries.register_inquiry": Route("inquiries.add"),
    "inquiries.show_card": Route("inquiries.add"),
    "inquiries.show_matches": Route("inquiries.add"),
    "inquiries.show_register": Route("inquiries.add"),
    "spending.add_spend": Route("inquiries.change_spend"),
    "spending.change_spend": Route("inquiries.change_spend", row=own_spend),
    "spending.delete_spend": Route("inquiries.change_spend", row=own_spend),
    "spending.list_spend": Route("inquiries.see_spend"),
    "spending.show_new_spend": Route("inquiries.change_spend"),
    "spending.show_spend": Route("inquiries.change_spend", row=own_spend),
}
