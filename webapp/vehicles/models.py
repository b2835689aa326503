"""Tables of the vehicles slice: the brands that are sold, their models, and the cars of customers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.customers.models import Customer
from webapp.kit.identifiers import format_plate
from webapp.kit.phones import digits_of

SERVICE_MONTHS = (6, 12, 18, 24, 36)  # how often a car may have to come to the service
USUAL_SERVICE_MONTHS = 12


class Brand(Base):
    """A make, called the same in every language."""

    __tablename__ = "brand"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]


class CarModel(Base):
    """A model a customer may be interested in. `code` is what cases and the funnel store."""

    __tablename__ = "car_model"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    brand_code: Mapped[str] = mapped_column(ForeignKey("brand.code"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)

    brand: Mapped[Brand] = relationship(lazy="joined")

    @property
    def full_name(self) -> str:
        return f"{self.brand.name} {self.name}"


class CustomerCar(Base):
    """A car and who owns it: one row per ownership, alive while `until` is empty.

    A car that changes hands closes one row and opens the next; of one VIN at most one row is alive. `plate` is kept as
    `kit.identifiers.read_plate` gives it, that of another country with the sign of it in `plate_country`; `vin_tail` is
    the VIN backwards and `plate_digits` the plate's digits, for a search by the last signs and by digits alone.
    """

    __tablename__ = "customer_car"
    __table_args__ = (
        CheckConstraint("model_code IS NOT NULL OR description <> ''", name="has_a_name"),
        CheckConstraint("km >= 0", name="km_not_negative"),
        CheckConstraint("service_months > 0", name="service_interval_positive"),
        CheckConstraint("until IS NULL OR since IS NULL OR since <= until", name="ownership_ordered"),
        Index("ix_customer_car_customer", "customer_id"),
        Index("ix_customer_car_vin", "vin"),
        Index("ix_customer_car_vin_tail", "vin_tail"),
        Index("ix_customer_car_plate", "plate"),
        Index("ix_customer_car_plate_digits", "plate_digits"),
        Index(
            "uq_customer_car_vin_alive",
            "vin",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    vin: Mapped[str | None] = mapped_column(String(17))
    vin_tail: Mapped[str | None] = mapped_column(String(17))
    body_number: Mapped[str] = mapped_column(String(17), default="")  # of a car that has no VIN
    plate: Mapped[str] = mapped_column(String(12), default="")
    plate_country: Mapped[str] = mapped_column(String(3), default="")  # international sign; empty: Russia
    plate_digits: Mapped[str] = mapped_column(String(12), default="")
    brand_code: Mapped[str | None] = mapped_column(ForeignKey("brand.code"))
    model_code: Mapped[str | None] = mapped_column(ForeignKey("car_model.code"))
    description: Mapped[str] = mapped_column(String(120), default="")
    year: Mapped[int | None]
    km: Mapped[int | None]
    km_at: Mapped[datetime | None]
    service_months: Mapped[int | None]  # None: as usual
    bought_here: Mapped[bool] = mapped_column(default=False)
    sale_key: Mapped[str] = mapped_column(String(120), default="")  # business key of the sale it came from
    since: Mapped[date | None]  # None: he has had it for longer than we know
    until: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")
    model: Mapped[CarModel | None] = relationship(lazy="raise_on_sql")

    @property
    def alive(self) -> bool:
        return self.until is None

    @property
    def name(self) -> str:
        """«Aurelia S4», or the words of whoever recorded it."""
        return self.model.full_name if self.model else self.description

    @property
    def shown_plate(self) -> str:
        """The plate as people read it: «А 123 ВС 178»; one from abroad with its country."""
        return f"{self.plate} ({self.plate_country})" if self.plate_country else format_plate(self.plate)

    def mark(self, *, vin: str | None, plate: str, plate_country: str, body_number: str) -> None:
        """Set the numbers that tell it from others, and with them what searches."""
        self.vin, self.vin_tail = vin or None, vin[::-1] if vin else None
        self.plate, self.plate_country, self.plate_digits = plate, plate_country, digits_of(plate)
        self.body_number = body_number

    def had_run(self, km: int, *, by: datetime) -> bool:
        """Whether more than this was read before that moment, which no odometer does by itself."""
        return self.km is not None and self.km_at is not None and self.km_at <= by and self.km > km

    def read_odometer(self, km: int, *, at: datetime) -> None:
        """What the odometer said; an older reading than the one we know changes nothing."""
        if self.km_at is None or at >= self.km_at:
            self.km, self.km_at = km, at
