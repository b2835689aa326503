"""The routes of the customer pages."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from tests.webapp.routes import Route
from tests.webapp.staff.factories import NOW
from webapp.core.permissions import PUBLIC
from webapp.customers.models import Customer
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


ROUTES: dict[str, Route] = {
    "customers.list_customers": Route("customers.see"),
    "customers.check_phone": Route("customers.see"),
    "customers.show_customer": Route("customers.see", customer),
    "customers.show_new_customer": Route("customers.add"),
    "customers.add_customer": Route("customers.add"),
    "customers.show_customer_form": Route("customers.change", customer),
    "customers.change_customer": Route("customers.change", customer),
    "unsubscribe.show_unsubscribe": Route(PUBLIC, arguments={"token": "guessed"}),
    "unsubscribe.unsubscribe": Route(PUBLIC, arguments={"token": "guessed"}),
    "customer_tags.change_tags": Route("customers.change", customer),
    "customers.add_contact": Route("customers.change", customer, needs=("customers.see",)),
}
