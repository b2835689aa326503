"""A long list taken away as a table: how long it takes beside a bare query and csv, and how much memory it takes."""

import csv
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from engine.instances.models import ProcessInstance
from tests.dealer import Dealer, client_of
from tests.performance.crowd import multiply
from tests.performance.measuring import Report, race
from tests.performance.worksheets import walk_some

pytestmark = pytest.mark.performance

WALKED = 24
COLUMNS = ("process", "step", "milestone", "centre", "person", "contact", "due", "opened")
QUERY = "process=sales_worksheet&state=all&" + "&".join(f"columns={name}" for name in COLUMNS)
BARE = text(
    "SELECT process_instance.id, search_name, user_account.name, process_instance.started_at, last_milestone,"
    " (SELECT min(due_at) FROM human_task WHERE human_task.instance_id = process_instance.id)"
    " FROM process_instance JOIN worksheet ON 'sales.worksheet:' || worksheet.id = process_instance.business_key"
    " JOIN customer ON customer.id = worksheet.customer_id"
    " LEFT JOIN user_account ON user_account.id = process_instance.owner_id"
    " LEFT JOIN episode ON episode.instance_id = process_instance.id ORDER BY process_instance.id"
)
MEMORY = 64  # megabytes by which the process may grow, however long the list is


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("SQLite", 1_200),
        pytest.param("SQLite", 100_000, marks=pytest.mark.long),
        pytest.param("PostgreSQL", 100_000, marks=[pytest.mark.postgresql, pytest.mark.long]),
    ],
)
def test_a_list_taken_away(request: pytest.FixtureRequest, report: Report, where: str, rows: int) -> None:
    dealer: Dealer = request.getfixturevalue("dealer" if where == "SQLite" else "postgresql_dealer")
    walk_some(dealer, WALKED)
    with dealer.write() as session:
        multiply(session, int(os.environ.get("MEASURED_CROWD", rows)) // WALKED - 1)
        there = session.scalar(select(func.count()).select_from(ProcessInstance)) or 0
    client = client_of(dealer, "director")

    held = {"CSV": 0.0, "workbook": 0.0}  # the most of all rounds: what was freed once does not grow again

    def watched(name: str, work: Callable[[], object]) -> None:
        held[name] = max(held[name], memory_of(work))

    results = race(
        {
            "bare query and csv": lambda: bare(dealer, there),
            "CSV": lambda: watched("CSV", lambda: with_lines(client, there)),
            "workbook": lambda: watched("workbook", lambda: taken_away(client, "xlsx")),
        },
        rounds=2 if rows < 10_000 else 1,
        per_round=1,
    )

    facts = {
        name: {
            "rows/s": round(there / results[name].median),
            "rows/s wanted": round(100_000 / 60),
            "MB more": round(grown, 1),
        }
        for name, grown in held.items()
    }
    report.add(f"export, {where}, {there:,} cases", results, against="bare query and csv", facts=facts)
    assert held["CSV"] < MEMORY


def bare(dealer: Dealer, there: int) -> None:
    written = 0
    with dealer.read() as session:
        for row in session.execute(BARE):
            csv.writer(StringIO(), delimiter=";").writerow(row)
            written += 1
    assert written == there


def with_lines(client: FlaskClient, there: int) -> None:
    assert taken_away(client, "csv") == there + 1


def taken_away(client: FlaskClient, kind: str) -> int:
    """Read it piece by piece as a browser does, keeping nothing; how many lines there were."""
    lines = 0
    with client.get(f"/cases/export.{kind}?{QUERY}", buffered=False) as answer:
        assert answer.status_code == 200
        for piece in answer.iter_encoded():
            lines += piece.count(b"\n")
    return lines


def memory_of(work: Callable[[], object]) -> float:
    """By how many megabytes the process grew at its largest, as the system counts."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted anew
    before = _peak()
    work()
    return _peak() - before


def _peak() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
