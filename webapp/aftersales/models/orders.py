"""The work order: what is done to the car, with which parts, at what price, and who agreed to it.

Its lines change only through the steps of the visit; a closed or cancelled order changes no more.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.aftersales.models.visits import ServiceVisit
from webapp.aftersales.order_sums import (
    LineSums,
    OrderSums,
    labour_line,
    line_cost,
    order_sums,
    part_line,
    sum_costs,
)
from webapp.customers.models import Customer
from webapp.kit.vat import Tax, TaxMode
from webapp.staff.models import User

NUMBER_PREFIX = {"ru": "ЗН", "en": "WO"}


class OrderKind(StrEnum):
    PAID = "paid"
    WARRANTY = "warranty"
    RECALL = "recall"
    INTERNAL = "internal"
    GOODWILL = "goodwill"
    INSURANCE = "insurance"


class OrderState(StrEnum):
    AGREED = "agreed"
    IN_WORK = "in_work"
    DONE = "done"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing in the order may change any more."""
        return self in {OrderState.CLOSED, OrderState.CANCELLED}


class HiddenDefects(StrEnum):
    """What the customer wants when more is found than was agreed."""

    CALL_ME = "call_me"
    DO_UP_TO_LIMIT = "do_up_to_limit"
    DO_NOT = "do_not"


class LineStatus(StrEnum):
    AGREED = "agreed"
    ASKED = "asked"  # found during the work; the customer has not answered yet
    DECLINED = "declined"


class PartOrigin(StrEnum):
    ORIGINAL = "original"
    EQUIVALENT = "equivalent"
    USED = "used"


class WorkOrder(Base):
    """One order of one visit. The sums are those of its agreed lines, tax included."""

    __tablename__ = "work_order"
    __table_args__ = (
        CheckConstraint("extra_limit >= 0", name="limit_not_negative"),
        CheckConstraint("paid >= 0", name="paid_not_negative"),
        Index("uq_work_order_visit", "visit_id", unique=True),
        Index("ix_work_order_opened", "opened_at"),
        Index("ix_work_order_closed", "closed_at"),
        Index("ix_work_order_customer", "customer_id"),
        Index("ix_work_order_centre_state", "centre_id", "state"),
        Index("ix_work_order_advisor", "advisor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("service_visit.id"))
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    car_id: Mapped[int | None] = mapped_column(ForeignKey("customer_car.id"))
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[OrderKind]
    state: Mapped[OrderState] = mapped_column(default=OrderState.AGREED)
    km: Mapped[int | None]
    customer_words: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime]
    promised_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_on: Mapped[date | None]  # the day of it in the dealer's zone
    approved_by: Mapped[str] = mapped_column(String(20))  # signature, recorded_call, electronic
    extra_limit: Mapped[Decimal] = mapped_column(Numeric(14, 2), default=Decimal(0))
    hidden_defects: Mapped[HiddenDefects] = mapped_column(default=HiddenDefects.CALL_ME)
    tax_rate: Mapped[Decimal] = mapped_column(Numeric(5, 2))  # per cent, that of the day it was opened
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    clocked_hours: Mapped[Decimal] = mapped_column(Numeric(7, 2), default=Decimal(0))
    labour: Mapped[Decimal] = mapped_column(Numeric(14, 2), default=Decimal(0))
    parts: Mapped[Decimal] = mapped_column(Numeric(14, 2), default=Decimal(0))
    discount: Mapped[Decimal] = mapped_column(Numeric(14, 2), default=Decimal(0))
    total: Mapped[Decimal] = mapped_column(Numeric(14, 2), default=Decimal(0))
    tax: Mapped[Decimal] = mapped_column(Numeric(14, 2), default=Decimal(0))
    cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))  # without tax; None: that of a line is not known
    paid: Mapped[Decimal] = mapped_column(Numeric(14, 2), default=Decimal(0))
    contract_no: Mapped[str] = mapped_column(String(40), default="")  # of a company that pays later
    deferred_until: Mapped[date | None]

    visit: Mapped[ServiceVisit] = relationship(lazy="raise_on_sql")
    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")
    advisor: Mapped[User | None] = relationship(foreign_keys=[advisor_id], lazy="raise_on_sql")
    technician: Mapped[User | None] = relationship(foreign_keys=[technician_id], lazy="raise_on_sql")
    labour_lines: Mapped[list["LabourLine"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="LabourLine.position"
    )
    part_lines: Mapped[list["PartLine"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="PartLine.position"
    )

    def number_in(self, language: str) -> str:
        """ЗН-000042 for Russian readers, WO-000042 for others."""
        return f"{NUMBER_PREFIX.get(language, NUMBER_PREFIX['en'])}-{self.id:06}"

    @property
    def vat(self) -> Tax:
        return Tax(TaxMode.GENERAL, self.tax_rate)

    @property
    def balance(self) -> Decimal:
        """What is still to be paid; a customer pays only for what is not warranty, goodwill or our own."""
        return self.payable - self.paid

    @property
    def payable(self) -> Decimal:
        paid_by_customer = self.kind in {OrderKind.PAID, OrderKind.INSURANCE}
        return self.total if paid_by_customer else Decimal("0.00")

    @property
    def norm_hours(self) -> Decimal:
        """Of the work that is agreed."""
        return sum((line.norm_hours for line in self.labour_lines if line.status is LineStatus.AGREED), Decimal(0))

    @property
    def labour_cost(self) -> Decimal | None:
        """What the agreed work costs us; None while the cost of an hour is not known."""
        return sum_costs(line.cost for line in self.labour_lines if line.status is LineStatus.AGREED)

    @property
    def gross_profit(self) -> Decimal | None:
        """The sum without its tax, less what the agreed lines cost us; None while the cost is not known."""
        return None if self.cost is None else self.total - self.tax - self.cost

    def sums(self) -> OrderSums:
        """Of the agreed lines, as they stand now."""
        return order_sums(
            (line.sums(self.vat) for line in self.labour_lines if line.status is LineStatus.AGREED),
            (line.sums(self.vat) for line in self.part_lines if line.status is LineStatus.AGREED),
        )

    def add_up(self) -> None:
        """Write the sums of the lines into the order."""
        sums = self.sums()
        self.labour, self.parts, self.discount = sums.labour, sums.parts, sums.discount
        self.total, self.tax = sums.total, sums.tax
        lines: list[LabourLine | PartLine] = [*self.labour_lines, *self.part_lines]
        self.cost = sum_costs(line.cost for line in lines if line.status is LineStatus.AGREED)


class LabourLine(Base):
    """Work: norm hours × rate per norm hour × how often, less a discount in per cent."""

    __tablename__ = "work_order_labour"
    __table_args__ = (
        CheckConstraint("hours >= 0 AND rate >= 0 AND qty > 0", name="amounts_plausible"),
        CheckConstraint("hour_cost >= 0", name="cost_not_negative"),
        CheckConstraint("discount >= 0 AND discount <= 100", name="discount_is_a_share"),
        Index("ix_work_order_labour_order", "order_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id", ondelete="CASCADE"))
    position: Mapped[int]
    status: Mapped[LineStatus] = mapped_column(default=LineStatus.AGREED)
    extra: Mapped[bool] = mapped_column(default=False)  # found during the work
    code: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(String(200))
    hours: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    rate: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    qty: Mapped[Decimal] = mapped_column(Numeric(6, 0), default=Decimal(1))
    discount: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal(0))  # per cent
    hour_cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))  # of a norm hour, that of the day it was written

    @property
    def cost(self) -> Decimal | None:
        """What the work costs us; None while the cost of an hour is not known."""
        return line_cost(self.hour_cost, self.norm_hours)

    @property
    def norm_hours(self) -> Decimal:
        return self.hours * self.qty

    def sums(self, tax: Tax) -> LineSums:
        return labour_line(hours=self.hours, rate=self.rate, qty=self.qty, discount=self.discount, tax=tax)


class PartLine(Base):
    """A part by article and maker, as the rules for services to cars want it named before the work begins."""

    __tablename__ = "work_order_part"
    __table_args__ = (
        CheckConstraint("qty > 0 AND price >= 0", name="amounts_plausible"),
        CheckConstraint("unit_cost >= 0", name="cost_not_negative"),
        CheckConstraint("discount >= 0 AND discount <= 100", name="discount_is_a_share"),
        Index("ix_work_order_part_order", "order_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id", ondelete="CASCADE"))
    position: Mapped[int]
    status: Mapped[LineStatus] = mapped_column(default=LineStatus.AGREED)
    extra: Mapped[bool] = mapped_column(default=False)
    article: Mapped[str] = mapped_column(String(60), default="")
    title: Mapped[str] = mapped_column(String(200))
    maker: Mapped[str] = mapped_column(String(80), default="")
    origin: Mapped[PartOrigin] = mapped_column(default=PartOrigin.ORIGINAL)
    own: Mapped[bool] = mapped_column(default=False)  # brought by the customer
    unit: Mapped[str] = mapped_column(String(10), default="piece")
    qty: Mapped[Decimal] = mapped_column(Numeric(10, 3))
    price: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    discount: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal(0))  # per cent
    unit_cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))  # purchase price of one, without tax

    @property
    def cost(self) -> Decimal | None:
        """What the part costs us; None while it is not known. A part that the customer brought costs nothing."""
        return Decimal("0.00") if self.own else line_cost(self.unit_cost, self.qty)

    def sums(self, tax: Tax) -> LineSums:
        return part_line(price=self.price, qty=self.qty, discount=self.discount, tax=tax, own=self.own)


class RecommendationKind(StrEnum):
    WORK = "work"
    NEXT_SERVICE = "next_service"


class Recommendation(Base):
    """What a car needs later: found at the inspection, put off by the customer, or the next service."""

    __tablename__ = "service_recommendation"
    __table_args__ = (
        Index("ix_service_recommendation_car", "car_id"),
        Index("ix_service_recommendation_visit", "visit_id"),
        Index("ix_service_recommendation_by", "by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    car_id: Mapped[int] = mapped_column(ForeignKey("customer_car.id"))
    visit_id: Mapped[int] = mapped_column(ForeignKey("service_visit.id"))
    kind: Mapped[RecommendationKind]
    what: Mapped[str] = mapped_column(String(200), default="")
    by: Mapped[date | None]
    km: Mapped[int | None]
    price: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    done_at: Mapped[datetime | None]
