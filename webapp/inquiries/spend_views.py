"""Pages of the advertising spend: the list, and one entry."""

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import DomainError
from webapp.core.forms import Form, read_form
from webapp.core.i18n import current_language
from webapp.core.permissions import ScopeKind, actor_id, current_scope, require
from webapp.core.requests import page_number
from webapp.inquiries import spending
from webapp.inquiries.labels import DEPARTMENTS
from webapp.inquiries.models import AdvertisingSpend, SpendDepartment
from webapp.inquiries.queries import list_sources
from webapp.inquiries.schemas import SpendForm
from webapp.inquiries.spending import SpendFacts
from webapp.staff.queries import find_centres

PAGE = 50
SEE, CHANGE = "inquiries.see_spend", "inquiries.change_spend"
FIELD_OF = {
    "spend_reversed": "to_day",
    "spend_too_long": "to_day",
    "spend_amount": "amount",
    "spend_centre": "centre_id",
    "source_unknown": "source_code",
}

Page = str | Response | tuple[str, int]

bp = Blueprint("spending", __name__, url_prefix="/spend", template_folder="templates")


@bp.get("")
@require(SEE)
def list_spend() -> str:
    """What was spent, the latest days first."""
    page = page_number(request.args)
    rows, number, total = spending.list_spend(session(), current_scope(SEE), limit=PAGE, offset=(page - 1) * PAGE)
    return render_template(
        "inquiries/spending.html",
        rows=rows,
        number=number,
        total=total,
        page=page,
        pages=max(1, -(-number // PAGE)),
        centres={centre.id: centre.name for centre in find_centres(session(), only_active=False)},
        departments=DEPARTMENTS,
    )


@bp.get("/new")
@require(CHANGE)
def show_new_spend() -> str:
    """An empty entry."""
    return _page(Form(), None)


@bp.post("/new")
@require(CHANGE)
def add_spend() -> Page:
    """Write the new entry."""
    return _save(None)


@bp.get("/<int:spend_id>")
@require(CHANGE)
def show_spend(spend_id: int) -> str:
    """One entry, to be put right."""
    spend = spending.get_spend(session(), spend_id, current_scope(CHANGE))
    values = {name: getattr(spend, name) for name in SpendForm().fields}
    values["amount"] = _as_typed(spend.amount)
    return _page(Form(values=values), spend)


@bp.post("/<int:spend_id>")
@require(CHANGE)
def change_spend(spend_id: int) -> Page:
    """Write what was put right."""
    return _save(spending.get_spend(session(), spend_id, current_scope(CHANGE)))


@bp.post("/<int:spend_id>/delete")
@require(CHANGE)
def delete_spend(spend_id: int) -> Response:
    """Take the entry away."""
    spend = spending.get_spend(session(), spend_id, current_scope(CHANGE))
    spending.delete_spend(session(), spend, actor_id=actor_id(), now=now())
    flash(_("The entry is deleted."), "success")
    return redirect(url_for("spending.list_spend"))


def _as_typed(amount: Decimal) -> str:
    """12500 or, with kopecks, 12500,50: as the form reads it again."""
    text = f"{amount:.2f}".removesuffix(".00")
    return text.replace(".", ",") if current_language() == "ru" else text


def _save(spend: AdvertisingSpend | None) -> Page:
    form = read_form(SpendForm())
    if form.ok:
        facts = SpendFacts(
            from_day=form.data["from_day"],
            to_day=form.data["to_day"],
            amount=form.data["amount"],
            source_code=form.data["source_code"],
            campaign=form.data["campaign"] or "",
            department=SpendDepartment(form.data["department"]) if form.data["department"] else None,
            centre_id=form.data["centre_id"],
            note=form.data["note"] or "",
        )
        reach = current_scope(CHANGE)
        try:
            if spend is None:
                spending.record_spend(session(), facts, reach=reach, actor_id=actor_id(), now=now())
            else:
                spending.change_spend(session(), spend, facts, reach=reach, actor_id=actor_id(), now=now())
        except DomainError as refusal:
            form.refuse(FIELD_OF.get(refusal.code, "amount"), explain(refusal))
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("spending.list_spend"))
    return _page(form, spend), 422


def _page(form: Form, spend: AdvertisingSpend | None) -> str:
    reach = current_scope(CHANGE)
    everywhere = reach.kind is ScopeKind.GROUP
    kept = {spend.source_code, form.values.get("source_code")} if spend else set()
    mine = reach.held_in | reach.centre_ids
    return render_template(
        "inquiries/spend.html",
        form=form,
        spend=spend,
        everywhere=everywhere,
        departments=[(department.value, text) for department, text in DEPARTMENTS.items()],
        sources=[
            (source.code, source.name_in(current_language()))
            for source in list_sources(session())
            if source.paid or source.code in kept
        ],
        centres=[(centre.id, centre.name) for centre in find_centres(session()) if everywhere or centre.id in mine],
    )
