"""Databases for tests: an own SQLite file or an own PostgreSQL database for each test.

PostgreSQL comes from TEST_DATABASE_URL (a role that may create databases), else from a server that is
started here with Debian's binaries, one in each test process, and that ends with it.
"""

import importlib
import os
import pkgutil
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, create_engine, make_url
from sqlalchemy.exc import OperationalError

import engine
import webapp
from engine.database import Database, make_database
from engine.persistence import Base

# The server of a test run may forget everything when the machine stops.
POSTGRESQL_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "shared_buffers": "64MB",
}
START_SECONDS = 60

_numbers = count(1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Database:
    """A database with all tables, empty: the test runs once on SQLite and once on PostgreSQL."""
    fixture: Database = request.getfixturevalue(f"{request.param}_database")
    return fixture


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty database with all tables on SQLite only."""
    shutil.copyfile(sqlite_template, tmp_path / "test.sqlite")
    database = make_database(f"sqlite:///{tmp_path}/test.sqlite")
    yield database
    database.close()


@pytest.fixture
def postgresql_database(postgresql_server: URL, postgresql_template: str) -> Iterator[Database]:
    """An empty database with all tables on PostgreSQL only."""
    with new_postgresql_database(postgresql_server, postgresql_template) as url:
        database = make_database(url)
        yield database
        database.close()


@contextmanager
def new_postgresql_database(server: URL, template: str) -> Iterator[URL]:
    """A copy of the template; dropped in the end, whoever still holds it."""
    name = f"marshrut_test_{os.getpid()}_{next(_numbers)}"
    with _administration(server) as administration:
        administration.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield server.set(database=name)
        administration.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    create_all_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: URL) -> Iterator[str]:
    """The name of a PostgreSQL database with all tables, to be copied."""
    name = f"marshrut_template_{os.getpid()}"
    with _administration(postgresql_server) as administration:
        administration.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        create_all_tables(postgresql_server.set(database=name))
        yield name
        administration.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """The URL of a server on which databases may be created."""
    with running_server() as url:
        yield url


@contextmanager
def running_server() -> Iterator[URL]:
    """The server that is named, or one that ends with the block."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield make_url(given)
        return
    root = os.environ.get("PYTEST_DEBUG_TEMPROOT")  # pytest's own place may be too deep:
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=root))  # a socket's path has at most 107 bytes
    server = _start_server(folder, _find_binaries())
    yield _server_url(folder)
    server.send_signal(signal.SIGQUIT)
    server.wait()
    shutil.rmtree(folder)


def create_all_tables(url: str | URL) -> None:
    """Create the tables that the packages declare."""
    import_models()
    database = make_database(url)
    with database.engine.begin() as connection:
        Base.metadata.create_all(connection)
    database.close()


def import_models() -> None:
    """Import every module that declares tables: those named `models`, and the modules right in `engine`."""
    for package in (engine, webapp):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith(".models") or (module.name.count(".") == 1 and package is engine):
                importlib.import_module(module.name)


def url_of(database: Database) -> str:
    """The URL with which another process opens this database."""
    return database.engine.url.render_as_string(hide_password=False)


def _find_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        pytest.fail("No PostgreSQL: set TEST_DATABASE_URL or install Debian's package postgresql.", pytrace=False)
    return found[-1]


def _start_server(folder: Path, binaries: Path) -> subprocess.Popen[bytes]:
    # The server ends with this process even when it is killed and no fixture gets its turn.
    run_as: list[str | Path] = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        run_as += ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
        shutil.chown(folder, "postgres")
    data = folder / "data"
    initialise: list[str | Path] = [
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    subprocess.run([*run_as, binaries / "initdb", *initialise], check=True, stdout=subprocess.DEVNULL, cwd="/")
    settings = [f"--{name}={value}" for name, value in POSTGRESQL_SETTINGS.items()]
    with Path(f"{folder}.log").open("wb") as log:
        server = subprocess.Popen(
            [*run_as, binaries / "postgres", "-D", data, "-k", folder, *settings],
            stdout=log,
            stderr=log,
            cwd="/",
        )
    _await_server(folder, server)
    return server


def _await_server(folder: Path, server: subprocess.Popen[bytes]) -> None:
    log = Path(f"{folder}.log")
    for _ in range(START_SECONDS * 20):
        try:
            with _administration(_server_url(folder)):
                log.unlink()
                return
        except OperationalError:
            if server.poll() is not None:
                break
            time.sleep(0.05)
    pytest.fail(f"PostgreSQL did not start: {log.read_text()}", pytrace=False)


def _server_url(folder: Path) -> URL:
    return URL.create("postgresql+psycopg", username="postgres", database="postgres", query={"host": str(folder)})


@contextmanager
def _administration(server: URL) -> Iterator[Connection]:
    """A connection outside of any transaction, as CREATE DATABASE demands."""
    administrator = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with administrator.connect() as connection:
            yield connection
    finally:
        administrator.dispose()
