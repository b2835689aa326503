"""Pages: what holds in each department, and its change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.operations import Operation
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.feature import Text
from webapp.core.operation_names import operation_title
from webapp.core.permissions import actor_id, require
from webapp.core.workflow import engine
from webapp.staff.queries import names_of, people_with
from webapp.studio.access import whole_group
from webapp.studio.departments.models import ApprovalPolicy, Part
from webapp.studio.departments.rules import ALL, DEPARTMENTS, Rules, rules_of, set_rules

bp = Blueprint("departments", __name__, url_prefix="/studio/departments", template_folder="../templates")

POLICIES: Mapping[ApprovalPolicy, Text] = {
    ApprovalPolicy.TOUCHED: _l("when the draft touches what writes to customers, books money or lowers prices"),
    ApprovalPolicy.ALWAYS: _l("always"),
    ApprovalPolicy.NEVER: _l("never"),
}


@dataclass(frozen=True)
class Group:
    """The operations of one part of the product. `whole`: all of them are allowed, also those to come."""

    name: str
    title: Text
    operations: Sequence[tuple[str, str]]  # name and title, by title
    allowed: frozenset[str]
    whole: bool


@bp.get("")
@require("studio.see")
def list_departments() -> str:
    """What holds in each of them."""
    whole_group("studio.see")
    rules = rules_of(session())
    people = names_of(session(), frozenset().union(*(each.people() for each in rules.values())))
    return render_template(
        "studio/departments/list.html",
        rules=rules.values(),
        departments=DEPARTMENTS,
        people=people,
        policies=POLICIES,
        groups={name: _groups(each) for name, each in rules.items()},
    )


@bp.get("/<name>")
@require("studio.set_up")
def show_department(name: str) -> str:
    """The form in which it is changed."""
    whole_group("studio.set_up")
    return _page(_rules(name))


@bp.post("/<name>")
@require("studio.set_up")
def change_department(name: str) -> ResponseReturnValue:
    """Write down what holds from now on."""
    whole_group("studio.set_up")
    rules = _rules(name)
    may_draw, may_approve = (set(people_with(session(), each)) for each in ("studio.edit", "studio.approve"))
    policy = request.form.get("policy", "")
    owner = request.form.get("owner", type=int)
    operations = _ticked(rules)
    if policy not in set(ApprovalPolicy) or (owner is not None and owner not in may_draw):
        abort(422)
    # who was named stays named without the permission: an empty list would let everybody draw
    drawers = (may_draw | rules.drawers) & set(request.form.getlist(Part.DRAWS.value, type=int))
    approvers = (may_approve | rules.approvers) & set(request.form.getlist(Part.APPROVES.value, type=int))
    if not operations:
        typed = replace(
            rules,
            policy=ApprovalPolicy(policy),
            owner_id=owner,
            drawers=frozenset(drawers),
            approvers=frozenset(approvers),
            allowed=frozenset(),
        )
        return _page(typed, error=_("Choose at least one operation: without any nothing could be published.")), 422
    set_rules(
        session(),
        name,
        owner_id=owner,
        policy=ApprovalPolicy(policy),
        operations=operations,
        people={Part.DRAWS: drawers, Part.APPROVES: approvers},
        actor_id=actor_id(),
        now=now(),
    )
    flash(_("Saved. It holds from the next draft on, and for those that are open."), "success")
    return redirect(url_for("departments.list_departments"))


def _page(rules: Rules, error: str = "") -> str:
    may_draw = {*people_with(session(), "studio.edit"), *rules.drawers}
    may_approve = {*people_with(session(), "studio.approve"), *rules.approvers}
    names = names_of(session(), {*may_draw, *may_approve})
    return render_template(
        "studio/departments/change.html",
        rules=rules,
        title=DEPARTMENTS[rules.department],
        drawers=sorted(((each, names[each]) for each in may_draw), key=lambda pair: pair[1]),
        approvers=sorted(((each, names[each]) for each in may_approve), key=lambda pair: pair[1]),
        policies=POLICIES,
        groups=_groups(rules),
        error=error,
    )


def _rules(name: str) -> Rules:
    found = rules_of(session()).get(name)
    if found is None:
        abort(404)
    return found


def _groups(rules: Rules) -> list[Group]:
    """All operations by the part of the product that offers them."""
    by_part: dict[str, list[Operation]] = {}
    for name, operation in engine().kernel.operations.items():
        by_part.setdefault(name.partition(".")[0], []).append(operation)
    return [
        Group(
            part,
            DEPARTMENTS.get(part, part),
            sorted(((each.name, operation_title(each)) for each in operations), key=lambda pair: pair[1]),
            frozenset(each.name for each in operations if rules.may_use(each.name)),
            bool({f"{part}.*", ALL} & rules.allowed),
        )
        for part, operations in sorted(by_part.items())
    ]


def _ticked(rules: Rules) -> list[str]:
    """What is chosen: whole parts, and single operations of others; all parts together are everything."""
    groups = _groups(rules)
    scopes = {group.name: request.form.get(f"scope-{group.name}", "none") for group in groups}
    whole = {name for name, scope in scopes.items() if scope == "all"}
    if len(whole) == len(groups):
        return [ALL]
    single = set(request.form.getlist("operation"))
    some = [group for group in groups if scopes[group.name] == "some"]
    named = [name for group in some for name, _title in group.operations if name in single]
    return [f"{name}.*" for name in sorted(whole)] + named
