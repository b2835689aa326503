"""The papers of a case: those that are printed, those that can be, and what the others still lack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from webapp.cases.queries import CaseRecord, get_case
from webapp.cases.services import may_change, require_case
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.feature import Text
from webapp.core.i18n import LANGUAGES, current_language, current_zone, local_now
from webapp.core.papers import Lack, PaperSubject, declared_papers, papers_of
from webapp.core.permissions import actor_id, current_scope, require
from webapp.core.workflow import current_actor, engine
from webapp.kit.pdf import render_pdf
from webapp.papers import services
from webapp.papers.models import PrintedPaper
from webapp.papers.queries import get_printed, list_printed
from webapp.papers.views import pdf_response, require_paper
from webapp.staff.queries import names_of

bp = Blueprint("case_papers", __name__, template_folder="templates")


@dataclass(frozen=True)
class Missing:
    """What a paper lacks, and where it is entered; without an address only the sentence helps."""

    text: str
    url: str


@dataclass(frozen=True)
class Printable:
    """A paper of this kind of case, and what it still lacks."""

    name: str
    title: Text
    missing: Sequence[Missing]


@dataclass(frozen=True)
class PapersPart:
    """What the case page shows of papers."""

    instance_id: int
    printed: Sequence[PrintedPaper]
    names: Mapping[int, str]  # of those who printed
    printable: Sequence[Printable]

    def title_of(self, printed: PrintedPaper) -> str:
        known = declared_papers().get(printed.paper)
        return str(known.title) if known else printed.paper


def load_papers(opened: Session, case: CaseRecord) -> PapersPart | None:
    """The papers of the case; None when no slice prints any of such cases."""
    known = papers_of(case.business_key)
    if not known:
        return None
    subject = subject_of(case, current_language())
    printable = [
        Printable(paper.name, paper.title, [_missing(case, lack) for lack in paper.lacks(opened, subject)])
        for paper in known
        if may_change(case)
    ]
    printed = list_printed(opened, case.business_key)
    names = names_of(opened, [each.printed_by for each in printed if each.printed_by is not None])
    return PapersPart(case.instance_id, printed, names, printable)


def subject_of(case: CaseRecord, language: str) -> PaperSubject:
    zone: ZoneInfo = current_zone()
    return PaperSubject(case.business_key, case.document, language, zone, local_now().date())


def _missing(case: CaseRecord, lack: Lack) -> Missing:
    """Where it is entered: the page that the lack names, the open step, or the answers of one that is done."""
    if lack.url or not lack.element:
        return Missing(lack.text, lack.url)
    waiting = next((task for task in case.open_tasks if task.element == lack.element), None)
    if waiting is not None:
        return Missing(lack.text, url_for("cases.show_case", instance_id=case.instance_id, task=waiting.id))
    if lack.element in case.document:
        correction = url_for("cases.show_correction", instance_id=case.instance_id, element=lack.element)
        return Missing(lack.text, correction)
    return Missing(lack.text, "")


@bp.get("/cases/<int:instance_id>/papers")
@require("cases.see")
def show_papers(instance_id: int) -> str:
    """The part of the page, asked for again when somebody comes back from a printed paper."""
    return render_template("cases/_papers.html", papers=load_papers(session(), _case_in_sight(instance_id)))


@bp.post("/cases/<int:instance_id>/papers")
@require("cases.change")
def print_paper(instance_id: int) -> ResponseReturnValue:
    """Print a paper as the case is now, and open it."""
    case = require_case(session(), instance_id)
    paper, language = request.form.get("paper", ""), request.form.get("language", "")
    printed = services.print_paper(
        session(),
        require_paper(paper, of=case.business_key),
        subject_of(case, language if language in LANGUAGES else current_language()),
        centre_id=case.scope_id,
        actor_id=actor_id(),
        now=now(),
    )
    return redirect(url_for("case_papers.show_paper", instance_id=instance_id, printed_id=printed.id), 303)


@bp.get("/cases/<int:instance_id>/papers/<int:printed_id>")
@require("cases.see")
def show_paper(instance_id: int, printed_id: int) -> Response:
    """A printed paper, as it was when it was printed."""
    case = _case_in_sight(instance_id)
    printed = get_printed(session(), case.business_key, printed_id)
    return pdf_response(render_pdf(services.page_of(session(), printed)), f"{printed.label} {printed.language}")


def _case_in_sight(instance_id: int) -> CaseRecord:
    return get_case(session(), engine().store, instance_id, reach=current_scope("cases.see"), actor=current_actor())
