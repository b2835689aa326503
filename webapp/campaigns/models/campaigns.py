"""A campaign: its goal, whom it is for, what it says and costs, whom it reached, and who answered.

Where a campaign stands is the state of its case (business key `campaigns.campaign:<id>`); `status` is what lists
and sending need of it and is set by the operations of its drawing.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Numeric, String, Text, cast, literal
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.campaigns.models.segments import Segment
from webapp.campaigns.rules.tree import Node, parse
from webapp.core.errors import Conflict
from webapp.inquiries.models import SpendDepartment
from webapp.staff.models import Centre, User

SUBJECT = "campaigns.campaign"
TASK_SUBJECT = "campaigns.task"


class CampaignType(StrEnum):
    ACQUISITION = "acquisition"
    RETENTION = "retention"
    RECOVERY = "recovery"
    EVENT = "event"
    IMAGE = "image"
    RECALL = "recall"


class GoalMetric(StrEnum):
    """What the goal is counted in; each is a figure of the page of plan against fact."""

    CONTACTS = "contacts"
    VISITS = "visits"
    SALES = "sales"
    REVENUE = "revenue"


class Exclusion(StrEnum):
    """Whom a campaign leaves out of its segment."""

    CONTACTED_LATELY = "contacted_lately"
    ACTIVE_WORKSHEET = "active_worksheet"
    LOST_BY_WISH = "lost_by_wish"
    INVITED_ELSEWHERE = "invited_elsewhere"
    OPEN_COMPLAINT = "open_complaint"
    EMPLOYEES = "employees"


class CampaignChannel(StrEnum):
    """Mails are sent by the application; what is printed or advertised is only counted by its code and number."""

    EMAIL = "email"
    PRINT = "print"
    ADS = "ads"


class CampaignStatus(StrEnum):
    PREPARING = "preparing"
    WAITING = "waiting"  # for the decision
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    FINISHED = "finished"
    REJECTED = "rejected"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        return self in (CampaignStatus.FINISHED, CampaignStatus.REJECTED, CampaignStatus.CANCELLED)

    @property
    def answers_count(self) -> bool:
        """Whether a contact may still be its response."""
        return self in (CampaignStatus.APPROVED, CampaignStatus.SENDING, CampaignStatus.SENT)


SPENDING = (CampaignStatus.APPROVED, CampaignStatus.SENDING, CampaignStatus.SENT, CampaignStatus.FINISHED)


class Repeat(StrEnum):
    YES = "yes"
    NO = "no"
    CHANGED = "changed"


class Campaign(Base):
    """One campaign. `code` is what customers name and the register writes down; percentages are 0 to 100.

    `expected_margin`: of a sale, in money; `margin_percent`: of the revenue, for the fact. `department`: where its
    cost counts; None: for both.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("control_percent >= 0 AND control_percent <= 20", name="control_share"),
        Index("ix_campaign_status", "status"),
        Index("ix_campaign_owner", "owner_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    type: Mapped[CampaignType]
    department: Mapped[SpendDepartment | None]
    goal_metric: Mapped[GoalMetric]
    goal_value: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    product: Mapped[str] = mapped_column(String(120), default="")
    hypothesis: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segment.id"))
    approved_rule: Mapped[str | None] = mapped_column(Text)  # of a segment that was not frozen, as it was approved
    excluded: Mapped[str] = mapped_column(Text, default="[]")  # JSON list of Exclusion
    control_percent: Mapped[int] = mapped_column(default=0)
    window_days: Mapped[int] = mapped_column(default=30)
    response_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=0)
    sale_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=0)
    expected_margin: Mapped[Decimal] = mapped_column(Numeric(14, 2), default=0)
    margin_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=0)
    expected_audience: Mapped[int] = mapped_column(default=0)  # as counted when the budget was planned
    status: Mapped[CampaignStatus] = mapped_column(default=CampaignStatus.PREPARING)
    send_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    sending_began_at: Mapped[datetime | None]
    sending_ended_at: Mapped[datetime | None]
    answers_until: Mapped[datetime | None]
    conclusion: Mapped[str] = mapped_column(Text, default="")
    repeat: Mapped[Repeat | None]
    closed_at: Mapped[datetime | None]

    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id], lazy="raise_on_sql")
    centre: Mapped[Centre | None] = relationship(lazy="raise_on_sql")
    segment: Mapped[Segment | None] = relationship(lazy="raise_on_sql")
    messages: Mapped[list["CampaignMessage"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="CampaignMessage.position"
    )
    costs: Mapped[list["CampaignCost"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="CampaignCost.position"
    )

    @hybrid_property
    def business_key(self) -> str:
        return f"{SUBJECT}:{self.id}"

    @business_key.inplace.expression
    @classmethod
    def _business_key(cls) -> ColumnElement[str]:
        return literal(f"{SUBJECT}:") + cast(cls.id, String)

    @property
    def rule(self) -> Node | None:
        """Who is meant: as the segment says it, or said it when the campaign was approved."""
        if self.approved_rule is not None:
            return parse(self.approved_rule)
        return self.segment.tree if self.segment is not None else None

    @property
    def rule_has_changed(self) -> bool:
        """Whether the segment has got another rule since the campaign was approved."""
        return self.approved_rule is not None and self.segment is not None and self.segment.tree != self.rule

    @property
    def exclusions(self) -> Sequence[Exclusion]:
        return [Exclusion(each) for each in json.loads(self.excluded)]

    @property
    def spends(self) -> bool:
        """Whether what was planned counts as spent where nobody has said otherwise: not before the approval."""
        return self.status in SPENDING or self.sending_began_at is not None

    def leave_out(self, exclusions: Sequence[Exclusion]) -> None:
        self.excluded = json.dumps([each.value for each in exclusions])

    def move_to(self, status: CampaignStatus) -> None:
        """The campaign goes on. Conflict: campaign_over."""
        if self.status.is_over:
            raise Conflict("campaign_over", f"Campaign {self.id} is {self.status}.", campaign=self.name)
        self.status = status


class CampaignMessage(Base):
    """What a campaign says by one channel; each channel at most once. Texts may hold the gaps of `texts.GAPS`."""

    __tablename__ = "campaign_message"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[CampaignChannel] = mapped_column(primary_key=True)
    position: Mapped[int]
    subject_ru: Mapped[str] = mapped_column(String(160), default="")
    text_ru: Mapped[str] = mapped_column(Text, default="")
    subject_en: Mapped[str] = mapped_column(String(160), default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    tracking_number: Mapped[str] = mapped_column(String(20), default="")  # E.164
    utm: Mapped[str] = mapped_column(String(120), default="")
    unit_cost: Mapped[Decimal] = mapped_column(Numeric(12, 2), default=0)


class CampaignCost(Base):
    """A line of the budget: what was planned, and what it came to."""

    __tablename__ = "campaign_cost"
    __table_args__ = (
        CheckConstraint("planned >= 0", name="planned_not_negative"),
        CheckConstraint("actual IS NULL OR actual >= 0", name="actual_not_negative"),
        Index("ix_campaign_cost_campaign", "campaign_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    position: Mapped[int]
    item: Mapped[str] = mapped_column(String(160))
    contractor: Mapped[str] = mapped_column(String(160), default="")
    invoice: Mapped[str] = mapped_column(String(60), default="")
    planned: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    actual: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))


class RecipientStep(StrEnum):
    """How far a recipient has come; what became of the message itself, the register of messages knows."""

    WAITING = "waiting"
    HANDED = "handed"
    CONTROL = "control"  # in the group that is not written to
    INVITED_ELSEWHERE = "invited_elsewhere"
    SAME_ADDRESS = "same_address"  # another card with his address had its turn before
    STOPPED = "stopped"  # the sending was stopped before his turn


class CampaignRecipient(Base):
    """A customer whom a campaign is for, as the segment stood when the sending began.

    `address_hash`: of the address his mail was handed over for; an address gets one mail of a campaign.
    """

    __tablename__ = "campaign_recipient"
    __table_args__ = (
        Index("ix_campaign_recipient_step", "campaign_id", "step"),
        Index("ix_campaign_recipient_customer", "customer_id"),
        Index("ix_campaign_recipient_address", "campaign_id", "address_hash", unique=True),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[RecipientStep]
    at: Mapped[datetime]
    address_hash: Mapped[str | None] = mapped_column(String(64))


class ResponseWay(StrEnum):
    """How we know that a contact is a response (specification M8), the surest first."""

    CODE = "code"  # he named the code, or the register was told the campaign
    TRACKING = "tracking"  # he dialled the number of the campaign
    WINDOW = "window"  # he was written to and turned up within the window


class CampaignResponse(Base):
    """A customer answered a campaign: once, at his first contact. `inquiry_id`: that contact, where it was one."""

    __tablename__ = "campaign_response"
    __table_args__ = (Index("ix_campaign_response_customer", "customer_id"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)
    way: Mapped[ResponseWay]
    inquiry_id: Mapped[int | None] = mapped_column(ForeignKey("inquiry.id"))
    at: Mapped[datetime]


class CampaignTask(Base):
    """A line of the order of work of a campaign or of an event; the task itself is the case `case_key`.

    `after_id`: the task of the same plan that must be done before.
    """

    __tablename__ = "campaign_task"
    __table_args__ = (
        CheckConstraint("(campaign_id IS NULL) <> (event_id IS NULL)", name="of_one_plan"),
        Index("ix_campaign_task_campaign", "campaign_id"),
        Index("ix_campaign_task_event", "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    case_key: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(160))
    person_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    until: Mapped[datetime]
    after_id: Mapped[int | None] = mapped_column(ForeignKey("campaign_task.id", ondelete="SET NULL"))

    @property
    def business_key(self) -> str:
        return f"{TASK_SUBJECT}:{self.id}"
