"""The table of what a second person was asked to look at, and what he said."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base
from webapp.studio.models import DraftKind


class Approval(Base):
    """A request to look at a draft. `digest`: of what was to be looked at; another text needs another look.

    `running`, `mapping`: what was chosen for running cases, to stand on the page again; None where nothing was asked.
    `deployment_id`: the publication that it led to. Only the newest request of a draft counts.
    """

    __tablename__ = "studio_approval"
    __table_args__ = (Index("ix_studio_approval_draft", "kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DraftKind]
    key: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")
    running: Mapped[str | None] = mapped_column(String(40))  # "move" or "stay"
    mapping: Mapped[str] = mapped_column(Text, default="{}")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    approved: Mapped[bool | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    deployment_id: Mapped[int | None] = mapped_column(ForeignKey("deployment.id"), index=True)
