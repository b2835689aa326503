"""Cases in simulated time: every step goes through the engine as if people had clicked.

Nothing is written past the services: what the pages show is what happened. A case is played from its inquiry to the
present in one transaction, so that nobody, and no heartbeat beside, ever sees one that still stands in the past.

A play knows nothing of sales or service: a course says how a customer's case begins and what people answer in it.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Protocol

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine import outbox
from engine.clock import SettableClock
from engine.errors import BusinessError
from engine.human_tasks.form_values import FormInvalid, Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import ProcessInstance
from engine.instances.report import OpenedTask, StepReport
from engine.kernel import StepListener
from engine.runtime import Engine
from engine.timers.calendars import WorkingCalendar, calendar_for
from engine.timers.due_rows import newest_id, next_after
from webapp.core.choices import choice_sources
from webapp.demo.behaviour import ZONE, Answer
from webapp.demo.people import Crew, Member
from webapp.diary.models import Notification
from webapp.diary.notifications import write_notifications
from webapp.integrations.beats import deliver
from webapp.integrations.messaging.port import MAIL
from webapp.sales.models import Competitor
from webapp.vehicles.queries import list_models

GIVE_UP_AFTER = 4  # refusals of the application for one act
TIMES_OFFERED = 12  # of a visit, while somebody else has just taken each
BEHIND = timedelta(hours=40)  # of today's and yesterday's work some is not done yet
NEWS_KEPT = timedelta(days=14)  # of what people were told before that nothing is kept
NEWS_UNREAD = timedelta(hours=12)  # they have read what is older


@dataclass(frozen=True)
class World:
    """What all cases share."""

    engine: Engine
    clock: SettableClock
    crew: Crew
    begins: datetime
    models: Sequence[str]
    competitors: Sequence[str]
    hours: Mapping[str, WorkingCalendar]  # by the name of the calendar

    @classmethod
    def read(cls, session: Session, engine: Engine, clock: SettableClock, crew: Crew, begins: datetime) -> "World":
        return cls(
            engine,
            clock,
            crew,
            begins,
            models=[model.code for model in list_models(session)],
            competitors=list(session.scalars(select(Competitor.code))),
            hours={name: calendar_for(session, name, None) for name in ("sales", "service")},
        )

    def leaves_at(self, member: Member) -> datetime | None:
        """When this person stops working here."""
        months = member.plan.months
        return None if months is None else self.begins + timedelta(days=30.44 * months)

    def at_work(self, role: str, centre_id: int | None, now: datetime) -> list[Member]:
        """Who holds the role in this centre at this time."""
        leaving = ((member, self.leaves_at(member)) for member in self.crew.with_role(role, centre_id))
        return [member for member, leaves in leaving if leaves is None or now < leaves]


class Course(Protocol):
    """How the cases of one kind begin, and what the people in them do."""

    @property
    def subjects(self) -> frozenset[str]:
        """With which the business keys of its cases begin."""

    @property
    def calendar(self) -> str:
        """The working hours of its people."""

    @property
    def proposes_again(self) -> frozenset[str]:
        """Refusals to which another proposal is made at once, because somebody else was quicker."""

    def begin(self, play: "Play", now: datetime) -> None:
        """The first inquiry comes."""

    def answer(self, play: "Play", task: HumanTask, case: ProcessInstance, now: datetime) -> Answer | None:
        """What the person does at this step; None: nothing, and the clock goes on."""

    def when(self, play: "Play", task: OpenedTask, now: datetime) -> datetime:
        """When the person gets to it."""

    def who(self, play: "Play", task: HumanTask, now: datetime) -> Member:
        """Who does it when it is for nobody in particular."""

    def left_undone(self, element: str, ago: timedelta) -> float:
        """How much of the work at this step that came up so long before the present is not done yet, 0 to 1."""


class Letterbox:
    """Takes over every mail and keeps it."""

    def send(self, message: outbox.Outgoing) -> None:
        """The text stays in the outbox, where the act has written it."""


@dataclass(order=True)
class _Act:
    at: datetime
    order: int
    run: Callable[[datetime], None] = field(compare=False)


class Play:
    """One customer and all his cases: the same random numbers give the same course."""

    def __init__(self, world: World, session: Session, random: Random, *, number: int) -> None:
        self.world, self.session, self.random, self.number = world, session, random, number
        self.courses: Mapping[str, Course] = {}
        self.acts: list[_Act] = []
        self.order = count()
        self.cases: list[int] = []
        self.refused: list[str] = []
        self.inquiries = 0  # registered in this play
        self.until = world.begins
        self.leads: Callable[[str], Course] | None = (
            None  # by business key: of cases that no course of its subject leads
        )
        self.oldest_mail = 0  # in the outbox, when the play began

    def run(self, at: datetime, *courses: Course, until: datetime) -> None:
        """Let the first course begin and everybody do his part, until the moment `until`; open work stays open."""
        self.courses, self.until = {subject: course for course in courses for subject in course.subjects}, until
        self.plan(at, partial(courses[0].begin, self))
        oldest, self.oldest_mail = newest_id(self.session), outbox.newest_id(self.session)
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
            self.plan(self._course_of(report.business_key).when(self, task, now), partial(self._serve, task.id))

    def _serve(self, task_id: int, now: datetime, tries: int = 1) -> None:
        task = self.session.get(HumanTask, task_id, populate_existing=True)
        if task is None or task.state is not TaskState.OPEN:
            return
        case = self.session.get_one(ProcessInstance, task.instance_id)
        course = self._course_of(case.business_key)
        ago = self.until - now
        if ago < BEHIND and self.random.random() < course.left_undone(task.element, ago):
            return
        answer = course.answer(self, task, case, now)
        if answer is None:
            return
        engine, actor = self.world.engine, self._who(course, task, now).actor
        reading = Reading(now=now, zone=ZONE, kinds=engine.kernel.text_kinds, knows=self._knows)
        key = f"demo-{task_id}-{tries}-{now:%Y%m%d%H%M%S}"
        try:
            if answer.offer:
                engine.take_offer(
                    self.session, task_id, answer.offer, answer.values, actor=actor, reading=reading, command_key=key
                )
            else:
                engine.complete(self.session, task_id, answer.values, actor=actor, reading=reading, command_key=key)
        except FormInvalid as refusal:
            self.refused.append(f"{task.element}: {refusal.errors}")
        except BusinessError as refusal:
            if refusal.code in course.proposes_again and tries < TIMES_OFFERED:
                self._serve(task_id, now, tries + 1)
                return
            self.refused.append(f"{task.element}: {refusal.code}")
            if tries < GIVE_UP_AFTER:
                again = self.world.hours[course.calendar].next_open(now + timedelta(minutes=20))
                self.plan(again, lambda at: self._serve(task_id, at, tries + 1))

    def _course_of(self, business_key: str) -> Course:
        course = self.courses.get(business_key.partition(":")[0])
        if course is None and self.leads is not None:
            course = self.leads(business_key)
        if course is None:
            raise LookupError(f"nobody leads {business_key}")
        return course

    def hand_over_mails(self, now: datetime) -> None:
        """What this play has written goes the way of every mail, but for the last step: it does not leave the house."""
        while True:
            done = deliver(
                lambda: nullcontext(self.session), {MAIL: Letterbox()}, now=lambda: now, after=self.oldest_mail
            )
            if not done.sent + done.refused:
                return

    def _who(self, course: Course, task: HumanTask, now: datetime) -> Member:
        if task.assignee_id is not None:
            return self.world.crew.by_user(task.assignee_id)
        return course.who(self, task, now)

    def _knows(self, source: str, value: str) -> bool:
        known = choice_sources()
        return source in known and known[source].knows(self.session, value)

    def plan(self, at: datetime, run: Callable[[datetime], None]) -> None:
        """Somebody will do something at that moment."""
        heapq.heappush(self.acts, _Act(at, next(self.order), run))

    def next_serial(self) -> int:
        """A number for papers that no other customer has."""
        return self.number * 100 + next(self.order) % 100
