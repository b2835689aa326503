"""What happens before an offer: the customer drives a car, and his own is appraised."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class TestDrive(Base):
    """A test drive that took place. The licence is personal: it stands here and nowhere else."""

    __tablename__ = "test_drive"
    __test__ = False  # not a test, whatever its name says
    __table_args__ = (
        CheckConstraint("odometer_end >= odometer_start", name="odometer_forward"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        Index("ix_test_drive_worksheet", "worksheet_id"),
        Index("ix_test_drive_car_at", "demo_car", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    at: Mapped[datetime]
    minutes: Mapped[int]
    demo_car: Mapped[str] = mapped_column(String(120))  # model and plate
    licence_number: Mapped[str] = mapped_column(String(10))
    licence_expiry: Mapped[date]
    driver_age: Mapped[int]
    experience_years: Mapped[int]
    route: Mapped[str] = mapped_column(String(20))
    odometer_start: Mapped[int]  # km
    odometer_end: Mapped[int]
    agreement: Mapped[str] = mapped_column(String(64), default="")  # hash of the signature; empty: signed on paper
    result: Mapped[str] = mapped_column(String(20))
    remarks: Mapped[str] = mapped_column(Text, default="")
    damage: Mapped[str] = mapped_column(Text, default="")
    damage_decision: Mapped[str] = mapped_column(String(20), default="")
    damage_cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class TradeInAppraisal(Base):
    """What the customer's own car is worth to the dealer. The newest of a worksheet counts."""

    __tablename__ = "tradein_appraisal"
    __table_args__ = (
        CheckConstraint("offer_price >= 0", name="price_not_negative"),
        Index("ix_tradein_appraisal_worksheet", "worksheet_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    vin: Mapped[str] = mapped_column(String(17))
    plate: Mapped[str] = mapped_column(String(12), default="")
    brand: Mapped[str] = mapped_column(String(60))
    model: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    mileage: Mapped[int]  # km
    owners: Mapped[int]
    details: Mapped[str] = mapped_column(Text, default="{}")  # JSON: paint, nodes, papers, photos
    market_price: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    repair_total: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    margin: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    offer_price: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    customer_expectation: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    valid_until: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(20))  # accepted, thinking, rejected
    reject_reason: Mapped[str] = mapped_column(Text, default="")
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # a price beyond the limit
    appraised_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    appraised_at: Mapped[datetime]
