"""The day of one person: his tasks sorted by how they press. Pure: no database, no request."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.kit.prompts import UNKNOWN

SHORT = timedelta(minutes=30)  # a task with so little time has a running clock: a lead, a decision, a hand-over
STILL_NEW = timedelta(hours=2)  # so late a lead is overdue work like any other
SOON = timedelta(minutes=30)  # what can still be on time goes before what is late already
PARTS = (time(13), time(18))  # where the working day is divided
AHEAD = 14  # days shown below today
# an abbreviation such as "3 Mar." ends no sentence: what follows must begin like one
FIRST_SENTENCE = re.compile(r"(.+?[.!?][»”\"]?)(?=\s+[«“\"A-ZА-ЯЁ]|\s*$)", re.DOTALL)


@dataclass(frozen=True)
class DayTask:
    """An open task as a person sees it in a list."""

    id: int
    instance_id: int
    step: str
    customer: str
    detail: str
    prompt: str
    role: str
    created_at: datetime
    due_at: datetime | None
    assignee_id: int | None
    owner_id: int | None
    scope_id: int | None = None
    priority: int = 50
    instead_of: str = ""  # the absent colleague whose task it is
    instruction: str = ""  # what somebody above has told to do

    @property
    def is_free(self) -> bool:
        return self.assignee_id is None

    @property
    def allowed(self) -> timedelta | None:
        """From creation to due."""
        return None if self.due_at is None else self.due_at - self.created_at

    @property
    def first_sentence(self) -> str:
        """What the prompt begins with; nothing when it has a gap that this list cannot fill."""
        found = FIRST_SENTENCE.match(self.prompt.strip())
        sentence = found.group(1) if found else self.prompt.strip()
        if UNKNOWN in sentence:
            return ""
        return (
            sentence
            + "»" * (sentence.count("«") - sentence.count("»"))
            + "”" * (sentence.count("“") - sentence.count("”"))
        )

    def is_late(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at < now

    def is_lead(self, now: datetime) -> bool:
        """Does a clock run for it beside the list?"""
        allowed = self.allowed
        return self.due_at is not None and allowed is not None and allowed <= SHORT and now - self.due_at <= STILL_NEW

    def share_left(self, now: datetime) -> int:
        """Percent of the allowed time that remain, 0 when it is over."""
        if self.due_at is None or not self.allowed:
            return 0
        return max(0, min(100, round(100 * (self.due_at - now) / self.allowed)))


@dataclass(frozen=True)
class Visit:
    """Somebody who is expected today."""

    at: datetime
    customer: str
    detail: str
    url: str
    state: str = ""  # a word, translated
    tone: str = ""  # is-ok, is-warn


@dataclass(frozen=True)
class Day:
    """The tasks in the lists of the page. `next` stands in none of them."""

    boundary: datetime | None  # until then is "now"; empty late in the evening
    next: DayTask | None
    next_place: str  # the list that `next` was taken from
    overdue: Sequence[DayTask]
    soon: Sequence[DayTask]
    later: Sequence[DayTask]
    undated: Sequence[DayTask]
    upcoming: Sequence[tuple[date, Sequence[DayTask]]]
    beyond: int  # due after the days that are shown
    leads: Sequence[DayTask]
    visits: Sequence[Visit] = field(default_factory=tuple)

    @property
    def is_empty(self) -> bool:
        return not (self.next or self.leads or self.upcoming or self.beyond)

    @property
    def only_leads(self) -> bool:
        """Nothing but clocks: they take the middle of the page."""
        return bool(self.leads) and not (self.next or self.upcoming)

    def ordered(self) -> list[DayTask]:
        """In the order in which they are worked off, the next first."""
        first = [self.next] if self.next else []
        following = [task for _, tasks in self.upcoming for task in tasks]
        return [*first, *self.overdue, *self.soon, *self.later, *self.undated, *following]

    @property
    def overdue_count(self) -> int:
        return len(self.overdue) + (self.next_place == "overdue")

    @property
    def soon_count(self) -> int:
        return len(self.soon) + (self.next_place == "soon")

    @property
    def later_count(self) -> int:
        """For the rest of the day, what has no due time included."""
        return len(self.later) + len(self.undated) + (self.next_place in ("later", "undated"))


def sort_tasks(tasks: Iterable[DayTask], *, now: datetime, zone: ZoneInfo, visits: Sequence[Visit] = ()) -> Day:
    """Put each task where it belongs at this moment, in the person's own zone."""
    ordered = sorted(tasks, key=_urgency)
    leads = [task for task in ordered if task.is_lead(now)]
    listed = [task for task in ordered if not task.is_lead(now)]
    today = now.astimezone(zone).date()
    boundary = part_ends(now, zone)
    places: dict[str, list[DayTask]] = {"overdue": [], "soon": [], "later": [], "undated": [], "upcoming": []}
    for task in listed:
        places[_place(task, now, today, boundary, zone)].append(task)
    following, next_place = _choose_next(places, now)
    if following:
        places[next_place].remove(following)
    horizon = today + timedelta(days=AHEAD)
    days: dict[date, list[DayTask]] = {}
    beyond = 0
    for task in places["upcoming"]:
        day = _local_day(task.due_at, zone) if task.due_at else today
        if day > horizon:
            beyond += 1
        else:
            days.setdefault(day, []).append(task)
    return Day(
        boundary=boundary,
        next=following,
        next_place=next_place,
        overdue=places["overdue"],
        soon=places["soon"],
        later=places["later"],
        undated=places["undated"],
        upcoming=sorted(days.items()),
        beyond=beyond,
        leads=leads,
        visits=visits,
    )


def part_ends(now: datetime, zone: ZoneInfo) -> datetime | None:
    """The end of the present part of the day: 13:00, then 18:00, then none."""
    local = now.astimezone(zone)
    for end in PARTS:
        moment = datetime.combine(local.date(), end, zone)
        if local < moment:
            return moment
    return None


def day_starts(day: date, zone: ZoneInfo) -> datetime:
    """Midnight of a local day."""
    return datetime.combine(day, time(0), zone)


def _urgency(task: DayTask) -> tuple[bool, float, int, int]:
    return (task.due_at is None, task.due_at.timestamp() if task.due_at else 0.0, -task.priority, task.id)


def _place(task: DayTask, now: datetime, today: date, boundary: datetime | None, zone: ZoneInfo) -> str:
    if task.due_at is None:
        return "undated"
    if task.due_at < now:
        return "overdue"
    if _local_day(task.due_at, zone) > today:
        return "upcoming"
    return "soon" if boundary is not None and task.due_at < boundary else "later"


def _choose_next(places: dict[str, list[DayTask]], now: datetime) -> tuple[DayTask | None, str]:
    for name in ("soon", "later"):
        for task in places[name]:
            if task.due_at is not None and task.due_at - now <= SOON:
                return task, name
    for name in ("overdue", "soon", "later", "undated"):
        if places[name]:
            return places[name][0], name
    return None, ""


def _local_day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
