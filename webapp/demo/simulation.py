"""Weeks of a dealer's work in simulated time: every case goes through the engine as if people had clicked.

Nothing is written past the services: what the pages show is what happened.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import count
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.database import Database
from engine.errors import BusinessError
from engine.human_tasks.form_values import FormInvalid, Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import ProcessInstance
from engine.instances.report import StepReport
from engine.runtime import Engine
from engine.timers.calendars import WorkingCalendar, calendar_for
from engine.timers.models import DueRow
from webapp.core.choices import choice_sources
from webapp.customers.models import Sex
from webapp.demo import behaviour
from webapp.demo.behaviour import ZONE, Fate, Situation, decide_fate
from webapp.demo.names import PHONE, person_name
from webapp.demo.people import Crew, Member
from webapp.demo.pictures import appraisal_pictures
from webapp.inquiries.models import InquiryChannel, InterestType, Purpose
from webapp.inquiries.services import WAITING_CHANNELS, InquiryFacts, register_inquiry
from webapp.kit import files
from webapp.sales.models import Competitor
from webapp.sales.queries import get_worksheet_by_key
from webapp.vehicles.queries import list_models

COMMIT_EVERY = 60  # simulated acts in one transaction
LATE_SHARE = 0.12  # specification §9.4
GIVE_UP_AFTER = 4  # refusals of the application for one act

# share of inquiries per cent, relative chance of a sale (specification §9.4)
SOURCES = {
    "context_ads": (24, 0.8), "classifieds_autopark": (13, 0.9), "classifieds_ryad": (9, 0.9),
    "dealer_site": (14, 1.1), "maps": (8, 1.0), "brand_site": (7, 1.0), "social_ads": (5, 0.5), "radio": (4, 0.7),
    "outdoor": (3, 0.8), "recommendation": (5, 2.3), "repeat": (5, 3.0), "passing_by": (2, 1.0), "event": (1, 1.4),
}  # fmt: skip
CHANNELS = {InquiryChannel.CALL: 57, InquiryChannel.WEB_FORM: 22, InquiryChannel.CHAT: 6, InquiryChannel.WALK_IN: 15}
HOURS = (8, 12, 13, 11, 9, 9, 9, 9, 8, 6, 4, 2)  # calls by hour from 9 to 21, per cent


@dataclass(order=True)
class _Act:
    at: datetime
    order: int
    run: Callable[[Session, datetime], None] = field(compare=False)


class Simulation:
    """One run: the same seed over the same period gives the same dealer."""

    def __init__(self, engine: Engine, database: Database, clock: SettableClock, crew: Crew, *, seed: int) -> None:
        self.engine, self.database, self.clock, self.crew = engine, database, clock, crew
        self.random = Random(seed)  # noqa: S311  # repeatable on purpose; no secret depends on it
        self.fates: dict[int, Fate] = {}
        self.acts: list[_Act] = []
        self.order = count()
        self.customers = 0
        self.models: list[str] = []
        self.competitors: list[str] = []
        self.hours: WorkingCalendar | None = None
        self.refused: list[str] = []

    def run(self, start: datetime, end: datetime, *, per_day: float) -> None:
        """Let inquiries come from start to end, and people work on them; stops at `end` with open work left."""
        self._prepare(start)
        for moment in self._arrivals(start, end, per_day):
            self._plan(moment, self._register)
        while self.acts and self.acts[0].at < end:
            self._fire_due()
            with self.database.write() as session:
                for _ in range(COMMIT_EVERY):
                    if not self.acts or self.acts[0].at >= end or self._is_due(session):
                        break
                    act = heapq.heappop(self.acts)
                    self.clock.set(act.at)
                    act.run(session, act.at)
        self.clock.set(end)
        self._fire_due()

    def hear(self, session: Session, report: StepReport, now: datetime) -> None:
        """A step listener: whoever gets a task will do it some time."""
        for task in report.opened:
            self._plan(self._when(task.due_at, now, task.element), partial(self._serve_at, task.id))

    def _prepare(self, start: datetime) -> None:
        with self.database.read() as session:
            self.models = [model.code for model in list_models(session)]
            self.competitors = list(session.scalars(select(Competitor.code)))
            self.hours = calendar_for(session, "sales", None)

    def _arrivals(self, start: datetime, end: datetime, per_day: float) -> Iterator[datetime]:
        day = start.astimezone(ZONE).date()
        while datetime.combine(day, time(0), ZONE) < end:
            weekday = (17, 16, 15, 15, 15, 12, 10)[day.weekday()] / 14.3
            for _ in range(round(per_day * weekday * self.random.uniform(0.7, 1.3))):
                hour = self.random.choices(range(9, 21), HOURS)[0]
                moment = datetime.combine(day, time(hour, self.random.randrange(60)), ZONE).astimezone(UTC)
                if start <= moment < end:
                    yield moment
            day += timedelta(days=1)

    def _register(self, session: Session, now: datetime) -> None:
        channel = self.random.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        source = self.random.choices(list(SOURCES), [share for share, _ in SOURCES.values()])[0]
        centre = self.random.choice(list(self.crew.centres.values()))
        manager = self.random.choice(self.crew.with_role("sales_manager", centre))
        fate = decide_fate(self.random, manager.plan.skill, SOURCES[source][1])
        name, sex = person_name(self.random)
        self.customers += 1
        situation = self._situation(now, fate, centre)
        agreed = channel is InquiryChannel.CALL and self.random.random() < 0.46
        facts = InquiryFacts(
            channel=channel,
            purpose=self.random.choices((Purpose.NEW_CAR, Purpose.USED_CAR, Purpose.TEST_DRIVE), (70, 20, 10))[0],
            phone=PHONE.format(self.customers % 10_000),
            name=name,
            sex=Sex(sex),
            source_code=source,
            model_code=self.random.choice(self.models),
            interest_type=InterestType.NEW,
            visit_at=datetime.fromisoformat(situation.moment(1, 6)).replace(tzinfo=ZONE) if agreed else None,
            handed_to=None if channel in WAITING_CHANNELS else manager.user_id,  # whoever is free answers what waits
            centre_id=centre,
        )
        registrar = "receptionist" if channel is InquiryChannel.WALK_IN else "call_operator"
        operator = self.random.choice(self.crew.with_role(registrar, centre))
        try:
            with session.begin_nested():
                registered = register_inquiry(session, facts, actor_id=operator.user_id, now=now)
        except BusinessError as refusal:
            self.refused.append(refusal.code)
            return
        if registered.inquiry.case_key:
            self.fates[int(registered.inquiry.case_key.rpartition(":")[2])] = fate

    def _serve_at(self, task_id: int, session: Session, now: datetime) -> None:
        self._serve(session, task_id, now)

    def _serve(self, session: Session, task_id: int, now: datetime, tries: int = 1) -> None:
        task = session.get(HumanTask, task_id, populate_existing=True)
        if task is None or task.state is not TaskState.OPEN:
            return
        case = session.get_one(ProcessInstance, task.instance_id)
        fate = self.fates.setdefault(int(case.business_key.rpartition(":")[2]), Fate("vanishes", 1.0))
        pictures = self._pictures(session, case, now) if task.element == "tradein_appraisal" else ()
        answer = behaviour.ANSWERS[task.element](self._situation(now, fate, case.scope_id, pictures))
        if answer is None:
            return
        member = self._who(task)
        reading = Reading(now=now, zone=ZONE, kinds=self.engine.kernel.text_kinds, knows=self._knows(session))
        key = f"demo-{task_id}-{tries}-{now:%Y%m%d%H%M%S}"
        values = answer.values if answer.offer else self._complete_values(session, task, case, dict(answer.values))
        try:
            if answer.offer:
                self.engine.take_offer(
                    session, task_id, answer.offer, values, actor=member.actor, reading=reading, command_key=key
                )
            else:
                self.engine.complete(session, task_id, values, actor=member.actor, reading=reading, command_key=key)
        except FormInvalid as refusal:
            self.refused.append(f"{task.element}: {refusal.errors}")
        except BusinessError as refusal:
            self.refused.append(f"{task.element}: {refusal.code}")
            if tries < GIVE_UP_AFTER:
                again = self._open(now + timedelta(minutes=20))
                self._plan(again, lambda s, at: self._serve(s, task_id, at, tries + 1))

    def _complete_values(
        self, session: Session, task: HumanTask, case: ProcessInstance, values: dict[str, object]
    ) -> dict[str, object]:
        """What the operator reads off the card in front of him."""
        if task.element != "first_answer":
            return values
        worksheet = get_worksheet_by_key(session, case.business_key)
        person = worksheet.customer
        card = {"first_name": person.first_name, "last_name": person.last_name, "sex": person.sex.value}
        return {**values, **card, "source": worksheet.source_code}

    def _who(self, task: HumanTask) -> Member:
        if task.assignee_id is not None:
            return self.crew.by_user(task.assignee_id)
        return self.random.choice(self.crew.with_role(task.candidate_role, task.scope_id))

    def _pictures(self, session: Session, case: ProcessInstance, now: datetime) -> list[str]:
        """What the appraiser has photographed."""
        member = self.crew.with_role("tradein_appraiser", case.scope_id)[0]
        return [
            files.store(
                session, picture, name=f"{number}.png", instance_id=case.id, actor_id=member.user_id, at=now
            ).sha256
            for number, picture in enumerate(appraisal_pictures(), 1)
        ]

    def _situation(self, now: datetime, fate: Fate, centre: int | None, pictures: Sequence[str] = ()) -> Situation:
        colleagues = [member.user_id for member in self.crew.with_role("sales_manager", centre)]
        return Situation(self.random, now, fate, colleagues, self.models, self.competitors, next(self.order), pictures)

    def _knows(self, session: Session) -> Callable[[str, str], bool]:
        known = choice_sources()
        return lambda source, value: source in known and known[source].knows(session, value)

    def _when(self, due: datetime | None, now: datetime, element: str) -> datetime:
        """When the person gets to it: mostly in time, one in eight late, guests as they come."""
        if due is None or due <= now:
            return self._open(now + timedelta(minutes=self.random.uniform(1, 40)))
        if element == "welcome":
            return due + timedelta(minutes=self.random.triangular(-12, 12, -4))
        if self.random.random() < LATE_SHARE:
            return self._open(due + timedelta(hours=self.random.expovariate(1 / 6)))
        return self._open(now + (due - now) * self.random.uniform(0.45, 0.98))

    def _open(self, moment: datetime) -> datetime:
        return moment if self.hours is None else self.hours.next_open(moment)

    def _plan(self, at: datetime, run: Callable[[Session, datetime], None]) -> None:
        heapq.heappush(self.acts, _Act(at, next(self.order), run))

    def _is_due(self, session: Session) -> bool:
        """Has the clock something to do before the next act?"""
        first = session.scalar(select(func.min(DueRow.next_at)))
        return first is not None and first <= self.acts[0].at

    def _fire_due(self) -> None:
        """Reminders, escalations and timers that come before the next act, each at its own time."""
        while True:
            with self.database.read() as session:
                first = session.scalar(select(func.min(DueRow.next_at)))
            horizon = self.acts[0].at if self.acts else self.clock.now()
            if first is None or first > horizon:
                return
            moment = max(first, self.clock.now())
            self.clock.set(moment)
            self.engine.tick(self.database, self.clock.now)
