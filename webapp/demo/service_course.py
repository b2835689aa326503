"""The course of a customer of the workshop: his visits, from the call to the follow-up and the next reminder."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from engine import case_data
from engine.human_tasks.models import HumanTask, path_of
from engine.instances.models import CaseData, ProcessInstance
from engine.instances.report import OpenedTask
from webapp.aftersales import order_writing, visiting
from webapp.aftersales.models import SUBJECT, ServiceVisit, VisitStatus
from webapp.aftersales.needs import needs_of
from webapp.aftersales.plan import Besides
from webapp.aftersales.reminders import LEADS, USUAL_LEAD
from webapp.aftersales.slots import find_free_slots
from webapp.aftersales.visiting import Wish
from webapp.core.workflow import engine
from webapp.customers.models import Sex
from webapp.customers.services import get_customer
from webapp.demo.agreeing import note_agreement
from webapp.demo.behaviour import Answer
from webapp.demo.behaviour.service import SERVICE_ANSWERS, Owner, ServiceFate, ServiceSituation, decide_visit
from webapp.demo.known import Known
from webapp.demo.names import phone_number
from webapp.demo.people import RATES, USUAL_RATE, Member
from webapp.demo.pictures import appraisal_pictures
from webapp.demo.service_costs import know_costs
from webapp.demo.simulation import Play
from webapp.inquiries.models import InquiryChannel, Purpose
from webapp.inquiries.services import InquiryFacts, register_inquiry
from webapp.kit import files
from webapp.vehicles.services import get_car

LATE_SHARE = 0.12  # specification §9.4
LEFT_UNDONE, STANDS = 0.15, timedelta(hours=3)
ALWAYS_DONE = frozenset({"book_visit", "receive_car"})  # somebody is on the phone or at the desk
NEXT_SERVICE = 364  # days, as agreed at the handover
# minutes from the opening of a task at once, while the customer or the car waits
SOON = {
    "inspect_car": (6, 16), "agree_order": (5, 14), "assign_work": (3, 18), "approve_extra": (4, 18),
    "control_quality": (5, 25), "prepare_return": (6, 22), "call_ready": (2, 12), "tell_progress": (3, 20),
    "tell_new_time": (3, 15),
}  # fmt: skip
TAKEN = frozenset({
    "slot_taken", "bay_taken", "advisor_taken", "advisor_away", "reception_taken", "waiting_full", "day_full",
    "slot_in_past",
})  # fmt: skip


@dataclass
class ServiceCourse:
    """One customer of the workshop. `first`: what becomes of the visit he calls for; those that follow are drawn then.

    `returns`: he is not known to come again, so we remind him when the next service falls due. `known`: he has been
    here before.
    """

    owner: Owner
    channel: InquiryChannel = InquiryChannel.CALL
    source: str | None = None
    taker: Member | None = None  # who answers the call
    first: ServiceFate | None = None
    returns: bool = True
    known: Known | None = None
    fates: dict[int, ServiceFate] = field(default_factory=dict, init=False)
    subjects: frozenset[str] = field(default=frozenset({SUBJECT}), init=False)
    calendar: str = field(default="service", init=False)
    proposes_again: frozenset[str] = field(default=TAKEN, init=False)

    def begin(self, play: Play, now: datetime) -> None:
        """He calls, writes, or stands at the desk."""
        taker = self.taker
        if taker is None:
            raise RuntimeError("nobody answers the call")
        facts = InquiryFacts(
            channel=self.channel,
            purpose=Purpose.SERVICE,
            phone=phone_number(self.owner.number),
            name=self.owner.name,
            sex=Sex(self.owner.sex),
            source_code=self.source,
            model_code=self.owner.model,
            centre_id=taker.centre_id,
        )
        if self.known is not None:
            facts = self.known.says(facts)
        registered = register_inquiry(play.session, facts, actor_id=taker.user_id, now=now)
        play.inquiries += not registered.touch
        note_agreement(play, registered, actor_id=taker.user_id, now=now)

    def answer(self, play: Play, task: HumanTask, case: ProcessInstance, now: datetime) -> Answer | None:
        """What the people of the workshop do."""
        visit = visiting.get_visit_by_key(play.session, case.business_key)
        answer = SERVICE_ANSWERS[task.element](self._situation(play, task, visit, now))
        if task.element == "prepare_return":
            know_costs(play.session, visit.id, now=now)
        if task.element == "hand_over" and self.returns:
            lead = LEADS.get(visit.standard, USUAL_LEAD)
            play.plan(now + timedelta(days=NEXT_SERVICE - lead), lambda at: self._remind(play, visit.id, at))
        return answer

    def when(self, play: Play, task: OpenedTask, now: datetime) -> datetime:
        """Work as long as it takes, calls when they are due, one in eight late; guests as they come."""
        hours, random, fate = play.world.hours[self.calendar], play.random, self._fate_of(play, task.id)
        due = task.due_at or now
        if task.element in SOON:
            return hours.next_open(now + timedelta(minutes=random.uniform(*SOON[task.element])))
        if task.element == "book_visit":
            return hours.next_open(max(now, due - timedelta(minutes=random.uniform(6, 13))))
        if task.element == "receive_car":
            if fate.cancels_late:
                return now + timedelta(minutes=random.uniform(2, 9))
            return hours.next_open(
                max(now + timedelta(minutes=1), due + timedelta(minutes=random.triangular(-10, 20, -2)))
            )
        if task.element == "remind_customer":
            return hours.next_open(max(now + timedelta(minutes=5), due - timedelta(hours=random.uniform(0.2, 5.5))))
        if task.element == "do_work":
            if fate.extra and not fate.extra_asked:
                return hours.next_open(now + max(due - now, timedelta(minutes=20)) * random.uniform(0.3, 0.6))
            late = timedelta(minutes=random.triangular(-15, 40, 0))
            return hours.next_open(max(now + timedelta(minutes=12), due + late))
        if task.element in {"take_payment", "hand_over"}:
            wait = timedelta(minutes=random.uniform(4, 15))
            if not fate.fetched and not fate.waits:
                wait += timedelta(hours=random.expovariate(1 / 2))
            fate.fetched = True
            return hours.next_open(now + wait)
        if due <= now or random.random() < LATE_SHARE:
            return hours.next_open(max(due, now) + timedelta(minutes=random.uniform(10, 90)))
        return hours.next_open(now + (due - now) * random.triangular(0.04, 0.95, 0.2))

    def who(self, play: Play, task: HumanTask, now: datetime) -> Member:
        """Anybody of the role in the centre."""
        return play.random.choice(play.world.at_work(task.candidate_role, task.scope_id, now))

    def left_undone(self, element: str, ago: timedelta) -> float:
        """A car that stands in the workshop is not forgotten for a day."""
        return 0 if element in ALWAYS_DONE or ago > STANDS else LEFT_UNDONE

    def _fate_of(self, play: Play, task_id: int) -> ServiceFate:
        """Of the visit this task is about; the first one was decided before he called."""
        case = play.session.scalars(select(HumanTask.instance_id).where(HumanTask.id == task_id)).one()
        if case not in self.fates:
            visit = visiting.get_visit_by_key(play.session, play.session.get_one(ProcessInstance, case).business_key)
            reminded = visit.inquiry_id is None
            self.fates[case] = self.first or decide_visit(play.random, walk_in=visit.walk_in, wants=reminded)
            self.first = None
        return self.fates[case]

    def _situation(self, play: Play, task: HumanTask, visit: ServiceVisit, now: datetime) -> ServiceSituation:
        fate, world = self._fate_of(play, task.id), play.world
        order = order_writing.find_order(play.session, visit.id)
        technicians = world.at_work("technician", visit.centre_id, now)
        centre = next(name for name, centre_id in world.crew.centres.items() if centre_id == visit.centre_id)
        return ServiceSituation(
            random=play.random,
            now=now,
            fate=fate,
            owner=self.owner,
            serial=play.next_serial(),
            hours=world.hours[self.calendar],
            rate=RATES.get(centre, USUAL_RATE),
            technicians=[member.user_id for member in technicians],
            has_car=visit.car_id is not None,
            starts_at=visit.starts_at,
            promised_at=visit.promised_at,
            balance=order.balance if order else Decimal(0),
            judged=self._judged(play, task),
            find_slot=lambda since: self._find_slot(play, visit, fate, since, now),
            take_photo=lambda: self._photograph(play, task.instance_id, technicians[0], now),
        )

    def _judged(self, play: Play, task: HumanTask) -> str | None:
        if task.element != "settle_complaint":
            return None
        definition_id, text = play.session.execute(
            select(ProcessInstance.definition_id, CaseData.document)
            .join(CaseData, CaseData.instance_id == ProcessInstance.id)
            .where(ProcessInstance.id == task.instance_id)
        ).one()
        _, calls = engine().kernel.store.get(play.session, definition_id).place(path_of(task.path))
        judged = case_data.view(case_data.load(text), calls)["judge_complaint"]["severity"]
        return None if judged is None else str(judged)

    def _find_slot(
        self, play: Play, visit: ServiceVisit, fate: ServiceFate, since: datetime, now: datetime
    ) -> str | None:
        needs = needs_of(play.session, [fate.job] if fate.job else [])
        slots = find_free_slots(
            play.session,
            centre_id=visit.centre_id,
            bay_type=needs.bay_type,
            hours=fate.hours,
            since=since,
            limit=1,
            now=now,
            express=needs.express,
            waits=fate.waits,
            besides=Besides(visit_id=visit.id),
        )
        return slots[0].text if slots else None

    def _photograph(self, play: Play, case_id: int, member: Member, now: datetime) -> str:
        picture = appraisal_pictures()[play.number % len(appraisal_pictures())]
        stored = files.store(
            play.session, picture, name="photo.png", instance_id=case_id, actor_id=member.user_id, at=now
        )
        return stored.sha256

    def _remind(self, play: Play, visit_id: int, now: datetime) -> None:
        """The next service falls due: we write to whoever has the car still, as the nightly search does."""
        last = visiting.get_visit(play.session, visit_id)
        later = select(ServiceVisit.id).where(ServiceVisit.car_id == last.car_id, ServiceVisit.id > last.id)
        if last.status is not VisitStatus.DONE or last.car_id is None or play.session.scalar(later.limit(1)):
            return
        car = get_car(play.session, last.car_id)
        if not car.alive:
            return
        wish = Wish(
            customer=get_customer(play.session, last.customer_id),
            centre_id=last.centre_id,
            car=car,
            called=False,
            reminder=True,
            reasons=("maintenance",),
        )
        visiting.open_visit(play.session, wish, actor_id=None, now=now)
