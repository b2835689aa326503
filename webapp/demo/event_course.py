"""The course of an event: the marketer leads it, the reception receives the guests, customers of the demo come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import partial
from math import ceil

from engine.human_tasks.models import HumanTask
from engine.instances.models import ProcessInstance
from engine.instances.report import OpenedTask
from webapp.campaigns.events import planning, queries
from webapp.campaigns.models import EVENT_SUBJECT, Event, Repeat
from webapp.demo import event_money
from webapp.demo.behaviour import ZONE, Answer
from webapp.demo.campaign_audience import LEAST, count_everybody, count_fitting, find_segment
from webapp.demo.event_guests import CAME, WITH, GuestList
from webapp.demo.event_themes import EventTheme, Invited
from webapp.demo.marketing import PAUSE, RETURNED, SUBJECTS, MarketersCourse, typed
from webapp.demo.people import Member
from webapp.demo.simulation import Course, Play

PROCESS = "event"
INVITES, DOORS = timedelta(days=16), timedelta(minutes=30)  # before it begins
ROOM, LEAST_ROOM = 1.8, 20  # places for each who will confirm, for companions too; at least
QUICK, USUAL, LATELY = (0.02, 0.12, 0.05), (0.1, 0.8, 0.3), (0.7, 0.95, 0.85)  # of the time there is, for a step
CALLS_THANKS = 0.25  # of events: a colleague calls the guests
OPTIMISM = (0.95, 1.3)  # of the marketer
LARGE, LARGE_ROOM = 36, 60  # guests of the event that waits for the decision; places
REWORK = "Угощение дороговато: уложитесь в меньшую сумму и обоснуйте, сколько придёт гостей."
LESSONS: Mapping[str, str] = {
    "reached": "Формат нравится, повторим и пригласим раньше.",
    "partly": "Пришли не все, кто обещал: накануне будем звонить каждому.",
    "missed": "День выбран неудачно, в следующий раз спросим постоянных клиентов заранее.",
}


class EventStage(StrEnum):
    """How far an event has come by now."""

    WHOLE = "whole"  # held; perhaps concluded
    INVITING = "inviting"  # the guests answer
    WAITING = "waiting"  # for the decision of the head


@dataclass
class EventCourse(MarketersCourse):
    """One event. `place`: among the others, zero is the latest that was held; `begins`: when somebody thinks of it."""

    theme: EventTheme
    place: int
    day: datetime
    stage: EventStage
    begins: datetime
    subjects: frozenset[str] = field(default=SUBJECTS | {EVENT_SUBJECT}, init=False)
    confirming: int = field(default=0, init=False)
    guests: GuestList = field(init=False)

    def __post_init__(self) -> None:
        self.guests = GuestList(self.theme)

    def begin(self, play: Play, now: datetime) -> None:
        """The marketer thinks of it, if there is anybody to invite."""
        if self.stage is EventStage.WHOLE and count_everybody(play, now) < LEAST:
            return
        play.leads = partial(self._lead, play)
        self.start(play, PROCESS, self.name, self._centre(play)[1], now)

    @property
    def name(self) -> str:
        return f"{self.theme.name} {self.day.year}"

    def answer(self, play: Play, task: HumanTask, case: ProcessInstance, now: datetime) -> Answer | None:
        """What the marketer does, who decides for him, and who receives the guests."""
        return _STEPS[task.element](self, play, case, now)

    def when(self, play: Play, task: OpenedTask, now: datetime) -> datetime:
        """In time; the guests set the time of the day itself."""
        hours, random, due = play.world.hours[self.calendar], play.random, task.due_at or now
        if task.element == "confirm_guests":
            return max(now + timedelta(hours=1), due - timedelta(hours=random.uniform(6, 9)))
        if task.element == "hold_event":
            return due + timedelta(minutes=random.uniform(5, 40))
        share = QUICK if self.stage is not EventStage.WHOLE else USUAL
        if task.element == "do_task":
            share = LATELY
        at = now + max(due - now, timedelta(hours=1)) * random.triangular(*share)
        if task.element == "prepare_event" and self.stage is EventStage.WHOLE:
            at = max(at, datetime.combine((self.day - INVITES).date(), time(11), ZONE))
        return hours.next_open(at)

    def _centre(self, play: Play) -> tuple[str, int]:
        """Which centre holds it: each by turns."""
        return sorted(play.world.crew.centres.items())[self.place % len(play.world.crew.centres)]

    def _invited(self, play: Play) -> Invited:
        return self.theme.invited(*self._centre(play))

    def _desk(self, play: Play) -> Member:
        """The reception of the centre receives the guests."""
        return play.world.crew.with_role("receptionist", self._centre(play)[1])[0]

    def _lead(self, play: Play, business_key: str) -> Course:
        return self.guests.course_of(play, business_key)

    def _plan(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        fitting = count_fitting(play, self._invited(play), now)
        self.confirming = self.guests.draw(play, fitting if fitting >= LEAST else count_everybody(play, now))
        large = self.stage is EventStage.WAITING
        return Answer({
            "name": self.name, "type": self.theme.type.value, "goal": self.theme.goal,
            "place": self.theme.place.format(centre=self._centre(play)[0]), "starts_at": typed(self.day),
            "capacity": str(LARGE_ROOM if large else max(LEAST_ROOM, ceil(self.confirming * ROOM / 5) * 5)),
            "responsible": str(self._desk(play).user_id),
        })  # fmt: skip

    def _choose_guests(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        invited = self._invited(play)
        segment = find_segment(play, invited, now)
        chosen = {} if segment is None else {"segment": str(segment)}
        if self.theme.by_phone and count_fitting(play, invited, now) >= LEAST:
            return Answer({**chosen, "way": "phone"})
        return Answer({**chosen, "way": "mail", **self.theme.invitation_mail()})

    def _plan_budget(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        companions = sum(each * share for each, share in WITH) / 100
        heads = self.confirming * sum(CAME) / 2 * (1 + companions) * play.random.uniform(*OPTIMISM)
        guests = LARGE if self.stage is EventStage.WAITING else max(3, round(heads))
        return Answer(event_money.plan(play.random, self.theme, guests))

    def _decide(self, play: Play, case: ProcessInstance, now: datetime) -> Answer | None:
        if self.stage is EventStage.WAITING:
            return None
        if self.stage is EventStage.WHOLE and not self.was_returned and play.random.random() < RETURNED:
            self.was_returned = True
            return Answer({"decision": "returned", "rework": "budget", "comment": REWORK})
        return Answer({"decision": "approved"})

    def _prepare(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        self.guests.business_key = case.business_key
        play.plan(now + PAUSE, partial(self.guests.invite, play))
        play.plan(self.day - DOORS, partial(self.guests.receive, play))
        desk = self._desk(play)
        work = (
            (self.theme.task, play.world.crew.head_of(desk), timedelta(days=2)),
            ("Встретить подрядчиков и накрыть столы", desk, timedelta(hours=2)),
        )
        tasks = [
            {"title": title, "person": str(person.user_id), "until": typed(self.day - before)}
            for title, person, before in work
        ]
        return Answer({"tasks": tasks})

    def _confirm(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        return Answer({"comment": "Список распечатан, бейджи на стойке."})

    def _hold(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        return Answer({"outcome": "held", "comment": self.theme.remark})

    def _settle(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        return Answer(event_money.settle(play.random, _event(play, case)))

    def _thank(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        if play.random.random() < CALLS_THANKS:
            until = typed(play.world.hours[self.calendar].next_open(now + timedelta(days=2)))
            desk = str(self._desk(play).user_id)
            return Answer({"outcome": "call", "title": "Позвонить и поблагодарить", "person": desk, "until": until})
        play.plan(now + PAUSE, partial(self.guests.thank, play))
        return Answer({"outcome": "mail", **self.theme.thanks_mail()})

    def _do_task(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        return Answer({"outcome": "done", "result": "Сделано, всё готово."})

    def _check_result(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        return Answer({"outcome": "accepted"})

    def _conclude(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        event = _event(play, case)
        counts = queries.counts_of(play.session, [event.id])
        of = counts[event.id]
        fact = queries.facts_of(play.session, [event], counts)[event.id]
        share = of.here / max(event.expected_guests or 1, 1)
        outcome = "reached" if share >= 0.9 and of.contacts else "partly" if share >= 0.5 else "missed"
        brought = f"Гостей: {of.here}, с интересом: {of.contacts}, продаж за 60 дней: {fact.sales}."
        again = {"reached": Repeat.YES, "partly": Repeat.CHANGED}.get(outcome, Repeat.NO)
        conclusion = f"{brought} {self.theme.remark} {LESSONS[outcome]}"
        return Answer({"outcome": outcome, "conclusion": conclusion, "repeat": again.value})


def _event(play: Play, case: ProcessInstance) -> Event:
    return planning.get_by_key(play.session, case.business_key)


_Step = Callable[[EventCourse, Play, ProcessInstance, datetime], Answer | None]
_STEPS: Mapping[str, _Step] = {
    "plan_event": EventCourse._plan,
    "choose_guests": EventCourse._choose_guests,
    "plan_event_budget": EventCourse._plan_budget,
    "approve_event_by_head": EventCourse._decide,
    "approve_event_by_director": EventCourse._decide,
    "prepare_event": EventCourse._prepare,
    "confirm_guests": EventCourse._confirm,
    "hold_event": EventCourse._hold,
    "settle_event": EventCourse._settle,
    "thank_guests": EventCourse._thank,
    "do_task": EventCourse._do_task,
    "check_result": EventCourse._check_result,
    "conclude_event": EventCourse._conclude,
}
