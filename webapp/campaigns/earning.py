"""What those who answered campaigns have bought, and how much of its gross profit is known."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from webapp.aftersales import proceeds as aftersales
from webapp.aftersales.models import WorkOrder
from webapp.campaigns.figures import KOPECK, Earned
from webapp.campaigns.models import Campaign, CampaignResponse
from webapp.sales import proceeds as sales
from webapp.sales.models import Sale, Worksheet


def earned_by(session: Session, ids: Sequence[int]) -> dict[int, Earned]:
    """By the id of the campaign; those that brought nothing are missing. One statement."""
    return {
        campaign: Earned(number, _money(revenue), _money(profit), open_number, _money(open_revenue))
        for campaign, number, revenue, profit, open_number, open_revenue in session.execute(_sums(ids))
    }


def _money(total: Any) -> Decimal:
    """A sum as a database gives it: null without rows."""
    return Decimal(total or 0).quantize(KOPECK)


def _sums(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """Of each campaign: purchases, revenue and gross profit; and those whose profit is not known, with revenue.

    Cars count from the response on, whenever they were delivered, for choosing one takes its time; and orders of the
    workshop that were opened while answers counted, for later ones have other reasons.
    """
    campaign_id = CampaignResponse.campaign_id.label("campaign_id")
    of_answer = CampaignResponse.campaign_id.in_(ids)
    cars = (
        select(campaign_id, Sale.price.label("amount"), sales.GROSS_PROFIT.label("profit"))
        .join(Worksheet, Worksheet.customer_id == CampaignResponse.customer_id)
        .join(Sale, Sale.worksheet_id == Worksheet.id)
        .where(of_answer, Sale.recorded_at >= CampaignResponse.at)
    )
    work = (
        select(campaign_id, WorkOrder.total.label("amount"), aftersales.GROSS_PROFIT.label("profit"))
        .join(Campaign, Campaign.id == CampaignResponse.campaign_id)
        .join(WorkOrder, WorkOrder.customer_id == CampaignResponse.customer_id)
        .where(
            of_answer,
            aftersales.PAID_FOR,
            WorkOrder.total > 0,
            WorkOrder.opened_at >= CampaignResponse.at,
            WorkOrder.opened_at <= Campaign.answers_until,
        )
    )
    bought = union_all(cars, work).subquery("bought")
    unknown = bought.c.profit.is_(None)
    return select(
        bought.c.campaign_id,
        func.count(),
        func.sum(bought.c.amount),
        func.sum(bought.c.profit),
        func.count().filter(unknown),
        func.sum(bought.c.amount).filter(unknown),
    ).group_by(bought.c.campaign_id)
