"""The one checker of all histories: what clients were told and what the database says, held against I1 to I7.

I1 each accepted command is one event; I2 no event without an accepted command; I3 rows beside a case say what its state
says; I4 the stored funnel is the fold of the log and its naive replay; I5 a reminder is one; I6 each letter is written
once and leaves at least once; I7 the database is whole.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import case_data
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.human_tasks.models import HumanTask
from engine.incidents import Incident
from engine.instances.models import Command, ProcessInstance
from engine.milestones.fold import RELEVANT, LoggedEvent
from engine.milestones.models import Episode
from engine.milestones.plan import MilestonePlan
from engine.outbox import OutboxMessage, OutboxState
from engine.timers.models import DueKind, DueRow
from tests.engine.milestones.definition import Rules, runs_of
from tests.reliability import drill
from tests.reliability.installation import Installation, Opened
from tests.reliability.people import COMPLETE, START, Journal, Request
from webapp.admin.verifying import verify
from webapp.cases.starting import BY_HAND
from webapp.diary.models import Notification

PARTS = {"database": "I7", "cases": "I3", "funnel": "I4", "files": "I7"}

Planned = Counter[tuple[str, int]]  # how often a task is to be reminded of or escalated, by kind and task


def violations(made: Installation, journal: Journal, planned: Planned | None = None) -> list[str]:
    """Everything that does not hold; an empty list is what the product promises."""
    with made.opened() as opened, opened.database.read() as session:
        found = [*_commands(session, journal), *_stored(session, opened, made), *_letters(session, journal)]
        if planned is not None:
            found += _reminders(session, planned)
        return found


def planned_reminders(opened: Opened) -> Planned:
    """What due rows promise, as they stand now."""
    with opened.database.read() as session:
        rows = session.execute(
            select(DueRow.kind, DueRow.ref).where(DueRow.kind.in_([DueKind.REMINDER, DueKind.ESCALATION]))
        )
        return Counter((kind.value, task) for kind, task in rows)


def stored_key(request: Request) -> str:
    """The key under which the application keeps a command on a task."""
    return hashlib.sha256(f"{request.person}:{request.task}:{request.key}".encode()).hexdigest()


def _commands(session: Session, journal: Journal) -> Iterator[str]:
    """I1 and I2: what was answered, against the log and the kept answers."""
    attempts: defaultdict[tuple[str, int, int, str], list[Request]] = defaultdict(list)
    for request in journal.requests:
        attempts[request.kind, request.person, request.task, request.key].append(request)
    events = Counter(
        session.scalars(select(HistoryEvent.command_key).where(HistoryEvent.kind == EventKind.TASK_COMPLETED.value))
    )
    kept = set(session.scalars(select(Command.key)))
    sent: set[str] = set()
    for (kind, _, _, key), tries in attempts.items():
        accepted = [each for each in tries if each.accepted]
        refused = [each.status for each in tries if 400 <= each.status < 500]
        if len({each.location for each in accepted}) > 1:
            yield f"I1: {kind} {key} got different answers: {sorted({each.location for each in accepted})}"
        if accepted and refused:
            yield f"I1: {kind} {key} was accepted and refused with {refused}"
        if kind != COMPLETE:
            continue
        stored = stored_key(tries[0])
        sent.add(stored)
        if accepted and events[stored] != 1:
            yield f"I1: {kind} {key} was accepted and stands {events[stored]} times in the log"
        if accepted and stored not in kept:
            yield f"I1: the answer to {kind} {key} is not kept"
        if refused and events[stored]:
            yield f"I2: {kind} {key} was refused with {refused} and stands in the log"
    for key in events.keys() - sent:
        yield f"I2: the log has a completion that nobody asked for, {key}"
    yield from _cases_started(session, journal)
    yield from _one_completion_each(session)


def _cases_started(session: Session, journal: Journal) -> Iterator[str]:
    """Every accepted start is one case, and there are no others."""
    asked = {(each.person, each.key) for each in journal.requests if each.kind == START}
    answered = {
        (each.person, each.key): each.location for each in journal.requests if each.kind == START and each.accepted
    }
    if len(set(answered.values())) != len(answered):
        yield "I1: two starts were answered with one case"
    by_hand = ProcessInstance.business_key.startswith(f"{BY_HAND}:")
    cases = session.scalar(select(func.count()).select_from(ProcessInstance).where(by_hand)) or 0
    if asked and not len(answered) <= cases <= len(asked):
        yield f"I1: {len(answered)} starts were accepted and {len(asked)} asked for, but there are {cases} cases"


def _one_completion_each(session: Session) -> Iterator[str]:
    log = session.scalars(select(HistoryEvent.payload).where(HistoryEvent.kind == EventKind.TASK_COMPLETED.value))
    for task, times in Counter(case_data.load(payload)["task"] for payload in log).items():
        if times > 1:
            yield f"I1: task {task} was completed {times} times"


def _stored(session: Session, opened: Opened, made: Installation) -> Iterator[str]:
    """I3, I4 and I7, and nothing that failed on the way."""
    store = opened.engine.store
    for finding in verify(session, store, Path(made.folder) / "files", now=opened.clock.now()):
        yield f"{PARTS[finding.part]}: {finding.what}"
    yield from _replayed(session, store.plans(session))
    for error in session.scalars(select(Incident.error)):
        yield f"a step failed: {error.strip().splitlines()[-1]}"


def _replayed(session: Session, plans: Mapping[str, MilestonePlan]) -> Iterator[str]:
    """I4 by the definition of the funnel, transcribed naively: case by case from the raw log."""
    log = session.execute(
        select(
            ProcessInstance.process_key,
            HistoryEvent.instance_id,
            HistoryEvent.seq,
            HistoryEvent.kind,
            HistoryEvent.at,
            HistoryEvent.milestone,
            HistoryEvent.payload,
        )
        .join(ProcessInstance, ProcessInstance.id == HistoryEvent.instance_id)
        .where(HistoryEvent.kind.in_([kind.value for kind in RELEVANT]))
        .order_by(HistoryEvent.seq)
    )
    cases: defaultdict[tuple[str, int], list[LoggedEvent]] = defaultdict(list)
    for process, case, seq, kind, at, milestone, payload in log:
        read = case_data.load(payload) if payload else {}
        cases[process, case].append(LoggedEvent(seq, case, kind, at, milestone, read))
    stored = {
        (case, number): facts
        for case, number, *facts in session.execute(
            select(Episode.instance_id, Episode.number, Episode.highest_rank, Episode.last_milestone, Episode.outcome)
        )
    }
    for (process, case), events in cases.items():
        plan = plans[process]
        mandatory = tuple(name for name, needed in plan.ordered if needed)
        optional = tuple(name for name, needed in plan.ordered if not needed)
        for run in runs_of(events, Rules(mandatory, optional, tuple(plan.aliases.items()))):
            naive = [run.highest, run.last, run.outcome]
            if (found := stored.pop((case, run.number), None)) != naive:
                yield f"I4: episode {run.number} of case {case} is stored as {found}, its log says {naive}"
    for case, number in stored:
        yield f"I4: episode {number} of case {case} stands in no log"


def _reminders(session: Session, planned: Planned) -> Iterator[str]:
    """I5: what was planned for a task has come exactly so often, in the log and to its people."""
    kinds = {EventKind.REMINDED.value: "reminder", EventKind.ESCALATED.value: "escalation"}
    log = session.execute(select(HistoryEvent.kind, HistoryEvent.payload).where(HistoryEvent.kind.in_(kinds)))
    logged = Counter((kinds[kind], case_data.load(payload)["task"]) for kind, payload in log)
    told = Counter(
        (kind, task)
        for kind, task in session.execute(
            select(Notification.kind, Notification.task_id).where(Notification.kind.in_(list(kinds.values())))
        )
    )
    still = Counter(session.scalars(select(DueRow.ref).where(DueRow.kind.in_(list(kinds.values())))))
    if still:
        yield f"I5: {still.total()} due rows were never carried out"
    for kind, task in sorted(planned.keys() | logged.keys()):
        if logged[kind, task] != planned[kind, task]:
            yield f"I5: {kind} of task {task} came {logged[kind, task]} times, not {planned[kind, task]}"
        if told[kind, task] != planned[kind, task]:
            yield f"I5: {kind} of task {task} was told {told[kind, task]} times, not {planned[kind, task]}"


def _letters(session: Session, journal: Journal) -> Iterator[str]:
    """I6: each completed step of the drill has its one letter; no letter without its step."""
    written = Counter(
        dedupe.removeprefix(drill.LETTER)
        for dedupe in session.scalars(select(OutboxMessage.dedupe).where(OutboxMessage.dedupe.startswith(drill.LETTER)))
    )
    log = session.execute(
        select(HistoryEvent.payload)
        .join(HumanTask, HumanTask.instance_id == HistoryEvent.instance_id)
        .where(HistoryEvent.kind == EventKind.TASK_COMPLETED.value, HistoryEvent.element == drill.STEP)
        .distinct()
    )
    owed = Counter(case_data.load(payload)["values"]["text"] for (payload,) in log)
    for text in sorted(owed.keys() | {each for each in written if each[0].isdigit()}):
        if owed[text] != written[text]:
            yield f"I6: step {text} owes {owed[text]} letters and has written {written[text]}"
    for text in {each.text for each in journal.requests if each.text and each.accepted} - written.keys():
        yield f"I6: step {text} was accepted and its letter is missing"


def undelivered(opened: Opened, arrived: Counter[str]) -> list[str]:
    """I6 outside: each message arrived at least once under its key, is marked once, and none is strange."""
    with opened.database.read() as session:
        rows = session.execute(select(OutboxMessage.dedupe, OutboxMessage.state)).all()
        marks = Counter(session.scalars(select(drill.heard.c.dedupe)))
    known = {dedupe for dedupe, _ in rows}
    found = [f"I6: {dedupe} never arrived" for dedupe in sorted(known - arrived.keys())]
    found += [f"I6: {dedupe} arrived and was never written" for dedupe in sorted(arrived.keys() - known)]
    found += [f"I6: {dedupe} is still {state.value}" for dedupe, state in rows if state is not OutboxState.SENT]
    found += [f"I6: {dedupe} was marked {marks[dedupe]} times" for dedupe in sorted(known) if marks[dedupe] != 1]
    return found
