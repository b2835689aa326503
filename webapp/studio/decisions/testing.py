"""Saved tests of a file of decisions: kept, run, told. Publishing runs them and reports what differs."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.decision_files import live_texts
from engine.definitions.problems import DefinitionRejected
from webapp.core.errors import NotFound, RuleViolation
from webapp.studio.decisions.models import DecisionTest
from webapp.studio.decisions.trying import Table, read_table, try_out
from webapp.studio.decisions.values import same
from webapp.studio.drafts import live_text
from webapp.studio.models import Draft, DraftKind

MOST_TESTS = 200


@dataclass(frozen=True)
class Result:
    """What came of one test. `differs`: output -> (expected, found); `refusal`: why nothing was found, by language."""

    test: DecisionTest
    found: Mapping[str, str]
    differs: Mapping[str, tuple[str, str]]
    refusal: Mapping[str, str] | None = None
    unread: tuple[str, ...] = ()
    gone: bool = False  # the file has no such decision any more

    @property
    def passed(self) -> bool:
        return not (self.differs or self.refusal or self.unread or self.gone)


@dataclass(frozen=True)
class Report:
    """All tests of a file."""

    key: str
    results: Sequence[Result]
    unreadable: bool = False

    @property
    def failed(self) -> list[Result]:
        return [each for each in self.results if not each.passed]


def tests_of(session: Session, key: str) -> Sequence[DecisionTest]:
    statement = select(DecisionTest).where(DecisionTest.file_key == key).order_by(DecisionTest.id)
    return session.scalars(statement).all()


def test_of(session: Session, key: str, test_id: int) -> DecisionTest:
    """Raises NotFound."""
    found = session.get(DecisionTest, test_id)
    if found is None or found.file_key != key:
        raise NotFound("decision_test_unknown")
    return found


def keep_test(
    session: Session,
    key: str,
    *,
    decision: str,
    name: str,
    inputs: Mapping[str, str],
    expected: Mapping[str, str],
    actor_id: int | None,
    now: datetime,
    test_id: int | None = None,
) -> DecisionTest:
    """A new test, or another text of a known one. Raises RuleViolation when the file has enough of them."""
    if test_id is None:
        count = session.scalar(select(func.count(DecisionTest.id)).where(DecisionTest.file_key == key)) or 0
        if count >= MOST_TESTS:
            raise RuleViolation("too_many_decision_tests", limit=MOST_TESTS)
        test = DecisionTest(file_key=key, created_at=now, created_by=actor_id)
        session.add(test)
    else:
        test = test_of(session, key, test_id)
    test.decision, test.name = decision, name
    test.inputs, test.expected = orjson.dumps(dict(inputs)).decode(), orjson.dumps(dict(expected)).decode()
    test.changed_at, test.changed_by = now, actor_id
    session.flush()
    return test


def run_tests(session: Session, subject: Draft | str, *, now: datetime, text: str | None = None) -> Report:
    """Every test of the file against the draft, or against what is live under a key; `text`: against this one."""
    key = subject.key if isinstance(subject, Draft) else subject
    if text is None:
        live = None if isinstance(subject, Draft) else live_text(session, DraftKind.DECISION, key)
        text = subject.body if isinstance(subject, Draft) else live.text if live is not None else ""
    return _report(key, text, tests_of(session, key), partial(live_texts, session), now)


def run_all(session: Session, tables: Sequence[Draft], *, now: datetime) -> list[Report]:
    """The same for many files; two statements."""
    statement = select(DecisionTest).where(DecisionTest.file_key.in_([each.key for each in tables]))
    kept: dict[str, list[DecisionTest]] = defaultdict(list)
    for test in session.scalars(statement.order_by(DecisionTest.id)) if tables else ():
        kept[test.file_key].append(test)
    published = cache(partial(live_texts, session))
    return [_report(each.key, each.body, kept[each.key], published, now) for each in tables]


def _report(
    key: str, text: str, tests: Sequence[DecisionTest], published: Callable[[], Mapping[str, str]], now: datetime
) -> Report:
    if not tests:
        return Report(key, ())
    try:
        table = read_table(text, published)
    except DefinitionRejected:
        return Report(key, [Result(each, {}, {}, gone=True) for each in tests], unreadable=True)
    return Report(key, [_run(table, each, now) for each in tests])


def _run(table: Table, test: DecisionTest, now: datetime) -> Result:
    if test.decision not in table.questions:
        return Result(test, {}, {}, gone=True)
    tried = try_out(table, test.decision, test.given, now=now)
    if tried.evaluation is None:
        return Result(test, {}, {}, tried.refusal, tried.unread)
    wanted = test.wanted
    differs = {
        name: (wanted.get(name, ""), tried.answers.get(name, ""))
        for name in {**wanted, **tried.answers}
        if not same(wanted.get(name, ""), tried.answers.get(name, ""))
    }
    return Result(test, tried.answers, differs)
