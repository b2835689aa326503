"""The course of a campaign: the marketer leads it, customers of the demo answer it.

It writes to the customers that there are, and the consent check decides who gets it. How many answer, and how many of
them buy, is drawn beforehand (specification §9.4); who it is, when the mails are out. An answer is an inquiry like any
other: a customer calls or comes, and his case is played by the course of its department.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import partial

from engine.human_tasks.models import HumanTask
from engine.instances.models import ProcessInstance
from engine.instances.report import OpenedTask
from webapp.campaigns import queries, sending, services
from webapp.campaigns.models import SUBJECT, Campaign, CampaignStatus, GoalMetric, Repeat
from webapp.demo import campaign_money
from webapp.demo.behaviour import Answer
from webapp.demo.campaign_answers import Answering, find_answering
from webapp.demo.campaign_audience import LEAST, count_fitting, count_meant, find_segment
from webapp.demo.campaign_themes import SERVES, Theme
from webapp.demo.marketing import PAUSE, RETURNED, SUBJECTS, MarketersCourse, typed
from webapp.demo.names import phone_number
from webapp.demo.simulation import Course, Play

PROCESS = "campaign"
LASTS, WINDOW = timedelta(days=14), 14  # days
RESPONSE = (0.02, 0.06)  # of those written to
BUYS = 0.2  # of those who answer
INVOICES_AFTER = timedelta(days=6)
FIRST_NUMBER = 90_000  # of the phones that stand in adverts
CONTROL = 10  # per cent, of every third campaign
LEFT_OUT = ("lost_by_wish", "invited_elsewhere")
REWORK = "Дороговато: сократите расходы и обоснуйте ожидания."
LESSONS: Mapping[str, str] = {
    "reached": "Тема сработала, в следующий раз начнём на неделю раньше.",
    "partly": "Письмо открывали, но звонили не все: предложение сделаем конкретнее.",
    "missed": "Предложение оказалось слабым, такую аудиторию лучше приглашать звонком.",
}


class Stage(StrEnum):
    """How far a campaign has come by now."""

    WHOLE = "whole"  # written; perhaps over
    WAITING = "waiting"  # for the director's decision
    BEGUN = "begun"  # the texts are being written


@dataclass
class CampaignCourse(MarketersCourse):
    """One campaign. `first_day`: when the mails go out; `begins`: when somebody thinks of it."""

    theme: Theme
    year: int
    first_day: datetime
    stage: Stage
    begins: datetime
    subjects: frozenset[str] = field(default=SUBJECTS | {SUBJECT}, init=False)
    response: float = field(default=0.04, init=False)
    answering: dict[int, Answering] = field(default_factory=dict, init=False)

    def begin(self, play: Play, now: datetime) -> None:
        """The marketer thinks of it, if there is anybody to write to."""
        if self.stage is Stage.WHOLE and count_fitting(play, self.theme, now) < LEAST:
            return
        self.response = play.random.uniform(*RESPONSE)
        play.leads = partial(self._lead, play)
        self.start(play, PROCESS, self.name, self._centre(play), now)

    def _centre(self, play: Play) -> int | None:
        """Whose head decides: those of the centres by turns; what is large concerns the whole group."""
        centres = sorted(play.world.crew.centres.values())
        return None if self.stage is Stage.WAITING else centres[play.number // 20 % len(centres)]

    @property
    def name(self) -> str:
        return f"{self.theme.name} {self.year}"

    def answer(self, play: Play, task: HumanTask, case: ProcessInstance, now: datetime) -> Answer | None:
        """What the marketer does, and who decides for him."""
        return _STEPS[task.element](self, play, case, now)

    def when(self, play: Play, task: OpenedTask, now: datetime) -> datetime:
        """In time."""
        hours, due = play.world.hours[self.calendar], task.due_at or now
        return hours.next_open(now + max(due - now, timedelta(hours=1)) * play.random.triangular(0.1, 0.8, 0.3))

    def _lead(self, play: Play, business_key: str) -> Course:
        """The course of the customer whose case it is, among those who have answered."""
        return next(each for each in self.answering.values() if each.owns(play, business_key)).course_of(business_key)

    def _set_goal(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        theme = self.theme
        answers = max(1, round(count_fitting(play, theme, now) * 0.8 * 0.035))
        goal = max(1, round(answers * BUYS)) if theme.metric is GoalMetric.SALES else answers
        return Answer({
            "name": self.name, "code": f"{theme.code}{self.year % 100}", "type": theme.type.value,
            "department": SERVES[theme.brings].value, "goal_metric": theme.metric.value, "goal_value": str(goal),
            "starts_on": self.first_day.date().isoformat(),
            "ends_on": (self.first_day + LASTS).date().isoformat(),
            "product": theme.product, "hypothesis": theme.hypothesis,
        })  # fmt: skip

    def _choose_segment(self, play: Play, case: ProcessInstance, now: datetime) -> Answer | None:
        segment = find_segment(play, self.theme, now)
        if segment is None:
            return None
        return Answer({
            "segment": str(segment), "exclude": list(LEFT_OUT), "window_days": str(WINDOW),
            "control_percent": str(CONTROL if play.number % 3 == 0 else 0),
        })  # fmt: skip

    def _write_content(self, play: Play, case: ProcessInstance, now: datetime) -> Answer | None:
        if self.stage is Stage.BEGUN:
            return None
        theme = self.theme
        mail = {
            "channel": "email", "subject_ru": theme.subject_ru, "text_ru": theme.letter_ru(),
            "subject_en": theme.subject_en, "text_en": theme.letter_en(), "utm": f"mail-{theme.code.lower()}",
            "unit_cost": str(campaign_money.PER_MAIL),
        }  # fmt: skip
        advert = {"channel": "ads", "tracking_number": self._number(play), "utm": f"ads-{theme.code.lower()}"}
        return Answer({"channels": [mail, advert] if theme.advertised else [mail]})

    def _number(self, play: Play) -> str:
        return phone_number(FIRST_NUMBER + play.number % 10_000)

    def _plan_budget(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        audience = count_meant(play, _campaign(play, case.business_key), now)
        large = self.stage is Stage.WAITING
        budget = campaign_money.plan(play.random, self.theme, audience, self.response, BUYS, large=large)
        return Answer(budget)

    def _decide(self, play: Play, case: ProcessInstance, now: datetime) -> Answer | None:
        if self.stage is Stage.WAITING:
            return None
        if not self.was_returned and play.random.random() < RETURNED:
            self.was_returned = True
            return Answer({"decision": "returned", "rework": "budget", "comment": REWORK})
        return Answer({"decision": "approved"})

    def _plan_work(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        at = max(self.first_day, now + timedelta(hours=1))
        play.plan(at + PAUSE, partial(self._send, play, case.id))
        until = at - timedelta(minutes=30)
        desk = play.world.crew.members["desk_north"].user_id
        task = {"title": "Проверить стойку и листовки в салоне", "person": str(desk), "until": typed(until)}
        return Answer({"send_at": typed(at), "tasks": [task] if until > now else []})

    def _do_task(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        return Answer({"outcome": "done", "result": "Стойка оформлена, листовки на месте."})

    def _check_result(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        return Answer({"outcome": "accepted"})

    def _conclude(self, play: Play, case: ProcessInstance, now: datetime) -> Answer:
        campaign = _campaign(play, case.business_key)
        fact = queries.facts_of(play.session, [campaign])[campaign.id]
        done = {GoalMetric.SALES: fact.sales, GoalMetric.VISITS: fact.visits or Decimal(0)}.get(
            campaign.goal_metric, fact.contacts
        )
        share = done / campaign.goal_value
        outcome = "reached" if share >= 1 else "partly" if share >= Decimal("0.5") else "missed"
        brought = f"Откликов: {fact.contacts}, продаж: {fact.sales}, писем: {fact.audience}."
        again = {"reached": Repeat.YES, "partly": Repeat.CHANGED}.get(outcome, Repeat.NO)
        return Answer({"outcome": outcome, "conclusion": f"{brought} {LESSONS[outcome]}", "repeat": again.value})

    def _send(self, play: Play, case_id: int, now: datetime) -> None:
        """What the heartbeat does: a batch, then the mails of it; and so on until all are out."""
        campaign = _campaign(play, play.session.get_one(ProcessInstance, case_id).business_key)
        sending.send_batch(play.session, now=now)
        play.hand_over_mails(now)
        if campaign.status is CampaignStatus.SENDING:
            play.plan(now + PAUSE, partial(self._send, play, case_id))
            return
        play.plan(now + INVOICES_AFTER, partial(campaign_money.pay, play, campaign.id))
        for at, answering in find_answering(
            play, campaign, self.theme, self.response, BUYS, number=self._number(play), now=now
        ):
            play.plan(at, partial(self._answer, play, campaign, answering))

    def _answer(self, play: Play, campaign: Campaign, answering: Answering, now: datetime) -> None:
        if campaign.answers_until is None or now < campaign.answers_until:
            self.answering[answering.customer_id] = answering
            answering.begin(play, now)


def _campaign(play: Play, business_key: str) -> Campaign:
    return services.get_by_key(play.session, business_key)


_Step = Callable[[CampaignCourse, Play, ProcessInstance, datetime], Answer | None]
_STEPS: Mapping[str, _Step] = {
    "set_goal": CampaignCourse._set_goal,
    "choose_segment": CampaignCourse._choose_segment,
    "write_content": CampaignCourse._write_content,
    "plan_budget": CampaignCourse._plan_budget,
    "approve_by_head": CampaignCourse._decide,
    "approve_by_director": CampaignCourse._decide,
    "plan_work": CampaignCourse._plan_work,
    "do_task": CampaignCourse._do_task,
    "check_result": CampaignCourse._check_result,
    "conclude": CampaignCourse._conclude,
}
