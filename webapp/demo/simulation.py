"""Cases in simulated time: every step goes through the engine as if people had clicked.

Nothing is written past the services: what the pages show is what happened. A case is played from its inquiry to the
present in one transaction, so that nobody, and no heartbeat beside, ever sees one that still stands in the past.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.errors import BusinessError
from engine.human_tasks.form_values import FormInvalid, Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.instances.report import StepReport
from engine.kernel import StepListener
from engine.runtime import Engine
from engine.timers.calendars import WorkingCalendar, calendar_for
from engine.timers.due_rows import newest_id, next_after
from webapp.core.choices import choice_sources
from webapp.customers.models import Sex
from webapp.demo import behaviour
from webapp.demo.behaviour import ZONE, Fate, Situation
from webapp.demo.names import person_name, phone_number
from webapp.demo.people import Crew, Member
from webapp.demo.pictures import appraisal_pictures
from webapp.demo.volumes import Arrival
from webapp.diary.models import Notification
from webapp.diary.notifications import write_notifications
from webapp.inquiries.models import InquiryChannel, InterestType, Purpose
from webapp.inquiries.services import WAITING_CHANNELS, InquiryFacts, register_inquiry
from webapp.kit import files
from webapp.sales.models import Competitor
from webapp.sales.queries import get_worksheet_by_key, is_slot_taken
from webapp.vehicles.queries import list_models

LATE_SHARE = 0.12  # specification §9.4
GIVE_UP_AFTER = 4  # refusals of the application for one act
TIMES_OFFERED = 12  # for a visit, while the salesperson expects somebody else at each
BEHIND, BEHIND_SHARE = timedelta(hours=40), 0.4  # of today's and yesterday's work so much is not done yet
NEWS_KEPT = timedelta(days=14)  # of what people were told before that nothing is kept
NEWS_UNREAD = timedelta(hours=12)  # they have read what is older
PURPOSES = ((Purpose.NEW_CAR, 70), (Purpose.USED_CAR, 20), (Purpose.TEST_DRIVE, 10))


@dataclass(frozen=True)
class World:
    """What all cases share."""

    engine: Engine
    clock: SettableClock
    crew: Crew
    begins: datetime
    models: Sequence[str]
    competitors: Sequence[str]
    hours: WorkingCalendar

    @classmethod
    def read(cls, session: Session, engine: Engine, clock: SettableClock, crew: Crew, begins: datetime) -> "World":
        return cls(
            engine,
            clock,
            crew,
            begins,
            models=[model.code for model in list_models(session)],
            competitors=list(session.scalars(select(Competitor.code))),
            hours=calendar_for(session, "sales", None),
        )

    def leaves_at(self, member: Member) -> datetime | None:
        """When this person stops working here."""
        months = member.plan.months
        return None if months is None else self.begins + timedelta(days=30.44 * months)

    def at_work(self, role: str, centre_id: int | None, now: datetime) -> list[Member]:
        """Who holds the role in this centre at this time."""
        leaving = ((member, self.leaves_at(member)) for member in self.crew.with_role(role, centre_id))
        return [member for member, leaves in leaving if leaves is None or now < leaves]


@dataclass(order=True)
class _Act:
    at: datetime
    order: int
    run: Callable[[datetime], None] = field(compare=False)


class Play:
    """One customer and all his cases: the same random numbers give the same course."""

    def __init__(self, world: World, session: Session, random: Random, *, number: int) -> None:
        self.world, self.session, self.random, self.number = world, session, random, number
        self.fate = Fate()
        self.channel = InquiryChannel.CALL
        self.manager: Member | None = None
        self.acts: list[_Act] = []
        self.order = count()
        self.cases: list[int] = []
        self.refused: list[str] = []
        self.until = world.begins

    def run(self, arrival: Arrival, fate: Fate, manager: Member, *, until: datetime) -> None:
        """Let the inquiry come and everybody do his part, until the moment `until`; open work stays open."""
        self.fate, self.channel, self.manager, self.until = fate, arrival.channel, manager, until
        self._plan(arrival.at, self._register)
        oldest = newest_id(self.session)
        told_before = self.session.scalar(select(func.max(Notification.id))) or 0
        with self._listening():
            while (moment := self._next(oldest)) is not None and moment <= until:
                self.world.clock.set(max(moment, self.world.clock.now()))
                if self.acts and self.acts[0].at <= moment:
                    act = heapq.heappop(self.acts)
                    act.run(moment)
                else:
                    self.world.engine.tick_after(self.session, oldest, moment)
        read = update(Notification).where(Notification.id > told_before, Notification.created_at < until - NEWS_UNREAD)
        self.session.execute(read.values(read_at=until).execution_options(synchronize_session=False))

    def _next(self, oldest: int) -> datetime | None:
        """When the next thing happens, in the diary of a person or by the clock."""
        due = next_after(self.session, oldest)
        act = self.acts[0].at if self.acts else None
        moments = [each for each in (due, act) if each is not None]
        return min(moments, default=None)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        kernel = self.world.engine.kernel
        listeners = kernel.listeners
        kernel.listeners = [*map(self._recent_only, listeners), self._hear]
        try:
            yield
        finally:
            kernel.listeners = listeners

    def _recent_only(self, listener: StepListener) -> StepListener:
        """Old news would only fill the table: nobody reads in the demo what he was told a year ago."""
        if listener is not write_notifications:
            return listener
        since = self.until - NEWS_KEPT
        return lambda session, report, now: listener(session, report, now) if now >= since else None

    def _hear(self, session: Session, report: StepReport, now: datetime) -> None:
        """Whoever gets a task will do it some time."""
        if report.instance_id not in self.cases:
            self.cases.append(report.instance_id)
        for task in report.opened:
            self._plan(self._when(task.due_at, now, task.element), partial(self._serve, task.id))

    def _register(self, now: datetime) -> None:
        manager = self._manager
        centre = manager.centre_id
        name, sex = person_name(self.random)
        agreed = self.channel is InquiryChannel.CALL and self.fate.books
        visit = self._free_time(manager, now)
        facts = InquiryFacts(
            channel=self.channel,
            purpose=self.random.choices([purpose for purpose, _ in PURPOSES], [share for _, share in PURPOSES])[0],
            phone=phone_number(self.number),
            name=name,
            sex=Sex(sex),
            source_code=self.fate.source,
            model_code=self.fate.model,
            interest_type=InterestType.NEW,
            visit_at=visit if agreed else None,
            handed_to=None if self.channel in WAITING_CHANNELS else manager.user_id,  # who is free answers what waits
            centre_id=centre,
        )
        registrar = "receptionist" if self.channel is InquiryChannel.WALK_IN else "call_operator"
        operator = self.random.choice(self.world.at_work(registrar, centre, now))
        register_inquiry(self.session, facts, actor_id=operator.user_id, now=now)
        leaves = self.world.leaves_at(manager)
        if leaves is not None:
            self._plan(leaves, self._hand_over)

    def _free_time(self, manager: Member, now: datetime) -> datetime | None:
        """A time at which the salesperson expects nobody yet; None when the caller likes none of those offered."""
        for _ in range(TIMES_OFFERED):
            at = datetime.fromisoformat(behaviour.visit_moment(self._situation(now))).replace(tzinfo=ZONE)
            if not is_slot_taken(self.session, manager.user_id, at, besides=0):
                return at
        return None

    def _hand_over(self, now: datetime) -> None:
        """The salesperson leaves; the head gives what is open to a colleague: the base stays with the company."""
        leaver = self._manager
        head = self.world.crew.head_of(leaver)
        colleague = self.random.choice(self.world.at_work(leaver.plan.role, leaver.centre_id, now))
        self.manager = colleague
        owned = select(ProcessInstance.id).where(
            ProcessInstance.id.in_(self.cases),
            ProcessInstance.owner_id == leaver.user_id,
            ProcessInstance.status == InstanceStatus.ACTIVE,
        )
        for case in self.session.scalars(owned).all():
            self.world.engine.hand_over(
                self.session,
                case,
                to=colleague.user_id,
                comment="Менеджер уволился, клиента ведёте вы.",
                actor=head.actor,
                now=now,
            )

    def _serve(self, task_id: int, now: datetime, tries: int = 1) -> None:
        task = self.session.get(HumanTask, task_id, populate_existing=True)
        if task is None or task.state is not TaskState.OPEN:
            return
        if self.until - now < BEHIND and self.random.random() < BEHIND_SHARE:
            return
        case = self.session.get_one(ProcessInstance, task.instance_id)
        pictures = self._pictures(case, now) if task.element == "tradein_appraisal" else ()
        answer = behaviour.ANSWERS[task.element](self._situation(now, pictures))
        if answer is None:
            return
        engine, actor = self.world.engine, self._who(task, now).actor
        reading = Reading(now=now, zone=ZONE, kinds=engine.kernel.text_kinds, knows=self._knows)
        key = f"demo-{task_id}-{tries}-{now:%Y%m%d%H%M%S}"
        try:
            if answer.offer:
                engine.take_offer(
                    self.session, task_id, answer.offer, answer.values, actor=actor, reading=reading, command_key=key
                )
            else:
                values = self._complete_values(task, case, dict(answer.values))
                engine.complete(self.session, task_id, values, actor=actor, reading=reading, command_key=key)
        except FormInvalid as refusal:
            self.refused.append(f"{task.element}: {refusal.errors}")
        except BusinessError as refusal:
            if refusal.code == "visit_slot_taken" and tries < TIMES_OFFERED:
                self._serve(task_id, now, tries + 1)  # another time is proposed at once
                return
            self.refused.append(f"{task.element}: {refusal.code}")
            if tries < GIVE_UP_AFTER:
                again = self.world.hours.next_open(now + timedelta(minutes=20))
                self._plan(again, lambda at: self._serve(task_id, at, tries + 1))

    def _complete_values(self, task: HumanTask, case: ProcessInstance, values: dict[str, object]) -> dict[str, object]:
        """What the operator reads off the card in front of him."""
        if task.element != "first_answer":
            return values
        worksheet = get_worksheet_by_key(self.session, case.business_key)
        person = worksheet.customer
        card = {"first_name": person.first_name, "last_name": person.last_name, "sex": person.sex.value}
        return {**values, **card, "source": worksheet.source_code}

    @property
    def _manager(self) -> Member:
        if self.manager is None:
            raise RuntimeError("the play has not begun")
        return self.manager

    def _who(self, task: HumanTask, now: datetime) -> Member:
        if task.assignee_id is not None:
            return self.world.crew.by_user(task.assignee_id)
        if task.candidate_role == self._manager.plan.role:
            return self._manager
        return self.random.choice(self.world.at_work(task.candidate_role, task.scope_id, now))

    def _pictures(self, case: ProcessInstance, now: datetime) -> list[str]:
        """What the appraiser has photographed."""
        member = self.world.crew.with_role("tradein_appraiser", case.scope_id)[0]
        return [
            files.store(
                self.session, picture, name=f"{number}.png", instance_id=case.id, actor_id=member.user_id, at=now
            ).sha256
            for number, picture in enumerate(appraisal_pictures(), 1)
        ]

    def _situation(self, now: datetime, pictures: Sequence[str] = ()) -> Situation:
        return Situation(
            self.random,
            now,
            self.fate,
            self._manager.user_id,
            self.world.models,
            self.world.competitors,
            self.world.hours.next_open,
            serial=self.number * 100 + next(self.order) % 100,
            walk_in=self.channel is InquiryChannel.WALK_IN,
            pictures=pictures,
        )

    def _knows(self, source: str, value: str) -> bool:
        known = choice_sources()
        return source in known and known[source].knows(self.session, value)

    def _when(self, due: datetime | None, now: datetime, element: str) -> datetime:
        """When the person gets to it: mostly in time, one in eight late, guests as they come."""
        hours = self.world.hours
        if due is None or due <= now:
            return hours.next_open(now + timedelta(minutes=self.random.uniform(1, 40)))
        if element == "welcome":
            return due + timedelta(minutes=self.random.triangular(-12, 12, -4))
        if self.random.random() < LATE_SHARE:
            return hours.next_open(due + timedelta(hours=self.random.expovariate(1 / 6)))
        return hours.next_open(now + (due - now) * self.random.triangular(0.04, 0.95, 0.2))

    def _plan(self, at: datetime, run: Callable[[datetime], None]) -> None:
        heapq.heappush(self.acts, _Act(at, next(self.order), run))
