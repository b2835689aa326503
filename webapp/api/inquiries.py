"""Inquiries: what a form of the site sends, and what came in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from sqlalchemy import or_, select

from webapp.api.paging import Paged, read_cursor, write_cursor
from webapp.api.reading import Body
from webapp.api.resource import Resource, listed, one_of, several, words
from webapp.api.shapes import moment, number
from webapp.cases.ordering import Term, beyond, order_by
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.errors import NotFound, RuleViolation
from webapp.core.permissions import ScopeKind, actor_id, current_scope, require
from webapp.inquiries import queries, register, services
from webapp.inquiries.models import Inquiry, InquiryChannel, InterestType, Purpose
from webapp.inquiries.services import InquiryFacts

resource = Resource("inquiries", _l("Inquiries"))

SEE = "inquiries.see"
NEWEST = [Term(Inquiry.at, descending=True), Term(Inquiry.id, descending=True)]


class InquiryQuery(Paged):
    """Which inquiries are asked for."""

    since = moment(load_default=None)
    until = moment(load_default=None)
    channel = listed(one_of(InquiryChannel))
    purpose = listed(one_of(Purpose))


class InquiryOut(Schema):
    """One inquiry. `case_key`: the case that took it up. The customer's data stand on his card."""

    id = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    channel = fields.String(required=True)
    purpose = fields.String(required=True)
    department = fields.String(required=True)
    result = fields.String(required=True)
    answered = fields.Boolean(required=True)
    customer_id = fields.Integer(required=True, allow_none=True)
    source = fields.String(required=True)
    campaign = fields.String(required=True)
    model = fields.String(required=True, allow_none=True)
    interest_type = fields.String(required=True)
    visit_at = fields.AwareDateTime(required=True, allow_none=True)
    comment = fields.String(required=True)
    accepted_by = fields.Integer(required=True, allow_none=True)
    handed_to = fields.Integer(required=True, allow_none=True)
    centre_id = fields.Integer(required=True, allow_none=True)
    case_key = fields.String(required=True, allow_none=True)
    opened_case = fields.Boolean(required=True)


class InquiryIn(Body):
    """What a form of the site asks: who, about what, and where he comes from.

    Who is known by his phone is recognised; a second inquiry within a day joins the first.
    """

    channel = one_of(InquiryChannel, load_default=InquiryChannel.WEB_FORM.value)
    purpose = one_of(Purpose, required=True)
    customer_id = number(load_default=None, allow_none=True)
    phone = words(40, load_default="")
    name = words(180, load_default="")
    source = words(40, load_default=None, allow_none=True)
    campaign = words(120, load_default="")
    dialled_number = words(20, load_default="")
    model = words(40, load_default=None, allow_none=True)
    interest_type = one_of(InterestType, load_default=None, allow_none=True)
    visit_at = moment(load_default=None, allow_none=True)
    handed_to = number(load_default=None, allow_none=True)
    centre_id = number(load_default=None, allow_none=True)
    comment = words(2000, load_default="")
    missed = fields.Boolean(load_default=False)


class Received(Schema):
    """What became of it. `joined`: it belongs to an inquiry of the last day."""

    id = fields.Integer(required=True)
    customer_id = fields.Integer(required=True, allow_none=True)
    new_customer = fields.Boolean(required=True)
    joined = fields.Boolean(required=True)
    case_key = fields.String(required=True, allow_none=True)


@resource.read("/inquiries", several(InquiryOut), query=InquiryQuery, summary=_l("Inquiries, the newest first"))
@require(SEE)
def list_inquiries(asked: Mapping[str, Any]) -> dict[str, Any]:
    """One statement."""
    scope = current_scope(SEE)
    statement = select(Inquiry)
    if scope.kind is not ScopeKind.GROUP:
        accepted = scope.condition(owner=Inquiry.accepted_by, scope=Inquiry.centre_id)
        statement = statement.where(or_(accepted, Inquiry.handed_to.in_(sorted(scope.owner_ids))))
    if asked["since"] is not None:
        statement = statement.where(Inquiry.at >= asked["since"])
    if asked["until"] is not None:
        statement = statement.where(Inquiry.at < asked["until"])
    if asked["channel"]:
        statement = statement.where(Inquiry.channel.in_([InquiryChannel(each) for each in asked["channel"]]))
    if asked["purpose"]:
        statement = statement.where(Inquiry.purpose.in_([Purpose(each) for each in asked["purpose"]]))
    place = read_cursor(asked["cursor"], datetime, int)
    if place is not None:
        statement = statement.where(beyond(NEWEST, place))
    rows = session().scalars(statement.order_by(*order_by(NEWEST)).limit(asked["limit"] + 1)).all()
    shown = rows[: asked["limit"]]
    last = shown[-1] if len(rows) > len(shown) else None
    return {
        "items": [_told(each) for each in shown],
        "next": write_cursor([last.at, last.id]) if last else None,
    }


@resource.read("/inquiries/<int:inquiry_id>", InquiryOut, summary=_l("One inquiry"))
@require(SEE)
def show_inquiry(inquiry_id: int) -> dict[str, Any]:
    """One out of reach is as if it were not there."""
    inquiry = queries.find_inquiry(session(), inquiry_id)
    if inquiry is None or not queries.reaches(current_scope(SEE), inquiry):
        raise NotFound("inquiry_unknown", f"There is no inquiry {inquiry_id}.")
    return _told(inquiry)


@resource.act(
    "/inquiries", Received, body=InquiryIn, status=201, summary=_l("Register an inquiry, as a form of the site")
)
@require("inquiries.add")
def receive_inquiry(body: Mapping[str, Any]) -> dict[str, Any]:
    """The process of its department begins by itself."""
    if body["customer_id"] is not None:
        register.customer_in_reach(body["customer_id"], body)
    held = current_scope("inquiries.add").held_in
    if body["centre_id"] is not None and body["centre_id"] not in held:
        raise RuleViolation("centre_unknown", "Choose a centre of the list.")
    purpose = Purpose(body["purpose"])
    centre_id = body["centre_id"] or register.centre_of(purpose, body["handed_to"], body["dialled_number"])
    registered = services.register_inquiry(
        session(),
        InquiryFacts(
            channel=InquiryChannel(body["channel"]),
            purpose=purpose,
            customer_id=body["customer_id"],
            phone=body["phone"].strip(),
            name=" ".join(body["name"].split()),
            source_code=body["source"],
            campaign=body["campaign"],
            dialled_number=body["dialled_number"],
            model_code=body["model"],
            interest_type=InterestType(body["interest_type"]) if body["interest_type"] else None,
            visit_at=body["visit_at"],
            handed_to=body["handed_to"],
            centre_id=centre_id,
            comment=body["comment"],
            missed=body["missed"],
        ),
        actor_id=actor_id(),
        now=now(),
    )
    return {
        "id": registered.inquiry.id,
        "customer_id": registered.customer.id if registered.customer else None,
        "new_customer": registered.new_customer,
        "joined": registered.touch,
        "case_key": registered.inquiry.case_key,
    }


def _told(inquiry: Inquiry) -> dict[str, Any]:
    return {
        "id": inquiry.id,
        "at": inquiry.at,
        "channel": inquiry.channel.value,
        "purpose": inquiry.purpose.value,
        "department": inquiry.department.value,
        "result": inquiry.result.value,
        "answered": inquiry.answered,
        "customer_id": inquiry.customer_id,
        "source": inquiry.source_code,
        "campaign": inquiry.campaign,
        "model": inquiry.model_code,
        "interest_type": inquiry.interest_type.value,
        "visit_at": inquiry.visit_at,
        "comment": inquiry.comment,
        "accepted_by": inquiry.accepted_by,
        "handed_to": inquiry.handed_to,
        "centre_id": inquiry.centre_id,
        "case_key": inquiry.case_key,
        "opened_case": inquiry.opened_case,
    }
