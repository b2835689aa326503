"""Customers whom nobody has spoken to for too long (specification §1.6)."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, exists, false, func, or_, select

from engine.instances.models import InstanceStatus, ProcessInstance
from webapp.core.workflow import live_decision
from webapp.customers.models import CONTACT_CHANNELS, Interaction
from webapp.sales.models import SUBJECT, Worksheet
from webapp.sales.temperature import OVERRIDE_LASTS, Temperature

LIMIT = "silence_limit"  # the decision in processes/sales/silence.dmn: temperature -> days
LONGEST = 3650


def silent_cases(now: datetime) -> Select[*tuple[Any, ...]]:
    """Open cases of a customer without a contact for longer than the table allows at his temperature."""
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
    temperature = case((overridden, Worksheet.temperature_override), else_=Worksheet.temperature_by_horizon)
    limit_of = live_decision(LIMIT)
    limits = {each: limit_of({"temperature": each.value}) for each in Temperature}
    silent = [
        and_(temperature == each, _without_contact(now - timedelta(days=float(days))))
        for each, days in limits.items()
        if isinstance(days, Decimal | int) and 0 <= days <= LONGEST
    ]
    return or_(false(), *silent)


def _without_contact(since: datetime) -> ColumnElement[bool]:
    contact = exists().where(
        Interaction.customer_id == Worksheet.customer_id,
        Interaction.at >= since,
        Interaction.channel.in_(CONTACT_CHANNELS),
    )
    return and_(Worksheet.opened_at < since, ~contact)
