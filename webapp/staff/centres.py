"""The dealer's centres, for administrators."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import DomainError
from webapp.core.formats import format_phone
from webapp.core.forms import Form, read_form
from webapp.core.permissions import actor_id, require
from webapp.staff import queries, services
from webapp.staff.blueprint import bp
from webapp.staff.requisites import LARGEST_LOGO, Requisites, picture_address
from webapp.staff.schemas import CentreForm
from webapp.staff.zones import time_zones, zone_name

Page = str | Response | tuple[str, int]

SHOWN = ("name", "city", "time_zone", "active", "legal_name", "tax_number", "address", "site")
FIELDS_OF_REFUSALS = {"phone_unreadable": "phone", "logo_unfit": "logo"}


@bp.get("/staff/centres")
@require("staff.change_centres")
def show_centres() -> str:
    centres = queries.find_centres(session(), only_active=False)
    return render_template("staff/centres.html", centres=centres, zone_name=zone_name)


@bp.get("/staff/centres/new")
@require("staff.change_centres")
def show_new_centre() -> str:
    return _page(Form(values={"time_zone": settings().time_zone, "active": True}), None)


@bp.post("/staff/centres/new")
@require("staff.change_centres")
def add_centre() -> Page:
    return _save(None)


@bp.get("/staff/centres/<int:centre_id>")
@require("staff.change_centres")
def show_centre(centre_id: int) -> str:
    centre = queries.get_centre(session(), centre_id)
    values = {name: getattr(centre, name) for name in SHOWN}
    values["phone"] = format_phone(centre.phone)
    return _page(Form(values=values), centre_id)


@bp.post("/staff/centres/<int:centre_id>")
@require("staff.change_centres")
def change_centre(centre_id: int) -> Page:
    return _save(centre_id)


def _save(centre_id: int | None) -> Page:
    centre = queries.get_centre(session(), centre_id) if centre_id is not None else None
    form = read_form(CentreForm())
    if not form.ok:
        return _page(form, centre_id), 422
    try:
        given = {
            "name": form.data["name"],
            "city": form.data["city"] or "",
            "phone": services.normalise_phone(form.data["phone"] or ""),
            "time_zone": form.data["time_zone"],
            "requisites": _requisites(form, centre.logo if centre else ""),
        }
        if centre is None:
            services.create_centre(session(), **given, actor_id=actor_id(), now=now())
        else:
            active = form.data["active"]
            services.change_centre(session(), centre, **given, active=active, actor_id=actor_id(), now=now())
    except DomainError as refusal:
        form.refuse(FIELDS_OF_REFUSALS.get(refusal.code, "name"), explain(refusal))
        return _page(form, centre_id), 422
    flash(_("Saved."), "success")
    return redirect(url_for("staff.show_centres"))


def _requisites(form: Form, logo: str) -> Requisites:
    """What the form says; without a new picture the old logo stays. RuleViolation: logo_unfit."""
    given = request.files.get("logo")
    if given is not None and given.filename:
        logo = picture_address(given.read(LARGEST_LOGO + 1))
    elif form.data["without_logo"]:
        logo = ""
    texts = {name: form.data[name] or "" for name in ("legal_name", "tax_number", "address", "site")}
    return Requisites(**texts, logo=logo)


def _page(form: Form, centre_id: int | None) -> str:
    logo = queries.get_centre(session(), centre_id).logo if centre_id is not None else ""
    return render_template("staff/centre.html", form=form, centre_id=centre_id, zones=time_zones(), has_logo=bool(logo))
