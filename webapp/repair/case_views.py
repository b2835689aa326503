"""The page where a case is mended by hand: moved, cancelled, begun anew, reopened."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.errors import BusinessError
from engine.instances.commands import StepResult
from engine.instances.saving import new_command_key
from engine.repair import modifying
from engine.repair.acts import Act
from engine.repair.modifying import CANCELLED
from engine.spiff import MovePlan
from webapp.cases.labels import outcome_text
from webapp.cases.queries import CaseRecord
from webapp.core.clock import now
from webapp.core.database import database, session
from webapp.core.i18n import current_language
from webapp.core.permissions import actor_id, require
from webapp.core.workflow import describe_cases, engine
from webapp.repair import places
from webapp.repair.causes import explain_repair
from webapp.repair.reaching import bp, posted_act, require_repairable, revision_of, status_for

MOVE, CANCEL, RESTART, REOPEN = "move", "cancel", "restart", "reopen"


@dataclass(frozen=True)
class Preview:
    """What a move would do, in names."""

    token: str
    target: str
    name: str
    withdrawn: list[places.Place]
    opened: list[str]
    done: list[str]


@bp.get("/cases/<int:instance_id>/repair")
@require("repair.change")
def show_repair(instance_id: int) -> ResponseReturnValue:
    """Where the case stands and what can be done with it; with `token` and `to`, what a move would do."""
    case = require_repairable(session(), instance_id)
    token, target = request.args.get("token", ""), request.args.get("to", "")
    if not (case.is_open and token and target):
        return _page(case, target=target)
    try:
        preview = _preview(case, token, target)
        _try_move(instance_id, token, target)
    except BusinessError as refusal:
        return _page(case, refusal=explain_repair(refusal, case.definition), token=token, target=target)
    return _page(case, preview=preview, token=token, target=target)


@bp.post("/cases/<int:instance_id>/repair/move")
@require("repair.change")
def move_case(instance_id: int) -> ResponseReturnValue:
    """Move a token to another element, as the preview has told."""
    element, path = places.read_key(request.form.get("to", "")[:500])
    token = request.form.get("token", "")[:64]
    taken_back = request.form.getlist("take_back")

    def work() -> StepResult:
        return engine().repair.move(session(), instance_id, token, element, path, posted_act(), take_back=taken_back)

    return _done(instance_id, MOVE, work, _("The case has been moved."))


@bp.post("/cases/<int:instance_id>/repair/cancel")
@require("repair.change")
def cancel_case(instance_id: int) -> ResponseReturnValue:
    """End the case, whatever is open."""
    outcome = request.form.get("outcome", CANCELLED)[:60]
    return _done(
        instance_id,
        CANCEL,
        lambda: engine().repair.cancel(session(), instance_id, posted_act(), outcome=outcome),
        _("The case has been cancelled."),
    )


@bp.post("/cases/<int:instance_id>/repair/restart")
@require("repair.change")
def restart_case(instance_id: int) -> ResponseReturnValue:
    """Begin the case anew, with or without what has been answered."""
    clear = request.form.get("answers") == "clear"
    return _done(
        instance_id,
        RESTART,
        lambda: engine().repair.restart(session(), instance_id, posted_act(), clear=clear),
        _("The case begins anew."),
    )


@bp.post("/cases/<int:instance_id>/repair/reopen")
@require("repair.change")
def reopen_case(instance_id: int) -> ResponseReturnValue:
    """Open a closed case again at an element."""
    element, path = places.read_key(request.form.get("to", "")[:500])
    return _done(
        instance_id,
        REOPEN,
        lambda: engine().repair.reopen(session(), instance_id, element, path, posted_act()),
        _("The case is open again."),
    )


def _done(instance_id: int, act: str, work: Callable[[], StepResult], told: str) -> ResponseReturnValue:
    require_repairable(session(), instance_id)
    try:
        work()
    except BusinessError as refusal:
        session().rollback()
        case = require_repairable(session(), instance_id)
        token, target = request.form.get("token", "")[:64], request.form.get("to", "")[:500]
        preview = None
        if act == MOVE and case.is_open:
            try:
                preview = _preview(case, token, target)
            except BusinessError:  # the refusal that is shown says more
                preview = None
        reason = request.form.get("reason", "")
        page = _page(
            case,
            refusal=explain_repair(refusal, case.definition),
            preview=preview,
            token=token,
            target=target,
            reason=reason,
            refused=act,
        )
        return page, status_for(refusal)
    flash(told, "success")
    return redirect(url_for("cases.show_case", instance_id=instance_id))


def _try_move(instance_id: int, token: str, target: str) -> None:
    """Make the move in a unit of its own that is never committed. Raises what the move would be refused with."""
    element, path = places.read_key(target[:500])
    tried = Act(reason="tried", actor_id=actor_id(), now=now(), command_key=new_command_key())
    with database().session(write=True) as apart:
        engine().repair.move(apart, instance_id, token, element, path, tried)


def _preview(case: CaseRecord, token: str, target: str) -> Preview:
    element, path = places.read_key(target[:500])
    plan: MovePlan = engine().repair.plan_move(session(), case.instance_id, token, element, path, now=now())
    inside = path[: len(path) - len(plan.opened)]
    return Preview(
        token=token,
        target=target,
        name=places.name_at(case.definition, element, path),
        withdrawn=places.standing(case.definition, plan.withdrawn),
        opened=[places.name_at(case.definition, each, inside) for each in plan.opened],
        done=sorted({places.name_at(case.definition, source, path) for _join, source in plan.done}),
    )


def _page(
    case: CaseRecord,
    *,
    preview: Preview | None = None,
    refusal: str = "",
    token: str = "",
    target: str = "",
    reason: str = "",
    refused: str = "",
) -> str:
    language, model = current_language(), case.definition.model
    tokens = engine().repair.standing(session(), case.instance_id, now=now()) if case.is_open else []
    entered = {event.milestone for event in case.events if event.kind == "milestone_entered" and event.milestone}
    return render_template(
        "repair/case.html",
        case=case,
        title=describe_cases(session(), [case.business_key])[case.business_key].title,
        process=model.name.in_language(language),
        standing=places.standing(case.definition, tokens),
        groups=places.target_groups(case.definition),
        outcomes=[(each, outcome_text(each)) for each in modifying.outcomes(model)],
        milestones=[
            (name, text.in_language(language)) for name, text in model.milestone_names.items() if name in entered
        ],
        preview=preview,
        refusal=refusal,
        refused=refused,
        token=token,
        target=target,
        reason=reason,
        rev=revision_of(session(), case.instance_id),
        key=new_command_key(),
    )
