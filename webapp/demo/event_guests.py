"""Guests of the demo's events: who answers the invitation, who comes and with whom, and what interests him."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from webapp.campaigns import segments
from webapp.campaigns.events import guests, inviting, planning
from webapp.campaigns.events.guests import Interest, NewGuest
from webapp.campaigns.models import Event, EventParticipant, GuestStatus, NextStep
from webapp.campaigns.rules.compiling import who_fits
from webapp.customers.models import ConsentChannel, Customer
from webapp.customers.names import split_name
from webapp.demo.behaviour.service import decide_visit
from webapp.demo.campaign_answers import Answering, busy, draw_fate, owner_of
from webapp.demo.campaign_audience import EVERYBODY_RULE
from webapp.demo.campaign_themes import CARS, WORK
from webapp.demo.event_themes import CAR_STEPS, WORK_STEPS, EventTheme
from webapp.demo.names import mail_address, person_name, phone_number
from webapp.demo.people import Member
from webapp.demo.sales_course import SalesCourse
from webapp.demo.service_course import ServiceCourse
from webapp.demo.simulation import Course, Play
from webapp.inquiries.models import Inquiry, InquiryChannel, Purpose
from webapp.inquiries.services import REPEAT_WITHIN

CONFIRMS, LEAST, MOST = 0.4, 8, (13, 22)  # of those on the list, between so many
DECLINES = 0.35  # of the others, and no more than confirm; the rest never answers
CAME = (0.53, 0.63)  # of those who confirmed, 58 % in the mean
WITH = ((0, 55), (1, 33), (2, 12))  # companions, per cent
LEAST_LISTED = 14  # fewer are filled up by hand
LAG = 2.2  # days from the invitation to the answer, in the mean
STRANGERS = (0, 2)  # who come by
INTERESTED, BUYS = 0.35, 0.2  # of guests; of those who want a car
NOTES: Mapping[NextStep, Sequence[str]] = {
    NextStep.TEST_DRIVE: ("Хочет проехать в выходные.", "Сравнивает с машиной конкурента, хочет за руль."),
    NextStep.OFFER: ("Просит расчёт в кредит.", "Ждёт предложение с зимними шинами."),
    NextStep.VISIT: ("Приедет после зарплаты, позвонить накануне.", "Хочет показать машину мастеру."),
    NextStep.CALL: ("Удобнее после шести вечера.", "Посоветуется дома, позвонить на неделе."),
    NextStep.NOTHING: ("За компанию с друзьями, своя машина новая.", "Всё устраивает, пока ничего не нужно."),
}


@dataclass
class GuestList:
    """The guests of one event. `courses`: of those who showed an interest, by customer."""

    theme: EventTheme
    business_key: str = ""
    most: int = 0  # who will confirm
    courses: dict[int, Answering] = field(default_factory=dict)

    def draw(self, play: Play, fitting: int) -> int:
        """Decide how many will confirm, of so many whom it is for."""
        self.most = max(LEAST, min(round(fitting * CONFIRMS), play.random.randint(*MOST)))
        return self.most

    def course_of(self, play: Play, business_key: str) -> Course:
        """The course of the guest whose case it is."""
        return next(each for each in self.courses.values() if each.owns(play, business_key)).course_of(business_key)

    def invite(self, play: Play, now: datetime) -> None:
        """What the heartbeat does: the mails go out; before, the marketer fills up a short list."""
        event = self._event(play)
        self._fill_up(play, event, now)
        inviting.send_batch(play.session, now=now)
        play.hand_over_mails(now)
        ends = planning.day_begins(play.session, event) - timedelta(hours=5)
        random = play.random
        invited = select(EventParticipant.customer_id).where(EventParticipant.event_id == event.id)
        listed = sorted(play.session.scalars(invited))
        random.shuffle(listed)
        for place, customer_id in enumerate(listed):
            comes = place < self.most
            if not comes and random.random() >= min(DECLINES, self.most / len(listed)):
                continue
            at = now + timedelta(minutes=40) + timedelta(days=random.expovariate(1 / LAG))
            at = min(play.world.hours["sales"].next_open(at), ends - timedelta(minutes=random.uniform(0, 300)))
            play.plan(at, partial(self._answer, play, customer_id, comes))

    def receive(self, play: Play, now: datetime) -> None:
        """The doors open: who comes and when."""
        event, random = self._event(play), play.random
        confirmed = select(EventParticipant.customer_id).where(
            EventParticipant.event_id == event.id, EventParticipant.status == GuestStatus.CONFIRMED
        )
        said_yes = sorted(play.session.scalars(confirmed))
        coming = random.sample(said_yes, round(len(said_yes) * random.uniform(*CAME)))
        for customer_id in coming:
            at = event.starts_at + timedelta(minutes=random.triangular(-20, 70, 5))
            play.plan(at, partial(self._come, play, customer_id))
        for number in range(random.randint(*STRANGERS)):
            at = event.starts_at + timedelta(minutes=random.uniform(30, 90))
            play.plan(at, partial(self._come_by, play, number))

    def thank(self, play: Play, now: datetime) -> None:
        """What the heartbeat does: the thanks go out."""
        inviting.send_batch(play.session, now=now)
        play.hand_over_mails(now)

    def _event(self, play: Play) -> Event:
        return planning.get_by_key(play.session, self.business_key)

    def _fill_up(self, play: Play, event: Event, now: datetime) -> None:
        """Put others who agree to be written to on a list that is too short."""
        on_list = select(EventParticipant.customer_id).where(EventParticipant.event_id == event.id)
        listed = set(play.session.scalars(on_list))
        others = sorted(set(play.session.scalars(who_fits(EVERYBODY_RULE, segments.moment_at(now)))) - listed)
        marketer = play.world.crew.members["marketer"].user_id
        for customer_id in play.random.sample(others, min(len(others), max(0, LEAST_LISTED - len(listed)))):
            guests.add_guest(play.session, event, customer_id, actor_id=marketer, now=now)

    def _answer(self, play: Play, customer_id: int, comes: bool, now: datetime) -> None:
        """He says whether he comes; when all places are taken, he cannot."""
        event = self._event(play)
        companions = play.random.choices([each for each, _ in WITH], [share for _, share in WITH])[0]
        free = event.capacity - guests.places_taken(play.session, event)
        comes = comes and free > 0
        companions = min(companions, free - 1) if comes else 0
        guests.answer(play.session, event, customer_id, comes=comes, companions=companions, now=now)

    def _come(self, play: Play, customer_id: int, now: datetime) -> None:
        event = self._event(play)
        guests.check_in(play.session, event, customer_id, companions=None, now=now)
        self._talk(play, customer_id, now)

    def _come_by(self, play: Play, number: int, now: datetime) -> None:
        """Somebody whom nobody has invited; he signs the sheet and agrees to mails."""
        serial = play.number + 1 + number
        name, _sex = person_name(play.random)
        new = NewGuest(
            name=name,
            phone=phone_number(serial),
            email=mail_address(split_name(name).last, serial),
            agrees_by=(ConsentChannel.EMAIL,),
        )
        event = self._event(play)
        actor_id = event.responsible_id
        guest = guests.add_new_guest(play.session, event, new, actor_id=actor_id, now=now)
        guests.check_in(play.session, event, guest.customer_id, now=now)
        self._talk(play, guest.customer_id, now)

    def _talk(self, play: Play, customer_id: int, now: datetime) -> None:
        """Somebody will talk to him before he goes."""
        play.plan(now + timedelta(minutes=play.random.uniform(20, 80)), partial(self._note, play, customer_id))

    def _note(self, play: Play, customer_id: int, now: datetime) -> None:
        """What was heard of him; whose interest goes to colleagues has a course from then on."""
        event, random = self._event(play), play.random
        purpose = self._interest(play, customer_id, now) if random.random() < INTERESTED else None
        model = random.choice(play.world.models) if purpose is Purpose.NEW_CAR else None
        if purpose is None:
            step = random.choices((NextStep.NOTHING, NextStep.CALL), (70, 30))[0]
        else:
            step = random.choice(CAR_STEPS if purpose.is_sale else WORK_STEPS)
            self.courses[customer_id] = self._lead(play, event, customer_id, purpose, model, now)
        interest = Interest(purpose, model, step, random.choice(NOTES[step]))
        guest = guests.note_interest(play.session, event, customer_id, interest, actor_id=event.responsible_id, now=now)
        play.inquiries += guest.inquiry_id is not None

    def _interest(self, play: Play, customer_id: int, now: datetime) -> Purpose | None:
        """What he asks about, of what nothing of his is open with us or comes up later: time does not run backwards."""
        who = select(Customer.id).where(Customer.id == customer_id)
        later = select(Inquiry.department).where(Inquiry.customer_id == customer_id, Inquiry.at > now - REPEAT_WITHIN)
        taken = set(play.session.scalars(later))
        is_busy = {
            is_sale: bool(play.session.scalars(busy(who, brings, now)).first())
            for is_sale, brings in ((True, CARS), (False, WORK))
        }
        owner_id = play.session.get_one(Customer, customer_id).owner_id
        led = owner_id is None or any(each.user_id == owner_id for each in _sellers(play, None, now))
        weights = {
            purpose: weight
            for purpose, weight in self.theme.brings.items()
            if purpose.department not in taken and not is_busy[purpose.is_sale] and (led or not purpose.is_sale)
        }
        return play.random.choices(list(weights), list(weights.values()))[0] if weights else None

    def _lead(
        self, play: Play, event: Event, customer_id: int, purpose: Purpose, model: str | None, now: datetime
    ) -> Answering:
        """What will become of his interest."""
        random, world = play.random, play.world
        owner = owner_of(world, customer_id)
        if not purpose.is_sale:
            taker = random.choice(world.at_work("service_dispatcher", event.centre_id, now))
            fate = decide_visit(random, wants=True)
            visit = ServiceCourse(owner, InquiryChannel.CALL, planning.SOURCE, taker, fate, returns=False)
            return Answering(customer_id, (visit,))
        sellers = _sellers(play, event.centre_id, now)
        owner_id = play.session.get_one(Customer, customer_id).owner_id
        known = (each for each in _sellers(play, None, now) if each.user_id == owner_id)
        manager = next(known, None) or random.choice(sellers)
        drawn = draw_fate(random, InquiryChannel.CALL, manager, buys=random.random() < BUYS)
        drawn.source, drawn.model = planning.SOURCE, model or random.choice(world.models)
        course = SalesCourse(drawn, InquiryChannel.EVENT, manager)
        course.stay_led(play)
        return Answering(customer_id, (course, ServiceCourse(owner)))


def _sellers(play: Play, centre_id: int | None, now: datetime) -> list[Member]:
    return play.world.at_work("sales_manager", centre_id, now)
