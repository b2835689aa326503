"""What campaigns and events of the demo have in common: the marketer leads them, and forgets nothing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.human_tasks.models import HumanTask
from webapp.campaigns.models import TASK_SUBJECT
from webapp.demo.behaviour import ZONE
from webapp.demo.people import Member
from webapp.demo.simulation import Play

BY_HAND = "cases.case"  # a case that somebody has begun by hand, until its record gives it a key
SUBJECTS = frozenset({BY_HAND, TASK_SUBJECT})  # of its cases, beside its own
PAUSE = timedelta(seconds=10)  # between two batches, as of the heartbeat
RETURNED = 0.2  # of budgets, once


@dataclass
class MarketersCourse:
    """The part of a course that does not depend on what the marketer has begun."""

    calendar: str = field(default="sales", init=False)
    proposes_again: frozenset[str] = field(default=frozenset(), init=False)
    was_returned: bool = field(default=False, init=False)

    def who(self, play: Play, task: HumanTask, now: datetime) -> Member:
        """Anybody of the role."""
        return play.random.choice(play.world.at_work(task.candidate_role, task.scope_id, now))

    def left_undone(self, element: str, ago: timedelta) -> float:
        """The marketer forgets nothing."""
        return 0

    def start(self, play: Play, process: str, name: str, scope_id: int | None, now: datetime) -> None:
        """The marketer begins the process by hand."""
        marketer = play.world.crew.members["marketer"].user_id
        play.world.engine.start(
            play.session,
            process,
            business_key=f"{BY_HAND}:{play.number}",
            payload={"subject": name},
            actor_id=marketer,
            now=now,
            scope_id=scope_id,
            owner_id=marketer,
        )


def typed(moment: datetime) -> str:
    """A moment as a browser sends it."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
