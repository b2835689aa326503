"""Pages of segments: the list, and the builder with its live count."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from webapp.campaigns import builder, segments, wording
from webapp.campaigns.builder import RuleForm
from webapp.campaigns.models import Segment
from webapp.campaigns.reaching import reach_by_channel
from webapp.campaigns.rules.compiling import who_fits
from webapp.campaigns.rules.fields import FIELDS, OPERATOR_TITLES, TOPICS
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.forms import Form
from webapp.core.i18n import current_language
from webapp.core.permissions import actor_id, current_scope, may, require, scope_if_any

Page = str | Response | tuple[str, int]

bp = Blueprint("segments", __name__, url_prefix="/campaigns/segments", template_folder="templates")


@bp.get("")
@require("campaigns.see")
def list_segments() -> str:
    found = segments.list_segments(session(), scope=current_scope("campaigns.see"))
    known, language = wording.options(session(), current_language()), current_language()
    rows = [(each, wording.describe(each.tree, known, language)) for each in found]
    return render_template("campaigns/segments.html", rows=rows)


@bp.get("/new")
@require("campaigns.change")
def show_new() -> str:
    return _page(None, Form(), RuleForm(groups=[builder.GroupForm()]))


@bp.post("/new")
@require("campaigns.change")
def add() -> Page:
    return _save(None)


@bp.get("/<int:segment_id>")
@require("campaigns.see")
def show(segment_id: int) -> str:
    segment = _segment(segment_id, "campaigns.see")
    return _page(segment, Form(values={"name": segment.name, "note": segment.note}), builder.show_rule(segment.tree))


@bp.post("/<int:segment_id>")
@require("campaigns.change")
def change(segment_id: int) -> Page:
    return _save(_segment(segment_id, "campaigns.change"))


@bp.post("/rows")
@require("campaigns.change")
def change_rows() -> str:
    """The rows of the builder after one of its buttons, and with them the count."""
    rule = builder.read_form(request.form)
    rule.act(request.form.get("act", ""))
    return render_template("campaigns/_rows.html", rule=rule, swap=True, **_parts(), **_found(None, rule))


@bp.post("/count")
@require("campaigns.see")
def count() -> str:
    """How many fit what stands in the builder just now."""
    return render_template("campaigns/_found.html", **_found(None, builder.read_form(request.form)))


@bp.post("/<int:segment_id>/freeze")
@require("campaigns.change")
def freeze(segment_id: int) -> Response:
    segment = _segment(segment_id, "campaigns.change")
    kept = segments.freeze(session(), segment, actor_id=actor_id(), now=now())
    flash(_("Frozen with %(count)s customers of this moment.", count=kept), "success")
    return redirect(url_for("segments.show", segment_id=segment_id))


@bp.post("/<int:segment_id>/archive")
@require("campaigns.change")
def archive(segment_id: int) -> Response:
    segment = _segment(segment_id, "campaigns.change")
    segments.archive(session(), segment, actor_id=actor_id(), now=now())
    flash(_("“%(name)s” is put away.", name=segment.name), "success")
    return redirect(url_for("segments.list_segments"))


def _segment(segment_id: int, permission: str) -> Segment:
    return segments.get_segment(session(), segment_id, scope=current_scope(permission))


def _save(segment: Segment | None) -> Page:
    form = Form(values={name: request.form.get(name, "").strip() for name in ("name", "note")})
    rule = builder.read_form(request.form) if segment is None or segment.frozen_at is None else None
    if rule is not None and request.form.get("act"):
        rule.act(request.form["act"])
        return _page(segment, form, rule)
    if not form.values["name"]:
        form.refuse("name", _("Give it a name by which colleagues will know it."))
    if len(form.values["name"]) > 120:
        form.refuse("name", _("At most {max} characters.").replace("{max}", "120"))
    wrong = rule is not None and rule.mark_wrong()
    if segment is not None and rule is None:
        rule = builder.show_rule(segment.tree)
    if rule is None or wrong or not form.ok:
        return _page(segment, form, rule or RuleForm()), 422
    saved = segments.save_segment(
        session(),
        segment,
        name=form.values["name"],
        note=form.values["note"][:500],
        rule=rule.rule(),
        centre_id=_own_centre(),
        actor_id=actor_id(),
        now=now(),
    )
    flash(_("Saved."), "success")
    if kept := segments.count_approved(session(), saved):
        flash(
            ngettext(
                "%(num)s campaign is approved with the rule as it was, and keeps that one.",
                "%(num)s campaigns are approved with the rule as it was, and keep that one.",
                kept,
            ),
            "info",
        )
    return redirect(url_for("segments.show", segment_id=saved.id))


def _own_centre() -> int | None:
    """Who works in one centre keeps his segments there; others keep them for the whole group."""
    held = current_scope("campaigns.change").held_in
    return next(iter(held)) if len(held) == 1 else None


def _page(segment: Segment | None, form: Form, rule: RuleForm) -> str:
    return render_template(
        "campaigns/segment.html",
        segment=segment,
        form=form,
        rule=rule,
        editable=may("campaigns.change") and (segment is None or segment.frozen_at is None),
        words=wording.describe(rule.rule(), wording.options(session(), current_language()), current_language()),
        **_parts(),
        **_found(segment, rule),
    )


def _parts() -> dict[str, object]:
    return {
        "choices": wording.options(session(), current_language()),
        "fields": FIELDS,
        "topics": TOPICS,
        "operators": OPERATOR_TITLES,
    }


def _found(segment: Segment | None, rule: RuleForm) -> dict[str, object]:
    """Count, reach and a sample of what stands in the builder, or of what was frozen."""
    frozen = segment is not None and segment.frozen_at is not None
    if segment is not None and frozen:
        ids = segments.members(segment, now())
    else:
        ids = who_fits(rule.rule(), segments.moment_at(now()))
    sight = scope_if_any("customers.see")
    return {
        "number": segments.count(session(), ids),
        "reach": reach_by_channel(session(), ids, now=now()),
        "rows": segments.sample(session(), ids, scope=sight) if sight else [],
        "named": sight is not None,
    }
