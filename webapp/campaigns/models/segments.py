"""A part of the customer base: a rule, or the list that it gave on a day."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.campaigns.rules.tree import Node, parse
from webapp.staff.models import Centre, User


class Segment(Base):
    """Who is meant. Dynamic: whoever fits `rule` (JSON, see rules.tree) at the moment; frozen: the members of a day."""

    __tablename__ = "segment"
    __table_args__ = (Index("ix_segment_owner", "owner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500), default="")
    rule: Mapped[str] = mapped_column(Text)
    frozen_at: Mapped[datetime | None]
    archived: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    owner: Mapped[User | None] = relationship(lazy="raise_on_sql")
    centre: Mapped[Centre | None] = relationship(lazy="raise_on_sql")

    @property
    def tree(self) -> Node:
        return parse(self.rule)


class SegmentMember(Base):
    """One customer of a frozen segment."""

    __tablename__ = "segment_member"
    __table_args__ = (Index("ix_segment_member_customer", "customer_id"),)

    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)
