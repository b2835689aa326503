"""The page of a segment's list for letters and short messages, and its files."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp.campaigns import labels, mailing, mailing_files, segments, texts
from webapp.campaigns.mailing import CHANNEL_OF, Addressee, Audience, ListKind
from webapp.campaigns.models import Segment
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.formats import format_day
from webapp.core.forms import Form
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import actor_id, current_scope, require, scope_if_any
from webapp.core.requests import page_number
from webapp.customers.consenting import RefusalCode
from webapp.customers.models import ConsentChannel, MessageState
from webapp.papers.views import pdf_response
from webapp.staff.models import Centre

GAPS = ("first_name", "customer", "centre", "manager")
LONGEST_SUBJECT, LONGEST_TEXT = 200, 8000
WHO_NOT = tuple(code for code in RefusalCode if code is not RefusalCode.QUIET_HOURS)  # that one is about when
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Page = str | Response | tuple[str, int]

bp = Blueprint("mailing", __name__, url_prefix="/campaigns/segments", template_folder="templates")


@bp.get("/<int:segment_id>/list")
@require("campaigns.export")
def show_list(segment_id: int) -> str:
    return _page(_segment(segment_id), Form())


@bp.post("/<int:segment_id>/labels.pdf")
@require("campaigns.export")
def print_labels(segment_id: int) -> Response:
    segment = _segment(segment_id)
    lines = _take(segment, ListKind.LABELS, page_number(request.form))
    if not lines:
        return _nobody(segment)
    return pdf_response(mailing_files.label_sheets(lines), segment.name)


@bp.post("/<int:segment_id>/letters.pdf")
@require("campaigns.export")
def print_letters(segment_id: int) -> Page:
    """Letters of what was typed; a text with gaps that nobody can fill comes back."""
    segment = _segment(segment_id)
    form = _read_letter()
    if not form.ok:
        return _page(segment, form), 422
    lines = _take(segment, ListKind.LETTERS, page_number(request.form))
    if not lines:
        return _nobody(segment)
    centre = session().get(Centre, segment.centre_id) if segment.centre_id else None
    written = mailing_files.letters(
        lines,
        subject=str(form.values["subject"]),
        text=str(form.values["text"]),
        centre=centre,
        day=format_day(now(), current_language(), current_zone()),
    )
    return pdf_response(written, segment.name)


@bp.post("/<int:segment_id>/phones.xlsx")
@require("campaigns.export")
def take_phones(segment_id: int) -> Response:
    segment = _segment(segment_id)
    lines = _take(segment, ListKind.PHONES, None)
    if not lines:
        return _nobody(segment)
    answer = send_file(
        mailing_files.phone_workbook(lines), mimetype=XLSX, as_attachment=True, download_name="phones.xlsx"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _segment(segment_id: int) -> Segment:
    return segments.get_segment(session(), segment_id, scope=current_scope("campaigns.export"))


def _audience(segment: Segment, channel: ConsentChannel) -> Audience:
    scope = scope_if_any("customers.see")
    if scope is None:
        return Audience({}, {})
    return mailing.audience_of(session(), segment, channel, scope=scope, now=now())


def _take(segment: Segment, kind: ListKind, part: int | None) -> list[Addressee]:
    """One file of the list, or all of it; noted, because personal data leaves the house."""
    audience = _audience(segment, CHANNEL_OF[kind])
    ids: Sequence[int] = list(audience.addresses) if part is None else audience.part(part)
    if ids:
        mailing.note_taken(session(), segment, kind, len(ids), actor_id=actor_id(), now=now())
    return mailing.addressees(session(), audience, ids)


def _nobody(segment: Segment) -> Response:
    """A consent was withdrawn, or a customer left the segment, while the page stood open."""
    flash(_("Nobody of this segment may be written to this way."), "warning")
    return redirect(url_for("mailing.show_list", segment_id=segment.id))


def _read_letter() -> Form:
    typed_in = {name: request.form.get(name, "").strip().replace("\r\n", "\n") for name in ("subject", "text")}
    form = Form(values=typed_in)
    for name, longest in (("subject", LONGEST_SUBJECT), ("text", LONGEST_TEXT)):
        typed = typed_in[name]
        wrong = texts.unknown_gaps(typed, GAPS) if name == "text" else []
        if not typed:
            form.refuse(name, _("Enter what the letter says."))
        elif len(typed) > longest:
            form.refuse(name, _("At most {max} characters.").replace("{max}", str(longest)))
        elif wrong:
            known = ", ".join(f"{{{gap}}}" for gap in GAPS)
            form.refuse(name, _("Nobody can fill in %(typed)s. Known are: %(known)s.", typed=wrong[0], known=known))
    return form


def _page(segment: Segment, form: Form) -> str:
    post, sms = (_audience(segment, channel) for channel in (ConsentChannel.POST, ConsentChannel.SMS))
    return render_template(
        "campaigns/mailing.html",
        segment=segment,
        form=form,
        post=post,
        sms=sms,
        at_once=mailing.AT_ONCE,
        gaps=[f"{{{gap}}}" for gap in GAPS],
        reasons={code: labels.MESSAGE_STATES[MessageState(f"skipped_{code}")] for code in WHO_NOT},
    )
