"""A dealer whose marketer leads a campaign by the shipped drawing."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import select

from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import ProcessInstance
from engine.outbox import Outgoing, deliver_due
from tests.dealer import MOSCOW, ROOT, SYSTEM, Dealer
from tests.webapp.staff.factories import make_user
from webapp.campaigns import feature, segments
from webapp.campaigns.models import SUBJECT, Campaign
from webapp.campaigns.rules.tree import everybody, parse
from webapp.core.choices import choice_sources
from webapp.customers import consents
from webapp.customers.consents import GivenConsent
from webapp.customers.models import ConsentChannel, ConsentKind
from webapp.customers.services import CustomerFacts, create_customer
from webapp.integrations import beats
from webapp.integrations.messaging.port import MAIL

GOAL: dict[str, Any] = {
    "name": "Tyres in spring",
    "code": "tyres26",
    "type": "retention",
    "goal_metric": "contacts",
    "goal_value": Decimal(5),
    "starts_on": "2026-03-02",
    "ends_on": "2026-03-20",
}
MAIL_ROW: dict[str, Any] = {
    "channel": "email",
    "subject_ru": "Шины для {first_name}",
    "text_ru": "Здравствуйте, {first_name}! Назовите код {code}.",
    "subject_en": "Tyres for {first_name}",
    "text_en": "Hello {first_name}! Name the code {code}.",
    "unit_cost": Decimal(2),
}
BUDGET: dict[str, Any] = {
    "lines": [{"item": "Layout", "planned": Decimal(10000)}],
    "response_percent": Decimal(20),
    "sale_percent": Decimal(10),
    "expected_margin": Decimal(100000),
    "margin_percent": Decimal(5),
}


class Receiver:
    """Takes every mail."""

    def __init__(self) -> None:
        self.mails: list[Outgoing] = []

    def send(self, message: Outgoing) -> None:
        self.mails.append(message)


class CampaignDesk:
    """Leads one campaign; steps that need no particular person are answered by the system."""

    def __init__(self, dealer: Dealer) -> None:
        self.dealer, self.receiver = dealer, Receiver()
        self._numbers = count(1)
        files = [*ROOT.glob("processes/c*/*.bpmn"), *ROOT.glob("forms/c*/*.form")]
        contents = {str(path.relative_to(ROOT)): path.read_bytes() for path in files}
        with dealer.write() as session:
            dealer.engine.deploy(session, contents, actor_id=None, now=dealer.clock.now())
            self.marketer = make_user(session, "marketer").id
            rule = everybody()
            saved = segments.save_segment(
                session, None, name="All", note="", rule=rule, centre_id=None, actor_id=self.marketer,
                now=dealer.clock.now(),
            )  # fmt: skip
            self.segment = saved.id

    def new_segment(self, rule: str) -> int:
        with self.dealer.write() as session:
            return segments.save_segment(
                session, None, name="Some", note="", rule=parse(rule), centre_id=None, actor_id=self.marketer,
                now=self.dealer.clock.now(),
            ).id  # fmt: skip

    def customer(self, name: str, *, agrees: bool = True, mail: bool = True, phone: str = "") -> int:
        """Somebody with a mail address who has agreed to advertising by it."""
        number = next(self._numbers)
        with self.dealer.write() as session:
            customer = create_customer(
                session,
                CustomerFacts(
                    first_name=name,
                    last_name="Person",
                    emails=(f"{name.lower()}@example.com",) if mail else (),
                    phones=(phone or f"+7 900 000-55-{number:02}",),
                    centre_id=self.dealer.centres["North"],
                ),
                actor_id=None,
                now=self.dealer.clock.now(),
            )
            if agrees:
                given = GivenConsent(ConsentKind.ADVERTISING, (ConsentChannel.EMAIL,))
                consents.give_consent(session, customer, given, actor_id=None, now=self.dealer.clock.now())
            return customer.id

    def begin(self, subject: str = "Tyres in spring") -> None:
        number = next(self._numbers)
        with self.dealer.write() as session:
            self.dealer.engine.start(
                session,
                "campaign",
                business_key=f"cases.case:{number}",
                payload={"subject": subject},
                actor_id=self.marketer,
                now=self.dealer.clock.now(),
                scope_id=self.dealer.centres["North"],
                owner_id=self.marketer,
            )

    def prepare(
        self, *, planned: int = 10_000, control: int = 0, exclude: list[str] | None = None, **goal: Any
    ) -> None:
        """From the beginning to the decision."""
        self.begin()
        self.do("set_goal", **(GOAL | goal))
        self.do(
            "choose_segment", segment=str(self.segment), window_days=Decimal(30), control_percent=Decimal(control),
            exclude=exclude or [],
        )  # fmt: skip
        self.do("write_content", channels=[MAIL_ROW])
        self.do("plan_budget", **(BUDGET | {"lines": [{"item": "Layout", "planned": Decimal(planned)}]}))

    def approve(self, **more: Any) -> None:
        self.do("approve_by_head", **({"decision": "approved"} | more))

    def send(self, *, tasks: list[dict[str, Any]] | None = None) -> None:
        """Plan the work for an hour from now, let the hour come, and send everything."""
        at = self.dealer.clock.now() + timedelta(hours=1)
        self.do("plan_work", send_at=self.local(at), tasks=tasks or [])
        self.dealer.wait_until(at)
        self.beat()

    def beat(self) -> None:
        """What the scheduler does: batches, the outbox, until nothing changes."""
        with self.dealer.app.app_context():
            for _ in range(4):
                feature.send_batches()
                deliver_due(
                    self.dealer.database.write,
                    {MAIL: self.receiver},
                    now=self.dealer.clock.now,
                    on_failed=beats._tell_failed,
                    on_sent=beats._tell_sent,
                    guard=beats._ask_guards,
                )

    def do(self, element: str, **values: Any) -> None:
        """Answer this open step with the records that may be chosen, as the application knows them."""
        known = choice_sources(self.dealer.app)
        with self.dealer.write() as session:
            reading = Reading(
                now=self.dealer.clock.now(),
                zone=MOSCOW,
                kinds=self.dealer.engine.kernel.text_kinds,
                knows=lambda source, value: source in known and known[source].knows(session, value),
            )
            statement = select(HumanTask).where(HumanTask.element == element, HumanTask.state == TaskState.OPEN)
            task = session.scalars(statement.order_by(HumanTask.id.desc())).first()
            assert task is not None, f"{element} is not open"
            self.dealer.engine.complete(
                session, task.id, values, actor=SYSTEM, reading=reading, command_key=f"desk-{next(self._numbers)}"
            )

    def campaign(self) -> Campaign:
        """The newest campaign."""
        with self.dealer.read() as session:
            found = session.scalars(select(Campaign).order_by(Campaign.id.desc())).first()
            assert found is not None
            session.expunge(found)
            return found

    def keys(self) -> list[str]:
        """Business keys of the open cases of campaigns."""
        with self.dealer.read() as session:
            statement = select(ProcessInstance.business_key).where(ProcessInstance.business_key.startswith(SUBJECT))
            return list(session.scalars(statement))

    @staticmethod
    def local(moment: datetime) -> str:
        return f"{moment.astimezone(MOSCOW):%Y-%m-%dT%H:%M}"
