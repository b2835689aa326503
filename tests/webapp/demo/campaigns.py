"""What the pages of campaigns show of the demo."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import ProcessInstance
from engine.milestones.models import Episode, EpisodeDimension
from engine.outbox import OutboxMessage
from webapp.aftersales.models import OrderState, WorkOrder
from webapp.campaigns import queries, services
from webapp.campaigns.models import (
    Campaign,
    CampaignResponse,
    CampaignStatus,
    Event,
    EventParticipant,
    EventStatus,
    GuestStatus,
)
from webapp.customers.models import Consent, CustomerMessage, MessageState
from webapp.inquiries.models import AdvertisingSpend, Inquiry


def assert_campaigns_are_being_prepared(session: Session) -> None:
    """One waits for the director, of one the texts are being written."""
    assert Counter(session.scalars(select(Campaign.status))) == {
        CampaignStatus.WAITING: 1,
        CampaignStatus.PREPARING: 1,
    }
    open_steps = set(session.scalars(select(HumanTask.element).where(HumanTask.state == TaskState.OPEN)))
    assert {"approve_by_director", "write_content"} <= open_steps


def assert_events_are_to_come(session: Session) -> None:
    """To one guests are being invited and its work is under way, one waits for the head."""
    assert Counter(session.scalars(select(Event.status))) == {EventStatus.INVITING: 1, EventStatus.WAITING: 1}
    open_steps = set(session.scalars(select(HumanTask.element).where(HumanTask.state == TaskState.OPEN)))
    assert {"approve_event_by_head", "confirm_guests", "do_task"} <= open_steps
    answers = Counter(session.scalars(select(EventParticipant.status)))
    assert answers[GuestStatus.CONFIRMED] > 0
    assert answers[GuestStatus.INVITED] > 0


def assert_campaigns_went_their_way(session: Session, written: Sequence[int]) -> None:
    """Mails went to who has agreed, through the outbox; who answered had got one, and called or came himself."""
    agreed = set(session.scalars(select(Consent.customer_id).where(Consent.channel == "email")))
    sent = select(CustomerMessage).where(CustomerMessage.campaign_key.is_not(None))
    by_campaign: Counter[str | None] = Counter()
    for message in session.scalars(sent):
        if message.state is MessageState.SENT:
            by_campaign[message.campaign_key] += 1
            assert message.customer_id in agreed
            outgoing = select(OutboxMessage.sent_at).where(OutboxMessage.dedupe == message.dedupe)
            assert session.scalar(outgoing) == message.sent_at
    for campaign_id in written:
        campaign = services.get_campaign(session, campaign_id)
        fact = queries.facts_of(session, [campaign])[campaign_id]
        assert fact.audience == by_campaign[campaign.business_key] > 0
        answers = session.scalars(select(CampaignResponse).where(CampaignResponse.campaign_id == campaign_id)).all()
        assert len(answers) == fact.contacts >= 1
        for answer in answers:
            asked = session.get_one(Inquiry, answer.inquiry_id)
            assert (asked.customer_id, asked.at, asked.campaign) == (answer.customer_id, answer.at, campaign.code)
            if asked.opened_case:
                assert _campaign_of(session, asked.case_key) == campaign.code
        theme = select(AdvertisingSpend.department).where(AdvertisingSpend.campaign == campaign.code)
        assert session.scalars(theme).one() is campaign.department is not None
        spent = select(func.sum(AdvertisingSpend.amount)).where(AdvertisingSpend.campaign == campaign.code)
        assert session.scalar(spent) == sum(line.actual or 0 for line in campaign.costs) > 0


def _campaign_of(session: Session, case_key: str | None) -> str | None:
    """What the case says of its first run, by which the funnel is divided."""
    return session.scalar(
        select(EpisodeDimension.value)
        .join(Episode, Episode.id == EpisodeDimension.episode_id)
        .join(ProcessInstance, ProcessInstance.id == Episode.instance_id)
        .where(ProcessInstance.business_key == case_key, Episode.number == 1, EpisodeDimension.name == "campaign")
    )


def assert_the_workshop_counts(session: Session, campaign: Campaign) -> None:
    """What those who answered have paid for work stands in the figures."""
    fact = queries.facts_of(session, [services.get_campaign(session, campaign.id)])[campaign.id]
    orders = select(WorkOrder.total).where(WorkOrder.state == OrderState.CLOSED)
    totals = session.scalars(orders).all()
    assert totals
    assert (fact.visits, fact.sales, fact.revenue) == (len(totals), len(totals), sum(totals))
