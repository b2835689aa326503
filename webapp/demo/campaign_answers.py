"""Customers who answer a campaign: who they are, when, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Select, or_, select

from engine.instances.models import ProcessInstance
from webapp.aftersales import visiting
from webapp.aftersales.models import SUBJECT as VISIT
from webapp.aftersales.models import ServiceVisit
from webapp.campaigns.models import Campaign
from webapp.customers.models import Customer, CustomerMessage, MessageState
from webapp.demo.behaviour import Fate, decide
from webapp.demo.behaviour.service import Owner, ServiceFate, decide_visit
from webapp.demo.campaign_themes import CARS, Theme
from webapp.demo.known import Known
from webapp.demo.owners import make_owner
from webapp.demo.people import Member, hand_of
from webapp.demo.sales_course import SalesCourse
from webapp.demo.service_course import ServiceCourse
from webapp.demo.simulation import Course, Play, World
from webapp.inquiries.models import InquiryChannel
from webapp.sales.models import Worksheet
from webapp.sales.queries import get_worksheet_by_key

NAMES_CODE, DIALS = 0.7, 0.5  # of those who answer; of those who could dial a number of ours the others do
MAILING, AGAIN = "mailing", "repeat"  # sources
LAG = 4.0  # days from the mail to the answer, in the mean
LONGEST_LAG = timedelta(days=20)
COMES_IN = 0.2  # of those who answer: without a call
BOOKING = 1.2  # who answers wants an appointment more than others
FIRST_OWNER = 10_000
NEED = timedelta(days=45)  # around an answer nothing else of the customer is open


@dataclass
class Answering:
    """One customer who will answer, with the courses of what comes of it; the first one begins."""

    customer_id: int
    courses: Sequence[Course] = field(default_factory=tuple)

    def begin(self, play: Play, now: datetime) -> None:
        self.courses[0].begin(play, now)

    def owns(self, play: Play, business_key: str) -> bool:
        """Whether this is a case of his."""
        if business_key.startswith(f"{VISIT}:"):
            return visiting.get_visit_by_key(play.session, business_key).customer_id == self.customer_id
        return get_worksheet_by_key(play.session, business_key).customer_id == self.customer_id

    def course_of(self, business_key: str) -> Course:
        subject = business_key.partition(":")[0]
        return next(course for course in self.courses if subject in course.subjects)


def find_answering(
    play: Play, campaign: Campaign, theme: Theme, response: float, buys: float, *, number: str, now: datetime
) -> list[tuple[datetime, Answering]]:
    """When who answers, of those who got the mail and have nothing else open with us; the first of them buy."""
    got = _got_it(campaign)
    written = play.session.scalars(got).all()
    free = sorted(set(written) - set(play.session.scalars(busy(got, theme.brings, now))))
    answers = min(len(free), max(1, round(len(written) * response)))
    buyers = max(1, round(answers * buys)) if theme.brings == CARS else 0
    found = []
    for place, customer_id in enumerate(play.random.sample(free, answers)):
        lag = min(timedelta(days=play.random.expovariate(1 / LAG)), LONGEST_LAG)
        at = play.world.hours["service"].next_open(now + timedelta(minutes=20) + lag)
        customer = play.session.get_one(Customer, customer_id)
        known = _known(play.random, customer_id, campaign.code, number if theme.advertised else "")
        courses = (
            _for_car(play, customer, known, at, buys=place < buyers)
            if theme.brings == CARS
            else _for_work(play, customer, known, at, theme)
        )
        found.append((at, Answering(customer_id, courses)))
    return found


def _got_it(campaign: Campaign) -> Select[int]:
    return select(CustomerMessage.customer_id).where(
        CustomerMessage.campaign_key == campaign.business_key, CustomerMessage.state == MessageState.SENT
    )


def busy(who: Select[int], brings: str, now: datetime) -> Select[int]:
    """Of these, customers with something of the kind open from now on: time does not run backwards for a case."""
    if brings == CARS:
        return (
            select(Worksheet.customer_id)
            .join(ProcessInstance, ProcessInstance.business_key == Worksheet.business_key)
            .where(
                Worksheet.customer_id.in_(who),
                or_(ProcessInstance.ended_at.is_(None), ProcessInstance.ended_at > now),
            )
        )
    later = (ServiceVisit.closed_at > now) & (ServiceVisit.opened_at < now + NEED)
    return select(ServiceVisit.customer_id).where(
        ServiceVisit.customer_id.in_(who), or_(ServiceVisit.closed_at.is_(None), later)
    )


def _known(random: Random, customer_id: int, code: str, number: str) -> Known:
    if random.random() < NAMES_CODE:
        return Known(customer_id, MAILING, campaign=code)
    if number and random.random() < DIALS:
        return Known(customer_id, MAILING, dialled=number)
    return Known(customer_id, AGAIN)


def _for_car(play: Play, customer: Customer, known: Known, at: datetime, *, buys: bool) -> Sequence[Course]:
    """He looks for a car; with his own salesperson, if that one works here still."""
    random, world = play.random, play.world
    sellers = world.at_work("sales_manager", None, at)
    manager = next((each for each in sellers if each.user_id == customer.owner_id), None) or random.choice(sellers)
    channel = InquiryChannel.WALK_IN if random.random() < COMES_IN else InquiryChannel.CALL
    fate = draw_fate(random, channel, manager, buys=buys)
    fate.source, fate.model = known.source, random.choice(world.models)
    return SalesCourse(fate, channel, manager, known), ServiceCourse(owner_of(world, customer.id))


def draw_fate(random: Random, channel: InquiryChannel, manager: Member, *, buys: bool) -> Fate:
    """What becomes of him; whether he takes a car is known."""
    drawn = decide(random, channel, hand_of(manager.plan), 1.0)
    if buys:
        steps = ("answers", "books", "comes", "opens", "wants_offer", "reserves", "signs", "takes_car")
        for step in steps:
            setattr(drawn, step, True)
    elif drawn.takes_car:
        drawn.reserves = drawn.signs = drawn.takes_car = False
    return drawn


def owner_of(world: World, customer_id: int) -> Owner:
    """What he is like as a customer of the workshop."""
    return make_owner(world, f"owner/{customer_id}", number=FIRST_OWNER + customer_id)


def _for_work(play: Play, customer: Customer, known: Known, at: datetime, theme: Theme) -> Sequence[Course]:
    """He wants an appointment at the workshop of his centre."""
    random, world = play.random, play.world
    takers = world.at_work("service_dispatcher", None, at)
    near = [taker for taker in takers if taker.centre_id == customer.centre_id]
    fate = decide_visit(random, booking=BOOKING)
    if "шин" in theme.product:
        fate.kind, fate.job = "tyres", "tyres"
    return (_visit(play, customer, known, random.choice(near or takers), fate),)


def _visit(play: Play, customer: Customer, known: Known, taker: Member, fate: ServiceFate) -> Course:
    owner = owner_of(play.world, customer.id)
    return ServiceCourse(owner, InquiryChannel.CALL, known.source, taker, fate, returns=False, known=known)
