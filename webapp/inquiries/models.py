"""Tables of the inquiries slice: what reached us, through which door, and what became of it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.core.reference import Bilingual
from webapp.customers.models import Customer, Sex
from webapp.staff.models import User
from webapp.vehicles.models import CarModel


class InquiryChannel(StrEnum):
    CALL = "call"
    WEB_FORM = "web_form"
    CHAT = "chat"
    WALK_IN = "walk_in"
    EMAIL = "email"
    EVENT = "event"
    REFERRAL = "referral"


class Department(StrEnum):
    SALES_NEW = "sales_new"
    SALES_USED = "sales_used"
    SERVICE = "service"
    PARTS = "parts"
    ADMIN = "admin"


class Purpose(StrEnum):
    NEW_CAR = "new_car"
    USED_CAR = "used_car"
    TRADE_IN = "trade_in"
    TEST_DRIVE = "test_drive"
    SERVICE = "service"
    PARTS = "parts"
    DOCUMENTS = "documents"
    COMPLAINT = "complaint"
    OTHER = "other"

    @property
    def department(self) -> Department:
        """Who serves it."""
        return _DEPARTMENTS.get(self, Department.ADMIN)

    @property
    def is_sale(self) -> bool:
        """Whether a worksheet is opened for it."""
        return self.department in {Department.SALES_NEW, Department.SALES_USED}


_DEPARTMENTS = {
    Purpose.NEW_CAR: Department.SALES_NEW,
    Purpose.TRADE_IN: Department.SALES_NEW,
    Purpose.TEST_DRIVE: Department.SALES_NEW,
    Purpose.USED_CAR: Department.SALES_USED,
    Purpose.SERVICE: Department.SERVICE,
    Purpose.COMPLAINT: Department.SERVICE,
    Purpose.PARTS: Department.PARTS,
}


class SpendDepartment(StrEnum):
    """In whose funnel advertising counts."""

    SALES = "sales"
    SERVICE = "service"

    @property
    def asked(self) -> tuple[Department, ...]:
        """The inquiries that it brings."""
        if self is SpendDepartment.SERVICE:
            return (Department.SERVICE,)
        return (Department.SALES_NEW, Department.SALES_USED)


class InterestType(StrEnum):
    NEW = "new"
    USED = "used"
    ANY = "any"


class InquiryResult(StrEnum):
    VISIT_BOOKED = "visit_booked"
    VISIT_NOW = "visit_now"
    INFO_GIVEN = "info_given"
    CALLBACK_PROMISED = "callback_promised"
    TRANSFERRED = "transferred"
    COMPLAINT = "complaint"
    WAITING = "waiting"  # nobody has answered yet
    LOST_CALL = "lost_call"
    WRONG_NUMBER = "wrong_number"


class SourceGroup(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"
    OWN_BASE = "own_base"
    REFERRAL = "referral"
    UNKNOWN = "unknown"


class Source(Base, Bilingual):
    """Where a customer heard of us (specification §0.6). `code` is what cases and the funnel store."""

    __tablename__ = "inquiry_source"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    group: Mapped[SourceGroup]
    paid: Mapped[bool]
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class TrackingNumber(Base):
    """A number of ours that stands in one advert only: who dials it came from there."""

    __tablename__ = "tracking_number"

    number: Mapped[str] = mapped_column(String(20), primary_key=True)  # E.164
    source_code: Mapped[str] = mapped_column(ForeignKey("inquiry_source.code"))
    campaign: Mapped[str] = mapped_column(String(120), default="")
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))

    source: Mapped[Source] = relationship(lazy="joined")


class Inquiry(Base):
    """One inbound contact. Without a customer it is nameless traffic that is only counted.

    `case_key` is the business key of the case it belongs to; `opened_case` tells whether it began that case.
    """

    __tablename__ = "inquiry"
    __table_args__ = (
        Index("ix_inquiry_at", "at"),
        Index("ix_inquiry_customer_at", "customer_id", "at"),
        Index("ix_inquiry_phone_at", "phone", "at"),
        Index("ix_inquiry_case_key", "case_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    channel: Mapped[InquiryChannel]
    department: Mapped[Department]
    purpose: Mapped[Purpose]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id", ondelete="SET NULL"))
    phone: Mapped[str] = mapped_column(String(20), default="")  # E.164
    sex: Mapped[Sex] = mapped_column(default=Sex.UNKNOWN)
    dialled_number: Mapped[str] = mapped_column(String(20), default="")  # E.164, one of ours
    source_code: Mapped[str] = mapped_column(ForeignKey("inquiry_source.code"))
    campaign: Mapped[str] = mapped_column(String(120), default="")
    model_code: Mapped[str | None] = mapped_column(ForeignKey("car_model.code"))
    interest_type: Mapped[InterestType]
    answered: Mapped[bool]
    visit_at: Mapped[datetime | None]
    result: Mapped[InquiryResult]
    comment: Mapped[str] = mapped_column(Text, default="")
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    handed_to: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    case_key: Mapped[str | None] = mapped_column(String(120))
    opened_case: Mapped[bool] = mapped_column(default=False)

    customer: Mapped[Customer | None] = relationship(lazy="raise_on_sql")
    source: Mapped[Source] = relationship(lazy="raise_on_sql")
    model: Mapped[CarModel | None] = relationship(lazy="raise_on_sql")
    receiver: Mapped[User | None] = relationship(foreign_keys=[handed_to], lazy="raise_on_sql")
    touches: Mapped[list["InquiryTouch"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="InquiryTouch.at"
    )


class InquiryTouch(Base):
    """The same person again within a day about the same department: not a second inquiry."""

    __tablename__ = "inquiry_touch"

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    channel: Mapped[InquiryChannel]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    comment: Mapped[str] = mapped_column(Text, default="")


class AdvertisingSpend(Base):
    """What advertising of a source costs for some days; `from_day` and `to_day` belong to it.

    Without a source it is for all paid sources together; without a centre for the whole group; without a department
    for both. `campaign` is its code.
    """

    __tablename__ = "advertising_spend"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("from_day <= to_day", name="days_ordered"),
        Index("ix_advertising_spend_to_day", "to_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_code: Mapped[str | None] = mapped_column(ForeignKey("inquiry_source.code"))
    campaign: Mapped[str] = mapped_column(String(120), default="")
    department: Mapped[SpendDepartment | None]
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    from_day: Mapped[date]
    to_day: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    source: Mapped[Source | None] = relationship(lazy="raise_on_sql")
