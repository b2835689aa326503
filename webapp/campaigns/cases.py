"""How a campaign is called on the pages of its case, and what whoever decides about it must see there."""

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.campaigns import labels, queries, reaching, services, wording
from webapp.campaigns.models import Campaign
from webapp.core import formats
from webapp.core.clock import now
from webapp.core.feature import CaseLabel, Fact
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import may
from webapp.customers.models import ConsentChannel
from webapp.inquiries.labels import DEPARTMENTS

SHORTEST = 3  # letters by which somebody looks for a campaign


def describe_campaigns(session: Session, ids: Sequence[int]) -> Mapping[int, CaseLabel]:
    """Name, then code and whose it is."""
    rows = session.scalars(select(Campaign).where(Campaign.id.in_(ids)).options(joinedload(Campaign.owner)))
    seen = may("campaigns.see")
    return {
        campaign.id: CaseLabel(
            title=campaign.name,
            detail=", ".join(filter(None, (campaign.code, campaign.owner.name if campaign.owner else ""))),
            url=url_for("campaigns.show_campaign", campaign_id=campaign.id) if seen else "",
        )
        for campaign in rows
    }


def campaign_facts(session: Session, campaign_id: int) -> Sequence[Fact]:
    """Goal, segment with its reach, money, and whom another campaign means too."""
    campaign, language = services.get_campaign(session, campaign_id), current_language()
    page = url_for("campaigns.show_campaign", campaign_id=campaign.id) if may("campaigns.see") else ""
    found = [Fact(_("Campaign"), campaign.name, url=page), Fact(_("Code"), campaign.code)]
    found += [
        Fact(
            _("Goal"), f"{labels.METRICS[campaign.goal_metric]}: {formats.format_number(campaign.goal_value, language)}"
        ),
        Fact(_("Period"), period_of(campaign)),
    ]
    if campaign.department is not None:
        found.append(Fact(_("Department"), str(DEPARTMENTS[campaign.department])))
    if campaign.segment is not None:
        found += _of_segment(session, campaign, language)
    plan = services.plan_of(campaign)
    if plan.cost or plan.contacts:
        found.append(Fact(_("Costs, plan"), formats.format_money(plan.cost, language)))
        if plan.roi is not None:
            found.append(Fact(_("ROI, plan"), f"{formats.format_number(plan.roi, language)} %"))
    for overlap in queries.planned_overlaps(session, campaign, now()):
        text = ngettext("%(num)s customer", "%(num)s customers", overlap.customers)
        found.append(Fact(_("Also in “%(name)s”", name=overlap.name), text, tone="warn"))
    return found


def period_of(campaign: Campaign) -> str:
    """02.03.2026 – 31.03.2026."""
    language, zone = current_language(), current_zone()
    days = (formats.format_day(day, language, zone) for day in (campaign.starts_on, campaign.ends_on))
    return " – ".join(days)


def campaigns_meant(text: str) -> Select[str] | None:
    """Cases of campaigns with this code, or these words in their name."""
    words = text.strip()
    if len(words) < SHORTEST:
        return None
    spelled = {words, words.lower(), words.capitalize()}
    return select(Campaign.business_key).where(
        or_(Campaign.code == words.upper(), *(Campaign.name.contains(each, autoescape=True) for each in spelled))
    )


def _of_segment(session: Session, campaign: Campaign, language: str) -> list[Fact]:
    segment = campaign.segment
    if segment is None:
        return []
    url = url_for("segments.show", segment_id=segment.id) if may("campaigns.see") else ""
    words = wording.describe(campaign.rule or segment.tree, wording.options(session, language), language)
    found = [
        Fact(_("Segment"), segment.name, url=url),
        Fact(_("Who is meant"), words),
        Fact(_("Customers"), formats.format_number(campaign.expected_audience, language)),
    ]
    if campaign.sending_began_at is None and services.has_mail(campaign):
        ids = reaching.audience(segment, campaign, now())
        reached = reaching.reach_of(session, ids, ConsentChannel.EMAIL, now=now())
        found.append(
            Fact(_("Agree to mails"), formats.format_number(reached, language), tone="" if reached else "warn")
        )
    return found
