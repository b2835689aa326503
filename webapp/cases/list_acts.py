"""What is done from a list: saved views, and handing many cases to a colleague."""

from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from engine.instances.models import ProcessInstance
from webapp.cases import handing_over, saved_views
from webapp.cases.filtering import CaseFilter, conditions, read_filter
from webapp.cases.handing_over import MOST, Preview
from webapp.cases.labels import BULK_REASONS
from webapp.cases.models import BulkAct, ItemState
from webapp.cases.walking import LONGEST
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.errors import Forbidden, RuleViolation
from webapp.core.forms import Form, FormSchema, number, read_form, text, whole_number
from webapp.core.permissions import actor_id, current_scope, may, permission_title, require
from webapp.core.requests import local_path
from webapp.core.undo import flash_undoable
from webapp.core.workflow import current_actor, describe_cases, engine
from webapp.staff.queries import find_choosable, names_of
from webapp.staff.roles import BY_NAME

bp = Blueprint("case_lists", __name__, template_folder="templates")

SHARE = "cases.share"
NAMED = 8  # refused cases that the preview names one by one


class ViewIn(FormSchema):
    """A name for a filter, and to which role it is offered."""

    name = text(80, required=True, shortest=1)
    role = text(60)


class HandOverIn(FormSchema):
    """To whom, and why."""

    to = whole_number(required=True, error_messages={"required": _l("Choose a colleague.")})
    comment = text(500, required=True, shortest=2)


@bp.post("/cases/views")
@require("cases.see")
def save_view() -> Response:
    """Keep the filter of the page under a name."""
    form = read_form(ViewIn())
    back = _where_back()
    if not form.ok:
        raise RuleViolation("view_nameless")
    role = form.data.get("role") or ""
    if role and (role not in BY_NAME or not may(SHARE)):
        raise Forbidden("permission_missing", permission=permission_title(SHARE))
    view = saved_views.save_view(
        session(),
        _filter_of(back),
        name=form.data["name"],
        board=urlsplit(back).path == url_for("cases.show_board"),
        role=role,
        owner_id=actor_id(),
        now=now(),
    )
    if request.form.get("default"):
        saved_views.choose_default(session(), view.id, actor=current_actor())
    flash(_("The view “%(name)s” is saved.", name=view.name), "success")
    return redirect(url_for("cases.open_view", view_id=view.id))


@bp.post("/cases/views/<int:view_id>/rename")
@require("cases.see")
def rename_view(view_id: int) -> Response:
    form = read_form(ViewIn())
    if not form.ok:
        raise RuleViolation("view_nameless")
    view = saved_views.rename_view(session(), view_id, form.data["name"], owner_id=actor_id(), now=now())
    flash(_("The view is called “%(name)s” now.", name=view.name), "success")
    return redirect(url_for("cases.open_view", view_id=view_id))


@bp.post("/cases/views/<int:view_id>/delete")
@require("cases.see")
def delete_view(view_id: int) -> Response:
    name = saved_views.delete_view(session(), view_id, owner_id=actor_id())
    flash(_("The view “%(name)s” is deleted.", name=name), "success")
    return redirect(url_for("cases.list_cases", state="open"))


@bp.post("/cases/views/default")
@require("cases.see")
def choose_default() -> Response:
    """Begin with this view, or with all open cases again."""
    view_id = request.form.get("view", type=number)
    saved_views.choose_default(session(), view_id, actor=current_actor())
    flash(_("The list begins with this view now.") if view_id else _("The list begins with all open cases."), "success")
    return redirect(_where_back())


@bp.get("/cases/hand-over")
@require("cases.change")
def ask_hand_over() -> str:
    """What handing the chosen cases over would do: how many, whose, and which not, with the reason."""
    return _page(Form())


@bp.post("/cases/hand-over")
@require("cases.change")
def hand_over() -> ResponseReturnValue:
    """Write the order down and do its first portion."""
    form = read_form(HandOverIn())
    if not form.ok:
        return _page(form), 422
    found = _preview(form.data["to"])
    if not found.ready:
        form.refuse("to", _("None of these cases can go to this colleague."))
        return _page(form), 422
    act = handing_over.order_act(
        session(),
        found,
        to=form.data["to"],
        comment=form.data["comment"],
        back=_where_back(),
        actor_id=actor_id(),
        now=now(),
    )
    return _portion(act)


@bp.get("/cases/hand-over/<int:act_id>")
@require("cases.change")
def show_progress(act_id: int) -> str:
    """How far an act has come; the page goes on by itself while there is more to do."""
    act = handing_over.get_act(session(), act_id, actor_id=actor_id())
    progress = handing_over.progress_of(session(), act)
    return render_template(
        "cases/progress.html",
        act=act,
        progress=progress,
        reasons=BULK_REASONS,
        under_way=handing_over.is_under_way(act, progress),
        name=names_of(session(), [act.to_id]).get(act.to_id, ""),
    )


@bp.post("/cases/hand-over/<int:act_id>/go-on")
@require("cases.change")
def go_on(act_id: int) -> ResponseReturnValue:
    """The next portion."""
    return _portion(handing_over.get_act(session(), act_id, actor_id=actor_id(), lock=True))


@bp.post("/cases/hand-over/<int:act_id>/cancel")
@require("cases.change")
def cancel(act_id: int) -> Response:
    """What is not done yet stays undone."""
    act = handing_over.get_act(session(), act_id, actor_id=actor_id(), lock=True)
    handing_over.cancel(session(), act)
    return _finished(act)


@bp.post("/cases/hand-over/undo")
@require("cases.change")
def undo() -> ResponseReturnValue:
    """Take the act back: every case that has not gone on meanwhile is with whom it was."""
    act_id = request.form.get("act", type=number) or 0
    act = handing_over.get_act(session(), act_id, actor_id=actor_id(), lock=True)
    handing_over.undo(session(), engine(), act, actor=current_actor(), now=now())
    return _after_portion(act)


def _portion(act: BulkAct) -> ResponseReturnValue:
    reach = current_scope("cases.change")
    handing_over.go_on(session(), engine(), act, reach=reach, actor=current_actor(), now=now())
    return _after_portion(act)


def _after_portion(act: BulkAct) -> Response:
    if handing_over.is_under_way(act, handing_over.progress_of(session(), act)):
        return redirect(url_for("case_lists.show_progress", act_id=act.id))
    return _finished(act)


def _finished(act: BulkAct) -> Response:
    """Back to the list with what came of it, and the way to undo it."""
    progress = handing_over.progress_of(session(), act)
    states = progress.states
    if act.undoing:
        undone, kept = states.get(ItemState.UNDONE, 0), states.get(ItemState.KEPT, 0)
        flash(
            ngettext("Undone: %(num)s case is where it was.", "Undone: %(num)s cases are where they were.", undone),
            "success",
        )
        if kept:
            flash(
                ngettext(
                    "%(num)s case has gone on meanwhile and stays.",
                    "%(num)s cases have gone on meanwhile and stay.",
                    kept,
                ),
                "warning",
            )
        return redirect(local_path(act.back, url_for("cases.list_cases")))
    if progress.done:
        name = names_of(session(), [act.to_id]).get(act.to_id, "")
        text = ngettext(
            "%(num)s case is handed over to %(name)s.",
            "%(num)s cases are handed over to %(name)s.",
            progress.done,
            name=name,
        )
        flash_undoable(text, url_for("case_lists.undo"), {"act": [act.id]})
    refused = states.get(ItemState.REFUSED, 0)
    if refused:
        reasons = "; ".join(f"{BULK_REASONS.get(code, code)}: {count}" for code, count in progress.reasons.items())
        flash(_("Not handed over: %(reasons)s.", reasons=reasons), "warning")
    return redirect(local_path(act.back, url_for("cases.list_cases")))


def _page(form: Form) -> str:
    found = _preview(None)
    whose = names_of(session(), [each for each in found.whose if each is not None])
    named = list(found.refused)[:NAMED]
    labels = describe_cases(session(), [found.keys[each] for each in named])
    return render_template(
        "cases/hand_over.html",
        form=form,
        found=found,
        whose=[(whose.get(person or 0) or _("Nobody"), number) for person, number in found.whose.most_common()],
        refused=[(labels[found.keys[each]], BULK_REASONS[found.refused[each]]) for each in named],
        left=len(found.refused) - len(named),
        most=MOST,
        chosen=request.values.getlist("case", type=number),
        whole=bool(request.values.get("whole")),
        colleagues=find_choosable(session()),
        back=_where_back(),
    )


def _preview(to: int | None) -> Preview:
    """Of the cases named one by one, or of all that the filter of the list finds."""
    reach, seen = current_scope("cases.change"), current_scope("cases.see")
    ids = request.values.getlist("case", type=number)[:MOST]
    if request.values.get("whole"):
        asked = _filter_of(_where_back())
        statement = select(ProcessInstance.id).where(*conditions(asked, seen, now())).order_by(ProcessInstance.id)
        ids = list(session().scalars(statement.limit(MOST)))
    return handing_over.preview(session(), ids, seen=seen, reach=reach, actor=current_actor(), to=to)


def _filter_of(address: str) -> CaseFilter:
    return read_filter(MultiDict(parse_qsl(urlsplit(address).query)))


def _where_back() -> str:
    """The list an act came from. Its address is the filter: cut short it would be another, wider one."""
    address = request.values.get("back", "")
    if len(address) > LONGEST:
        raise RuleViolation("filter_too_long")
    return local_path(address, url_for("cases.list_cases"))
