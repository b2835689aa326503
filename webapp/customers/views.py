"""Pages of the customers slice: list, card, new and changed cards, contacts that happened."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import Conflict, DomainError
from webapp.core.formats import format_phone
from webapp.core.forms import Form, number, read_form
from webapp.core.i18n import current_zone
from webapp.core.panels import panels_of
from webapp.core.permissions import actor_id, current_scope, require, scope_if_any
from webapp.core.requests import page_number
from webapp.customers import consent_labels, consents, labels, queries, services
from webapp.customers.card import list_open_cases
from webapp.customers.models import Customer, CustomerKind, Direction, InteractionChannel, Sex
from webapp.customers.queries import ListFilter
from webapp.customers.schemas import ContactForm, CustomerForm
from webapp.customers.services import CustomerFacts
from webapp.customers.sight import covers, visible_customer
from webapp.customers.standing import standings_of
from webapp.customers.tags import tags_of
from webapp.kit.phones import is_phone, normalise_phone
from webapp.staff.models import User
from webapp.staff.queries import find_centres, find_choosable

PAGE = 50
CHRONICLE_PAGE = 30
NOTED_CHANNELS = (
    InteractionChannel.CALL,
    InteractionChannel.VISIT,
    InteractionChannel.MESSENGER,
    InteractionChannel.SMS,
    InteractionChannel.EMAIL,
    InteractionChannel.NOTE,
)

PLAIN_FIELDS = (
    *("last_name", "first_name", "middle_name", "company_name", "birth_date"),
    *("owner_id", "centre_id", "note", "post_code", "post_address"),
)
UNKNOWN = {"owner_unknown": "owner_id", "centre_unknown": "centre_id"}

Page = str | Response | tuple[str, int]

bp = Blueprint("customers", __name__, url_prefix="/customers", template_folder="templates")


@bp.get("")
@require("customers.see")
def list_customers() -> str:
    wanted, page = _filter(), page_number(request.args)
    scope = current_scope("customers.see")
    rows, _more = queries.list_customers(session(), wanted, scope=scope, offset=(page - 1) * PAGE, limit=PAGE)
    count = queries.count_customers(session(), wanted, scope=scope)
    return render_template(
        "customers/list.html",
        rows=rows,
        wanted=wanted,
        count=count,
        page=page,
        pages=-(-count // PAGE),
        kinds=labels.KINDS,
        people=find_choosable(session()),
        centres=find_centres(session()),
        filters=_filter_arguments(),
    )


@bp.get("/new")
@require("customers.add")
def show_new_customer() -> str:
    typed = request.args.get("q", "")
    values: dict[str, object] = {"kind": request.args.get("kind", CustomerKind.PERSON.value), "owner_id": actor_id()}
    values["phones" if is_phone(typed) else "last_name"] = [typed] if is_phone(typed) else typed
    return _form_page(Form(values=values))


@bp.post("/new")
@require("customers.add")
def add_customer() -> Page:
    form = read_form(CustomerForm())
    customer = _try(form, lambda facts: services.create_customer(session(), facts, actor_id=actor_id(), now=now()))
    if customer is None:
        return _form_page(form), 422
    flash(_("%(name)s is added.", name=customer.name), "success")
    return redirect(url_for("customers.show_customer", customer_id=customer.id))


@bp.get("/<int:customer_id>")
@require("customers.see")
def show_customer(customer_id: int) -> str:
    return _card(visible_customer(customer_id, "customers.see"), Form())


@bp.get("/<int:customer_id>/edit")
@require("customers.change")
def show_customer_form(customer_id: int) -> str:
    customer = visible_customer(customer_id, "customers.change")
    values: dict[str, object] = {name: getattr(customer, name) for name in PLAIN_FIELDS}
    values |= {"kind": customer.kind.value, "sex": customer.sex.value}
    values["phones"] = [_with_extension(format_phone(phone.number), phone.extension) for phone in customer.phones]
    values["emails"] = [email.address for email in customer.emails]
    return _form_page(Form(values=values), customer)


@bp.post("/<int:customer_id>/edit")
@require("customers.change")
def change_customer(customer_id: int) -> Page:
    customer = visible_customer(customer_id, "customers.change")
    form = read_form(CustomerForm())
    changed = _try(
        form,
        lambda facts: services.change_customer(session(), customer_id, facts, actor_id=actor_id(), now=now()),
    )
    if changed is None:
        return _form_page(form, customer), 422
    flash(_("Saved."), "success")
    return redirect(url_for("customers.show_customer", customer_id=customer_id))


@bp.get("/phone-check")
@require("customers.see")
def check_phone() -> str:
    """While somebody types a phone: whose it is, if it stands on a card already."""
    typed = next((line for line in request.args.getlist("phones") if line.strip()), "")
    holder = services.find_by_phone(session(), normalise_phone(typed)) if is_phone(typed) else None
    besides = request.args.get("besides", type=number)
    if holder is None or holder.id == besides:
        return ""
    return render_template("customers/_same_phone.html", customer=holder, visible=covers(holder, "customers.see"))


@bp.post("/<int:customer_id>/contacts")
@require("customers.change")
def add_contact(customer_id: int) -> Page:
    customer = visible_customer(customer_id, "customers.change")
    form = read_form(ContactForm())
    if form.ok:
        try:
            services.note_contact(
                session(),
                customer_id,
                channel=InteractionChannel(form.data["channel"]),
                direction=Direction(form.data["direction"]),
                subject=form.data["subject"],
                comment=form.data["comment"] or "",
                at=_moment(form.data["at"]) or now(),
                next_at=_moment(form.data["next_at"]),
                actor_id=actor_id(),
                now=now(),
            )
        except DomainError as refusal:
            form.refuse("next_at" if refusal.code.startswith("next") else "at", explain(refusal))
        else:
            flash(_("The contact is noted."), "success")
            return redirect(url_for("customers.show_customer", customer_id=customer_id))
    session().rollback()
    return _card(customer, form), 422


def _filter() -> ListFilter:
    kind = request.args.get("kind", "")
    return ListFilter(
        text=request.args.get("q", "").strip(),
        kind=CustomerKind(kind) if kind in set(CustomerKind) else None,
        owner_id=request.args.get("owner", type=number),
        centre_id=request.args.get("centre", type=number),
    )


def _filter_arguments() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if value and name in {"q", "kind", "owner", "centre"}}


def _try(form: Form, act: Callable[[CustomerFacts], Customer]) -> Customer | None:
    """Carry out what the form says; a refusal is shown at its field."""
    if form.ok:
        try:
            return act(_facts(form))
        except Conflict as refusal:
            form.refuse("phones", explain(refusal))
        except DomainError as refusal:
            names = {"name_missing": "last_name", "name_too_long": "last_name"}
            fields = {**names, "birth_date_unlikely": "birth_date", **UNKNOWN}
            form.refuse(fields.get(refusal.code, "phones"), explain(refusal))
    session().rollback()
    return None


def _facts(form: Form) -> CustomerFacts:
    data = form.data
    scope = current_scope("customers.add")
    only_centre = next(iter(scope.held_in)) if len(scope.held_in) == 1 else None
    return CustomerFacts(
        kind=CustomerKind(data["kind"]),
        last_name=data["last_name"] or "",
        first_name=data["first_name"] or "",
        middle_name=data["middle_name"] or "",
        company_name=data["company_name"] or "",
        sex=Sex(data["sex"] or Sex.UNKNOWN),
        birth_date=data["birth_date"],
        owner_id=data["owner_id"],
        centre_id=data["centre_id"] or only_centre,
        note=data["note"] or "",
        post_code=data["post_code"] or "",
        post_address=data["post_address"] or "",
        phones=data["phones"],
        emails=data["emails"],
    )


def _form_page(form: Form, customer: Customer | None = None) -> str:
    return render_template(
        "customers/form.html",
        form=form,
        customer=customer,
        kinds=[(kind.value, title) for kind, title in labels.KINDS.items()],
        sexes=[(sex.value, title) for sex, title in labels.SEXES.items()],
        people=find_choosable(session()),
        centre_options=[(centre.id, centre.name) for centre in find_centres(session())],
    )


def _card(customer: Customer, contact_form: Form) -> str:
    group, page = request.args.get("show", ""), page_number(request.args)
    rows, older = queries.get_chronicle(
        session(), customer.id, group=group, offset=(page - 1) * CHRONICLE_PAGE, limit=CHRONICLE_PAGE
    )
    wanted = _filter()
    previous, following = queries.get_neighbours(session(), customer, wanted, scope=current_scope("customers.see"))
    return render_template(
        "customers/card.html",
        customer=customer,
        owner=session().get(User, customer.owner_id) if customer.owner_id else None,
        centre=next((each for each in find_centres(session()) if each.id == customer.centre_id), None),
        months=labels.by_month(rows),
        older=older,
        page=page,
        group=group,
        counts=queries.count_chronicle(session(), customer.id),
        open_cases=list_open_cases(session(), customer.id, reach=scope_if_any("cases.see")),
        contact_form=contact_form,
        standings=standings_of(consents.list_consents(session(), customer.id), now=now()),
        labels=labels,
        consent_labels=consent_labels,
        channels=[(channel.value, labels.CHANNELS[channel]) for channel in NOTED_CHANNELS],
        directions=[(direction.value, title) for direction, title in labels.DIRECTIONS.items()],
        previous=previous,
        following=following,
        panels=panels_of("customers.customer", customer.id),
        filters=_filter_arguments(),
        tags=tags_of(session(), customer.id),
    )


def _moment(typed: datetime | None) -> datetime | None:
    """What was typed without a zone is meant in the reader's."""
    return typed.replace(tzinfo=current_zone()) if typed else None


def _with_extension(number: str, extension: str) -> str:
    return f"{number} #{extension}" if extension else number
