"""Papers that slices print of their cases: what a slice declares of one, and where it is found again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class PaperSubject:
    """The case a paper is made of. `document` is the case document, without personal fields; `on` the day there."""

    case_key: str
    document: Mapping[str, Any]
    language: str
    zone: ZoneInfo
    on: date

    @property
    def record_id(self) -> int:
        return int(self.case_key.rpartition(":")[2])


@dataclass(frozen=True)
class Lack:
    """Something without which a paper cannot be printed: what it is, and at which step or page it is entered."""

    text: str
    element: str = ""
    url: str = ""


Content = Mapping[str, object]  # what a template shows: texts as they read, in the paper's language


@dataclass(frozen=True)
class Paper:
    """One paper of one kind of case.

    `name` is "<slice>.<paper>", `subject` the business-key prefix of its cases. `letters` stand before its number, by
    language. `parts` are the files of its template by the name under which `paper.html` includes them. `compose` says
    what it shows, from records and case document; the same records give the same content, whatever the time.
    `lacks` names what is missing. `number_of` gives the number of the record where the paper has no number of its own.
    `blank` composes it empty, for a centre, to be filled in by hand.
    """

    name: str
    title: Any
    subject: str
    letters: Mapping[str, str]
    parts: Mapping[str, Path]
    compose: Callable[[Session, PaperSubject], Content]
    lacks: Callable[[Session, PaperSubject], Sequence[Lack]]
    number_of: Callable[[str], int] | None = None
    blank: Callable[[Session, int | None, str], Content] | None = None


def register(app: Flask, papers: Iterable[Paper]) -> None:
    """Add to the registry. Raises ValueError when one is declared twice."""
    known: dict[str, Paper] = app.extensions.setdefault("papers", {})
    app.jinja_env.globals["blank_papers"] = blank_papers
    for paper in papers:
        if paper.name in known:
            raise ValueError(f"paper {paper.name} is declared twice")
        known[paper.name] = paper


def declared_papers() -> Mapping[str, Paper]:
    """Every paper of the installed slices, by name."""
    known: Mapping[str, Paper] = current_app.extensions.get("papers", {})
    return known


def blank_papers() -> list[Paper]:
    """Those that are printed empty too."""
    return [paper for paper in declared_papers().values() if paper.blank is not None]


def papers_of(case_key: str) -> list[Paper]:
    """The papers of this kind of case, as declared."""
    subject = case_key.rpartition(":")[0]
    return [paper for paper in declared_papers().values() if paper.subject == subject]
