"""What is offered: versions of the offer, discounts that were asked for, and the car that is kept for the customer."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class DiscountLevel(StrEnum):
    """Who may allow a discount of this size."""

    MANAGER = "manager"
    HEAD = "head"
    DIRECTOR = "director"


class Offer(Base):
    """A commercial offer; every change is a new version."""

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("worksheet_id", "version"),
        CheckConstraint("total >= 0", name="total_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    version: Mapped[int]
    lines: Mapped[str] = mapped_column(Text)  # JSON: the lines of the form
    variants: Mapped[str] = mapped_column(Text)  # JSON: the ways to pay
    total: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    discount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    valid_until: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(20))  # accepted, thinking, negotiate
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]


class DiscountRequest(Base):
    """A discount that was asked for: what the customer gives for it, and who allowed how much."""

    __tablename__ = "discount_request"
    __table_args__ = (
        CheckConstraint("requested > 0", name="requested_positive"),
        Index("ix_discount_request_worksheet", "worksheet_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    requested: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    counter_step: Mapped[str] = mapped_column(String(40))
    level: Mapped[DiscountLevel]
    approved: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))  # None: not decided; 0: refused
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]

    def decide(self, approved: Decimal, *, by: int | None, at: datetime) -> None:
        self.approved, self.decided_by, self.decided_at = approved, by, at


class Reservation(Base):
    """A car that is kept for a customer. A car (its VIN) has at most one reservation in force."""

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("deposit >= 0", name="deposit_not_negative"),
        Index("ix_reservation_worksheet", "worksheet_id"),
        Index(
            "uq_reservation_vin_in_force",
            "vin",
            unique=True,
            sqlite_where=text("released_at IS NULL AND vin <> ''"),
            postgresql_where=text("released_at IS NULL AND vin <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    vehicle: Mapped[str] = mapped_column(String(160))
    vin: Mapped[str] = mapped_column(String(17), default="")
    place: Mapped[str] = mapped_column(String(30))
    until: Mapped[datetime]
    deposit: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    deposit_paid: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    released_at: Mapped[datetime | None]

    def release(self, now: datetime) -> None:
        self.released_at = self.released_at or now
