"""What a visit takes: bays, advisors, courtesy cars; the jobs that are booked; what a centre's workshop can do."""

from decimal import Decimal
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.core.reference import Bilingual
from webapp.staff.models import User


class ResourceKind(StrEnum):
    BAY = "bay"
    ADVISOR = "advisor"
    COURTESY_CAR = "courtesy_car"


class BayType(StrEnum):
    """What a bay is fitted out for (specification §2.4)."""

    LIFT2 = "lift2"
    LIFT4 = "lift4"
    ALIGNMENT = "alignment"
    DIAGNOSTICS = "diagnostics"
    ELECTRIC = "electric"
    BODY_PREP = "body_prep"
    PAINT = "paint"
    WASH = "wash"
    RECEPTION = "reception"


class ServiceResource(Base, Bilingual):
    """One bay, one advisor or one courtesy car of a centre. Each can serve one customer at a time.

    `bay_type` is set for bays, `user_id` for advisors, and one person is one advisor however many centres there are.
    """

    __tablename__ = "service_resource"
    __table_args__ = (
        CheckConstraint("(kind = 'bay') = (bay_type IS NOT NULL)", name="bays_have_a_type"),
        CheckConstraint("(kind = 'advisor') = (user_id IS NOT NULL)", name="advisors_are_people"),
        Index("uq_service_resource_user", "user_id", unique=True),
        Index("ix_service_resource_centre", "centre_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ResourceKind]
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    bay_type: Mapped[BayType | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)  # BayType values beyond a bay's own type
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)

    user: Mapped[User | None] = relationship(lazy="joined")

    def label_in(self, language: str) -> str:
        """How it is called: an advisor by his name."""
        return self.user.name if self.user is not None else self.name_in(language)

    def serves(self, bay_type: BayType) -> bool:
        """Whether work of this kind can be done in it."""
        return self.kind is ResourceKind.BAY and (self.bay_type is bay_type or bay_type.value in self.skills)


class ServiceJob(Base, Bilingual):
    """A job that customers ask for on the phone, with its norm hours. `reason` is a VisitReason."""

    __tablename__ = "service_job"
    __table_args__ = (
        CheckConstraint("hours > 0", name="hours_positive"),
        CheckConstraint("parts_price >= 0", name="parts_price_not_negative"),
    )

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40))
    bay_type: Mapped[BayType]
    hours: Mapped[Decimal] = mapped_column(Numeric(6, 2))  # norm hours
    parts_price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))  # of what it usually takes; None: unknown
    express: Mapped[bool] = mapped_column(default=False)  # reception takes a quarter instead of two
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class ServiceStandard(Base, Bilingual):
    """A maker's way to serve a visit. `code` is the id of its process; the reserve is kept free for walk-ins."""

    __tablename__ = "service_standard"
    __table_args__ = (CheckConstraint("walk_in_reserve >= 0 AND walk_in_reserve < 1", name="reserve_is_a_share"),)

    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    walk_in_reserve: Mapped[Decimal] = mapped_column(Numeric(4, 3))  # share of the hours, 0.2 = 20 %
    position: Mapped[int]


class BrandStandard(Base):
    """Cars of this brand are served by this standard."""

    __tablename__ = "service_brand_standard"

    brand_code: Mapped[str] = mapped_column(ForeignKey("brand.code"), primary_key=True)
    standard_code: Mapped[str] = mapped_column(ForeignKey("service_standard.code"))


class Workshop(Base):
    """What the workshop of a centre can do in a day, and the standard for cars whose brand names none.

    `technicians` None: as many as have the role technician in the centre. `rate`: the price of a norm hour for
    customers, in roubles with tax; None: nobody has set it, and nothing is estimated.
    """

    __tablename__ = "service_workshop"
    __table_args__ = (
        CheckConstraint("technicians IS NULL OR technicians >= 0", name="technicians_not_negative"),
        CheckConstraint("shift_hours > 0 AND shift_hours <= 24", name="shift_within_a_day"),
        CheckConstraint("efficiency > 0 AND efficiency <= 2", name="efficiency_plausible"),
        CheckConstraint("rate > 0", name="rate_positive"),
        CheckConstraint("hour_cost >= 0", name="cost_not_negative"),
    )

    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"), primary_key=True)
    standard_code: Mapped[str] = mapped_column(ForeignKey("service_standard.code"))
    technicians: Mapped[int | None]
    shift_hours: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    efficiency: Mapped[Decimal] = mapped_column(Numeric(4, 3))  # sold norm hours per hour of presence
    rate: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    hour_cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))  # what a norm hour costs us; None: not known


class Attendance(Base):
    """How many of those who were booked on a weekday came on the day, counted every night over half a year."""

    __tablename__ = "service_attendance"
    __table_args__ = (
        CheckConstraint("weekday >= 0 AND weekday <= 6", name="weekday_of_a_week"),
        CheckConstraint("kept >= 0 AND kept <= booked", name="kept_of_booked"),
    )

    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 0 is Monday
    booked: Mapped[int]
    kept: Mapped[int]
