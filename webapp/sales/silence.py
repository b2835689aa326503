"""Customers whom nobody has spoken to for too long (specification §1.6)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, exists, func, or_, select

from engine.instances.models import InstanceStatus, ProcessInstance
from webapp.customers.models import CONTACT_CHANNELS, Interaction
from webapp.sales.models import SUBJECT, Worksheet
from webapp.sales.temperature import OVERRIDE_LASTS, Horizon, Temperature

HOT_SILENCE, WARM_SILENCE = timedelta(days=3), timedelta(days=10)


def silent_cases(now: datetime) -> Select[*tuple[Any, ...]]:
    """Open cases of a hot customer without a contact for three days, or a warm one for ten."""
    # from the open cases to their worksheets by number: the other way round would read every worksheet there is
    prefix = f"{SUBJECT}:"
    number = case(
        (
            ProcessInstance.business_key.startswith(prefix, autoescape=True),
            cast(func.substr(ProcessInstance.business_key, len(prefix) + 1), Integer),
        )
    )
    return (
        select(ProcessInstance.id, ProcessInstance.owner_id)
        .join(Worksheet, Worksheet.id == number)
        .where(ProcessInstance.status == InstanceStatus.ACTIVE, _is_silent(now))
    )


def _is_silent(now: datetime) -> ColumnElement[bool]:
    overridden = and_(
        Worksheet.temperature_override.is_not(None), Worksheet.temperature_overridden_at > now - OVERRIDE_LASTS
    )
    hot = case(
        (overridden, Worksheet.temperature_override == Temperature.HOT),
        else_=Worksheet.horizon.in_([Horizon.NOW, Horizon.WEEK]),
    )
    warm = case(
        (overridden, Worksheet.temperature_override == Temperature.WARM), else_=Worksheet.horizon == Horizon.MONTH
    )
    return or_(and_(hot, _without_contact(now - HOT_SILENCE)), and_(warm, _without_contact(now - WARM_SILENCE)))


def _without_contact(since: datetime) -> ColumnElement[bool]:
    contact = exists().where(
        Interaction.customer_id == Worksheet.customer_id,
        Interaction.at >= since,
        Interaction.channel.in_(CONTACT_CHANNELS),
    )
    return and_(Worksheet.opened_at < since, ~contact)
