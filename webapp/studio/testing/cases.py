"""Test runs that were kept: saved, replayed against a version or a draft, and what publishing asks of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.problems import DefinitionRejected, Problem
from engine.errors import UnknownDefinition
from engine.kernel import Kernel
from engine.persistence import insert_for, table_of
from engine.sandbox import (
    Coverage,
    Difference,
    Sandbox,
    Script,
    ScriptRefused,
    Standing,
    expect,
    prepare,
    read_expectations,
    read_script,
    replay,
    write_expectations,
    write_script,
)
from webapp.core.errors import NotFound, RuleViolation
from webapp.studio.models import RecordedCase
from webapp.studio.testing.sandboxes import LIMITS, stopwatch

MOST: Final = 60  # of one process
SECONDS_OF_ALL: Final = 20  # one after another; the rest is told as not replayed


@dataclass(frozen=True)
class Replayed:
    """One kept case and how it went. Neither `difference` nor `unread`, and `played`: as expected."""

    case: RecordedCase
    played: bool = True
    difference: Difference | None = None
    unread: bool = False  # an older version of the product wrote it

    @property
    def is_same(self) -> bool:
        return self.played and self.difference is None and not self.unread


@dataclass(frozen=True)
class ReplayReport:
    """What became of all kept cases of a process with these files. `problems`: why nothing could be played."""

    cases: Sequence[Replayed] = ()
    coverage: Coverage | None = None
    problems: Sequence[Problem] = ()

    @property
    def differing(self) -> Sequence[Replayed]:
        return [each for each in self.cases if not each.is_same]


def replay_cases(
    session: Session, kernel: Kernel, process_key: str, files: Mapping[str, bytes], *, now: datetime
) -> ReplayReport:
    """Hold every kept case of a process against these files; for publishing. Only reads."""
    kept = find_cases(session, process_key)
    if not kept:
        return ReplayReport()
    try:
        sandbox = prepare(session, kernel, process_key, files, now=now)
    except DefinitionRejected as refusal:
        return ReplayReport([Replayed(case, played=False) for case in kept], problems=refusal.problems)
    except UnknownDefinition:
        return ReplayReport([Replayed(case, played=False) for case in kept])
    try:
        return replay_in(sandbox, kept)
    finally:
        sandbox.close()


def replay_in(sandbox: Sandbox, kept: Sequence[RecordedCase]) -> ReplayReport:
    """The same in a sandbox that is at hand."""
    found, coverage, began = [], Coverage(), stopwatch()
    for case in kept:
        if stopwatch() - began > SECONDS_OF_ALL:
            found.append(Replayed(case, played=False))
            continue
        try:
            script, expected = read_script(case.script), read_expectations(case.expected)
        except ScriptRefused:
            found.append(Replayed(case, unread=True))
            continue
        standing, difference = replay(sandbox, script, expected, stopwatch=stopwatch, limits=LIMITS)
        coverage += standing.coverage
        found.append(Replayed(case, difference=difference))
    return ReplayReport(found, coverage)


def find_cases(session: Session, process_key: str) -> list[RecordedCase]:
    """By name."""
    statement = select(RecordedCase).where(RecordedCase.process_key == process_key)
    return list(session.scalars(statement.order_by(RecordedCase.name, RecordedCase.id)))


def case_of(session: Session, process_key: str, case_id: int) -> RecordedCase:
    """Raises NotFound."""
    found = session.get(RecordedCase, case_id)
    if found is None or found.process_key != process_key:
        raise NotFound("test_case_unknown")
    return found


def save_case(
    session: Session, process_key: str, name: str, script: Script, standing: Standing, *, actor_id: int, now: datetime
) -> RecordedCase:
    """Keep a run under a name; one of the same name is replaced. Raises RuleViolation."""
    if not script.acts:
        raise RuleViolation("test_case_empty")
    known = session.scalar(
        select(RecordedCase).where(RecordedCase.process_key == process_key, RecordedCase.name == name)
    )
    if known is None:
        counted = select(func.count(RecordedCase.id)).where(RecordedCase.process_key == process_key)
        if (session.scalar(counted) or 0) >= MOST:
            raise RuleViolation("test_cases_too_many", limit=MOST)
    newest = {"script": write_script(script), "expected": write_expectations(expect(standing)), "changed_at": now}
    insert = insert_for(session.get_bind().dialect.name, table_of(RecordedCase)).values(
        process_key=process_key, name=name, created_at=now, created_by=actor_id, **newest
    )
    kept = insert.on_conflict_do_update(index_elements=["process_key", "name"], set_=newest).returning(RecordedCase)
    made: RecordedCase = session.scalars(kept, execution_options={"populate_existing": True}).one()
    return made


def delete_case(session: Session, case: RecordedCase) -> None:
    session.delete(case)
