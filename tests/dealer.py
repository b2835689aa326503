"""A dealer in a test: the application on an own database, its people, its published worksheet, a clock to move."""

import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import case_data
from engine.clock import SettableClock
from engine.database import Database
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import CaseData, ProcessInstance
from engine.runtime import Engine
from tests.settings import FOR_TEST_CLIENTS
from webapp.app import create_app
from webapp.core import workflow
from webapp.core.reference import ship_all
from webapp.core.working_calendars import save_initial_calendars
from webapp.inquiries import services as inquiries
from webapp.inquiries.models import InquiryChannel, Purpose
from webapp.inquiries.services import InquiryFacts, Registered
from webapp.kit import files
from webapp.sales.models import Worksheet
from webapp.staff.models import Centre, RoleGrant, User

ROOT = Path(__file__).parent.parent
SHIPPED = ("sales", "aftersales")  # folders of processes and forms that a dealer in a test works by
MOSCOW = ZoneInfo("Europe/Moscow")
START = datetime(2026, 3, 2, 10, 0, tzinfo=MOSCOW).astimezone(UTC)  # a Monday morning
SYSTEM = Actor(None, supervises=frozenset({None}))  # may do everything, and is nobody

PEOPLE = {
    "operator": ("Inna Zueva", "call_operator", None),
    "reception": ("Vera Somova", "receptionist", "North"),
    "seller": ("Alina Lebedeva", "sales_manager", "North"),
    "colleague": ("Roman Titov", "sales_manager", "North"),
    "far": ("Stepan Gusev", "sales_manager", "South"),
    "head": ("Gleb Orlov", "sales_head", "North"),
    "appraiser": ("Fedor Kim", "tradein_appraiser", "North"),
    "cashier": ("Nina Frolova", "cashier", "North"),
    "accountant": ("Rita Maslova", "accountant", None),
    "finance": ("Ilya Dubov", "finance_manager", "North"),
    "logistics": ("Artem Sizov", "logistics", None),
    "workshop": ("Egor Lapin", "pdi_master", "North"),
    "delivery": ("Zoya Belkina", "delivery_specialist", "North"),
    "director": ("Pavel Demin", "director", "North"),
}
SERVICE_PEOPLE = {  # who works in the workshop, when a test has one
    "dispatcher": ("Oksana Pirogova", "service_dispatcher", "North"),
    "advisor": ("Viktor Nosov", "service_advisor", "North"),
    "foreman": ("Timur Beketov", "foreman", "North"),
    "mechanic": ("Denis Kuklin", "technician", "North"),
    "checker": ("Semyon Gorin", "quality_controller", "North"),
    "parts": ("Yana Rokotova", "parts_specialist", "North"),
    "quality": ("Raisa Tokareva", "quality_manager", "North"),
    "crm": ("Maya Sedova", "crm_manager", None),
}
EVERYBODY = PEOPLE | SERVICE_PEOPLE


def moscow(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """A moment of 2026 in UTC, given as the clocks in Moscow show it."""
    return datetime(2026, month, day, hour, minute, tzinfo=MOSCOW).astimezone(UTC)


def picture(shade: int) -> bytes:
    """A PNG of one grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(bytes([0, shade]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


@dataclass
class Dealer:
    """What a test does with the application, without pages."""

    app: Flask
    clock: SettableClock
    people: dict[str, int] = field(default_factory=dict)
    centres: dict[str, int] = field(default_factory=dict)
    _commands: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def database(self) -> Database:
        opened: Database = self.app.extensions["database"]
        return opened

    @property
    def engine(self) -> Engine:
        built: Engine = self.app.extensions[workflow.ENGINE]
        return built

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self.app.app_context(), self.database.write() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self.app.app_context(), self.database.read() as session:
            yield session

    def register(self, **facts: Any) -> Registered:
        """Register an inquiry of a new customer by the call centre; override what the test is about."""
        given = {
            "channel": InquiryChannel.CALL,
            "purpose": Purpose.NEW_CAR,
            "phone": "8 900 000-41-17",
            "name": "Marina Belova",
            "handed_to": self.people["seller"],
            "centre_id": self.centres["North"],
            "source_code": "radio",
        } | facts
        with self.write() as session:
            return inquiries.register_inquiry(
                session, InquiryFacts(**given), actor_id=self.people["operator"], now=self.clock.now()
            )

    def cases(self) -> list[ProcessInstance]:
        with self.read() as session:
            return list(session.scalars(select(ProcessInstance).order_by(ProcessInstance.id)))

    def open_tasks(self) -> list[HumanTask]:
        with self.read() as session:
            statement = select(HumanTask).where(HumanTask.state == TaskState.OPEN)
            return list(session.scalars(statement.order_by(HumanTask.id)))

    def task(self) -> HumanTask:
        """The only open task."""
        (task,) = self.open_tasks()
        return task

    def complete(self, element: str, *, by: str = "", **values: Any) -> None:
        """Answer the open task, which must be this step, as the person or as anybody."""
        assert self.task().element == element
        self.do(element, by=by, **values)

    def do(self, element: str, *, by: str = "", **values: Any) -> None:
        """Answer this step, which may be one of several that are open."""
        (task,) = [each for each in self.open_tasks() if each.element == element]
        with self.write() as session:
            self.engine.complete(
                session, task.id, values, actor=self._actor(by), reading=self._reading(), command_key=self._key()
            )

    def open_worksheet(self, session: Session) -> Worksheet:
        """Another worksheet of the same customer, without a case."""
        first = session.scalars(select(Worksheet).order_by(Worksheet.id)).first()
        assert first is not None
        another = Worksheet(
            customer_id=first.customer_id,
            opened_at=self.clock.now(),
            source_code=first.source_code,
            purpose=first.purpose,
            interest_type=first.interest_type,
        )
        session.add(another)
        session.flush()
        return another

    def skip(self, element: str) -> None:
        """Mark this step as not needed."""
        (task,) = [each for each in self.open_tasks() if each.element == element]
        with self.write() as session:
            self.engine.skip(
                session, task.id, reason="not needed", actor=SYSTEM, now=self.clock.now(), command_key=self._key()
            )

    def assignee(self, element: str) -> int | None:
        """Whose this open step is."""
        (task,) = [each for each in self.open_tasks() if each.element == element]
        return task.assignee_id

    def photos(self, number: int) -> list[str]:
        """Pictures that are handed in for the newest case, by their hashes."""
        case, actor_id, now = self.cases()[-1], self.people["seller"], self.clock.now()
        with self.write() as session:
            return [
                files.store(
                    session, picture(serial), name="photo.png", instance_id=case.id, actor_id=actor_id, at=now
                ).sha256
                for serial in range(number)
            ]

    def open_elements(self) -> list[str]:
        """The steps that wait for somebody, by name."""
        return sorted(task.element for task in self.open_tasks())

    def take(self, offer: str, *, by: str = "", on: str = "", **values: Any) -> None:
        """Press the button of an offer on the open task, or on this one of several."""
        (task,) = [each for each in self.open_tasks() if not on or each.element == on]
        with self.write() as session:
            self.engine.take_offer(
                session,
                task.id,
                offer,
                values,
                actor=self._actor(by),
                reading=self._reading(),
                command_key=self._key(),
            )

    def wait_until(self, moment: datetime) -> None:
        """Let the time come, with everything that is due by then."""
        self.clock.set(moment)
        with self.app.app_context():
            self.engine.tick(self.database, self.clock.now)

    def pass_time(self, span: timedelta) -> None:
        self.wait_until(self.clock.now() + span)

    def document(self) -> Mapping[str, Any]:
        with self.read() as session:
            return case_data.load(session.scalars(select(CaseData.document)).one())

    def milestones(self) -> list[str]:
        return [event.milestone for event in self._events(EventKind.MILESTONE_ENTERED) if event.milestone]

    def moved_dimensions(self) -> Mapping[str, str]:
        """Dimensions of the case as the log last noted them."""
        found: Mapping[str, str] = case_data.load(self._events(EventKind.CASE_MOVED)[-1].payload)["dimensions"]
        return found

    def delegate(self, to: str) -> None:
        """Give the open task to a colleague, and the case with it."""
        with self.write() as session:
            self.engine.delegate(
                session,
                self.task().id,
                to=self.people[to],
                comment="",
                actor=SYSTEM,
                now=self.clock.now(),
                with_case=True,
            )

    def outcome(self) -> str | None:
        closed = self._events(EventKind.CASE_CLOSED)
        return str(case_data.load(closed[-1].payload)["outcome"]) if closed else None

    def _events(self, kind: EventKind) -> list[HistoryEvent]:
        with self.read() as session:
            statement = select(HistoryEvent).where(HistoryEvent.kind == kind.value).order_by(HistoryEvent.seq)
            return list(session.scalars(statement))

    def _actor(self, person: str) -> Actor:
        if not person:
            return SYSTEM
        return Actor(self.people[person], frozenset({(EVERYBODY[person][1], None)}))

    def _reading(self) -> Reading:
        return Reading(now=self.clock.now(), zone=MOSCOW, kinds=self.engine.kernel.text_kinds)

    def _key(self) -> str:
        return f"command-{next(self._commands)}"


def prepare(database_url: str, folder: Path) -> None:
    """Fill an empty database: reference lists, calendars, people of two centres, the published worksheet."""
    dealer = Dealer(_application(database_url, folder, SettableClock(START)), SettableClock(START))
    with dealer.write() as session:
        ship_all(session)
        save_initial_calendars(session, years=(2026, 2027))
        hire(session, PEOPLE)
        files = [path for name in SHIPPED for path in ROOT.glob(f"processes/{name}/*.*")]
        files += [path for name in (*SHIPPED, "common") for path in ROOT.glob(f"forms/{name}/*.form")]
        contents = {str(path.relative_to(ROOT)): path.read_bytes() for path in files}
        dealer.engine.deploy(session, contents, actor_id=None, now=START)
    dealer.database.close()


def open_dealer(database_url: str, folder: Path) -> Dealer:
    """The application on a prepared database, on a Monday morning."""
    clock = SettableClock(START)
    dealer = Dealer(_application(database_url, folder, clock), clock)
    with dealer.read() as session:
        keys = {name: key for key, (name, _, _) in EVERYBODY.items()}
        dealer.people = {keys[user.name]: user.id for user in session.scalars(select(User))}
        dealer.centres = {centre.name: centre.id for centre in session.scalars(select(Centre))}
    return dealer


def _application(database_url: str, folder: Path, clock: SettableClock) -> Flask:
    settings = {**FOR_TEST_CLIENTS, "default_language": "ru", "database_url": database_url, "data_dir": str(folder)}
    return create_app(settings, application_clock=clock)


def hire(session: Session, people: Mapping[str, tuple[str, str, str | None]]) -> None:
    """People of two centres, which are opened when they are not there yet."""
    centres = {centre.name: centre.id for centre in session.scalars(select(Centre))}
    for name in ("North", "South"):
        if name not in centres:
            centre = Centre(name=name)
            session.add(centre)
            session.flush()
            centres[name] = centre.id
    for key, (name, role, centre_name) in people.items():
        user = User(email=f"{key}@example.com", name=name, fs_uniquifier=key, created_at=START, grants=[], overrides=[])
        user.grants.append(RoleGrant(role=role, centre_id=centres[centre_name] if centre_name else None))
        session.add(user)


def client_of(dealer: Dealer, person: str) -> FlaskClient:
    """The browser of somebody who has signed in."""
    client = dealer.app.test_client()
    with dealer.read() as session:
        known = session.get_one(User, dealer.people[person]).fs_uniquifier
    with client.session_transaction() as opened:
        opened["_user_id"], opened["_fresh"] = known, True
    return client
