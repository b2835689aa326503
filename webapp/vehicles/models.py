"""Tables of the vehicles slice: the brands that are sold and their models."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base


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
