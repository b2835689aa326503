"""The one place where refusals and failures become HTTP: a page, a fragment for htmx, JSON, or a problem of the API."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from engine.errors import BusinessError, DatabaseBusy, DatabaseFull, DatabaseLost, StepFailed
from webapp.core.database import db
from webapp.core.engine_errors import explain, status_of
from webapp.core.errors import FieldsRefused
from webapp.core.permissions import ask_no_more, current_identity
from webapp.core.problems import FieldErrors, is_api, problem, words_of
from webapp.core.requests import is_htmx, local_path, wants_json

FAILURES = {500, 503}
SECONDS_TO_WAIT = 5  # before a request is repeated that found the database busy
REPEATABLE = {400, 409, 422, 503}  # loading the page again that sent the form helps


@dataclass(frozen=True)
class Explanation:
    """What happened, and what the person can do now."""

    status: int
    code: str
    title: str
    text: str


def init_app(app: Flask) -> None:
    app.register_error_handler(BusinessError, refuse)
    app.register_error_handler(ValidationError, reject_input)
    app.register_error_handler(UnicodeEncodeError, reject_half_characters)
    app.register_error_handler(DatabaseBusy, ask_to_wait)
    app.register_error_handler(StepFailed, report_incident)
    app.register_error_handler(CSRFError, reject_forgery)
    app.register_error_handler(HTTPException, explain_status)


def refuse(error: BusinessError) -> ResponseReturnValue:
    db.session.rollback()
    status = status_of(error)
    known = _known(status)
    fields = error.fields if isinstance(error, FieldsRefused) else None
    return _answer(Explanation(status, error.code, known.title, explain(error) or known.text), fields)


def reject_input(error: ValidationError) -> ResponseReturnValue:
    db.session.rollback()
    if wants_json() and not is_api():
        return jsonify(code="invalid_input", fields=error.messages), 422
    return _answer(replace(_known(422), code="invalid_input"), words_of(error.messages))


def reject_half_characters(_error: UnicodeEncodeError) -> ResponseReturnValue:
    """JSON can hold half a character (a lone surrogate), which no text can: nobody types that."""
    db.session.rollback()
    return _answer(replace(_known(400), code="invalid_input"))


def ask_to_wait(error: DatabaseBusy) -> ResponseReturnValue:
    db.session.rollback()
    found = _known(503)
    if isinstance(error, DatabaseFull):
        found = replace(found, text=_("The disk of the server is full. Nothing was saved. Tell your administrator."))
    elif isinstance(error, DatabaseLost):
        found = replace(
            found, text=_("The database does not answer. Repeat it in a few seconds: nothing is done twice.")
        )
    answer = _answer(found)
    answer.headers["Retry-After"] = str(SECONDS_TO_WAIT)
    return answer


def report_incident(error: StepFailed) -> ResponseReturnValue:
    db.session.rollback()
    ask_no_more()
    text = _(
        "The step could not be carried out. It is noted as incident %(number)s and will be tried again.",
        number=error.incident_id,
    )
    return _answer(Explanation(500, "step_failed", _("Something went wrong here"), text))


def reject_forgery(error: CSRFError) -> ResponseReturnValue:
    db.session.rollback()
    text = _("The page was open for too long, or was opened before you signed in. Go back, load it again and repeat.")
    return _answer(Explanation(400, "csrf", _("This form has expired"), text))


def explain_status(error: HTTPException) -> ResponseReturnValue:
    db.session.rollback()
    status = error.code or 500
    if status < 400:
        return error
    if status == 401 and request.method == "GET" and not wants_json() and not is_htmx():
        return redirect(url_for("staff.show_sign_in", next=request.full_path.rstrip("?")))
    messages = getattr(error, "data", {}).get("messages")  # of arguments that do not fit their schema
    found = replace(_known(status), code="invalid_input") if messages else _known(status)
    answer = _answer(found, words_of(messages) if messages else None)
    answer.headers.update({name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}})
    return answer


def sender() -> str:
    """The path of the page whose form was sent: named by the form, else by the browser. Empty when neither tells."""
    if request.method == "GET":
        return ""
    named = request.form.get("back") or request.form.get("next")
    referrer = urlsplit(request.referrer or "")
    here = f"{referrer.path}?{referrer.query}".rstrip("?") if referrer.netloc == request.host else ""
    return local_path(named, local_path(here, ""))


def _answer(found: Explanation, fields: FieldErrors | None = None) -> Response:
    if is_api():
        if found.code == "401":
            found = replace(
                found, title=_("A token is needed"), text=_("Send one that is valid: Authorization: Bearer …")
            )
        return problem(found.status, found.code, found.title, found.text, errors=fields or {})
    if wants_json():
        return make_response(jsonify(code=found.code, message=found.text), found.status)
    if is_htmx():
        answer = make_response(render_template("error_fragment.html", error=found), found.status)
        answer.headers.update({"HX-Retarget": "#messages", "HX-Reswap": "beforeend"})
        return answer
    # after a failure the frame of the page could fail again: it asks the database for the person and for counts
    frame = "layout.html" if found.status not in FAILURES and current_identity() else "bare.html"
    back = sender() if found.status in REPEATABLE else ""
    return make_response(render_template("error.html", error=found, frame=frame, back=back), found.status)


def _known(status: int) -> Explanation:
    if status in FAILURES:
        ask_no_more()
    texts = {
        400: (_("The request is not complete"), _("Go back, load the page again and repeat.")),
        401: (_("You were signed out"), _("Sign in in another tab, then repeat it here. What you typed is kept.")),
        403: (_("This is not open to you"), _("Your roles do not include it. Your administrator can change that.")),
        404: (_("There is nothing here"), _("The address has a typing error, or the record is not visible to you.")),
        405: (_("This cannot be opened this way"), _("Use the buttons of the page instead of the address.")),
        409: (_("This has changed meanwhile"), _("Load the page again to see how it stands now.")),
        413: (_("This is too large"), _("Choose a smaller file.")),
        422: (_("Something is missing or wrong"), _("Go back and look at what was entered.")),
        429: (_("Too many attempts"), _("Wait a minute and try again.")),
        500: (_("Something went wrong here"), _("It has been noted. Nothing was saved; try again in a moment.")),
        503: (_("Busy for the moment"), _("Nothing was saved. Try again in a few seconds.")),
    }  # fmt: skip
    title, text = texts.get(status, texts[500 if status >= 500 else 400])
    return Explanation(status, str(status), title, text)
