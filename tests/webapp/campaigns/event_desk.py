"""A dealer whose marketer leads an event by the shipped drawing."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from tests.dealer import moscow
from tests.webapp.campaigns.desk import CampaignDesk
from webapp.campaigns.events import guests, planning, queries
from webapp.campaigns.models import Event, EventParticipant

BRIEF: dict[str, Any] = {
    "name": "Evening of Aurelia",
    "type": "presentation",
    "goal": "Ten test drives",
    "place": "Showroom North",
    "starts_at": "2026-03-12T18:00",
    "capacity": Decimal(3),
}
MAIL: dict[str, Any] = {
    "way": "mail",
    "subject_ru": "{first_name}, приглашаем на «{event}»",
    "text_ru": "{date} в {time}, {place}.",
    "subject_en": "{first_name}, you are invited to {event}",
    "text_en": "{date} at {time}, {place}.",
}
BUDGET: dict[str, Any] = {
    "costs": [{"item": "Catering", "planned": Decimal(40_000)}, {"item": "Music", "planned": Decimal(10_000)}],
    "materials": [{"item": "Gift bags", "planned": Decimal(30), "unit_cost": Decimal(100)}],
    "expected_guests": Decimal(3),
    "expected_contacts": Decimal(2),
    "expected_sales": Decimal(1),
    "expected_margin": Decimal(150_000),
    "margin_percent": Decimal(5),
}
DAY = moscow(12, 0, 1)
EVENING = moscow(12, 20)
AFTER_WINDOW = moscow(13, 9, month=5)


class EventDesk(CampaignDesk):
    """Leads one event."""

    def begin_event(self, subject: str = "Evening of Aurelia") -> None:
        number = next(self._numbers)
        with self.dealer.write() as session:
            self.dealer.engine.start(
                session,
                "event",
                business_key=f"cases.case:{number + 500}",
                payload={"subject": subject},
                actor_id=self.marketer,
                now=self.dealer.clock.now(),
                scope_id=self.dealer.centres["North"],
                owner_id=self.marketer,
            )

    def plan(self, *, way: dict[str, Any] = MAIL, segment: bool = True, catering: int = 40_000, **brief: Any) -> None:
        """From the beginning to the decision."""
        self.begin_event()
        self.do("plan_event", **(BRIEF | brief))
        chosen = {"segment": str(self.segment)} if segment else {}
        self.do("choose_guests", **(way | chosen))
        costs = [{"item": "Catering", "planned": Decimal(catering)}, *BUDGET["costs"][1:]]
        self.do("plan_event_budget", **(BUDGET | {"costs": costs}))

    def invite(self, *, tasks: list[dict[str, Any]] | None = None) -> None:
        """Approve it, give out the work, send the invitations."""
        self.do("approve_event_by_head", decision="approved")
        self.do("prepare_event", tasks=tasks or [])
        self.beat()

    def event(self) -> Event:
        """The newest event."""
        with self.dealer.read() as session:
            found = session.scalars(select(Event).order_by(Event.id.desc())).first()
            assert found is not None
            session.expunge(found)
            return found

    def answer(self, customer_id: int, *, comes: bool = True, companions: int = 0) -> None:
        with self.dealer.write() as session:
            event = planning.get_by_key(session, self.event().business_key)
            guests.answer(session, event, customer_id, comes=comes, companions=companions, now=self.dealer.clock.now())

    def receive(self, customer_id: int, *, companions: int | None = None) -> bool:
        """Whether there was room."""
        with self.dealer.write() as session:
            event = planning.get_by_key(session, self.event().business_key)
            return guests.check_in(session, event, customer_id, companions=companions, now=self.dealer.clock.now())

    def interest(self, customer_id: int, **facts: Any) -> None:
        with self.dealer.write() as session:
            event = planning.get_by_key(session, self.event().business_key)
            guests.note_interest(
                session,
                event,
                customer_id,
                guests.Interest(**facts),
                actor_id=self.marketer,
                now=self.dealer.clock.now(),
            )

    def settle(self) -> None:
        """The catering was dearer, ten bags came back."""
        self.do(
            "settle_event",
            costs=[{"item": "Catering", "actual": Decimal(52_000)}, {"item": "Taxi", "actual": Decimal(1_000)}],
            materials=[{"item": "Gift bags", "used": Decimal(20), "returned": Decimal(10)}],
            actual_income=Decimal(5_000),
        )

    def statuses(self) -> dict[int, str]:
        with self.dealer.read() as session:
            return {each.customer_id: each.status.value for each in session.scalars(select(EventParticipant))}

    def counts(self) -> queries.Counts:
        event = self.event()
        with self.dealer.read() as session:
            return queries.counts_of(session, [event.id])[event.id]
