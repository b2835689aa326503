"""Visits: one need of one car, from the call to the handover.

Where a visit stands in its process is the state of its case (business key `aftersales.visit:<id>`); here stand the
facts of the record, and `status` is what the calendar and the board of the day show.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, Numeric, String, Text, cast, literal
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.aftersales.models.resources import ServiceResource
from webapp.customers.models import Customer
from webapp.staff.models import User

SUBJECT = "aftersales.visit"


class VisitStatus(StrEnum):
    REQUESTED = "requested"
    BOOKED = "booked"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_WORK = "in_work"
    WAITING_APPROVAL = "waiting_approval"
    READY = "ready"
    DONE = "done"
    CANCELLED_BY_CUSTOMER = "cancelled_by_customer"
    CANCELLED_BY_US = "cancelled_by_us"
    NOT_BOOKED = "not_booked"
    NO_SHOW = "no_show"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens."""
        return self in OVER

    @property
    def frees_slot(self) -> bool:
        """Whether what was booked belongs to nobody any more."""
        return self.is_over and self is not VisitStatus.DONE


OVER = frozenset(
    {
        VisitStatus.DONE,
        VisitStatus.CANCELLED_BY_CUSTOMER,
        VisitStatus.CANCELLED_BY_US,
        VisitStatus.NOT_BOOKED,
        VisitStatus.NO_SHOW,
    }
)
AWAITED = frozenset({VisitStatus.BOOKED, VisitStatus.CONFIRMED})  # a slot is kept, the car is not here yet
HERE = frozenset({VisitStatus.ARRIVED, VisitStatus.IN_WORK, VisitStatus.WAITING_APPROVAL, VisitStatus.READY})


class VisitReason(StrEnum):
    MAINTENANCE = "maintenance"
    DIAGNOSTICS = "diagnostics"
    REPAIR = "repair"
    WARRANTY = "warranty"
    RECALL = "recall"
    BODY = "body"
    TYRES = "tyres"
    ACCESSORIES = "accessories"
    OTHER = "other"


class WaitOrLeave(StrEnum):
    WAIT = "wait"
    LEAVE = "leave"


class NotBookedReason(StrEnum):
    """Why a customer who called has no appointment."""

    NO_FREE_TIME = "no_free_time"
    PRICE = "price"
    NO_PARTS = "no_parts"
    DISTANCE = "distance"
    JUST_ASKING = "just_asking"
    OTHER = "other"


class ServiceVisit(Base):
    """One service need of one car.

    `standard` is the id of the process it follows. `starts_at` is the reception by appointment, `ends_at` the end of
    the work in the bay; both stay as they were after a cancellation, the occupied quarters do not.
    """

    __tablename__ = "service_visit"
    __table_args__ = (
        CheckConstraint("starts_at IS NULL OR ends_at IS NULL OR starts_at < ends_at", name="times_ordered"),
        CheckConstraint("hours >= 0", name="hours_not_negative"),
        CheckConstraint("km IS NULL OR km >= 0", name="km_not_negative"),
        CheckConstraint("moved_count >= 0", name="moved_not_negative"),
        CheckConstraint("estimate >= 0", name="estimate_not_negative"),
        Index("ix_service_visit_centre_starts", "centre_id", "starts_at"),
        Index("ix_service_visit_centre_status", "centre_id", "status"),
        Index("ix_service_visit_customer", "customer_id"),
        Index("ix_service_visit_car", "car_id"),
        Index("ix_service_visit_inquiry", "inquiry_id"),
        Index("ix_service_visit_opened", "opened_at"),
        Index("ix_service_visit_repeats", "repeats_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    car_id: Mapped[int | None] = mapped_column(ForeignKey("customer_car.id"))
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    inquiry_id: Mapped[int | None] = mapped_column(ForeignKey("inquiry.id"))
    standard: Mapped[str] = mapped_column(String(80))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    status: Mapped[VisitStatus] = mapped_column(default=VisitStatus.REQUESTED)
    not_booked_reason: Mapped[NotBookedReason | None]

    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)  # VisitReason values
    jobs: Mapped[list[str]] = mapped_column(JSON, default=list)  # codes of ServiceJob
    customer_words: Mapped[str] = mapped_column(Text, default="")
    agreed: Mapped[list[dict[str, str | None]]] = mapped_column(JSON, default=list)  # at the inspection: see prefilling
    km: Mapped[int | None]
    wait_or_leave: Mapped[WaitOrLeave | None]
    repeat_repair: Mapped[bool] = mapped_column(default=False)
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("service_visit.id"))  # whose work is put right
    walk_in: Mapped[bool] = mapped_column(default=False)
    hours: Mapped[Decimal] = mapped_column(Numeric(6, 2), default=Decimal(0))  # norm hours
    estimate: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))  # what was named on the phone, in roubles
    pick_up_address: Mapped[str] = mapped_column(String(300), default="")  # empty: the customer comes himself

    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    bay_id: Mapped[int | None] = mapped_column(ForeignKey("service_resource.id"))
    courtesy_car_id: Mapped[int | None] = mapped_column(ForeignKey("service_resource.id"))
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    booked_at: Mapped[datetime | None]
    booked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    moved_count: Mapped[int] = mapped_column(default=0)
    arrived_at: Mapped[datetime | None]
    promised_at: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship(lazy="joined")
    advisor: Mapped[User | None] = relationship(foreign_keys=[advisor_id], lazy="raise_on_sql")
    bay: Mapped[ServiceResource | None] = relationship(foreign_keys=[bay_id], lazy="raise_on_sql")
    courtesy_car: Mapped[ServiceResource | None] = relationship(foreign_keys=[courtesy_car_id], lazy="raise_on_sql")

    @hybrid_property
    def business_key(self) -> str:
        """The key of its case."""
        return f"{SUBJECT}:{self.id}"

    @business_key.inplace.expression
    @classmethod
    def _business_key(cls) -> ColumnElement[str]:
        return literal(f"{SUBJECT}:") + cast(cls.id, String)
