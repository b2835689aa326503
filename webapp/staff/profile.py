"""My profile: language, theme, zone, password, absences with their deputy."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security.utils import login_user
from werkzeug import Response

from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import DomainError
from webapp.core.forms import Form, read_form
from webapp.core.i18n import LANGUAGES, current_language, current_zone
from webapp.core.permissions import actor_id, forget_identity, signed_in
from webapp.core.preferences import current_theme
from webapp.staff import absences, passwords, queries, services
from webapp.staff.blueprint import bp
from webapp.staff.models import User
from webapp.staff.roles import BY_NAME
from webapp.staff.schemas import OwnPasswordForm, ProfileForm
from webapp.staff.zones import time_zones

Page = str | Response | tuple[str, int]


@bp.get("/profile")
@signed_in
def show_profile() -> str:
    return _page()


@bp.post("/profile")
@signed_in
def change_profile() -> Page:
    form = read_form(ProfileForm())
    if not form.ok:
        return _page(settings_form=form), 422
    user = _me()
    user.language, user.theme, user.time_zone = form.data["language"], form.data["theme"], form.data["time_zone"]
    flash(_("Saved."), "success")
    return redirect(url_for("staff.show_profile"))


@bp.post("/profile/password")
@signed_in
def change_own_password() -> Page:
    user, form = _me(), read_form(OwnPasswordForm())
    if form.ok and not passwords.is_right(user, form.data["current"]):
        form.refuse("current", _("This is not your present password."))
    if form.ok:
        try:
            services.change_password(session(), user, form.data["password"], actor_id=user.id, now=now())
        except DomainError as refusal:
            form.refuse("password", explain(refusal))
        else:
            login_user(user)  # every other session has ended, this one goes on
            forget_identity()
            flash(_("The new password is set. Everywhere else you are signed out."), "success")
            return redirect(url_for("staff.show_profile"))
    return _page(password_form=form), 422


@bp.post("/profile/absences")
@signed_in
def add_own_absence() -> Page:
    user = _me()
    form = absences.add_from_form(session(), user, actor_id=user.id, now=now())
    if not form.ok:
        return _page(absence_form=form), 422
    flash(_("The absence is noted."), "success")
    return redirect(url_for("staff.show_profile"))


@bp.post("/profile/absences/<int:absence_id>/end")
@signed_in
def end_own_absence(absence_id: int) -> Response:
    user = _me()
    services.end_absence(session(), user, absence_id, actor_id=user.id, now=now())
    flash(_("Welcome back."), "success")
    return redirect(url_for("staff.show_profile"))


def _me() -> User:
    return queries.get_user(session(), actor_id())


def _page(
    settings_form: Form | None = None, password_form: Form | None = None, absence_form: Form | None = None
) -> str:
    user = _me()
    present = Form(
        values={"language": current_language(), "theme": current_theme(), "time_zone": str(current_zone())},
    )
    return render_template(
        "staff/profile.html",
        user=user,
        roles=BY_NAME,
        centres={centre.id: centre.name for centre in queries.find_centres(session(), only_active=False)},
        languages=LANGUAGES,
        zones=time_zones(),
        settings_form=settings_form or present,
        password_form=password_form or Form(),
        absence_form=absence_form or Form(),
        absences=queries.find_absences(session(), user.id, now()),
        deputies=[(each.id, each.name) for each in queries.find_choosable(session(), besides=user.id)],
        serves=[
            queries.get_user(session(), each) for each in sorted(queries.find_represented(session(), user.id, now()))
        ],
    )
