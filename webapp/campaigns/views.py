"""Pages of campaigns: several at once on one list, plan against fact of each, its recipients."""

from decimal import Decimal, InvalidOperation

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp.campaigns import calling_off, figures, labels, queries, services, wording, working
from webapp.campaigns.cases import period_of
from webapp.campaigns.models import Campaign
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import session
from webapp.core.errors import NotFound
from webapp.core.forms import Form, plain_number
from webapp.core.i18n import current_language, local_now
from webapp.core.permissions import actor_id, current_scope, may, require, scope_if_any
from webapp.core.requests import page_number
from webapp.inquiries.queries import find_instances

PAGE = 50
SEE_MONEY = "funnel.see_money"  # who may know there what work has earned may know it here
LARGEST = Decimal(10) ** 9  # of one line, as in the plan

Page = str | Response | tuple[str, int]

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns", template_folder="templates")


@bp.get("")
@require("campaigns.see")
def list_campaigns() -> str:
    over = request.args.get("show") == "over"
    found = queries.list_campaigns(session(), scope=current_scope("campaigns.see"), over=over)
    today = local_now().date()
    return render_template(
        "campaigns/list.html",
        campaigns=found,
        facts=queries.facts_of(session(), found, profit_seen=may(SEE_MONEY)) if found else {},
        plans={campaign.id: services.plan_of(campaign) for campaign in found},
        overlaps=queries.overlaps_of(session(), found) if found and not over else [],
        bars=figures.period_bars([(each.starts_on, each.ends_on) for each in found], today),
        axis=figures.axis_of([(each.starts_on, each.ends_on) for each in found], today),
        over=over,
        labels=labels,
        period_of=period_of,
    )


@bp.get("/<int:campaign_id>")
@require("campaigns.see")
def show_campaign(campaign_id: int) -> str:
    return _page(_campaign(campaign_id, "campaigns.see"), Form())


@bp.get("/<int:campaign_id>/progress")
@require("campaigns.see")
def show_progress(campaign_id: int) -> str:
    """The part of the page that follows the sending."""
    campaign = _campaign(campaign_id, "campaigns.see")
    return render_template("campaigns/_progress.html", campaign=campaign, **_sending(campaign))


@bp.post("/<int:campaign_id>/costs")
@require("campaigns.change")
def change_costs(campaign_id: int) -> Page:
    """What the lines of the budget came to."""
    campaign = _campaign(campaign_id, "campaigns.change")
    form = Form(values=request.form.to_dict())
    actual: dict[int, tuple[Decimal | None, str]] = {}
    for line in campaign.costs:
        if f"actual-{line.id}" not in request.form:
            continue  # the budget was planned anew while the page was open
        typed = request.form[f"actual-{line.id}"].strip()
        invoice = request.form.get(f"invoice-{line.id}", "").strip()[:60]
        try:
            actual[line.id] = (_money(typed), invoice)
        except ValueError:
            form.refuse(f"actual-{line.id}", _("Enter an amount such as 12500 or 12500,50."))
    if not form.ok:
        return _page(campaign, form), 422
    services.set_actual_costs(session(), campaign, actual, actor_id=actor_id(), now=now())
    flash(_("Saved."), "success")
    return redirect(url_for("campaigns.show_campaign", campaign_id=campaign.id))


@bp.post("/<int:campaign_id>/call-off")
@require("campaigns.change")
def call_off(campaign_id: int) -> Page:
    """End it before its time: nothing more is sent."""
    campaign = _campaign(campaign_id, "campaigns.change")
    form = Form(values={"reason": request.form.get("reason", "").strip()})
    if not form.values["reason"]:
        form.refuse("reason", _("Say why, so that colleagues know."))
        return _page(campaign, form), 422
    calling_off.call_off(session(), campaign, form.values["reason"][:2000], actor_id=actor_id(), now=now())
    flash(_("The campaign is called off. Nothing more is sent."), "success")
    return redirect(url_for("campaigns.show_campaign", campaign_id=campaign.id))


@bp.get("/<int:campaign_id>/recipients")
@require("campaigns.see")
def list_recipients(campaign_id: int) -> str:
    campaign = _campaign(campaign_id, "campaigns.see")
    page, state = page_number(request.args), request.args.get("state", "")
    sight = scope_if_any("customers.see")
    rows, number = (
        queries.list_recipients(session(), campaign, state, scope=sight, offset=(page - 1) * PAGE, limit=PAGE)
        if sight
        else ([], 0)
    )
    return render_template(
        "campaigns/recipients.html",
        campaign=campaign,
        rows=rows,
        number=number,
        page=page,
        pages=-(-number // PAGE),
        state=state,
        states=_states(),
        progress=queries.progress_of(session(), campaign),
    )


def _campaign(campaign_id: int, permission: str) -> Campaign:
    campaign = queries.find_campaign(session(), campaign_id, scope=current_scope(permission))
    if campaign is None:
        raise NotFound("campaign_unknown", f"There is no campaign {campaign_id}.")
    return campaign


def _page(campaign: Campaign, form: Form) -> str:
    language, sight, profit_seen = current_language(), scope_if_any("customers.see"), may(SEE_MONEY)
    rule = campaign.rule
    return render_template(
        "campaigns/campaign.html",
        campaign=campaign,
        form=form,
        plan=services.plan_of(campaign),
        fact=queries.facts_of(session(), [campaign], profit_seen=profit_seen)[campaign.id],
        profit_seen=profit_seen,
        control=queries.control_of(session(), campaign),
        words=wording.describe(rule, wording.options(session(), language), language) if rule else "",
        overlaps=queries.overlaps_of(session(), [campaign]) + queries.planned_overlaps(session(), campaign, now()),
        responses=queries.list_responses(session(), campaign.id, scope=sight) if sight else [],
        ways=queries.ways_of(session(), campaign.id),
        work=working.list_work(session(), campaign),
        case=_case_of(campaign),
        labels=labels,
        period=period_of(campaign),
        may_change=may("campaigns.change"),
        **_sending(campaign),
    )


def _sending(campaign: Campaign) -> dict[str, object]:
    return {
        "progress": queries.progress_of(session(), campaign),
        "states": _states(),
        "can_send": bool(settings().smtp_host),
    }


def _states() -> dict[str, str]:
    """What became of recipients, in the order of the page."""
    return {code: str(text) for code, text in {**labels.MESSAGE_STATES, **labels.STEPS}.items()}


def _case_of(campaign: Campaign) -> int | None:
    """The number of its case, when the person may look at it."""
    reach = scope_if_any("cases.see")
    return find_instances(session(), [campaign.business_key], reach=reach).get(campaign.business_key)


def _money(typed: str) -> Decimal | None:
    """An amount as people type it; None for nothing. ValueError when it is none."""
    if not typed:
        return None
    try:
        amount = Decimal(plain_number(typed.removesuffix("₽")))
    except InvalidOperation as error:
        raise ValueError(typed) from error
    if not amount.is_finite() or not 0 <= amount < LARGEST:
        raise ValueError(typed)
    return amount.quantize(Decimal("0.01"))
