"""Setting up the workshop of a centre: bays, advisors, courtesy cars, and what can be done in a day."""

from collections.abc import Callable
from decimal import Decimal

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.aftersales import setting_up
from webapp.aftersales.booking_labels import BAY_TYPES, KINDS
from webapp.aftersales.models import BayType, ResourceKind, ServiceResource, ServiceStandard, Workshop
from webapp.aftersales.needs import list_jobs
from webapp.aftersales.reference import LARGE_WORKSHOP, SMALL_WORKSHOP
from webapp.aftersales.schemas import ResourceForm, WorkshopForm, parts_form
from webapp.aftersales.setting_up import ResourceFacts
from webapp.aftersales.workshop import count_technicians, find_resources
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import DomainError
from webapp.core.formats import format_number
from webapp.core.forms import Form, number, read_form
from webapp.core.i18n import current_language
from webapp.core.permissions import RowScope, ScopeKind, actor_id, current_scope, may, require
from webapp.staff.models import Centre
from webapp.staff.queries import find_centres

bp = Blueprint("workshop", __name__, template_folder="templates")

FIELD_OF = {
    "bay_type_missing": "bay_type",
    "resource_in_use": "active",
    "advisor_missing": "user_id",
    "advisor_twice": "user_id",
}
LAYOUTS = {"large": LARGE_WORKSHOP, "small": SMALL_WORKSHOP, "empty": ()}


@bp.get("/service/workshop")
@require("aftersales.set_up")
def show_workshop() -> str:
    """The workshop of a centre, or how to begin one."""
    centres = _centres()
    asked = request.args.get("centre", type=number)
    centre = next((each for each in centres if each.id == asked), centres[0] if centres else None)
    return _page(centre)


@bp.post("/service/workshop/<int:centre_id>/begin")
@require("aftersales.set_up")
def begin_workshop(centre_id: int) -> ResponseReturnValue:
    """A workshop for a centre that has none: with seven bays, with five, or with none yet."""
    centre = _centre(centre_id)
    bays = LAYOUTS.get(request.form.get("layout", ""), ())
    setting_up.furnish_workshop(session(), centre.id, bays=bays, now=now())
    flash(_("The workshop is set up. Now it can be booked."), "success")
    return redirect(url_for("workshop.show_workshop", centre=centre.id))


@bp.post("/service/workshop/<int:centre_id>")
@require("aftersales.set_up")
def change_workshop(centre_id: int) -> ResponseReturnValue:
    """Standard, technicians, shift and efficiency; the cost of an hour by who may see costs."""
    centre = _centre(centre_id)
    workshop = session().get(Workshop, centre.id)
    if workshop is None:
        abort(404)
    form = read_form(WorkshopForm())

    def change() -> None:
        setting_up.change_workshop(
            session(),
            workshop,
            standard=form.data["standard"],
            technicians=form.data["technicians"],
            shift_hours=form.data["shift_hours"],
            efficiency=Decimal(form.data["efficiency"]) / 100,
            rate=form.data["rate"],
            hour_cost=form.data["hour_cost"] if may("aftersales.see_costs") else workshop.hour_cost,
            actor_id=actor_id(),
            now=now(),
        )

    return _saved(form, centre, change, field="standard", what="workshop")


@bp.post("/service/workshop/parts")
@require("aftersales.set_up")
def price_parts() -> ResponseReturnValue:
    """What the parts of each job usually cost; the list is that of all centres."""
    jobs = list_jobs(session())
    form = read_form(parts_form([job.code for job in jobs]))
    asked = request.args.get("centre", type=number)
    centre = next((each for each in _centres() if each.id == asked), None)
    if current_scope("aftersales.set_up").kind is not ScopeKind.GROUP:
        flash(_("The list is that of all centres: only who sets up all of them changes it."), "warning")
        return redirect(url_for("workshop.show_workshop", centre=centre.id if centre else None))
    if not form.ok:
        return _page(centre or next(iter(_centres()), None), form, "parts"), 422
    for job in jobs:
        if job.parts_price != form.data[job.code]:
            setting_up.price_parts(session(), job, form.data[job.code], actor_id=actor_id(), now=now())
    flash(_("Saved."), "success")
    return redirect(url_for("workshop.show_workshop", centre=centre.id if centre else None))


@bp.post("/service/workshop/<int:centre_id>/resources")
@require("aftersales.set_up")
def add_resource(centre_id: int) -> ResponseReturnValue:
    """One more bay, advisor or courtesy car."""
    centre = _centre(centre_id)
    form = read_form(ResourceForm())
    return _saved(
        form,
        centre,
        lambda: setting_up.add_resource(session(), centre.id, _facts(form), actor_id=actor_id(), now=now()),
        what="new",
    )


@bp.get("/service/workshop/resources/<int:resource_id>")
@require("aftersales.set_up")
def show_resource(resource_id: int) -> str:
    """One of them, to be renamed or switched off."""
    resource = _resource(resource_id)
    values = {
        "name_en": resource.name_en,
        "name_ru": resource.name_ru,
        "bay_type": resource.bay_type.value if resource.bay_type else "",
        "skills": list(resource.skills),
        "active": resource.active,
    }
    return _resource_page(resource, Form(values=values))


@bp.post("/service/workshop/resources/<int:resource_id>")
@require("aftersales.set_up")
def change_resource(resource_id: int) -> ResponseReturnValue:
    resource = _resource(resource_id)
    form = read_form(ResourceForm(partial=("kind",)))
    form.data["kind"] = resource.kind.value
    form.data["user_id"] = resource.user_id
    if form.ok:
        try:
            active = form.data["active"]
            setting_up.change_resource(session(), resource, _facts(form), active=active, actor_id=actor_id(), now=now())
        except DomainError as refusal:
            form.refuse(
                FIELD_OF.get(refusal.code, "active" if refusal.code == "resource_in_use" else "name_ru"),
                explain(refusal),
            )
    if not form.ok:
        session().rollback()
        return _resource_page(_resource(resource_id), form), 422
    flash(_("Saved."), "success")
    return redirect(url_for("workshop.show_workshop", centre=resource.centre_id))


def _saved(
    form: Form, centre: Centre, change: Callable[[], object], *, what: str, field: str = "name_ru"
) -> ResponseReturnValue:
    if form.ok:
        try:
            change()
        except DomainError as refusal:
            form.refuse(FIELD_OF.get(refusal.code, field), explain(refusal))
    if not form.ok:
        session().rollback()
        return _page(_centre(centre.id), form, what), 422
    flash(_("Saved."), "success")
    return redirect(url_for("workshop.show_workshop", centre=centre.id))


def _facts(form: Form) -> ResourceFacts:
    data = form.data
    return ResourceFacts(
        ResourceKind(data["kind"]),
        data["name_en"] or "",
        data["name_ru"] or "",
        BayType(data["bay_type"]) if data["bay_type"] else None,
        data["user_id"],
        [BayType(each) for each in data["skills"]],
    )


def _page(centre: Centre | None, form: Form | None = None, what: str = "") -> str:
    """`form`, `what`: a refused one and which of the page's three."""
    workshop = session().get(Workshop, centre.id) if centre else None
    language = current_language()
    standards = session().query(ServiceStandard).order_by(ServiceStandard.position)
    known = Form(values=_values(workshop)) if workshop else Form()
    jobs = list_jobs(session())
    return render_template(
        "aftersales/workshop.html",
        centre=centre,
        centres=_centres(),
        workshop=workshop,
        form=form if form and what == "workshop" else known,
        fresh=form if form and what == "new" else Form(values={"kind": ResourceKind.BAY.value}),
        jobs=jobs,
        parts=form if form and what == "parts" else Form(values={job.code: _plain(job.parts_price) for job in jobs}),
        may_price=current_scope("aftersales.set_up").kind is ScopeKind.GROUP,
        standards=[(each.code, each.name_in(language)) for each in standards],
        kinds=[(kind.value, title) for kind, title in KINDS.items()],
        bay_types=[(each.value, title) for each, title in BAY_TYPES.items()],
        types=BAY_TYPES,
        people=[(user.id, user.name) for user in setting_up.find_candidates(session(), centre.id)] if centre else [],
        resources=find_resources(session(), centre.id, all_of_them=True) if centre else [],
        titles=KINDS,
        counted=count_technicians(session(), workshop) if workshop and workshop.technicians is None else None,
    )


def _resource_page(resource: ServiceResource, form: Form) -> str:
    return render_template(
        "aftersales/resource.html",
        resource=resource,
        form=form,
        is_bay=resource.kind is ResourceKind.BAY,
        is_advisor=resource.kind is ResourceKind.ADVISOR,
        bay_types=[(each.value, title) for each, title in BAY_TYPES.items()],
    )


def _values(workshop: Workshop) -> dict[str, object]:
    return {
        "standard": workshop.standard_code,
        "technicians": workshop.technicians if workshop.technicians is not None else "",
        "shift_hours": f"{workshop.shift_hours.normalize():f}",
        "efficiency": int(workshop.efficiency * 100),
        "rate": _plain(workshop.rate),
        "hour_cost": "" if workshop.hour_cost is None else format_number(workshop.hour_cost, current_language(), 2),
    }


def _plain(money: Decimal | None) -> str:
    """As it stands in an input: without noughts behind the point."""
    return "" if money is None else f"{money.normalize():f}"


def _centres() -> list[Centre]:
    """Those of the person's reach."""
    return [each for each in find_centres(session()) if _reaches(current_scope("aftersales.set_up"), each.id)]


def _centre(centre_id: int) -> Centre:
    found = next((each for each in _centres() if each.id == centre_id), None)
    if found is None:
        abort(404)
    return found


def _resource(resource_id: int) -> ServiceResource:
    return setting_up.get_resource(session(), resource_id, [each.id for each in _centres()])


def _reaches(scope: RowScope, centre_id: int) -> bool:
    return scope.kind is ScopeKind.GROUP or centre_id in scope.held_in
