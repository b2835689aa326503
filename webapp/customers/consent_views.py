"""Pages of a customer's consents: how he stands, what was recorded, giving, withdrawing, and the signed sheets."""

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response as BaseResponse

from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import Conflict, DomainError, NotFound
from webapp.core.forms import Form, read_form
from webapp.core.i18n import LANGUAGES, current_language, current_zone, local_now
from webapp.core.papers import PaperSubject, papers_of
from webapp.core.permissions import actor_id, require
from webapp.customers import consent_labels, consents, labels
from webapp.customers.consent_forms import (
    GiveForm,
    PreferredForm,
    StopForm,
    WithdrawForm,
    first_moment_after,
    moment_given,
)
from webapp.customers.consent_papers import subject_key
from webapp.customers.consents import GivenConsent
from webapp.customers.models import (
    ConsentChannel,
    ConsentKind,
    ConsentWay,
    Customer,
    PreferredChannel,
    WithdrawalWay,
)
from webapp.customers.sight import covers, visible_customer
from webapp.customers.standing import standings_of
from webapp.kit import files
from webapp.kit.pdf import render_pdf
from webapp.papers import services as papers
from webapp.papers.queries import get_printed, list_printed
from webapp.papers.views import pdf_response, require_paper
from webapp.staff.queries import names_of

SEE, RECORD = "customers.see", "customers.consent"
SHOWN = frozenset({"image/png", "image/jpeg", "image/webp", "application/pdf"})  # a browser may open these itself
FIELDS_OF_REFUSALS = {
    "consent_channel_missing": "channels",
    "consent_in_future": "given_on",
    "consent_ends_early": "valid_until",
    "consent_text_unknown": "text_id",
}

Page = str | BaseResponse | tuple[str, int]

bp = Blueprint("consents", __name__, url_prefix="/customers/<int:customer_id>/consents", template_folder="templates")


@bp.get("")
@require(SEE)
def show_consents(customer_id: int) -> str:
    return _overview(visible_customer(customer_id, SEE), Form())


@bp.get("/give")
@require(RECORD)
def show_give(customer_id: int) -> str:
    customer = visible_customer(customer_id, RECORD)
    kind = _kind(request.args.get("kind", ""))
    newest = consents.find_text(session(), kind)
    values = {
        "kind": kind.value,
        "channels": [each for each in request.args.getlist("channel") if each in set(ConsentChannel)],
        "way": ConsentWay.PAPER.value,
        "given_on": local_now().date(),
        "text_id": newest.id if newest else None,
    }
    return _give_page(customer, kind, Form(values=values))


@bp.post("/give")
@require(RECORD)
def give(customer_id: int) -> Page:
    customer = visible_customer(customer_id, RECORD)
    form = read_form(GiveForm())
    kind = _kind(request.form.get("kind", ""))
    if form.ok:
        try:
            _record(customer, form)
        except DomainError as refusal:
            form.refuse(FIELDS_OF_REFUSALS.get(refusal.code, "proof"), explain(refusal))
            session().rollback()
        else:
            flash(_("The consent is recorded."), "success")
            return redirect(url_for("consents.show_consents", customer_id=customer_id), 303)
    return _give_page(customer, kind, form), 422


@bp.get("/withdraw")
@require(RECORD)
def show_withdraw(customer_id: int) -> str:
    customer = visible_customer(customer_id, RECORD)
    kind = _kind(request.args.get("kind", ""))
    channels = [each for each in request.args.getlist("channel") if each in set(ConsentChannel)]
    return _withdraw_page(customer, kind, Form(values={"kind": kind.value, "channels": channels}))


@bp.post("/withdraw")
@require(RECORD)
def withdraw(customer_id: int) -> Page:
    customer = visible_customer(customer_id, RECORD)
    form = read_form(WithdrawForm())
    kind = _kind(request.form.get("kind", ""))
    if form.ok and kind is ConsentKind.ADVERTISING and not form.data["channels"]:
        form.refuse("channels", _("Choose at least one."))
    if form.ok:
        try:
            letter = _store_sheet(customer)
        except DomainError as refusal:
            form.refuse("file", explain(refusal))
            session().rollback()
    if form.ok:
        ended = consents.withdraw_consents(
            session(),
            customer,
            kind,
            channels=_channels(form.data["channels"], kind),
            way=WithdrawalWay(form.data["way"]),
            reason=form.data["reason"] or "",
            file_id=letter,
            actor_id=actor_id(),
            now=now(),
        )
        if not ended:
            raise Conflict("consent_not_held", "There is nothing to withdraw.")
        flash(_("The consent is withdrawn. From now on nothing is sent on it."), "success")
        return redirect(url_for("consents.show_consents", customer_id=customer_id), 303)
    return _withdraw_page(customer, kind, form), 422


@bp.post("/preferred-channel")
@require(RECORD)
def choose_channel(customer_id: int) -> Page:
    """By what the customer wishes to be reached."""
    customer = visible_customer(customer_id, RECORD)
    form = read_form(PreferredForm())
    if not form.ok:
        return _overview(customer, form), 422
    consents.prefer_channel(
        session(), customer, PreferredChannel(form.data["preferred_channel"]), actor_id=actor_id(), now=now()
    )
    flash(_("Saved."), "success")
    return redirect(url_for("consents.show_consents", customer_id=customer_id), 303)


@bp.post("/stop")
@require(RECORD)
def stop_writing(customer_id: int) -> Page:
    """Put all addresses of the card on the stop list."""
    customer = visible_customer(customer_id, RECORD)
    form = read_form(StopForm())
    if not form.ok:
        return _overview(customer, form), 422
    consents.stop_writing(session(), customer, reason=form.data["reason"], actor_id=actor_id(), now=now())
    flash(_("The addresses are on the stop list. Nothing is sent to them, by nobody."), "success")
    return redirect(url_for("consents.show_consents", customer_id=customer_id), 303)


@bp.post("/write-again")
@require(RECORD)
def write_again(customer_id: int) -> BaseResponse:
    customer = visible_customer(customer_id, RECORD)
    consents.write_again(session(), customer, actor_id=actor_id(), now=now())
    flash(_("The addresses are off the stop list."), "success")
    return redirect(url_for("consents.show_consents", customer_id=customer_id), 303)


@bp.get("/files/<sha256>")
@require(SEE)
def show_proof(customer_id: int, sha256: str) -> Response:
    """A signed sheet or another proof, for whoever may see the customer."""
    visible_customer(customer_id, SEE)
    found = files.find_of_record(session(), subject_key(customer_id), sha256)
    path = files.path_of(found.sha256) if found else None
    if found is None or path is None or not path.is_file():
        raise NotFound("file_unknown", "There is no such file.")
    answer = send_file(
        path, mimetype=found.type, as_attachment=found.type not in SHOWN, download_name=found.name, etag=found.sha256
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@bp.post("/papers")
@require(RECORD)
def print_sheet(customer_id: int) -> BaseResponse:
    """Print a sheet to sign, and open it."""
    customer = visible_customer(customer_id, RECORD)
    name, language = request.form.get("paper", ""), request.form.get("language", "")
    key = subject_key(customer.id)
    printed = papers.print_paper(
        session(),
        require_paper(name, of=key),
        _paper_subject(customer, language if language in LANGUAGES else current_language()),
        centre_id=customer.centre_id,
        actor_id=actor_id(),
        now=now(),
    )
    return redirect(url_for("consents.show_sheet", customer_id=customer_id, printed_id=printed.id), 303)


@bp.get("/papers/<int:printed_id>")
@require(SEE)
def show_sheet(customer_id: int, printed_id: int) -> Response:
    """A printed sheet, as it was when it was printed."""
    customer = visible_customer(customer_id, SEE)
    printed = get_printed(session(), subject_key(customer.id), printed_id)
    return pdf_response(render_pdf(papers.page_of(session(), printed)), f"{printed.label} {printed.language}")


def _store_sheet(customer: Customer) -> int | None:
    """The sheet that came along with a form. RuleViolation: file_too_large, file_not_accepted."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return None
    with given.stream as stream:
        data = stream.read()
    key = subject_key(customer.id)
    stored = files.store_with_record(session(), data, name=given.filename, subject=key, actor_id=actor_id(), at=now())
    return stored.id


def _record(customer: Customer, form: Form) -> None:
    """Record what the form says, with the sheet that came along."""
    kind = ConsentKind(form.data["kind"])
    sheet = _store_sheet(customer)
    facts = GivenConsent(
        kind,
        channels=_channels(form.data["channels"], kind),
        way=ConsentWay(form.data["way"]),
        given_at=moment_given(form.data["given_on"]),
        valid_to=first_moment_after(form.data["valid_until"]),
        text_id=form.data["text_id"],
        proof=form.data["proof"] or "",
        proof_file_id=sheet,
    )
    consents.require_proof(facts)
    consents.give_consent(session(), customer, facts, actor_id=actor_id(), now=now())


def _overview(customer: Customer, form: Form) -> str:
    recorded = consents.list_consents(session(), customer.id)
    key = subject_key(customer.id)
    subject = _paper_subject(customer, current_language())
    printed = list_printed(session(), key)
    may_record = covers(customer, RECORD)
    return render_template(
        "customers/consents.html",
        customer=customer,
        form=form,
        standings=standings_of(recorded, now=now()),
        recorded=recorded,
        moment=now(),
        is_stopped=consents.is_stopped(session(), customer),
        may_record=may_record,
        preferred=[(channel.value, title) for channel, title in labels.PREFERRED_CHANNELS.items()],
        labels=consent_labels,
        papers=[(paper, paper.lacks(session(), subject)) for paper in papers_of(key)] if may_record else [],
        printed=printed,
        titles={paper.name: paper.title for paper in papers_of(key)},
        names=names_of(session(), [each.printed_by for each in printed if each.printed_by is not None]),
    )


def _give_page(customer: Customer, kind: ConsentKind, form: Form) -> str:
    texts = consents.list_texts(session(), kind)
    return render_template(
        "customers/consent_give.html",
        customer=customer,
        kind=kind,
        form=form,
        texts=texts,
        text_options=[(text.id, consent_labels.version_title(text)) for text in texts],
        ways=[(way.value, title) for way, title in consent_labels.WAYS.items()],
        labels=consent_labels,
        channels=_titles(list(ConsentChannel)),
        megabytes=settings().file_megabytes,
    )


def _withdraw_page(customer: Customer, kind: ConsentKind, form: Form) -> str:
    standings = standings_of(consents.list_consents(session(), customer.id), now=now())
    held = [each for each in standings if each.kind is kind and each.holds]
    return render_template(
        "customers/consent_withdraw.html",
        customer=customer,
        kind=kind,
        form=form,
        held=held,
        labels=consent_labels,
        channels=_titles([each.channel for each in held if each.channel is not None]),
        megabytes=settings().file_megabytes,
        ways=[(way.value, title) for way, title in consent_labels.WITHDRAWAL_WAYS.items() if way != WithdrawalWay.WEB],
    )


def _titles(channels: Sequence[ConsentChannel]) -> list[tuple[str, object]]:
    return [(channel.value, consent_labels.CHANNELS[channel]) for channel in channels]


def _channels(typed: Sequence[str], kind: ConsentKind) -> list[ConsentChannel]:
    return [ConsentChannel(each) for each in typed] if kind is ConsentKind.ADVERTISING else []


def _kind(typed: str) -> ConsentKind:
    """NotFound for what is no purpose."""
    try:
        return ConsentKind(typed)
    except ValueError as error:
        raise NotFound("consent_kind_unknown", f"There is no purpose {typed}.") from error


def _paper_subject(customer: Customer, language: str) -> PaperSubject:
    return PaperSubject(subject_key(customer.id), {}, language, current_zone(), local_now().date())
