"""What pages ask of campaigns: the list, progress, figures, overlaps, recipients, responses."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TypeVar

from sqlalchemy import Select, and_, distinct, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from webapp.campaigns import activity
from webapp.campaigns.earning import earned_by
from webapp.campaigns.figures import Earned, Figures, share
from webapp.campaigns.models import (
    Campaign,
    CampaignRecipient,
    CampaignResponse,
    CampaignStatus,
    RecipientStep,
    Segment,
)
from webapp.campaigns.reaching import OVERLAP, audience, handed_lately
from webapp.core.choices import Choice, ChoiceSource
from webapp.core.forms import read_number
from webapp.core.permissions import RowScope, current_identity, scope_if_any
from webapp.customers.models import Customer, CustomerMessage, MessageState
from webapp.inquiries.models import Inquiry

Planned = TypeVar("Planned", Segment, Campaign)

DELIVERED = (MessageState.SENT, MessageState.UNSUBSCRIBED)
OF_STEPS = tuple(step for step in RecipientStep if step is not RecipientStep.HANDED)


@dataclass(frozen=True)
class Progress:
    """How far a sending is. `states`: recipients by what became of them, as codes of steps and messages."""

    states: Mapping[str, int]

    @property
    def all(self) -> int:
        """Whom the campaign writes to."""
        return sum(self.states.values()) - self.states.get(RecipientStep.CONTROL, 0)

    @property
    def sent(self) -> int:
        return sum(self.states.get(state, 0) for state in DELIVERED)

    @property
    def waiting(self) -> int:
        return self.states.get(RecipientStep.WAITING, 0) + self.states.get(MessageState.QUEUED, 0)

    @property
    def settled(self) -> int:
        return self.all - self.waiting


@dataclass(frozen=True)
class Control:
    """Who turned up in the window, in per cent: of those written to, and of the control group."""

    written: Decimal | None
    control: Decimal | None
    controls: int

    @property
    def difference(self) -> Decimal | None:
        return None if self.written is None or self.control is None else self.written - self.control


@dataclass(frozen=True)
class Overlap:
    """Two campaigns that mean the same customers within fourteen days."""

    one: int
    other: int
    name: str  # of the other
    customers: int


@dataclass(frozen=True)
class RecipientRow:
    """One recipient and what became of his mail."""

    customer_id: int
    name: str
    address: str
    state: str
    at: datetime


@dataclass(frozen=True)
class ResponseRow:
    """One response."""

    customer_id: int
    name: str
    way: str
    at: datetime


def list_campaigns(session: Session, *, scope: RowScope, over: bool) -> Sequence[Campaign]:
    """Those that are running or being prepared, or those that are over, the latest beginning first."""
    ended = [status for status in CampaignStatus if status.is_over]
    statement = select(Campaign).options(
        joinedload(Campaign.owner), selectinload(Campaign.costs), selectinload(Campaign.messages)
    )
    statement = statement.where(Campaign.status.in_(ended) if over else Campaign.status.not_in(ended))
    limited = scope.limit(statement, owner=Campaign.owner_id, scope=Campaign.centre_id)
    return session.scalars(limited.order_by(Campaign.starts_on.desc(), Campaign.id.desc()).limit(200)).unique().all()


def find_campaign(session: Session, campaign_id: int, *, scope: RowScope) -> Campaign | None:
    """With everything its page shows."""
    return session.scalar(
        select(Campaign)
        .where(Campaign.id == campaign_id, scope.condition(owner=Campaign.owner_id, scope=Campaign.centre_id))
        .options(
            joinedload(Campaign.owner),
            joinedload(Campaign.segment),
            joinedload(Campaign.centre),
            selectinload(Campaign.costs),
            selectinload(Campaign.messages),
        )
    )


def progress_of(session: Session, campaign: Campaign) -> Progress:
    """Recipients by their step, those handed over by the state of their mail. Two statements."""
    of_campaign = CampaignRecipient.campaign_id == campaign.id
    steps = session.execute(
        select(CampaignRecipient.step, func.count()).where(of_campaign).group_by(CampaignRecipient.step)
    )
    states: Counter[str] = Counter({step.value: number for step, number in steps if step in OF_STEPS})
    mails = session.execute(
        select(CustomerMessage.state, func.count())
        .where(CustomerMessage.campaign_key == campaign.business_key)
        .group_by(CustomerMessage.state)
    )
    states.update({state.value: number for state, number in mails})
    return Progress(states)


def facts_of(session: Session, campaigns: Sequence[Campaign], *, profit_seen: bool = True) -> dict[int, Figures]:
    """What came of each campaign, by its id. Four statements, however many they are.

    `profit_seen`: the reader may know what was earned by work; else its margin is estimated like that of cars.
    """
    ids = [campaign.id for campaign in campaigns]
    responses = select(CampaignResponse.campaign_id, func.count()).where(CampaignResponse.campaign_id.in_(ids))
    contacts = dict(session.execute(responses.group_by(CampaignResponse.campaign_id)).all())
    written = dict(session.execute(_written(campaigns)).all())
    visits = dict(session.execute(_visitors(ids)).all())
    bought = earned_by(session, ids)
    found = {}
    for campaign in campaigns:
        earned = bought.get(campaign.id, Earned())
        earned = earned if profit_seen else earned.covered
        sent = written.get(campaign.business_key, 0)
        found[campaign.id] = Figures(
            audience=sent,
            contacts=Decimal(contacts.get(campaign.id, 0)),
            visits=Decimal(visits.get(campaign.id, 0)),
            sales=Decimal(earned.sales),
            revenue=earned.revenue,
            margin=earned.margin(Decimal(campaign.margin_percent or 0)),
            cost=_spent(campaign, sent),
            earned=earned,
        )
    return found


def control_of(session: Session, campaign: Campaign) -> Control | None:
    """Who of those written to and who of the control group turned up in the window; None without such a group."""
    if campaign.sending_began_at is None or campaign.answers_until is None:
        return None
    came = exists().where(
        Inquiry.customer_id == CampaignRecipient.customer_id,
        Inquiry.at >= campaign.sending_began_at,
        Inquiry.at <= campaign.answers_until,
    )
    rows = session.execute(
        select(CampaignRecipient.step, func.count(), func.count().filter(came))
        .where(
            CampaignRecipient.campaign_id == campaign.id,
            CampaignRecipient.step.in_([RecipientStep.HANDED, RecipientStep.CONTROL]),
        )
        .group_by(CampaignRecipient.step)
    )
    shares = {step: (whole, share(part, whole)) for step, whole, part in rows}
    if RecipientStep.CONTROL not in shares:
        return None
    whole, control = shares[RecipientStep.CONTROL]
    return Control(shares.get(RecipientStep.HANDED, (0, None))[1], control, whole)


def overlaps_of(session: Session, campaigns: Sequence[Campaign]) -> list[Overlap]:
    """Pairs of these and any other campaigns that have written, or will, to the same customers within 14 days."""
    ids = [campaign.id for campaign in campaigns]
    one, other, name = aliased(CampaignRecipient), aliased(CampaignRecipient), aliased(Campaign)
    taken = (RecipientStep.WAITING, RecipientStep.HANDED)
    rows = session.execute(
        select(one.campaign_id, other.campaign_id, name.name, func.count(), func.min(one.at), func.min(other.at))
        .join(other, (other.customer_id == one.customer_id) & (other.campaign_id != one.campaign_id))
        .join(name, name.id == other.campaign_id)
        .where(one.campaign_id.in_(ids), one.step.in_(taken), other.step.in_(taken))
        .group_by(one.campaign_id, other.campaign_id, name.name)
        .order_by(one.campaign_id, other.campaign_id)
    )
    return [Overlap(a, b, title, number) for a, b, title, number, at, then in rows if abs(at - then) <= OVERLAP]


def planned_overlaps(session: Session, campaign: Campaign, now: datetime) -> list[Overlap]:
    """The same before the sending: other campaigns that have written lately, or will, to whom this one is going to."""
    if campaign.segment is None or campaign.sending_began_at is not None:
        return []
    rows = session.execute(
        select(Campaign.id, Campaign.name, func.count())
        .join(CampaignRecipient, CampaignRecipient.campaign_id == Campaign.id)
        .where(
            Campaign.id != campaign.id,
            CampaignRecipient.customer_id.in_(audience(campaign.segment, campaign, now)),
            or_(
                CampaignRecipient.step == RecipientStep.WAITING,
                handed_lately(now),
            ),
        )
        .group_by(Campaign.id, Campaign.name)
        .order_by(Campaign.id)
    )
    return [Overlap(campaign.id, other, name, number) for other, name, number in rows]


def list_recipients(
    session: Session, campaign: Campaign, state: str, *, scope: RowScope, offset: int, limit: int
) -> tuple[list[RecipientRow], int]:
    """A page of recipients in this state, and how many there are; only customers in reach have a name."""
    mail = CustomerMessage
    joined = (
        select(Customer, CampaignRecipient.step, CampaignRecipient.at, mail.state, mail.recipient, mail.at)
        .join(CampaignRecipient, CampaignRecipient.customer_id == Customer.id)
        .outerjoin(mail, and_(mail.customer_id == Customer.id, mail.campaign_key == campaign.business_key))
        .where(CampaignRecipient.campaign_id == campaign.id)
    )
    if state in set(OF_STEPS):
        joined = joined.where(CampaignRecipient.step == RecipientStep(state))
    elif state in set(MessageState):
        joined = joined.where(mail.state == MessageState(state), CampaignRecipient.step == RecipientStep.HANDED)
    joined = scope.limit(joined, owner=Customer.owner_id, scope=Customer.centre_id)
    number = session.scalar(select(func.count()).select_from(joined.with_only_columns(Customer.id).subquery())) or 0
    rows = session.execute(joined.order_by(Customer.sort_name, Customer.id).offset(offset).limit(limit))
    return [
        RecipientRow(customer.id, customer.list_name, address or "", (message or step).value, moment or at)
        for customer, step, at, message, address, moment in rows
    ], number


def list_responses(session: Session, campaign_id: int, *, scope: RowScope, limit: int = 50) -> list[ResponseRow]:
    """The latest responses of customers in reach."""
    statement = (
        select(Customer, CampaignResponse.way, CampaignResponse.at)
        .join(CampaignResponse, CampaignResponse.customer_id == Customer.id)
        .where(CampaignResponse.campaign_id == campaign_id)
        .order_by(CampaignResponse.at.desc(), Customer.id)
        .limit(limit)
    )
    rows = session.execute(scope.limit(statement, owner=Customer.owner_id, scope=Customer.centre_id))
    return [ResponseRow(customer.id, customer.list_name, way.value, at) for customer, way, at in rows]


def ways_of(session: Session, campaign_id: int) -> dict[str, int]:
    """Responses by how we know of them."""
    rows = session.execute(
        select(CampaignResponse.way, func.count())
        .where(CampaignResponse.campaign_id == campaign_id)
        .group_by(CampaignResponse.way)
    )
    return {way.value: number for way, number in rows}


def _written(campaigns: Sequence[Campaign]) -> Select[str | None, int]:
    keys = [campaign.business_key for campaign in campaigns]
    return (
        select(CustomerMessage.campaign_key, func.count())
        .where(CustomerMessage.campaign_key.in_(keys), CustomerMessage.sent_at.is_not(None))
        .group_by(CustomerMessage.campaign_key)
    )


def _visitors(ids: Sequence[int]) -> Select[int, int]:
    """How many of those who answered came to the showroom or to the workshop, from the response on."""
    came = activity.visits()
    return (
        select(CampaignResponse.campaign_id, func.count(distinct(CampaignResponse.customer_id)))
        .join(came, came.c.customer_id == CampaignResponse.customer_id)
        .where(CampaignResponse.campaign_id.in_(ids), came.c.at >= CampaignResponse.at)
        .group_by(CampaignResponse.campaign_id)
    )


def _spent(campaign: Campaign, written: int) -> Decimal:
    """What the lines came to, once it is approved planned sums where nobody has said yet, and what the mails cost."""
    unsaid = [line.planned for line in campaign.costs if line.actual is None and campaign.spends]
    lines = sum((line.actual for line in campaign.costs if line.actual is not None), sum(unsaid, Decimal(0)))
    return lines + written * sum((message.unit_cost for message in campaign.messages), Decimal(0))


def _segments(session: Session, language: str) -> list[Choice]:
    statement = _in_reach(Segment).where(~Segment.archived).order_by(Segment.name, Segment.id)
    return [Choice(str(segment.id), segment.name) for segment in session.scalars(statement)]


def _knows(model: type[Planned], session: Session, value: str) -> bool:
    """As on the page: also what is no longer offered, for an earlier answer."""
    number = read_number(value)
    return number is not None and session.scalar(_in_reach(model).where(model.id == number)) is not None


def _in_reach(model: type[Planned]) -> Select[Planned]:
    """Those that the person may see, as on their page; all where nobody is signed in, as when a drawing is played."""
    if current_identity() is None:
        return select(model)
    reach = scope_if_any("campaigns.see")
    if reach is None:
        return select(model).where(false())
    return reach.limit(select(model), owner=model.owner_id, scope=model.centre_id)


def _running(session: Session, language: str) -> list[Choice]:
    """By their code, which is what the register keeps."""
    counting = [status for status in CampaignStatus if status.answers_count]
    statement = select(Campaign.code, Campaign.name).where(Campaign.status.in_(counting)).order_by(Campaign.name)
    return [Choice(code, f"{name} ({code})") for code, name in session.execute(statement)]


def _open(session: Session, language: str) -> list[Choice]:
    over = [status for status in CampaignStatus if status.is_over]
    statement = _in_reach(Campaign).where(Campaign.status.not_in(over)).order_by(Campaign.name, Campaign.id)
    return [Choice(str(each.id), f"{each.name} ({each.code})") for each in session.scalars(statement)]


def _named(session: Session, language: str) -> list[Choice]:
    """All that there ever were, by their code: cases and spend keep it. Where two share a name the code tells them."""
    rows = session.execute(select(Campaign.code, Campaign.name).order_by(Campaign.name, Campaign.id)).all()
    alike = Counter(name for _code, name in rows)
    return [Choice(code, f"{name} ({code})" if alike[name] > 1 else name) for code, name in rows]


def _knows_code(session: Session, value: str) -> bool:
    return session.scalar(select(Campaign.id).where(Campaign.code == value)) is not None


SEGMENT_CHOICES = ChoiceSource(_segments, partial(_knows, Segment))
OPEN_CHOICES = ChoiceSource(_open, partial(_knows, Campaign))
RUNNING_CHOICES = ChoiceSource(_running, _knows_code)
NAMED_CHOICES = ChoiceSource(_named, _knows_code)
