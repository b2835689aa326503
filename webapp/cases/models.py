"""Tables of the cases slice: saved views of the list, what a person has seen, acts on many cases."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class SavedView(Base):
    """A filter with a name. `query` is the address without its path; `role`: offered to everybody who holds it."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_owner", "owner_id"), Index("ix_saved_view_role", "role"))

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str] = mapped_column(String(80))
    board: Mapped[bool]
    query: Mapped[str] = mapped_column(String(2000))
    role: Mapped[str] = mapped_column(String(60), default="")
    changed_at: Mapped[datetime]


class DefaultView(Base):
    """Where a person begins who opens the list without saying more."""

    __tablename__ = "default_view"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    view_id: Mapped[int] = mapped_column(ForeignKey("saved_view.id", ondelete="CASCADE"), index=True)


class SeenCase(Base):
    """When a person last had a case before him; rows of the list that changed since stand out again."""

    __tablename__ = "seen_case"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    at: Mapped[datetime]


class ItemState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    UNDONE = "undone"
    KEPT = "kept"  # not undone: the case has gone on


class BulkAct(Base):
    """One handing over of many cases, as a person ordered it: it can be looked at, cancelled and undone."""

    __tablename__ = "bulk_act"
    __table_args__ = (Index("ix_bulk_act_actor", "actor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    comment: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    undoing: Mapped[bool] = mapped_column(default=False)
    back: Mapped[str] = mapped_column(String(2000))  # the page it was ordered from


class BulkItem(Base):
    """One case of such an act. `before`: what it was, as the engine gave it; `reason`: code of a refusal."""

    __tablename__ = "bulk_item"

    act_id: Mapped[int] = mapped_column(ForeignKey("bulk_act.id"), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    state: Mapped[ItemState] = mapped_column(default=ItemState.WAITING)
    reason: Mapped[str] = mapped_column(String(60), default="")
    before: Mapped[str] = mapped_column(Text, default="")
