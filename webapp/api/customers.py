"""Customers: search, one card, a new one unless the phone stands on another card, changes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from webapp.api.customer_shapes import ChangeIn, CustomerIn, CustomerOut, CustomerQuery, FullCustomerOut
from webapp.api.paging import read_cursor, write_cursor
from webapp.api.resource import Resource, several
from webapp.api.shapes import Made
from webapp.cases.ordering import Term, beyond, order_by
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import Conflict
from webapp.core.permissions import actor_id, current_scope, require
from webapp.core.problems import problem
from webapp.customers import consents, queries, services
from webapp.customers.models import Customer, CustomerKind, CustomerPhone, Sex
from webapp.customers.queries import ListFilter
from webapp.customers.services import CustomerFacts
from webapp.customers.sight import covers, visible_customer
from webapp.customers.standing import standings_of
from webapp.kit.phones import is_phone, normalise_phone

resource = Resource("customers", _l("Customers"))

ORDER = [Term(Customer.sort_name), Term(Customer.id)]
SEE, CHANGE = "customers.see", "customers.change"


@resource.read("/customers", several(CustomerOut), query=CustomerQuery, summary=_l("Customers by name or phone"))
@require(SEE)
def list_customers(asked: Mapping[str, Any]) -> dict[str, Any]:
    """One statement, however many customers there are."""
    wanted = ListFilter(
        text=asked["q"].strip(),
        kind=CustomerKind(asked["kind"]) if asked["kind"] else None,
        owner_id=asked["owner"],
        centre_id=asked["centre"],
    )
    statement = select(Customer, CustomerPhone.number).outerjoin(
        CustomerPhone, (CustomerPhone.customer_id == Customer.id) & (CustomerPhone.position == 0)
    )
    reach = current_scope(SEE)
    statement = reach.limit(queries.narrow(statement, wanted), owner=Customer.owner_id, scope=Customer.centre_id)
    place = read_cursor(asked["cursor"], str, int)
    if place is not None:
        statement = statement.where(beyond(ORDER, place))
    rows = session().execute(statement.order_by(*order_by(ORDER)).limit(asked["limit"] + 1)).all()
    shown = rows[: asked["limit"]]
    more = len(rows) > len(shown)
    last = shown[-1][0] if more else None
    return {
        "items": [{**_told(customer), "phone": number} for customer, number in shown],
        "next": write_cursor([last.sort_name, last.id]) if last else None,
    }


@resource.read("/customers/<int:customer_id>", FullCustomerOut, summary=_l("One customer with phones and consents"))
@require(SEE)
def show_customer(customer_id: int) -> dict[str, Any]:
    """A customer out of reach is as if he were not there."""
    customer = visible_customer(customer_id, SEE)
    standings = standings_of(consents.list_consents(session(), customer.id), now=now())
    return {
        **_told(customer),
        "phone": customer.phones[0].number if customer.phones else None,
        "phones": [phone.number for phone in customer.phones],
        "emails": [email.address for email in customer.emails],
        "sex": customer.sex.value,
        "birth_date": customer.birth_date,
        "note": customer.note,
        "post_code": customer.post_code,
        "post_address": customer.post_address,
        "created_at": customer.created_at,
        "consents": [
            {"kind": each.kind.value, "channel": each.channel and each.channel.value, "holds": each.holds}
            for each in standings
        ],
    }


@resource.act("/customers", Made, body=CustomerIn, status=201, summary=_l("Add a customer"))
@require("customers.add")
def add_customer(body: Mapping[str, Any]) -> dict[str, Any] | Response:
    """409 `phone_taken` when the phone stands on another card: `customer_id` names it, if the caller may see it."""
    try:
        customer = services.create_customer(
            session(),
            _facts(CustomerFacts(), {**body, "centre_id": body["centre_id"] or _only_centre()}),
            actor_id=actor_id(),
            now=now(),
        )
    except Conflict as refusal:
        return _taken(refusal, body["phones"])
    return {"id": customer.id}


@resource.act(
    "/customers/<int:customer_id>",
    Made,
    body=ChangeIn,
    method="PATCH",
    summary=_l("Change what is known of a customer"),
)
@require(CHANGE)
def change_customer(body: Mapping[str, Any], customer_id: int) -> dict[str, Any] | Response:
    """Only what is named is changed; phones and mails are replaced as a whole. Consents stay as they were given."""
    customer = visible_customer(customer_id, CHANGE)
    try:
        services.change_customer(session(), customer_id, _facts(_known(customer), body), actor_id=actor_id(), now=now())
    except Conflict as refusal:
        return _taken(refusal, body.get("phones", ()))
    return {"id": customer_id}


def _told(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "kind": customer.kind.value,
        "name": customer.name,
        "last_name": customer.last_name,
        "first_name": customer.first_name,
        "middle_name": customer.middle_name,
        "company_name": customer.company_name,
        "owner_id": customer.owner_id,
        "centre_id": customer.centre_id,
    }


def _known(customer: Customer) -> CustomerFacts:
    """What stands on the card."""
    return CustomerFacts(
        kind=customer.kind,
        last_name=customer.last_name,
        first_name=customer.first_name,
        middle_name=customer.middle_name,
        company_name=customer.company_name,
        sex=customer.sex,
        birth_date=customer.birth_date,
        owner_id=customer.owner_id,
        centre_id=customer.centre_id,
        note=customer.note,
        post_code=customer.post_code,
        post_address=customer.post_address,
        phones=[f"{each.number} #{each.extension}" if each.extension else each.number for each in customer.phones],
        emails=[each.address for each in customer.emails],
    )


def _facts(known: CustomerFacts, body: Mapping[str, Any]) -> CustomerFacts:
    told = dict(body)
    if "kind" in told:
        told["kind"] = CustomerKind(told["kind"])
    if "sex" in told:
        told["sex"] = Sex(told["sex"])
    cut: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in told.items()}
    return replace(known, **cut)


def _only_centre() -> int | None:
    held = current_scope("customers.add").held_in
    return next(iter(held)) if len(held) == 1 else None


def _taken(refusal: Conflict, phones: Any) -> Response:
    """Whose phone it is, if that customer is in reach."""
    session().rollback()
    holders = (services.find_by_phone(session(), normalise_phone(each)) for each in phones if is_phone(each))
    visible = next((each.id for each in holders if each is not None and covers(each, SEE)), None)
    more: dict[str, Any] = {} if visible is None else {"customer_id": visible}
    return problem(409, refusal.code, _("This has changed meanwhile"), explain(refusal), **more)
