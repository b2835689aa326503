"""A dealer at whom tasks are given to colleagues by the shipped drawing."""

from typing import Any

from sqlalchemy import select

from engine import case_data
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask
from tests.dealer import MOSCOW, ROOT, SYSTEM, Dealer
from webapp.cases.starting import BY_HAND, SUBJECT
from webapp.core.choices import choice_sources


def publish_errand(dealer: Dealer) -> None:
    files = [*ROOT.glob("processes/common/*.bpmn"), *ROOT.glob("forms/common/*.form")]
    contents = {str(path.relative_to(ROOT)): path.read_bytes() for path in files}
    with dealer.write() as session:
        dealer.engine.deploy(session, contents, actor_id=None, now=dealer.clock.now())
    with dealer.read() as session:
        dealer.engine.store.live(session)  # pages go by what was seen last


class ErrandDesk:
    """Gives a task, and says what came of it; people by their keys of tests.dealer."""

    def __init__(self, dealer: Dealer, giver: str = "seller") -> None:
        publish_errand(dealer)
        self.dealer, self.giver = dealer, giver

    def begin(self, subject: str = "Fetch the keys") -> None:
        with self.dealer.write() as session:
            self.dealer.engine.start(
                session,
                "errand",
                business_key=f"{BY_HAND}:1",
                payload={SUBJECT: subject},
                actor_id=self.dealer.people[self.giver],
                now=self.dealer.clock.now(),
                scope_id=self.dealer.centres["North"],
                owner_id=self.dealer.people[self.giver],
            )

    def give(self, to: str, until: str, **more: Any) -> None:
        self.begin()
        person = str(self.dealer.people[to])
        self.dealer.complete("give_task", by=self.giver, person=person, until=until, **more)

    def task(self, element: str) -> HumanTask:
        task = self.dealer.task()
        assert task.element == element
        return task

    def heard(self) -> list[tuple[str, tuple[int, ...]]]:
        """Who has heard of something late, in order: whom the drawing names, and the people."""
        with self.dealer.read() as session:
            events = session.scalars(
                select(HistoryEvent).where(HistoryEvent.kind == EventKind.ESCALATED.value).order_by(HistoryEvent.seq)
            )
            told = [case_data.load(event.payload) for event in events]
        return [(each["to"], tuple(each["recipients"])) for each in told]

    def reminded(self) -> int:
        with self.dealer.read() as session:
            kind = HistoryEvent.kind == EventKind.REMINDED.value
            return len(list(session.scalars(select(HistoryEvent).where(kind))))

    def answer_as_the_page_does(self, element: str, **values: Any) -> None:
        """With the records that may be chosen, as the application knows them."""
        known = choice_sources(self.dealer.app)
        with self.dealer.write() as session:
            reading = Reading(
                now=self.dealer.clock.now(),
                zone=MOSCOW,
                knows=lambda source, value: source in known and known[source].knows(session, value),
            )
            task = self.task(element)
            self.dealer.engine.complete(
                session, task.id, values, actor=SYSTEM, reading=reading, command_key="as a page"
            )
