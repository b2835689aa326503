"""Pages of the inquiries slice: the register over everything, and the calls of the day."""

from datetime import date, datetime, time, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import DomainError, RuleViolation
from webapp.core.forms import Form, number, read_day, read_form, read_number
from webapp.core.i18n import current_zone
from webapp.core.permissions import actor_id, current_scope, require, scope_if_any
from webapp.core.requests import page_number
from webapp.customers.services import find_by_phone
from webapp.inquiries import labels, queries, register, services
from webapp.inquiries.models import InquiryChannel, InterestType, Purpose
from webapp.inquiries.schemas import RegisterForm
from webapp.inquiries.services import InquiryFacts, Registered
from webapp.kit.phones import is_phone, normalise_phone
from webapp.kit.spelling import mark

PAGE = 50
FIELD_OF = {
    "name_missing": "name",
    "name_too_long": "name",
    "phone_invalid": "phone",
    "phone_taken": "phone",
    "source_unknown": "source_code",
    "sources_missing": "source_code",
    "model_unknown": "model_code",
    "receiver_unknown": "handed_to",
    "visit_in_past": "visit_at",
    "visit_outside_hours": "visit_at",
    "visit_slot_taken": "visit_at",
}

Page = str | Response | tuple[str, int]

bp = Blueprint("inquiries", __name__, url_prefix="/register", template_folder="templates")
bp.app_template_global("mark_name")(mark)


@bp.get("")
@require("inquiries.see")
def list_inquiries() -> str:
    """What came in on one day, and who is free; after a registration also what has become of it."""
    day, page = _day(), page_number(request.args)
    since = datetime.combine(day, time(), current_zone())
    until = datetime.combine(day + timedelta(days=1), time(), current_zone())
    scope = current_scope("inquiries.see")
    rows, older = queries.list_inquiries(
        session(), scope=scope, since=since, until=until, limit=PAGE, offset=(page - 1) * PAGE
    )
    return render_template(
        "inquiries/list.html",
        rows=rows,
        older=older,
        page=page,
        day=day,
        today=now().astimezone(current_zone()).date(),
        one_day=timedelta(days=1),
        summary=queries.summarise(session(), scope=scope, since=since, until=until),
        receivers=register.receivers(),
        labels=labels,
        cases=queries.find_instances(
            session(), [row.case_key for row in rows if row.case_key], reach=scope_if_any("cases.see")
        ),
        saved=register.describe_saved(request.args.get("saved", type=number)),
    )


@bp.get("/call")
@require("inquiries.add")
def show_register() -> str:
    """The register, empty or as the telephone fills it: ?phone=, ?dialled=, ?customer=."""
    return _page(register.first_form(request.args))


@bp.get("/matches")
@require("inquiries.add")
def show_matches() -> str:
    """While somebody types: whom it may mean; the very phone also brings its card at once."""
    text = request.args.get("q", "")
    hits = register.find_hits(text)
    chosen = request.args.get("customer_id", type=number)
    exact = next((hit.id for hit in hits if hit.kind == "same_phone"), None)
    form = Form(values=request.args.to_dict())
    card = register.card(form, exact) if exact is not None and exact != chosen else None
    return render_template("inquiries/_matches.html", hits=hits, text=text, chosen=exact or chosen, card=card)


@bp.get("/card")
@require("inquiries.add")
def show_card() -> str:
    """The card of a chosen customer, or of a new one; what was typed so far stays."""
    form = Form(values=request.args.to_dict())
    return render_template("inquiries/_card.html", card=register.card(form, request.args.get("choose", type=number)))


@bp.post("/call")
@require("inquiries.add")
def register_inquiry() -> Page:
    """Save in one transaction; the answer is the day's list with a link to the worksheet on top."""
    form = read_form(RegisterForm())
    register.complete_from_search(form)
    if form.ok and form.data["customer_id"]:
        register.customer_in_reach(form.data["customer_id"], form.values)
    if form.ok:
        _look_for_gaps(form)
    if form.ok:
        try:
            registered = _register(form)
        except DomainError as refusal:
            form.refuse(FIELD_OF.get(refusal.code, "purpose"), explain(refusal))
        else:
            return redirect(url_for("inquiries.list_inquiries", saved=registered.inquiry.id))
    session().rollback()
    return _page(form), 422


def _register(form: Form) -> Registered:
    data = form.data
    nameless = data["act"] == "nameless"
    receiver = data["handed_to"]
    return services.register_inquiry(
        session(),
        InquiryFacts(
            channel=InquiryChannel(data["channel"]),
            purpose=Purpose(data["purpose"]),
            customer_id=None if nameless else data["customer_id"],
            phone="" if nameless else data["phone"] or "",
            name="" if nameless else data["name"] or "",
            source_code=data["source_code"],
            campaign=data["campaign"] or "",
            dialled_number=data["dialled_number"] or "",
            model_code=data["model_code"],
            interest_type=InterestType(data["interest_type"]) if data["interest_type"] else None,
            visit_at=data["visit_at"].replace(tzinfo=current_zone()) if data["visit_at"] else None,
            handed_to=None if nameless else receiver,
            centre_id=register.centre_of(Purpose(data["purpose"]), receiver, data["dialled_number"]),
            comment=data["comment"] or "",
            missed=data["missed"],
        ),
        actor_id=actor_id(),
        now=now(),
    )


def _look_for_gaps(form: Form) -> None:
    """All that is missing or wrong at once. A new person is asked where he heard of us, unless the number tells."""
    data = form.data
    if data["customer_id"] or data["act"] == "nameless":
        return
    known = find_by_phone(session(), normalise_phone(data["phone"])) if is_phone(data["phone"] or "") else None
    if data["phone"] and not is_phone(data["phone"]):
        form.refuse("phone", explain(RuleViolation("phone_invalid", typed=data["phone"])))
    if known is None and not data["name"] and not data["missed"]:
        form.refuse("name", explain(RuleViolation("name_missing")))
    if known is None and not (data["source_code"] or data["dialled_number"]) and Purpose(data["purpose"]).is_sale:
        form.refuse("source_code", _ask_for_source())


def _ask_for_source() -> str:
    if not queries.list_sources(session()):
        return explain(RuleViolation("sources_missing"))
    return str(_("Ask where the customer heard of us, or choose Unknown."))


def _page(form: Form) -> str:
    text = str(form.values.get("q") or "")
    hits = register.find_hits(text, str(form.values.get("phone") or ""))
    chosen = read_number(form.values.get("customer_id"))
    return render_template(
        "inquiries/register.html",
        form=form,
        text=text,
        hits=hits,
        card=register.card(form, chosen or register.exact_match(hits, form)),
    )


def _day() -> date:
    return read_day(request.args.get("day")) or now().astimezone(current_zone()).date()
