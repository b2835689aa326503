"""An installation as a dealer has it: no demo, people with passwords, the shipped errand and the drill published."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import URL, select

from engine.clock import Clock, SettableClock
from engine.database import Database
from engine.runtime import Engine
from tests.databases import create_all_tables
from tests.dealer import ROOT, hire
from tests.reliability import drill
from tests.settings import FOR_BROWSERS
from webapp.app import create_app
from webapp.core import workflow
from webapp.core.reference import ship_all
from webapp.core.working_calendars import save_initial_calendars
from webapp.features import FEATURES
from webapp.staff.models import User
from webapp.staff.passwords import keep_password

CLIENTS = 8
PASSWORD = "a long and quiet word"
PEOPLE = {f"seller{number}": (f"Seller {number}", "sales_manager", "North") for number in range(CLIENTS)}
PREPARED = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Installation:
    """Where it lives; every process opens it for itself."""

    url: str
    folder: str

    def application(self, *, clock: Clock | None = None, **settings: object) -> Flask:
        """The whole application on this installation."""
        chosen = {**FOR_BROWSERS, "default_language": "en", "database_url": self.url, "data_dir": self.folder}
        return create_app({**chosen, **settings}, features=(*FEATURES, drill.FEATURE), application_clock=clock)

    @contextmanager
    def opened(self, at: datetime | None = None) -> Iterator["Opened"]:
        """The application in this process, without pages."""
        app = self.application(clock=SettableClock(at) if at else None)
        try:
            with app.app_context():
                yield Opened(app)
        finally:
            app.extensions["database"].close()


@dataclass(frozen=True)
class Opened:
    """What a test asks of an installation that it has opened itself."""

    app: Flask

    @property
    def database(self) -> Database:
        found: Database = self.app.extensions["database"]
        return found

    @property
    def engine(self) -> Engine:
        found: Engine = self.app.extensions[workflow.ENGINE]
        return found

    @property
    def clock(self) -> Clock:
        found: Clock = self.app.extensions["clock"]
        return found

    def people(self) -> dict[str, int]:
        """Ids by e-mail address."""
        with self.database.read() as session:
            return {user.email: user.id for user in session.scalars(select(User))}


def prepare(made: Installation) -> None:
    """Fill an empty database."""
    with made.opened(PREPARED) as opened:
        password = keep_password(PASSWORD)
        with opened.database.write() as session:
            ship_all(session)
            save_initial_calendars(session, years=range(2025, 2031))
            hire(session, PEOPLE)
            session.flush()
            for user in session.scalars(select(User)):
                user.password = password
            paths = [*ROOT.glob("processes/common/*.bpmn"), *ROOT.glob("forms/common/*.form")]
            contents = {str(path.relative_to(ROOT)): path.read_bytes() for path in paths}
            opened.engine.deploy(session, {**contents, **drill.files()}, actor_id=None, now=PREPARED)
        with opened.database.engine.begin() as connection:
            drill.heard.metadata.create_all(connection)


@contextmanager
def on_sqlite(folder: Path, template: Path | None = None) -> Iterator[Installation]:
    """A new installation with a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "marshrut.db"
    made = Installation(f"sqlite:///{file}", str(folder))
    if template is None:
        create_all_tables(made.url)
        prepare(made)
    else:
        shutil.copyfile(template, file)
    yield made


@contextmanager
def on_postgresql(folder: Path, empty: URL) -> Iterator[Installation]:
    """A new installation on an empty database with all tables."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Installation(empty.render_as_string(hide_password=False), str(folder))
    prepare(made)
    yield made
