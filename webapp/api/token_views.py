"""Pages of tokens: one's own, and those of everybody for an administrator."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields
from werkzeug import Response

from webapp.api import tokens
from webapp.api.describing import pages
from webapp.api.tokens import Issued
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import RuleViolation
from webapp.core.feature import Text
from webapp.core.forms import Form, FormSchema, choice, read_form, text
from webapp.core.permissions import actor_id, require, signed_in
from webapp.staff.queries import get_user

DAYS: dict[str, Text] = {
    "30": _l("30 days"),
    "90": _l("90 days"),
    "365": _l("A year"),
    "0": _l("Until it is revoked"),
}
Page = str | Response | tuple[str, int]


class TokenForm(FormSchema):
    """A new token."""

    name = text(80, required=True)
    days = choice(tuple(DAYS))
    read_only = fields.Boolean(load_default=False)


@pages.get("/tokens")
@signed_in
def list_tokens() -> str:
    """My tokens, and a form for another."""
    return _page(Form(values={"days": "90"}))


@pages.post("/tokens")
@signed_in
def make_token() -> Page:
    """The new token stands on the answer, this once."""
    form = read_form(TokenForm())
    if form.ok:
        me = get_user(session(), actor_id())
        try:
            issued = tokens.issue_token(
                session(),
                me,
                name=form.data["name"],
                days=int(form.data["days"]),
                read_only=form.data["read_only"],
                actor_id=me.id,
                now=now(),
            )
        except RuleViolation as refusal:
            form.refuse("name", explain(refusal))
        else:
            return _page(Form(values={"days": "90"}), issued)
    return _page(form), 422


@pages.post("/tokens/<int:token_id>/revoke")
@signed_in
def revoke_token(token_id: int) -> Response:
    """My token opens nothing from here on."""
    revoked = tokens.revoke_token(session(), token_id, owner_id=actor_id(), actor_id=actor_id(), now=now())
    flash(_("The token %(name)s no longer works.", name=revoked.name), "success")
    return redirect(url_for("api_pages.list_tokens"))


@pages.get("/system/tokens")
@require("api.see_tokens")
def list_all_tokens() -> str:
    """Whose programs reach in, and when they last did."""
    return render_template("api/all_tokens.html", tokens=tokens.all_tokens(session()), at=now())


@pages.post("/system/tokens/<int:token_id>/revoke")
@require("api.see_tokens")
def revoke_any_token(token_id: int) -> Response:
    """Somebody's token opens nothing from here on."""
    revoked = tokens.revoke_token(session(), token_id, owner_id=None, actor_id=actor_id(), now=now())
    flash(
        _("The token %(name)s of %(person)s no longer works.", name=revoked.name, person=revoked.user.name), "success"
    )
    return redirect(url_for("api_pages.list_all_tokens"))


def _page(form: Form, issued: Issued | None = None) -> str:
    mine = tokens.tokens_of(session(), actor_id())
    return render_template("api/tokens.html", tokens=mine, form=form, issued=issued, lifetimes=DAYS.items(), at=now())
