"""Taking open worksheets over to a version with a step more, one less and one under another id, and back again."""

import os
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinition
from engine.human_tasks.models import HumanTask, TaskDraft, TaskState
from engine.migration import runs
from engine.migration.models import CaseStage, Migration
from tests.dealer import Dealer
from tests.performance.crowd import multiply
from tests.performance.measuring import Measurement, Report
from tests.performance.worksheets import walk_some
from tests.processes.next_worksheet import ADDED, FILE, OLD, PAIRS, REMOVED, RENAMED, next_version
from webapp.admin.verifying import verify

pytestmark = pytest.mark.performance

WALKED = 24
Kept = dict[int, tuple[int | None, datetime | None, datetime | None]]


def kept_of(session: Session) -> Kept:
    """Claim, due time and typing of every open task but those of the removed step."""
    typed = {row.task_id: row.saved_at for row in session.scalars(select(TaskDraft))}
    tasks = session.scalars(select(HumanTask).where(HumanTask.state == TaskState.OPEN, HumanTask.element != REMOVED))
    return {task.id: (task.assignee_id, task.due_at, typed.get(task.id)) for task in tasks}


def open_steps(session: Session) -> Counter[str]:
    return Counter(session.scalars(select(HumanTask.element).where(HumanTask.state == TaskState.OPEN)))


class Run:
    """One migration of a crowd; `seconds` of its parts."""

    def __init__(self, dealer: Dealer) -> None:
        self.dealer = dealer
        self.seconds: dict[str, float] = {}

    def batches(self, part: str, begin: Callable[[Session], Migration]) -> Migration:
        kernel, now = self.dealer.engine.kernel, self.dealer.clock.now()
        begun = time.perf_counter()
        with self.dealer.write() as session:
            migration_id = begin(session).id
        more = True
        while more:
            with self.dealer.write() as session:
                more = runs.advance(session, kernel, migration_id, now=now)
        self.seconds[part] = time.perf_counter() - begun
        with self.dealer.read() as session:
            return session.get_one(Migration, migration_id)

    def findings(self) -> list[str]:
        with self.dealer.read() as session:
            store = self.dealer.engine.store
            found = verify(session, store, Path(), now=self.dealer.clock.now())
            return [str(each) for each in found if each.part != "files"]


def migrate_a_crowd(dealer: Dealer, copies: int) -> tuple[int, Run]:
    """Walk, multiply, look, move, undo; everything that must hold is asserted on the way."""
    walk_some(dealer, WALKED)
    with dealer.write() as session:
        number = multiply(session, copies)
        dealer.engine.deploy(session, {FILE: next_version()}, actor_id=None, now=dealer.clock.now())
    with dealer.read() as session:
        wanted = select(ProcessDefinition.id).where(ProcessDefinition.key == "sales_worksheet")
        old, new = session.scalars(wanted.order_by(ProcessDefinition.version)).all()
        before, steps = kept_of(session), open_steps(session)
    assert steps[OLD]
    assert steps[REMOVED]
    run = Run(dealer)

    migration = run.batches(
        "dry run",
        lambda session: runs.plan(
            session,
            dealer.engine.kernel,
            from_id=old,
            to_id=new,
            pairs={"sales_worksheet": PAIRS},
            note="",
            actor_id=None,
            now=dealer.clock.now(),
        ),
    )
    with dealer.read() as session:
        assert runs.counts(session, migration.id) == {CaseStage.SAFE: number}
        assert (kept_of(session), open_steps(session)) == (before, steps)

    def of(act: Callable[[Session, Migration], None]) -> Callable[[Session], Migration]:
        def begin(session: Session) -> Migration:
            found = session.get_one(Migration, migration.id)
            act(session, found)
            return found

        return begin

    run.batches("move", of(lambda session, found: runs.apply(session, found, now=dealer.clock.now())))
    with dealer.read() as session:
        assert runs.counts(session, migration.id) == {CaseStage.MOVED: number}
        after = kept_of(session)
        assert {key: after[key] for key in before} == before
        moved = open_steps(session)
    assert moved == Counter(
        {"tradein_appraisal" if step == REMOVED else RENAMED if step == OLD else step: n for step, n in steps.items()}
    )
    assert run.findings() == []

    run.batches("undo", of(lambda session, found: runs.undo(session, found, now=dealer.clock.now())))
    with dealer.read() as session:
        assert runs.counts(session, migration.id) == {CaseStage.UNDONE: number}
        assert (kept_of(session), open_steps(session)) == (before, steps)
    assert run.findings() == []
    return number, run


def tell(report: Report, number: int, run: Run, where: str) -> None:
    results = {part: Measurement(part, ((seconds / number,),)) for part, seconds in run.seconds.items()}
    facts = {part: {"seconds": round(seconds, 1), "cases": number} for part, seconds in run.seconds.items()}
    report.add(f"migration, {where}", results, against="dry run", facts=facts)


def test_a_crowd_of_worksheets_is_moved_and_moved_back(dealer: Dealer, report: Report) -> None:
    number, run = migrate_a_crowd(dealer, copies=15)
    tell(report, number, run, "SQLite")


@pytest.mark.long
@pytest.mark.parametrize("where", ["SQLite", "PostgreSQL"])
def test_ten_thousand_worksheets(request: pytest.FixtureRequest, report: Report, where: str) -> None:
    opened: Dealer = request.getfixturevalue("dealer" if where == "SQLite" else "postgresql_dealer")
    copies = int(os.environ.get("MEASURED_CROWD", "10000")) // WALKED
    number, run = migrate_a_crowd(opened, copies=copies)
    tell(report, number, run, where)


def test_the_next_version_is_what_it_says() -> None:
    text = next_version().decode()

    assert f'id="{ADDED}"' in text
    assert f'id="{RENAMED}"' in text
    assert f'id="{REMOVED}"' not in text
