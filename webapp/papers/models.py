"""Tables of the papers slice: templates by version, the last number of every series, and what was printed."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base


class PaperTemplate(Base):
    """One version of a paper's template. Versions are added, never changed: printed papers refer to them."""

    __tablename__ = "paper_template"
    __table_args__ = (UniqueConstraint("paper", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper: Mapped[str] = mapped_column(String(60))  # name of the declared paper, "sales.offer"
    version: Mapped[int]
    parts: Mapped[str] = mapped_column(Text)  # JSON: file name -> text; "paper.html" is the one that is rendered
    checksum: Mapped[str] = mapped_column(String(64))
    shipped: Mapped[bool]  # came with the product; else somebody here has edited it

    @property
    def files(self) -> Mapping[str, str]:
        found: Mapping[str, str] = json.loads(self.parts)
        return found


class PaperSeries(Base):
    """The last number given in one series, such as the offers of one centre in one year."""

    __tablename__ = "paper_series"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    last: Mapped[int]


class PrintedPaper(Base):
    """One paper as it was printed: its content is frozen, so printing it again shows the same.

    `edition` tells the printings of a paper that has the number of its record. `content_hash` is that of the content
    in the dealer's own language: a paper of the same content has the same number in the other language too.
    """

    __tablename__ = "printed_paper"
    __table_args__ = (
        UniqueConstraint("series", "number", "edition", "language"),
        Index("ix_printed_paper_case_key", "case_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_key: Mapped[str] = mapped_column(String(120))
    paper: Mapped[str] = mapped_column(String(60))
    series: Mapped[str] = mapped_column(String(120))
    number: Mapped[int]
    edition: Mapped[int]
    label: Mapped[str] = mapped_column(String(40))  # the number as it reads: КП-000125
    language: Mapped[str] = mapped_column(String(5))
    dated: Mapped[date]
    content_hash: Mapped[str] = mapped_column(String(64))
    template_id: Mapped[int] = mapped_column(ForeignKey("paper_template.id"))
    snapshot: Mapped[str] = mapped_column(Text)  # JSON: content, words of the template, head (see rendering)
    printed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    printed_at: Mapped[datetime]

    template: Mapped[PaperTemplate] = relationship(lazy="raise_on_sql")

    @property
    def frozen(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(self.snapshot)
        return found
