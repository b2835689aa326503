"""Pages about the cars of customers: list, card, new and changed cars, the next owner."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import DomainError, NotFound
from webapp.core.forms import Form, number, read_form
from webapp.core.i18n import local_now
from webapp.core.panels import panels_of
from webapp.core.permissions import actor_id, current_scope, may, require, scope_if_any
from webapp.core.requests import page_number
from webapp.customers.models import Customer
from webapp.customers.queries import find_matches
from webapp.customers.services import get_customer
from webapp.kit.identifiers import vin_looks_mistyped
from webapp.vehicles import queries, services
from webapp.vehicles.card import find_sale
from webapp.vehicles.models import CustomerCar
from webapp.vehicles.queries import CarFilter
from webapp.vehicles.schemas import CarForm, OwnerForm
from webapp.vehicles.services import CarFacts

PAGE = 50
FIELD_OF = {
    "car_unnamed": "model_code",
    "model_unknown": "model_code",
    "brand_unknown": "brand_code",
    "vin_invalid": "vin",
    "car_known": "vin",
    "plate_invalid": "plate",
    "year_unlikely": "year",
    "since_in_future": "since",
    "since_after_parting": "since",
}
FACTS = (
    "vin",
    "plate",
    "plate_country",
    "body_number",
    "brand_code",
    "model_code",
    "description",
    "year",
    "km",
    "since",
)

Page = str | Response | tuple[str, int]

bp = Blueprint("vehicles", __name__, url_prefix="/cars", template_folder="templates")


@bp.get("")
@require("vehicles.see")
def list_cars() -> str:
    wanted, page = _filter(), page_number(request.args)
    scope = current_scope("vehicles.see")
    count = queries.count_cars(session(), wanted, scope=scope)
    return render_template(
        "vehicles/list.html",
        cars=queries.list_cars(session(), wanted, scope=scope, offset=(page - 1) * PAGE, limit=PAGE),
        wanted=wanted,
        count=count,
        page=page,
        pages=-(-count // PAGE),
        brands=queries.list_brands(session()),
        filters={name: value for name, value in request.args.items() if value and name in {"q", "brand", "former"}},
    )


@bp.get("/new")
@require("vehicles.change")
def show_new_car() -> str:
    """The empty form for a car of ?customer=."""
    return _form_page(Form(), _customer(request.args.get("customer", type=number)))


@bp.post("/new")
@require("vehicles.change")
def add_car() -> Page:
    customer = _customer(request.args.get("customer", type=number))
    form = read_form(CarForm())
    if form.ok:
        try:
            services.record_car(session(), customer=customer, facts=_facts(form), actor_id=actor_id(), now=now())
        except DomainError as refusal:
            form.refuse(FIELD_OF[refusal.code], explain(refusal))
        else:
            flash(_("The car is added."), "success")
            return redirect(url_for("customers.show_customer", customer_id=customer.id))
    session().rollback()
    return _form_page(form, customer), 422


@bp.get("/<int:car_id>")
@require("vehicles.see")
def show_car(car_id: int) -> str:
    car = _visible(car_id, "vehicles.see")
    customers = scope_if_any("customers.see")
    return render_template(
        "vehicles/card.html",
        car=car,
        owner_visible=customers is not None and customers.covers(car.customer.owner_id, car.customer.centre_id),
        owners=queries.list_owners(session(), car, scope=current_scope("vehicles.see")),
        sale=find_sale(session(), car, reach=scope_if_any("cases.see")),
        mistyped=bool(car.vin and vin_looks_mistyped(car.vin)),
        panels=panels_of("vehicles.car", car.id),
    )


@bp.get("/<int:car_id>/edit")
@require("vehicles.change")
def show_car_form(car_id: int) -> str:
    car = _visible(car_id, "vehicles.change")
    values: dict[str, object] = {name: getattr(car, name) for name in FACTS}
    values["plate"] = car.plate if car.plate_country else car.shown_plate
    return _form_page(Form(values=values), car.customer, car)


@bp.post("/<int:car_id>/edit")
@require("vehicles.change")
def change_car(car_id: int) -> Page:
    car = _visible(car_id, "vehicles.change")
    form = read_form(CarForm())
    if form.ok:
        try:
            services.change_car(session(), car, _facts(form), actor_id=actor_id(), now=now())
        except DomainError as refusal:
            form.refuse(FIELD_OF[refusal.code], explain(refusal))
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("vehicles.show_car", car_id=car.id))
    session().rollback()
    return _form_page(form, car.customer, car), 422


@bp.get("/<int:car_id>/owner")
@require("vehicles.change")
def show_owner_form(car_id: int) -> str:
    """Choose the next owner among those whom ?q= finds."""
    return _owner_page(_visible(car_id, "vehicles.change"), Form(values={"on": _today()}))


@bp.post("/<int:car_id>/owner")
@require("vehicles.change")
def change_owner(car_id: int) -> Page:
    car = _visible(car_id, "vehicles.change")
    form = read_form(OwnerForm())
    if form.ok:
        on = form.data["on"] or _today()
        try:
            if form.data["customer_id"] is None:
                services.part_with(session(), car, on=on, actor_id=actor_id(), now=now())
                flash(_("%(name)s no longer has this car.", name=car.customer.name), "success")
                return redirect(url_for("vehicles.show_car", car_id=car.id))
            customer = _customer(form.data["customer_id"])
            following = services.pass_on(session(), car, customer=customer, on=on, actor_id=actor_id(), now=now())
        except DomainError as refusal:
            form.refuse("on" if refusal.code == "parting_unlikely" else "customer_id", explain(refusal))
        else:
            flash(_("The car now belongs to %(name)s.", name=customer.name), "success")
            return redirect(url_for("vehicles.show_car", car_id=following.id))
    session().rollback()
    return _owner_page(car, form), 422


def _visible(car_id: int, permission: str) -> CustomerCar:
    """The car, if its owner is in reach. Raises NotFound as if there were none otherwise."""
    car = services.get_car(session(), car_id)
    if not current_scope(permission).covers(car.customer.owner_id, car.customer.centre_id):
        raise NotFound("car_unknown", f"There is no car {car_id}.", car_id=car_id)
    return car


def _customer(customer_id: int | None) -> Customer:
    """The customer, if he is in reach. Raises NotFound."""
    customer = get_customer(session(), customer_id or 0)
    if not current_scope("vehicles.change").covers(customer.owner_id, customer.centre_id):
        raise NotFound("customer_unknown", f"There is no customer {customer_id}.", customer_id=customer_id)
    return customer


def _filter() -> CarFilter:
    given = request.args
    return CarFilter(given.get("q", "").strip(), given.get("brand", ""), former=bool(given.get("former")))


def _facts(form: Form) -> CarFacts:
    given = {name: form.data[name] for name in FACTS}
    words = ("vin", "plate", "plate_country", "body_number", "description")
    return CarFacts(**given | {name: given[name] or "" for name in words})


def _today() -> date:
    return local_now().date()


def _form_page(form: Form, customer: Customer, car: CustomerCar | None = None) -> str:
    models = [(model.code, model.full_name) for model in queries.list_models(session())]
    if car is not None and car.model is not None and car.model_code not in dict(models):
        models.append((car.model.code, car.model.full_name))  # no longer on offer, but he has it
    return render_template(
        "vehicles/form.html",
        form=form,
        customer=customer,
        car=car,
        models=models,
        brands=[(brand.code, brand.name) for brand in queries.list_brands(session())],
    )


def _owner_page(car: CustomerCar, form: Form) -> str:
    text = request.args.get("q", "").strip()
    found = find_matches(session(), text, scope=current_scope("vehicles.change")) if text else []
    return render_template(
        "vehicles/owner.html",
        car=car,
        form=form,
        text=text,
        matches=[match for match in found if match.id != car.customer_id],
        may_add=may("customers.add"),
    )
