"""A dealer who works: the real application on a port, on an own database, with its people and a clock to move."""

import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import URL, select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from engine import case_data
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import CaseData, ProcessInstance
from tests.clocks import MovingClock
from tests.databases import new_postgresql_database
from tests.dealer import MOSCOW, START, SYSTEM, Dealer
from tests.installation import Processes, installed, wanted
from tests.settings import FOR_BROWSERS
from webapp.app import create_app
from webapp.core import i18n, scheduler
from webapp.core.assets import MANIFEST
from webapp.core.preparing import prepare
from webapp.core.publishing import shipped_contents
from webapp.inquiries.models import InquiryChannel
from webapp.staff import services as staff
from webapp.staff.models import User

PASSWORD = "семь разных слов"
CENTRE = "Север"
PEOPLE = {
    "head": ("Глеб Орлов", "sales_head", CENTRE),
    "operator": ("Инна Зуева", "call_operator", None),
    "reception": ("Вера Сомова", "receptionist", CENTRE),
    "seller": ("Алина Лебедева", "sales_manager", CENTRE),
    "colleague": ("Роман Титов", "sales_manager", CENTRE),
    "deputy": ("Степан Гусев", "sales_manager", CENTRE),
    "admin": ("Даниил Рогов", "admin", None),
}


class Showroom(Dealer):
    """The dealer of the other tests behind a web server. `people` and `centres` are ids by the names used above."""

    base_url: str
    processes: Processes | None = None  # TEST_PROCESSES: those that serve, beside this one
    _numbers: Iterator[int]
    _settings: Mapping[str, object]

    @classmethod
    def open(cls, database_url: str, folder: Path, **settings: object) -> "Showroom":
        """Fill an empty database with lists, people and the published worksheet, on a Monday morning."""
        assert MANIFEST.exists(), "The pages have no scripts: cd webapp/ui && npm ci --ignore-scripts && npm run build"
        i18n.compile_catalogs()
        clock = MovingClock(START, shared=folder / "clock")
        given = {"database_url": database_url, "data_dir": str(folder), **settings}
        app = create_app({**FOR_BROWSERS, **given}, application_clock=clock)
        showroom = cls(app, clock)
        showroom._settings = given
        showroom._numbers = count(1)
        with showroom.write() as session:
            prepare(session, now=START)
            showroom.engine.deploy(session, shipped_contents(), actor_id=None, now=START)
            showroom._open_centre(session)
            showroom._hire(session, PEOPLE)
        return showroom

    @contextmanager
    def serving(self) -> Iterator["Showroom"]:
        """Behind a server of this process; with TEST_PROCESSES on PostgreSQL behind real processes beside it."""
        number = wanted()
        if number is None or self.database.engine.dialect.name == "sqlite":
            with self.serving_here():
                yield self
            return
        shared = Path(str(self._settings["data_dir"])) / "clock"
        with installed(shared, self._settings, web=number[0], schedulers=number[1]) as self.processes:
            self.base_url = self.processes.base_url
            yield self
        self.database.close()

    @contextmanager
    def serving_here(self) -> Iterator[None]:
        server = make_server("127.0.0.1", 0, self.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, name="showroom", daemon=True)
        thread.start()
        self.base_url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
            self.database.close()

    def cookie(self, person: str) -> dict[str, str]:
        """The cookie of somebody who has signed in."""
        with self.read() as session:
            user = session.get_one(User, self.people[person])
            signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
            assert signer is not None
            value = str(signer.dumps({"_user_id": user.fs_uniquifier, "_fresh": True}))
        return {"name": "session", "value": value, "url": self.base_url}

    def local_now(self) -> datetime:
        """What the clocks on the wall show."""
        return self.clock.now().astimezone(MOSCOW)

    def next_monday(self) -> datetime:
        """Move to ten o'clock of the next Monday, and let everything happen that is due by then."""
        monday = self.local_now() + timedelta(days=7 - self.local_now().weekday())
        self.wait_until(monday.replace(hour=10, minute=0, second=0, microsecond=0))
        return monday.replace(hour=10, minute=0, second=0, microsecond=0)

    def beat(self) -> None:
        """What the scheduler does every few seconds, once."""
        for job in scheduler.jobs_of(self.app):
            scheduler.run_job(self.app, job)

    def new_phone(self) -> str:
        return f"8 900 000-{(number := next(self._numbers)) // 100 + 20:02d}-{number % 100:02d}"

    def open_case(self, name: str = "Марина Белова", **facts: Any) -> int:
        """Register somebody whose manager is the seller; the number of the case."""
        given = {"phone": self.new_phone(), "name": name} | facts
        registered = self.register(**given)
        with self.read() as session:
            statement = select(ProcessInstance.id).where(ProcessInstance.business_key == registered.inquiry.case_key)
            return int(session.scalars(statement).one())

    def open_lead(self, **facts: Any) -> int:
        """A web form that the call centre must answer within ten minutes."""
        return self.open_case(channel=InquiryChannel.WEB_FORM, handed_to=None, **facts)

    def task_of(self, case: int) -> HumanTask:
        """The only open task of the case."""
        with self.read() as session:
            statement = select(HumanTask).where(HumanTask.instance_id == case, HumanTask.state == TaskState.OPEN)
            return session.scalars(statement).one()

    def data_of(self, case: int) -> dict[str, Any]:
        """The case document."""
        with self.read() as session:
            return case_data.load(session.scalars(select(CaseData.document).where(CaseData.instance_id == case)).one())

    def complete_in(self, case: int, **values: Any) -> None:
        """The only open task of the case is answered by somebody above."""
        task = self.task_of(case)
        with self.write() as session:
            self.engine.complete(
                session, task.id, values, actor=SYSTEM, reading=self._reading(), command_key=f"showroom-{task.id}"
            )

    def delegate_in(self, case: int, to: str) -> None:
        """The only open task of the case, and the case, go to a colleague."""
        task, now = self.task_of(case), self.clock.now()
        with self.write() as session:
            self.engine.delegate(
                session, task.id, to=self.people[to], comment="", actor=SYSTEM, now=now, with_case=True
            )

    def hire(self, people: Mapping[str, tuple[str, str, str | None]]) -> None:
        """More people: name, role and centre by key, as in PEOPLE."""
        with self.write() as session:
            self._hire(session, people)

    def _open_centre(self, session: Session) -> None:
        centre = staff.create_centre(
            session, name=CENTRE, city="Санкт-Петербург", phone="", time_zone=None, actor_id=None, now=START
        )
        self.centres = {"North": centre.id}

    def _hire(self, session: Session, people: Mapping[str, tuple[str, str, str | None]]) -> None:
        for key, (name, role, where) in people.items():
            user = staff.create_user(
                session,
                name=name,
                email=f"{key}@example.com",
                actor_id=None,
                now=START,
                password=PASSWORD,
                head_id=self.people.get("head"),
            )
            staff.grant_role(session, user, role, self.centres["North"] if where else None, actor_id=None, now=START)
            self.people[key] = user.id


@contextmanager
def empty_place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of an empty database with all tables, and a folder: where a showroom of a test module is opened."""
    folder = tmp_path_factory.mktemp("showroom")
    if wanted() is None:
        shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "showroom.sqlite")
        yield f"sqlite:///{folder}/showroom.sqlite", folder
        return
    server: URL = request.getfixturevalue("postgresql_server")
    with new_postgresql_database(server, request.getfixturevalue("postgresql_template")) as url:
        yield url.render_as_string(hide_password=False), folder
