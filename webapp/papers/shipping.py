"""The templates that ship: their files become versions in the database, from where every paper is printed."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.papers import Paper, declared_papers
from webapp.papers.models import PaperTemplate

FRAME = Path(__file__).parent / "frame"
SHARED = {"frame.html": FRAME / "frame.html", "parts.html": FRAME / "parts.html", "paper.css": FRAME / "paper.css"}


def shipped_files(paper: Paper) -> Mapping[str, str]:
    """The files of a paper as they ship, with those that all papers share."""
    return {name: path.read_text(encoding="utf-8") for name, path in sorted({**SHARED, **paper.parts}.items())}


def find_template(session: Session, paper: str) -> PaperTemplate | None:
    """The version that is printed now: the newest."""
    statement = select(PaperTemplate).where(PaperTemplate.paper == paper).order_by(PaperTemplate.version.desc())
    return session.scalar(statement.limit(1))


def ship_template(session: Session, paper: Paper) -> PaperTemplate:
    """The version to print. Files that have changed become a new one, unless somebody here has edited the newest."""
    newest = find_template(session, paper.name)
    parts = json.dumps(shipped_files(paper), ensure_ascii=False)
    checksum = hashlib.sha256(parts.encode()).hexdigest()
    if newest is not None and (newest.checksum == checksum or not newest.shipped):
        return newest
    added = PaperTemplate(
        paper=paper.name,
        version=newest.version + 1 if newest else 1,
        parts=parts,
        checksum=checksum,
        shipped=True,
    )
    session.add(added)
    session.flush()
    return added


def ship_templates(session: Session) -> None:
    """The newest files of every declared paper."""
    for paper in declared_papers().values():
        ship_template(session, paper)
