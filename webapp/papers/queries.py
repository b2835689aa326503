"""What is asked about printed papers."""

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from webapp.core.errors import NotFound
from webapp.papers.models import PrintedPaper


def list_printed(session: Session, case_key: str) -> list[PrintedPaper]:
    """The papers of a case without their content, the newest first: one statement."""
    statement = (
        select(PrintedPaper)
        .where(PrintedPaper.case_key == case_key)
        .options(defer(PrintedPaper.snapshot))
        .order_by(PrintedPaper.id.desc())
    )
    return list(session.scalars(statement))


def find_last(session: Session, case_key: str, paper: str, *, language: str = "") -> PrintedPaper | None:
    """The newest printing of this paper, in any language or in this one."""
    statement = select(PrintedPaper).where(PrintedPaper.case_key == case_key, PrintedPaper.paper == paper)
    if language:
        statement = statement.where(PrintedPaper.language == language)
    return session.scalar(statement.order_by(PrintedPaper.id.desc()).limit(1))


def get_printed(session: Session, case_key: str, printed_id: int) -> PrintedPaper:
    """The printed paper of this case. NotFound: paper_unknown."""
    printed = session.get(PrintedPaper, printed_id)
    if printed is None or printed.case_key != case_key:
        raise NotFound("paper_unknown", f"There is no paper {printed_id}.")
    return printed
