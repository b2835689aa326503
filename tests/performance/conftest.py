"""The report of a run of measurements: a table at the end, and build/performance.json."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.performance.measuring import Report

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash.get(REPORT, None)
    if found and found.rows:
        found.write(BUILD / "performance.json")
        terminalreporter.section("measurements")
        for line in found.lines():
            terminalreporter.write_line(line)
