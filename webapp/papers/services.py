"""What is done with papers: printed, printed again, printed empty."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.instances.models import ProcessInstance
from webapp.core import audit
from webapp.core.errors import RuleViolation
from webapp.core.formats import format_day, format_moment
from webapp.core.i18n import say_in
from webapp.core.papers import Content, Paper, PaperSubject
from webapp.papers.models import PaperTemplate, PrintedPaper
from webapp.papers.numbering import number_label, series_name, take_number
from webapp.papers.queries import find_last
from webapp.papers.rendering import Head, Words, render
from webapp.papers.shipping import find_template, ship_template, shipped_files
from webapp.staff.queries import names_of

OWN_LANGUAGE = "ru"  # in which a paper is compared with the one before


def print_paper(
    session: Session,
    paper: Paper,
    subject: PaperSubject,
    *,
    centre_id: int | None,
    actor_id: int,
    now: datetime,
) -> PrintedPaper:
    """The paper as it is now; the one that lies printed when nothing has changed since.

    A changed content gives a new number, or a new edition where the number is the record's. The other language of
    the same content keeps the number. RuleViolation: paper_incomplete.
    """
    lacking = paper.lacks(session, subject)
    if lacking:
        raise RuleViolation("paper_incomplete", lacking[0].text, sentence=" ".join(lack.text for lack in lacking))
    # who prints the same paper of the same case at the same moment waits here and finds it printed
    session.execute(
        select(ProcessInstance.id).where(ProcessInstance.business_key == subject.case_key).with_for_update()
    )
    content = compose(session, paper, subject)
    content_hash = _hash(content if subject.language == OWN_LANGUAGE else _in_own_language(session, paper, subject))
    last = find_last(session, subject.case_key, paper.name)
    if last is not None and last.content_hash == content_hash:
        same = find_last(session, subject.case_key, paper.name, language=subject.language)
        if same is not None and (same.number, same.edition) == (last.number, last.edition):
            return same
        series, number, edition, dated = last.series, last.number, last.edition, last.dated
    else:
        dated = subject.on
        series, number, edition = _new_number(session, paper, subject, centre_id)
    template = ship_template(session, paper)
    label = number_label(paper.letters[subject.language], number)
    words = Words(subject.language)
    head = Head(
        number=label,
        dated=format_day(dated, subject.language, subject.zone),
        edition=edition,
        printed_at=format_moment(now, subject.language, subject.zone),
        printed_by=names_of(session, [actor_id]).get(actor_id, ""),
        draft=template.shipped,
    )
    render(template.files, content, head, words)  # learns the words, and fails before anything is numbered
    printed = PrintedPaper(
        case_key=subject.case_key,
        paper=paper.name,
        series=series,
        number=number,
        edition=edition,
        label=label,
        language=subject.language,
        dated=dated,
        content_hash=content_hash,
        template_id=template.id,
        snapshot=json.dumps({"content": content, "words": words.known, "head": asdict(head)}, ensure_ascii=False),
        printed_by=actor_id,
        printed_at=now,
    )
    session.add(printed)
    session.flush()
    audit.record(
        session,
        action="papers.paper.printed",
        subject=subject.case_key,
        actor_id=actor_id,
        now=now,
        paper=paper.name,
        number=label,
        language=subject.language,
    )
    return printed


def page_of(session: Session, printed: PrintedPaper) -> str:
    """The printed paper as HTML, from what was frozen alone."""
    frozen = printed.frozen
    words = Words(printed.language, dict(frozen["words"]), frozen=True)
    files = session.get_one(PaperTemplate, printed.template_id).files
    return render(files, frozen["content"], Head(**frozen["head"]), words)


def blank_page(session: Session, paper: Paper, *, centre_id: int | None, language: str) -> str:
    """The empty paper as HTML. RuleViolation: paper_never_blank."""
    if paper.blank is None:
        raise RuleViolation("paper_never_blank", f"{paper.name} is not printed empty.")
    with say_in(language):
        content = paper.blank(session, centre_id, language)
    template = find_template(session, paper.name)
    files = template.files if template else shipped_files(paper)
    head = Head(number="", dated="", draft=template is None or template.shipped)
    return render(files, content, head, Words(language))


def compose(session: Session, paper: Paper, subject: PaperSubject) -> Content:
    """What the paper shows, in its language; plain values, as they will be frozen."""
    with say_in(subject.language):
        composed = paper.compose(session, subject)
    plain: Mapping[str, object] = json.loads(json.dumps(composed, ensure_ascii=False, default=str))
    return plain


def _in_own_language(session: Session, paper: Paper, subject: PaperSubject) -> Content:
    return compose(session, paper, replace(subject, language=OWN_LANGUAGE))


def _hash(content: Content) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _new_number(session: Session, paper: Paper, subject: PaperSubject, centre_id: int | None) -> tuple[str, int, int]:
    """(series, number, edition)."""
    if paper.number_of is None:
        series = series_name(paper.name, centre_id, subject.on.year)
        return series, take_number(session, series), 1
    number = paper.number_of(subject.case_key)
    return paper.name, number, take_number(session, f"{paper.name}:{number}")
