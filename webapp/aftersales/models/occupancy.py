"""Who has which quarter of an hour of which resource: the table that makes an overlap impossible.

One row is one quarter of one resource, and the primary key admits one: so it is on SQLite as on PostgreSQL, also for
two who book at the same moment (docs/adr).
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class SlotHold(Base):
    """A slot that is kept while somebody talks to the customer; after `expires_at` whoever wants it sweeps it away."""

    __tablename__ = "service_slot_hold"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="times_ordered"),
        Index("ix_service_slot_hold_expires", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    bay_id: Mapped[int] = mapped_column(ForeignKey("service_resource.id"))
    advisor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    courtesy_car_id: Mapped[int | None] = mapped_column(ForeignKey("service_resource.id"))
    hours: Mapped[Decimal] = mapped_column(Numeric(6, 2))  # norm hours
    held_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Occupancy(Base):
    """One quarter of one resource, of a visit or of a hold. `quarter` is its beginning, a multiple of 15 minutes."""

    __tablename__ = "service_occupancy"
    __table_args__ = (
        CheckConstraint("(visit_id IS NULL) <> (hold_id IS NULL)", name="of_a_visit_or_a_hold"),
        Index("ix_service_occupancy_visit", "visit_id"),
        Index("ix_service_occupancy_hold", "hold_id"),
        Index("ix_service_occupancy_quarter", "quarter"),
    )

    resource_id: Mapped[int] = mapped_column(ForeignKey("service_resource.id"), primary_key=True, autoincrement=False)
    quarter: Mapped[datetime] = mapped_column(primary_key=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("service_visit.id"))
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("service_slot_hold.id", ondelete="CASCADE"))
