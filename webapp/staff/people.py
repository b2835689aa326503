"""The staff: list and card, roles per centre, exceptions, absences, blocking. For administrators and heads."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import DomainError, Forbidden
from webapp.core.formats import format_phone
from webapp.core.forms import Form, number, read_form
from webapp.core.permissions import ScopeKind, actor_id, current_identity, current_scope, declared_permissions, require
from webapp.core.requests import page_number
from webapp.staff import absences, invitations, queries, services
from webapp.staff.blueprint import bp
from webapp.staff.models import Centre, User
from webapp.staff.rights import may_grant
from webapp.staff.roles import BY_NAME, DEPARTMENTS, ROLES, Role, in_department
from webapp.staff.schemas import ExceptionForm, GrantForm, NewPersonForm, PersonForm

Page = str | Response | tuple[str, int]

SCOPES = {kind: kind.name.lower() for kind in ScopeKind}


@bp.get("/staff")
@require("staff.see")
def show_people() -> str:
    wanted = queries.PeopleFilter(
        text=request.args.get("q", "").strip(),
        role=request.args.get("role", ""),
        centre_id=request.args.get("centre", type=number),
        active=request.args.get("blocked") != "1",
    )
    page = page_number(request.args)
    people, count = queries.find_people(session(), current_scope("staff.see"), wanted, page)
    return render_template(
        "staff/people.html",
        people=people,
        count=count,
        page=page,
        pages=-(-count // queries.PAGE),
        wanted=wanted,
        away=queries.find_away(session(), [user.id for user in people], now()),
        roles=BY_NAME,
        all_roles=ROLES,
        centres=queries.find_centres(session(), only_active=False),
    )


@bp.get("/staff/new")
@require("staff.add")
def show_new_person() -> str:
    centres = queries.find_centres(session())
    first = centres[0].id if len(centres) == 1 else ""
    return _new_page(Form(values={"centre_id": first}), centres)


@bp.post("/staff/new")
@require("staff.add")
def add_person() -> Page:
    """A person with a first role; he gets a mail with a link to set his password."""
    form = read_form(NewPersonForm())
    if form.ok:
        try:
            user = _add(form)
        except DomainError as refusal:
            _place(form, refusal)
        else:
            flash(_("%(name)s is added and gets a mail to set a password.", name=user.name), "success")
            return redirect(url_for("staff.show_person", user_id=user.id))
    session().rollback()
    return _new_page(form, queries.find_centres(session())), 422


@bp.get("/staff/<int:user_id>")
@require("staff.see")
def show_person(user_id: int) -> str:
    return _card(_visible(user_id, "staff.see"))


@bp.post("/staff/<int:user_id>")
@require("staff.change")
def change_person(user_id: int) -> Page:
    user, form = _changeable(user_id), read_form(PersonForm())
    if form.ok:
        try:
            services.change_user(
                session(),
                user,
                name=form.data["name"],
                email=form.data["email"],
                position=form.data["position"] or "",
                phone=services.normalise_phone(form.data["phone"] or ""),
                head_id=form.data["head_id"],
                actor_id=actor_id(),
                now=now(),
            )
        except DomainError as refusal:
            _place(form, refusal)
        else:
            return _back(user, _("Saved."))
    return _card(user, person_form=form), 422


@bp.post("/staff/<int:user_id>/roles")
@require("staff.change")
def grant_role(user_id: int) -> Page:
    user, form = _changeable(user_id), read_form(GrantForm())
    if form.ok:
        role, centre_id = form.data["role"], form.data["centre_id"]
        _require_grantable(role, centre_id)
        try:
            services.grant_role(session(), user, role, centre_id, actor_id=actor_id(), now=now())
        except DomainError as refusal:
            _place(form, refusal)
        else:
            return _back(user, _("The role is given."))
    return _card(user, grant_form=form), 422


@bp.post("/staff/<int:user_id>/roles/<int:grant_id>/revoke")
@require("staff.change")
def revoke_role(user_id: int, grant_id: int) -> Response:
    user = _changeable(user_id)
    services.revoke_role(session(), user, grant_id, actor_id=actor_id(), now=now())
    return _back(user, _("The role is taken away."))


@bp.post("/staff/<int:user_id>/exceptions")
@require("staff.change")
def set_exception(user_id: int) -> Page:
    """One right that deviates from the roles; only for those who run the staff of the whole group."""
    user, form = _changeable(user_id), read_form(ExceptionForm())
    if current_scope("staff.change").kind is not ScopeKind.GROUP:
        raise Forbidden("role_beyond_own")
    if not form.ok or form.data["permission"] not in declared_permissions():
        return _card(user, exception_form=form), 422
    permission, scope = form.data["permission"], form.data["scope"]
    chosen = {each.permission: each.kind for each in user.overrides if each.permission != permission}
    if scope:
        chosen[permission] = None if scope == "none" else ScopeKind[scope.upper()]
    services.set_exceptions(session(), user, chosen, actor_id=actor_id(), now=now())
    return _back(user, _("Saved."))


@bp.post("/staff/<int:user_id>/block")
@require("staff.change")
def block_person(user_id: int) -> Response:
    user = _changeable(user_id)
    services.block_user(session(), user, actor_id=actor_id(), now=now())
    return _back(user, _("%(name)s can no longer sign in.", name=user.name))


@bp.post("/staff/<int:user_id>/unblock")
@require("staff.change")
def unblock_person(user_id: int) -> Response:
    user = _changeable(user_id)
    services.unblock_user(session(), user, actor_id=actor_id(), now=now())
    return _back(user, _("%(name)s can sign in again.", name=user.name))


@bp.post("/staff/<int:user_id>/invite")
@require("staff.change")
def invite_person(user_id: int) -> Response:
    user = _changeable(user_id)
    invitations.mail_invitation(session(), user, actor_id=actor_id(), now=now())
    return _back(user, _("A link to set a password is on its way to %(email)s.", email=user.email))


@bp.post("/staff/<int:user_id>/absences")
@require("staff.change")
def add_absence(user_id: int) -> Page:
    user = _changeable(user_id)
    form = absences.add_from_form(session(), user, actor_id=actor_id(), now=now())
    return _back(user, _("The absence is noted.")) if form.ok else (_card(user, absence_form=form), 422)


@bp.post("/staff/<int:user_id>/absences/<int:absence_id>/end")
@require("staff.change")
def end_absence(user_id: int, absence_id: int) -> Response:
    user = _changeable(user_id)
    services.end_absence(session(), user, absence_id, actor_id=actor_id(), now=now())
    return _back(user, _("The absence has ended."))


def _add(form: Form) -> User:
    role, centre_id = form.data["role"], form.data["centre_id"]
    _require_grantable(role, centre_id)
    user = services.create_user(
        session(),
        name=form.data["name"],
        email=form.data["email"],
        position=form.data["position"] or "",
        phone=services.normalise_phone(form.data["phone"] or ""),
        head_id=form.data["head_id"],
        actor_id=actor_id(),
        now=now(),
    )
    services.grant_role(session(), user, role, centre_id, actor_id=actor_id(), now=now())
    invitations.mail_invitation(session(), user, actor_id=actor_id(), now=now())
    return user


def _visible(user_id: int, permission: str) -> User:
    return queries.get_visible_user(session(), user_id, current_scope(permission))


def _changeable(user_id: int) -> User:
    """In reach, and holding no role that the actor could not give: nobody works upwards."""
    user = _visible(user_id, "staff.change")
    if not _below(user):
        raise Forbidden("role_beyond_own")
    return user


def _below(user: User) -> bool:
    return all(_grantable(BY_NAME[grant.role], grant.centre_id) for grant in user.grants if grant.role in BY_NAME)


def _grantable(role: Role, centre_id: int | None) -> bool:
    identity = current_identity()
    return identity is not None and may_grant(role, centre_id, identity.scope_of)


def _require_grantable(role: str, centre_id: int | None) -> None:
    if not _grantable(BY_NAME[role], centre_id):
        raise Forbidden("role_beyond_own")


def _choices(centres: Sequence[Centre]) -> tuple[list[tuple[str, list[Role]]], list[tuple[int | str, str]]]:
    """Roles by department and places (a centre, or all of them) that the actor may combine."""
    names: dict[int | None, str] = {None: _("All centres")} | {centre.id: centre.name for centre in centres}
    open_to = {place: {role.name for role in ROLES if _grantable(role, place)} for place in names}
    grantable = set().union(*open_to.values())
    groups = [
        (str(title), [role for role in in_department(department) if role.name in grantable])
        for department, title in DEPARTMENTS.items()
    ]
    places: list[tuple[int | str, str]] = [(place or "", name) for place, name in names.items() if open_to[place]]
    return [group for group in groups if group[1]], places


def _place(form: Form, refusal: DomainError) -> None:
    """Show a service's refusal at the field it speaks of."""
    fields = {"email": "email", "phone": "phone", "head": "head_id", "role": "role"}
    form.refuse(fields.get(refusal.code.partition("_")[0], "name"), explain(refusal))


def _back(user: User, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("staff.show_person", user_id=user.id))


def _new_page(form: Form, centres: list[Centre]) -> str:
    roles, places = _choices(centres)
    people = queries.find_choosable(session())
    return render_template("staff/new_person.html", form=form, roles=roles, places=places, people=people)


def _card(user: User, **forms: Form) -> str:
    present = {name: getattr(user, name) for name in ("name", "email", "position", "head_id")}
    present["phone"] = format_phone(user.phone)
    centres = queries.find_centres(session(), only_active=False)
    roles, places = _choices([centre for centre in centres if centre.active])
    reach = current_identity()
    change = reach.scope_of("staff.change") if reach else None
    return render_template(
        "staff/person.html",
        user=user,
        person_form=forms.get("person_form", Form(values=present)),
        grant_form=forms.get("grant_form", Form()),
        absence_form=forms.get("absence_form", Form()),
        exception_form=forms.get("exception_form", Form()),
        may_change=change is not None and _below(user),
        may_except=change is not None and change.kind is ScopeKind.GROUP,
        roles=roles,
        known_roles=BY_NAME,
        places=places,
        centres={centre.id: centre.name for centre in centres},
        people=queries.find_choosable(session(), besides=user.id),
        head=session().get(User, user.head_id) if user.head_id else None,
        absences=queries.find_absences(session(), user.id, now()),
        away=queries.find_away(session(), [user.id], now()).get(user.id),
        permissions=sorted(declared_permissions().values(), key=lambda each: each.name),
        scopes=SCOPES,
    )
