"""Tables of the sales slice: worksheets, agreed visits, real visits, follow-up contacts, sales.

Where a worksheet stands is not written here: that is the state of its case (business key `sales.worksheet:<id>`),
and milestones come out of the drawing alone.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Numeric, String, Text, cast, literal
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.core.errors import Conflict
from webapp.core.reference import Bilingual
from webapp.customers.models import Customer
from webapp.inquiries.models import InterestType, Purpose
from webapp.sales.temperature import Horizon, Temperature, temperature_at
from webapp.staff.models import User
from webapp.vehicles.models import CarModel

SUBJECT = "sales.worksheet"
AFTERCARE = "sales.aftercare"  # prefix of the case after the handover; its number is the worksheet's
NUMBER_PREFIX = {"ru": "РЛ", "en": "RL"}


class PayMethod(StrEnum):
    CASH = "cash"
    CREDIT = "credit"
    LEASING = "leasing"
    TRADEIN_PLUS_CASH = "tradein_plus_cash"
    TRADEIN_PLUS_CREDIT = "tradein_plus_credit"
    UNDECIDED = "undecided"


class LostReason(StrEnum):
    NO_ANSWER = "no_answer"
    INVALID_CONTACT = "invalid_contact"
    DUPLICATE = "duplicate"
    BOUGHT_ELSEWHERE = "bought_elsewhere_silently"
    OUR_FAILURE = "our_process_failure"


class ReasonGroup(StrEnum):
    PRICE = "price"
    FINANCE = "finance"
    PRODUCT = "product"
    COMPETITOR = "competitor"
    CUSTOMER = "customer"
    US = "us"
    OTHER = "other"


class RefusalReason(Base, Bilingual):
    """Why a customer says no (specification §0.6)."""

    __tablename__ = "refusal_reason"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    group: Mapped[ReasonGroup]
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class Competitor(Base, Bilingual):
    """A brand or a dealer to whom customers go instead."""

    __tablename__ = "competitor"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class Worksheet(Base):
    """One purchase intent of one customer: what he wants, what he can pay, and why he went if he did."""

    __tablename__ = "worksheet"
    __table_args__ = (
        CheckConstraint("budget_from IS NULL OR budget_to IS NULL OR budget_from <= budget_to", name="budget_ordered"),
        Index("ix_worksheet_customer", "customer_id"),
        Index("ix_worksheet_manager", "manager_id"),
        Index("ix_worksheet_centre", "centre_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    inquiry_id: Mapped[int | None] = mapped_column(ForeignKey("inquiry.id"))
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime]
    source_code: Mapped[str] = mapped_column(ForeignKey("inquiry_source.code"))
    campaign: Mapped[str] = mapped_column(String(120), default="")
    purpose: Mapped[Purpose]
    interest_type: Mapped[InterestType]
    model_code: Mapped[str | None] = mapped_column(ForeignKey("car_model.code"))

    budget_from: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    budget_to: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    pay_method: Mapped[PayMethod | None]
    horizon: Mapped[Horizon | None]
    temperature_by_horizon: Mapped[Temperature | None]  # as the table said when the horizon was told
    temperature_override: Mapped[Temperature | None]
    temperature_overridden_at: Mapped[datetime | None]
    needs: Mapped[str] = mapped_column(Text, default="{}")  # JSON: the answers of the needs analysis

    refusal_code: Mapped[str | None] = mapped_column(ForeignKey("refusal_reason.code"))
    refusal_comment: Mapped[str] = mapped_column(Text, default="")
    competitor_code: Mapped[str | None] = mapped_column(ForeignKey("competitor.code"))
    competitor_price: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    may_contact_later: Mapped[bool | None]
    lost_reason: Mapped[LostReason | None]

    checked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    checked_at: Mapped[datetime | None]
    instruction: Mapped[str] = mapped_column(Text, default="")

    customer: Mapped[Customer] = relationship(lazy="joined")
    manager: Mapped[User | None] = relationship(foreign_keys=[manager_id], lazy="raise_on_sql")
    model: Mapped[CarModel | None] = relationship(lazy="raise_on_sql")

    @hybrid_property
    def business_key(self) -> str:
        """The key of its case."""
        return f"{SUBJECT}:{self.id}"

    @business_key.inplace.expression
    @classmethod
    def _business_key(cls) -> ColumnElement[str]:
        return literal(f"{SUBJECT}:") + cast(cls.id, String)

    @property
    def needs_profile(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(self.needs)
        return found

    def number_in(self, language: str) -> str:
        """РЛ-000001 or RL-000001: the number is the same in both languages."""
        return worksheet_number(self.id, language)

    def temperature(self, now: datetime) -> Temperature | None:
        return temperature_at(
            now,
            by_horizon=self.temperature_by_horizon,
            override=self.temperature_override,
            overridden_at=self.temperature_overridden_at,
        )

    def refuse(self, code: str, *, comment: str, competitor: str | None, price: Decimal | None, later: bool) -> None:
        """The customer said no."""
        self.refusal_code, self.refusal_comment, self.may_contact_later = code, comment, later
        self.competitor_code, self.competitor_price = competitor, price
        self.lost_reason = None

    def lose(self, reason: LostReason) -> None:
        """The customer is gone without a word."""
        self.clear_ending()
        self.lost_reason = reason

    def clear_ending(self) -> None:
        """Back to work: nothing of an earlier refusal or loss remains."""
        self.refusal_code = self.competitor_code = self.competitor_price = self.may_contact_later = None
        self.refusal_comment, self.lost_reason = "", None

    def check(self, *, by: int, at: datetime, instruction: str) -> None:
        """The head has looked at it today."""
        self.checked_by, self.checked_at, self.instruction = by, at, instruction


def worksheet_number(worksheet_id: int, language: str) -> str:
    """РЛ-000042 for Russian readers, RL-000042 for others."""
    return f"{NUMBER_PREFIX.get(language, NUMBER_PREFIX['en'])}-{worksheet_id:06}"


class AppointmentStatus(StrEnum):
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    MISSED = "missed"
    MOVED = "moved"
    CANCELLED = "cancelled"


OPEN_APPOINTMENTS = (AppointmentStatus.PLANNED, AppointmentStatus.CONFIRMED)


class Appointment(Base):
    """An agreed visit. At most one of a worksheet is open; a move closes it and opens another."""

    __tablename__ = "appointment"
    __table_args__ = (
        Index("ix_appointment_worksheet", "worksheet_id"),
        Index("ix_appointment_manager_at", "manager_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    status: Mapped[AppointmentStatus] = mapped_column(default=AppointmentStatus.PLANNED)
    calls: Mapped[int] = mapped_column(default=0)  # confirmation calls so far that nobody took
    companions: Mapped[str] = mapped_column(Text, default="[]")  # JSON list of codes
    prepare: Mapped[str] = mapped_column(Text, default="[]")  # JSON list of codes
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]

    def close(self, status: AppointmentStatus) -> None:
        if self.status not in OPEN_APPOINTMENTS:
            raise Conflict("appointment_closed", f"Appointment {self.id} is already {self.status}.")
        self.status = status

    def confirm(self, *, companions: list[str], prepare: list[str]) -> None:
        if self.status not in OPEN_APPOINTMENTS:
            raise Conflict("appointment_closed", f"Appointment {self.id} is already {self.status}.")
        self.status = AppointmentStatus.CONFIRMED
        self.companions, self.prepare = json.dumps(companions), json.dumps(prepare)


class Visit(Base):
    """Somebody really came to the showroom."""

    __tablename__ = "visit"
    __table_args__ = (Index("ix_visit_worksheet", "worksheet_id"), Index("ix_visit_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"))
    at: Mapped[datetime]
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    purpose: Mapped[Purpose]
    first: Mapped[bool]
    companions: Mapped[int] = mapped_column(default=0)
    arrived_on: Mapped[str] = mapped_column(String(120), default="")
    looked_only: Mapped[bool] = mapped_column(default=False)
    received_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    handed_to: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class FollowUpRound(Base):
    """One stretch of following up: from its beginning until a visit, a sale, or the end."""

    __tablename__ = "follow_up_round"
    __table_args__ = (Index("ix_follow_up_round_worksheet", "worksheet_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    extra: Mapped[int] = mapped_column(default=0)  # contacts the head allowed beyond the plan
    agreed_at: Mapped[datetime | None]  # the next contact as agreed with the customer

    contacts: Mapped[list["FollowUpContact"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="FollowUpContact.at"
    )


class FollowUpContact(Base):
    """One follow-up contact and what was said."""

    __tablename__ = "follow_up_contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("follow_up_round.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    reached: Mapped[bool]
    reason_used: Mapped[str] = mapped_column(String(40), default="")
    objection: Mapped[str] = mapped_column(String(40), default="")


class Sale(Base):
    """The car that a worksheet ended with."""

    __tablename__ = "sale"
    __table_args__ = (CheckConstraint("price >= 0", name="price_not_negative"),)

    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"), primary_key=True)
    model_code: Mapped[str] = mapped_column(ForeignKey("car_model.code"))
    price: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    contract_number: Mapped[str] = mapped_column(String(40))
    delivered_on: Mapped[date] = mapped_column(index=True)
    vin: Mapped[str] = mapped_column(String(17), default="")
    plate: Mapped[str] = mapped_column(String(12), default="")
    odometer: Mapped[int | None]  # km
    first_service_due: Mapped[date | None]
    first_service_km: Mapped[int | None]
    warranty_until: Mapped[date | None]
    policy_until: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
