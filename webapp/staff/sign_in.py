"""Coming in and going out: sign-in, the demo's roles, the first start, a forgotten password."""

from datetime import timedelta

import flask
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security.utils import login_user, logout_user
from flask_wtf.csrf import generate_csrf
from werkzeug import Response

from webapp.core import navigation
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import keep_despite_refusal, session
from webapp.core.engine_errors import explain
from webapp.core.errors import Conflict, DomainError, NotFound
from webapp.core.forms import Form, read_form
from webapp.core.permissions import current_identity, forget_identity, public, signed_in
from webapp.core.rate_limits import limit
from webapp.core.requests import local_path
from webapp.staff import invitations, passwords, queries, services
from webapp.staff.blueprint import bp
from webapp.staff.models import User
from webapp.staff.roles import BY_NAME, DEPARTMENTS, in_department
from webapp.staff.schemas import ForgottenForm, NewPasswordForm, SetUpForm, SignInForm

Page = str | Response | tuple[str, int]


def attempts() -> str:
    return settings().sign_in_limit


@bp.get("/")
@signed_in
def show_home() -> Response:
    """The first page of the person's rail."""
    return redirect(navigation.first_page())


@bp.get("/sign-in")
@public
def show_sign_in() -> Page:
    if current_identity() is not None:
        return redirect(local_path(request.args.get("next")))
    if not queries.count_users(session()):
        return redirect(url_for("staff.show_set_up"))
    return _sign_in_page(Form(values={"next": request.args.get("next", "")}))


@bp.post("/sign-in")
@public
@limit(attempts)
def sign_in() -> Page:
    form = read_form(SignInForm())
    chosen = settings()
    if form.ok:
        user = services.try_password(
            session(),
            form.data["email"],
            form.data["password"],
            now=now(),
            locks_at=chosen.lockout_failures,
            wait=timedelta(minutes=chosen.lockout_minutes),
        )
        if user is not None:
            open_session(user)
            return redirect(local_path(request.form.get("next")))
        keep_despite_refusal()  # the failure counts
        form.refuse("password", _("E-mail and password do not fit, or the account waits after too many attempts."))
    return _sign_in_page(form), 422


@bp.post("/demo-sign-in")
@public
def sign_in_as_role() -> Page:
    """One click into a role; there is no such page outside the demo."""
    if not settings().demo:
        raise NotFound("demo_role_empty")
    role = request.form.get("role", "")
    person = queries.find_example(session(), role) if role in BY_NAME else None
    if person is None:
        raise NotFound("demo_role_empty")
    services.note_sign_in(session(), person, now=now())
    open_session(person)
    return redirect(local_path(request.form.get("next")))


@bp.post("/sign-out")
@signed_in
def sign_out() -> Response:
    logout_user()
    flask.session.clear()
    forget_identity()
    return redirect(url_for("staff.show_sign_in"))


@bp.get("/set-up")
@public
def show_set_up() -> Page:
    if queries.count_users(session()):
        return redirect(url_for("staff.show_sign_in"))
    return render_template("staff/set_up.html", form=Form())


@bp.post("/set-up")
@public
@limit(attempts)
def set_up() -> Page:
    """One time: the first administrator and the first centre."""
    if queries.count_users(session()):
        raise Conflict("already_set_up")
    form = read_form(SetUpForm())
    if form.ok:
        try:
            user = services.set_up(
                session(),
                name=form.data["name"],
                email=form.data["email"],
                password=form.data["password"],
                centre=form.data["centre"],
                now=now(),
            )
        except DomainError as refusal:
            form.refuse("email" if refusal.code.startswith("email") else "password", explain(refusal))
        else:
            open_session(user)
            flash(_("Welcome. Add the people who work here."), "success")
            return redirect(url_for("staff.show_people"))
    return render_template("staff/set_up.html", form=form), 422


@bp.get("/forgotten-password")
@public
def show_forgotten() -> str:
    return render_template("staff/forgotten.html", form=Form(), sent=False)


@bp.post("/forgotten-password")
@public
@limit(attempts)
def send_reset_link() -> Page:
    """Mails a link if the address is known; the answer is the same if it is not."""
    form = read_form(ForgottenForm())
    if not form.ok:
        return render_template("staff/forgotten.html", form=form, sent=False), 422
    invitations.mail_reset_link(session(), form.data["email"], now=now())
    return render_template("staff/forgotten.html", form=form, sent=True)


@bp.get("/new-password/<token>")
@public
def show_new_password(token: str) -> Page:
    user = passwords.user_of_token(token)
    return render_template("staff/new_password.html", form=Form(), user=user, token=token), 200 if user else 404


@bp.post("/new-password/<token>")
@public
@limit(attempts)
def set_new_password(token: str) -> Page:
    user = passwords.user_of_token(token)
    form = read_form(NewPasswordForm())
    if user is None:
        return render_template("staff/new_password.html", form=form, user=None, token=token), 404
    if form.ok:
        try:
            services.change_password(session(), user, form.data["password"], actor_id=user.id, now=now())
        except DomainError as refusal:
            form.refuse("password", explain(refusal))
        else:
            flash(_("The new password is set. Sign in with it."), "success")
            return redirect(url_for("staff.show_sign_in"))
    return render_template("staff/new_password.html", form=form, user=user, token=token), 422


def open_session(user: User) -> None:
    """Begin a fresh session: nothing of the one before survives."""
    flask.session.clear()
    login_user(user)
    flask.session.permanent = True
    forget_identity()
    generate_csrf()  # one token from the start: two tabs that open at once do not write one each


def _sign_in_page(form: Form) -> str:
    people = queries.find_examples(session()) if settings().demo else {}
    groups = [
        (title, [(role, people[role.name]) for role in in_department(department) if role.name in people])
        for department, title in DEPARTMENTS.items()
    ]
    return render_template("staff/sign_in.html", form=form, groups=[group for group in groups if group[1]])
