"""Whose card somebody may open, for the pages of the slice."""

from webapp.core.database import session
from webapp.core.errors import NotFound
from webapp.core.permissions import current_scope, may
from webapp.customers import services
from webapp.customers.models import Customer


def visible_customer(customer_id: int, permission: str) -> Customer:
    """The customer, if he is in reach. Raises NotFound as if there were none otherwise."""
    customer = services.get_customer(session(), customer_id)
    if not covers(customer, permission):
        raise NotFound("customer_unknown", f"There is no customer {customer_id}.", customer_id=customer_id)
    return customer


def covers(customer: Customer, permission: str) -> bool:
    return may(permission) and current_scope(permission).covers(customer.owner_id, customer.centre_id)
