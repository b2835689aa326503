"""The course of a customer who wants a car: his worksheet, and what comes after the handover."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from engine.human_tasks.models import HumanTask
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.instances.report import OpenedTask
from webapp.customers.models import Answer as Answers
from webapp.customers.models import Sex
from webapp.demo import behaviour
from webapp.demo.agreeing import note_agreement
from webapp.demo.behaviour import ZONE, Answer, Fate, Situation
from webapp.demo.known import Known
from webapp.demo.names import person_name, phone_number
from webapp.demo.people import Member
from webapp.demo.pictures import appraisal_pictures
from webapp.demo.simulation import TIMES_OFFERED, Play
from webapp.inquiries.models import InquiryChannel, InterestType, Purpose
from webapp.inquiries.services import WAITING_CHANNELS, InquiryFacts, register_inquiry
from webapp.kit import files
from webapp.sales.models.worksheets import AFTERCARE, SUBJECT
from webapp.sales.queries import get_worksheet_by_key, is_slot_taken

LATE_SHARE = 0.12  # specification §9.4
LEFT_UNDONE = 0.4
PURPOSES = ((Purpose.NEW_CAR, 70), (Purpose.USED_CAR, 20), (Purpose.TEST_DRIVE, 10))


@dataclass
class SalesCourse:
    """`manager` leads the customer; who leaves gives him to a colleague. `known`: he has been here before."""

    fate: Fate
    channel: InquiryChannel
    manager: Member
    known: Known | None = None
    subjects: frozenset[str] = field(default=frozenset({SUBJECT, AFTERCARE}), init=False)
    calendar: str = field(default="sales", init=False)
    proposes_again: frozenset[str] = field(default=frozenset({"visit_slot_taken"}), init=False)

    def begin(self, play: Play, now: datetime) -> None:
        """He calls, writes or comes in."""
        world, manager = play.world, self.manager
        centre = manager.centre_id
        name, sex = person_name(play.random)
        agreed = self.channel is InquiryChannel.CALL and self.fate.books
        visit = self._free_time(play, now)
        facts = InquiryFacts(
            channel=self.channel,
            purpose=play.random.choices([purpose for purpose, _ in PURPOSES], [share for _, share in PURPOSES])[0],
            phone=phone_number(play.number),
            name=name,
            sex=Sex(sex),
            source_code=self.fate.source,
            model_code=self.fate.model,
            interest_type=InterestType.NEW,
            visit_at=visit if agreed else None,
            handed_to=None if self.channel in WAITING_CHANNELS else manager.user_id,  # who is free answers what waits
            centre_id=centre,
        )
        if self.known is not None:
            facts = self.known.says(facts)
        registrar = "receptionist" if self.channel is InquiryChannel.WALK_IN else "call_operator"
        operator = play.random.choice(world.at_work(registrar, centre, now))
        registered = register_inquiry(play.session, facts, actor_id=operator.user_id, now=now)
        play.inquiries += not registered.touch
        note_agreement(play, registered, actor_id=operator.user_id, now=now)
        self.stay_led(play)

    def stay_led(self, play: Play) -> None:
        """When his salesperson leaves, a colleague goes on."""
        leaves = play.world.leaves_at(self.manager)
        if leaves is not None:
            play.plan(leaves, lambda at: self._hand_over(play, at))

    def answer(self, play: Play, task: HumanTask, case: ProcessInstance, now: datetime) -> Answer | None:
        """What the salesperson and those beside him do."""
        pictures = self._pictures(play, case, now) if task.element == "tradein_appraisal" else ()
        answer = behaviour.ANSWERS[task.element](self._situation(play, now, pictures))
        if answer is None or task.element != "first_answer" or answer.offer:
            return answer
        worksheet = get_worksheet_by_key(play.session, case.business_key)
        person = worksheet.customer  # what the operator reads off the card in front of him
        card = {"first_name": person.first_name, "last_name": person.last_name, "sex": person.sex.value}
        said = answer.values["consent_marketing"]
        if person.advertising is Answers.YES:
            said = "yes"
        elif said == "yes":
            said = "not_asked"
        return Answer({**answer.values, **card, "source": worksheet.source_code, "consent_marketing": said})

    def when(self, play: Play, task: OpenedTask, now: datetime) -> datetime:
        """Mostly in time, one in eight late, guests as they come."""
        hours, random, due = play.world.hours[self.calendar], play.random, task.due_at
        if due is None or due <= now:
            return hours.next_open(now + timedelta(minutes=random.uniform(1, 40)))
        if task.element == "welcome":
            return due + timedelta(minutes=random.triangular(-12, 12, -4))
        if random.random() < LATE_SHARE:
            return hours.next_open(due + timedelta(hours=random.expovariate(1 / 6)))
        return hours.next_open(now + (due - now) * random.triangular(0.04, 0.95, 0.2))

    def who(self, play: Play, task: HumanTask, now: datetime) -> Member:
        """His salesperson, or anybody of the role."""
        if task.candidate_role == self.manager.plan.role:
            return self.manager
        return play.random.choice(play.world.at_work(task.candidate_role, task.scope_id, now))

    def left_undone(self, element: str, ago: timedelta) -> float:
        """Calls and papers wait."""
        return LEFT_UNDONE

    def _free_time(self, play: Play, now: datetime) -> datetime | None:
        """A time at which the salesperson expects nobody yet; None when the caller likes none of those offered."""
        for _ in range(TIMES_OFFERED):
            typed = behaviour.visit_moment(self._situation(play, now))
            at = datetime.fromisoformat(typed).replace(tzinfo=ZONE)
            if not is_slot_taken(play.session, self.manager.user_id, at, besides=0):
                return at
        return None

    def _hand_over(self, play: Play, now: datetime) -> None:
        """The salesperson leaves; the head gives what is open to a colleague: the base stays with the company."""
        leaver = self.manager
        head = play.world.crew.head_of(leaver)
        colleague = play.random.choice(play.world.at_work(leaver.plan.role, leaver.centre_id, now))
        self.manager = colleague
        owned = select(ProcessInstance.id).where(
            ProcessInstance.id.in_(play.cases),
            ProcessInstance.owner_id == leaver.user_id,
            ProcessInstance.status == InstanceStatus.ACTIVE,
        )
        for case in play.session.scalars(owned).all():
            play.world.engine.hand_over(
                play.session,
                case,
                to=colleague.user_id,
                comment="Менеджер уволился, клиента ведёте вы.",
                actor=head.actor,
                now=now,
            )

    def _pictures(self, play: Play, case: ProcessInstance, now: datetime) -> list[str]:
        """What the appraiser has photographed."""
        member = play.world.crew.with_role("tradein_appraiser", case.scope_id)[0]
        return [
            files.store(
                play.session, picture, name=f"{number}.png", instance_id=case.id, actor_id=member.user_id, at=now
            ).sha256
            for number, picture in enumerate(appraisal_pictures(), 1)
        ]

    def _situation(self, play: Play, now: datetime, pictures: Sequence[str] = ()) -> Situation:
        return Situation(
            play.random,
            now,
            self.fate,
            self.manager.user_id,
            play.world.models,
            play.world.competitors,
            play.world.hours[self.calendar].next_open,
            serial=play.next_serial(),
            walk_in=self.channel is InquiryChannel.WALK_IN,
            pictures=pictures,
        )
