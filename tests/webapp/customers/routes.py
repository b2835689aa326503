"""The routes of the customer pages."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from tests.webapp.routes import Route
from tests.webapp.staff.factories import NOW
from webapp.core.permissions import PUBLIC
from webapp.customers.models import Customer, LostReason
from webapp.staff.models import Centre, User


def customer(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    record = Customer(
        last_name="Brown",
        search_name=" brown",
        sort_name="brown",
        owner_id=owner.id,
        centre_id=centre.id,
        created_at=NOW,
    )
    session.add(record)
    session.flush()
    return {"customer_id": record.id}


def lost_customer(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    made = customer(session, owner, centre)
    session.query(Customer).filter_by(id=made["customer_id"]).update({"lost_reason": LostReason.MOVED})
    return made


def consent_page(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    return {**customer(session, owner, centre), "kind": "advertising"}


ROUTES: dict[str, Route] = {
    "customers.list_customers": Route("customers.see"),
    "customers.check_phone": Route("customers.see"),
    "customers.show_customer": Route("customers.see", customer),
    "customers.show_new_customer": Route("customers.add"),
    "customers.add_customer": Route("customers.add"),
    "customers.show_customer_form": Route("customers.change", customer),
    "customers.change_customer": Route("customers.change", customer),
    "consents.show_consents": Route("customers.see", customer),
    "consents.show_give": Route("customers.consent", consent_page, needs=("customers.see",)),
    "consents.give": Route("customers.consent", customer, data={"kind": "advertising"}, needs=("customers.see",)),
    "consents.show_withdraw": Route("customers.consent", consent_page, needs=("customers.see",)),
    "consents.withdraw": Route("customers.consent", customer, data={"kind": "advertising"}, needs=("customers.see",)),
    "consents.choose_channel": Route("customers.consent", customer, needs=("customers.see",)),
    "consents.stop_writing": Route("customers.consent", customer, needs=("customers.see",)),
    "consents.write_again": Route("customers.consent", customer, needs=("customers.see",)),
    "consents.show_proof": Route("customers.see", arguments={"customer_id": 0, "sha256": "0" * 64}),
    "consents.print_sheet": Route("customers.consent", arguments={"customer_id": 0}),
    "consents.show_sheet": Route("customers.see", arguments={"customer_id": 0, "printed_id": 0}),
    "consent_texts.show_texts": Route("customers.change_texts"),
    "consent_texts.show_new_text": Route("customers.change_texts"),
    "consent_texts.add_text": Route("customers.change_texts"),
    "unsubscribe.show_unsubscribe": Route(PUBLIC, arguments={"token": "guessed"}),
    "unsubscribe.unsubscribe": Route(PUBLIC, arguments={"token": "guessed"}),
    "customer_losing.mark_lost": Route("customers.change", customer, data={"reason": "moved"}),
    "customer_losing.unmark_lost": Route("customers.change", lost_customer),
    "customer_tags.change_tags": Route("customers.change", customer),
    "customers.add_contact": Route("customers.change", customer, needs=("customers.see",)),
}
