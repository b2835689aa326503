"""An event: what it is for, who is invited and who came, what it takes and costs (specification §3.4).

Where an event stands is the state of its case (business key `campaigns.event:<id>`); `status` is what lists, mails and
the reception of guests need of it, and is set by the operations of its drawing.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Numeric, String, Text, cast, literal
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.campaigns.models.campaigns import Campaign, Repeat
from webapp.campaigns.models.segments import Segment
from webapp.core.errors import Conflict
from webapp.inquiries.models import Purpose
from webapp.staff.models import Centre, User

EVENT_SUBJECT = "campaigns.event"
MOST_COMPANIONS = 20


class EventType(StrEnum):
    TEST_DRIVE_DAY = "test_drive_day"
    PRESENTATION = "presentation"
    EXHIBITION = "exhibition"
    SEMINAR = "seminar"
    CLUB_MEETING = "club_meeting"
    HOLIDAY = "holiday"


class EventStatus(StrEnum):
    PREPARING = "preparing"
    WAITING = "waiting"  # for the decision
    APPROVED = "approved"
    INVITING = "inviting"  # from the invitations to the end of the last day
    HELD = "held"  # the day is closed; what comes of it is counted
    FINISHED = "finished"
    REJECTED = "rejected"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        return self in (EventStatus.FINISHED, EventStatus.REJECTED, EventStatus.CANCELLED)

    @property
    def takes_guests(self) -> bool:
        """Whether somebody may still be put on the list, answer, or come."""
        return not self.is_over and self is not EventStatus.HELD


class MessageKind(StrEnum):
    INVITATION = "invitation"
    THANKS = "thanks"


class GuestStatus(StrEnum):
    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CAME = "came"
    NO_SHOW = "no_show"  # had confirmed


class NextStep(StrEnum):
    """What was agreed with a guest."""

    CALL = "call"
    TEST_DRIVE = "test_drive"
    OFFER = "offer"
    VISIT = "visit"
    NOTHING = "nothing"


class Event(Base):
    """One event. `first_day` to `last_day`: its days in the zone of its centre; `income`: of tickets and sponsors.

    The expectations are numbers of the whole event; `expected_margin` is of one sale, `margin_percent` of the revenue.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="room_for_somebody"),
        CheckConstraint("last_day >= first_day", name="ends_after_it_begins"),
        Index("ix_event_first_day", "first_day"),
        Index("ix_event_status", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    type: Mapped[EventType]
    goal: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    first_day: Mapped[date]
    last_day: Mapped[date]
    capacity: Mapped[int]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segment.id"))
    spend_id: Mapped[int | None] = mapped_column(ForeignKey("advertising_spend.id", ondelete="SET NULL"))
    expected_invited: Mapped[int] = mapped_column(default=0)
    expected_guests: Mapped[int] = mapped_column(default=0)
    expected_contacts: Mapped[int] = mapped_column(default=0)
    expected_sales: Mapped[int] = mapped_column(default=0)
    expected_margin: Mapped[Decimal] = mapped_column(Numeric(14, 2), default=0)
    margin_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=0)
    planned_income: Mapped[Decimal] = mapped_column(Numeric(14, 2), default=0)
    actual_income: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    counts_until: Mapped[date]  # the last day on which a purchase of a guest is a fruit of it
    status: Mapped[EventStatus] = mapped_column(default=EventStatus.PREPARING)
    created_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    inviting_began_at: Mapped[datetime | None]
    day_closed_at: Mapped[datetime | None]
    conclusion: Mapped[str] = mapped_column(Text, default="")
    repeat: Mapped[Repeat | None]
    closed_at: Mapped[datetime | None]

    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id], lazy="raise_on_sql")
    responsible: Mapped[User | None] = relationship(foreign_keys=[responsible_id], lazy="raise_on_sql")
    centre: Mapped[Centre | None] = relationship(lazy="raise_on_sql")
    campaign: Mapped[Campaign | None] = relationship(lazy="raise_on_sql")
    segment: Mapped[Segment | None] = relationship(lazy="raise_on_sql")
    messages: Mapped[list["EventMessage"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    costs: Mapped[list["EventCost"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="EventCost.position"
    )
    materials: Mapped[list["EventMaterial"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="EventMaterial.position"
    )

    @hybrid_property
    def business_key(self) -> str:
        return f"{EVENT_SUBJECT}:{self.id}"

    @business_key.inplace.expression
    @classmethod
    def _business_key(cls) -> ColumnElement[str]:
        return literal(f"{EVENT_SUBJECT}:") + cast(cls.id, String)

    def move_to(self, status: EventStatus) -> None:
        """The event goes on. Conflict: event_over."""
        if self.status.is_over:
            raise Conflict("event_over", f"Event {self.id} is {self.status}.", event=self.name)
        self.status = status


class EventMessage(Base):
    """What is written to guests, of each kind at most one. Texts may hold the gaps of `inviting.GAPS`."""

    __tablename__ = "event_message"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[MessageKind] = mapped_column(primary_key=True)
    subject_ru: Mapped[str] = mapped_column(String(160))
    text_ru: Mapped[str] = mapped_column(Text)
    subject_en: Mapped[str] = mapped_column(String(160))
    text_en: Mapped[str] = mapped_column(Text)


class EventParticipant(Base):
    """A customer of the list of guests, once. `companions`: who come with him; `walk_in`: came without being invited.

    `invited_at` and `thanked_at`: when his mail was handed over, empty while it waits or none is written.
    """

    __tablename__ = "event_participant"
    __table_args__ = (
        CheckConstraint(f"companions >= 0 AND companions <= {MOST_COMPANIONS}", name="companions_of_a_table"),
        Index("ix_event_participant_status", "event_id", "status"),
        Index("ix_event_participant_customer", "customer_id"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)
    status: Mapped[GuestStatus]
    companions: Mapped[int] = mapped_column(default=0)
    walk_in: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    invited_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    came_at: Mapped[datetime | None]
    interest: Mapped[Purpose | None]
    model_code: Mapped[str | None] = mapped_column(ForeignKey("car_model.code"))
    next_step: Mapped[NextStep | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    inquiry_id: Mapped[int | None] = mapped_column(ForeignKey("inquiry.id"))
    thanked_at: Mapped[datetime | None]


class EventMaterial(Base):
    """A thing that the event takes: how many were planned, used and brought back, and what one costs."""

    __tablename__ = "event_material"
    __table_args__ = (
        CheckConstraint("planned >= 0 AND unit_cost >= 0", name="plan_not_negative"),
        CheckConstraint("used IS NULL OR used >= 0", name="used_not_negative"),
        CheckConstraint("returned IS NULL OR returned >= 0", name="returned_not_negative"),
        Index("ix_event_material_event", "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    item: Mapped[str] = mapped_column(String(160))
    planned: Mapped[int]
    used: Mapped[int | None]
    returned: Mapped[int | None]
    unit_cost: Mapped[Decimal] = mapped_column(Numeric(12, 2), default=0)


class EventCost(Base):
    """A line of the budget: what was planned, and what it came to."""

    __tablename__ = "event_cost"
    __table_args__ = (
        CheckConstraint("planned >= 0", name="planned_not_negative"),
        CheckConstraint("actual IS NULL OR actual >= 0", name="actual_not_negative"),
        Index("ix_event_cost_event", "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    item: Mapped[str] = mapped_column(String(160))
    contractor: Mapped[str] = mapped_column(String(160), default="")
    planned: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    actual: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
