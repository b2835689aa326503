"""What others ask about brands and models."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.choices import Choice, ChoiceSource
from webapp.vehicles.models import Brand, CarModel


def list_models(session: Session) -> Sequence[CarModel]:
    """Models on offer, by brand."""
    return session.scalars(select(CarModel).where(CarModel.active).order_by(CarModel.position)).all()


def get_model_name(session: Session, code: str | None) -> str:
    """«Aurelia S4», or nothing."""
    model = session.get(CarModel, code) if code else None
    return model.full_name if model else ""


def get_brand_code(session: Session, model_code: str | None) -> str | None:
    """The brand of a model."""
    model = session.get(CarModel, model_code) if model_code else None
    return model.brand_code if model else None


def _choices(session: Session, language: str) -> list[Choice]:
    return [Choice(model.code, model.full_name, model.brand.name) for model in list_models(session)]


MODEL_CHOICES = ChoiceSource(_choices, lambda session, value: session.get(CarModel, value) is not None)


def _brands(session: Session, _language: str) -> list[Choice]:
    brands = session.scalars(select(Brand).order_by(Brand.position))
    return [Choice(brand.code, brand.name) for brand in brands]


BRAND_CHOICES = ChoiceSource(_brands, lambda session, value: session.get(Brand, value) is not None)
