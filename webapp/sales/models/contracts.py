"""Tables of a deal that is being closed: the contract, its payment schedule, the payments, and the survey after it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.sales.payment_plan import Instalment


class ContractStatus(StrEnum):
    SIGNED = "signed"
    TERMINATED = "terminated"


class Contract(Base):
    """A purchase contract. Of a worksheet at most one is in force; `waits_until`: the head gave time to pay."""

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("price > 0", name="price_positive"),
        CheckConstraint("tradein >= 0 AND tradein <= price", name="tradein_within_price"),
        Index("ix_contract_worksheet", "worksheet_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    number: Mapped[str] = mapped_column(String(40))
    status: Mapped[ContractStatus] = mapped_column(default=ContractStatus.SIGNED)
    signed_on: Mapped[date]
    signature: Mapped[str] = mapped_column(String(64), default="")  # hash of the stored picture; empty: on paper
    model_code: Mapped[str] = mapped_column(ForeignKey("car_model.code"))
    vin: Mapped[str] = mapped_column(String(17))
    price: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    tradein: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    vat_rate: Mapped[str] = mapped_column(String(5))  # per cent, or "none"
    handover_term: Mapped[date]
    credit_bank: Mapped[str] = mapped_column(String(120), default="")
    plate: Mapped[str] = mapped_column(String(12), default="")
    policy_until: Mapped[date | None]
    waits_until: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    lines: Mapped[list["ContractLine"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="ContractLine.position"
    )

    @property
    def payable(self) -> Decimal:
        """What the customer pays in money."""
        return self.price - self.tradein

    @property
    def schedule(self) -> list[Instalment]:
        return [Instalment(line.due, line.amount, line.kind) for line in self.lines]


class ContractLine(Base):
    """One line of the payment schedule."""

    __tablename__ = "contract_line"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    due: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    kind: Mapped[str] = mapped_column(String(20))  # deposit, main, credit


class PaymentKind(StrEnum):
    MAIN = "main"
    REFUND = "refund"


class Payment(Base):
    """Money that came in for a worksheet, or went back. Amounts are positive; a refund is counted off."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_payment_worksheet", "worksheet_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    kind: Mapped[PaymentKind]
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    paid_on: Mapped[date]
    method: Mapped[str] = mapped_column(String(20))  # cash, card, transfer, sbp, credit
    document_no: Mapped[str] = mapped_column(String(60), default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class SalesSurvey(Base):
    """What the buyer said a week after the handover (specification §3.6). `scores`: JSON, question to 1 to 5."""

    __tablename__ = "sales_survey"
    __table_args__ = (CheckConstraint("nps >= 0 AND nps <= 10", name="nps_in_range"),)

    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"), primary_key=True)
    answered_at: Mapped[datetime] = mapped_column(index=True)
    scores: Mapped[str] = mapped_column(Text)
    csi: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    nps: Mapped[int]
    test_drive_offered: Mapped[bool | None]
    opinion: Mapped[str] = mapped_column(Text, default="")
    may_publish: Mapped[bool] = mapped_column(default=False)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
