"""The page behind the link under every advertising mail. Who holds the link may use it: nobody signs in."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug import Response

from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import NotFound
from webapp.core.permissions import public
from webapp.core.rate_limits import limit
from webapp.core.session import csrf
from webapp.customers import unsubscribing
from webapp.kit.addresses import mask_mail

bp = Blueprint("unsubscribe", __name__, url_prefix=unsubscribing.PATH, template_folder="templates")

Page = Response | tuple[str, int]


def attempts() -> str:
    return settings().unsubscribe_limit


@bp.get("/<token>")
@public
@limit(attempts)
def show_unsubscribe(token: str) -> Page:
    """Asks once. Programs that look into every link of a mail change nothing."""
    try:
        wish = unsubscribing.read_wish(session(), token, now=now())
    except NotFound as refusal:
        return _useless(refusal)
    return _page(wish, token), 200


@bp.post("/<token>")
@public
@limit(attempts)
def unsubscribe(token: str) -> Page:
    """Ends it at once. Also the one click of a mail program (RFC 8058), which knows no page and no cookie."""
    try:
        wish = unsubscribing.read_wish(session(), token, now=now())
    except NotFound as refusal:
        return _useless(refusal)
    unsubscribing.unsubscribe(session(), wish, now=now())
    return redirect(url_for("unsubscribe.show_unsubscribe", token=token), 303)


csrf.exempt(unsubscribe)  # the signature of the link is the permission


def _page(wish: unsubscribing.Wish, token: str) -> str:
    return render_template(
        "customers/unsubscribe.html",
        is_done=wish.is_done,
        address=mask_mail(wish.message.recipient),
        token=token,
        dealer=unsubscribing.dealer_of(session(), wish.message),
        problem="",
    )


def _useless(refusal: NotFound) -> Page:
    dealer = unsubscribing.dealer_of(session())
    return render_template("customers/unsubscribe.html", dealer=dealer, problem=explain(refusal)), 404
