"""The report of a run of measurements: a table at the end, and build/performance.json."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.databases import new_postgresql_database
from tests.performance.measuring import Report
from tests.performance.peopled import Place, peopled
from tests.performance.population import TINY, Dealer, Made, populate

BUILD = Path(__file__).resolve().parents[2] / "build"
REPORT = pytest.StashKey[Report]()


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest) -> Report:
    """Where every measurement adds its rows."""
    return request.config.stash.setdefault(REPORT, Report())


@pytest.fixture
def disk(request: pytest.FixtureRequest) -> Iterator[Path]:
    """An empty folder on the disk of the repository: the folder for temporary files may lie in memory."""
    folder = BUILD / "measuring" / request.node.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def tiny_population(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Made]:
    """A dealer who was played for a month, and his copies."""
    folder = tmp_path_factory.mktemp("tiny")
    shutil.copyfile(sqlite_template, folder / "tiny.sqlite")
    place = Place(f"sqlite:///{folder}/tiny.sqlite", folder)
    return place, populate(place.url, TINY, folder=folder, dealer=Dealer(scale=0.0005, months=1, recent_slices=1))


@pytest.fixture(scope="session")
def sqlite_population() -> Iterator[Place]:
    """Many people in a file."""
    folder = BUILD / "measuring" / "population"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with peopled(f"sqlite:///{folder}/population.sqlite", folder) as place:
        yield place
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgresql_population(
    postgresql_server: URL, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """Many people on the server."""
    folder = tmp_path_factory.mktemp("population")
    with (
        new_postgresql_database(postgresql_server, postgresql_template) as url,
        peopled(url.render_as_string(hide_password=False), folder) as place,
    ):
        yield place


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash.get(REPORT, None)
    if found and found.rows:
        found.write(BUILD / "performance.json")
        terminalreporter.section("measurements")
        for line in found.lines():
            terminalreporter.write_line(line)
