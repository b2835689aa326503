"""R2 to R4: schedulers are killed, stand beside each other or fall asleep, while rows are due and letters wait."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from engine.outbox import LEASE, OutboxMessage, OutboxState
from engine.timers.due_rows import PlannedRow, add_rows
from engine.timers.models import DueKind, DueRow
from tests.reliability import drill
from tests.reliability.failpoints import OF_DUE_ROWS, OF_SENDING
from tests.reliability.installation import PREPARED, Installation, Opened
from tests.reliability.invariants import Planned, undelivered, violations
from tests.reliability.kills import Outcome
from tests.reliability.people import Journal
from tests.reliability.processes import (
    DUE_ROWS,
    OUTGOING,
    Order,
    Plan,
    RunningClock,
    Schedulers,
    await_that,
    scheduling,
)
from tests.webapp.integrations.messaging.mail_server import MailServer, running

DAYS_LATER = PREPARED + timedelta(days=3)  # everything but the month of the drill is due
BY_DRAWING = {"reminder": 2, "escalation": 1}  # of each task of the drill
SPEED = 60  # of the clock by which leases run out: two minutes are two seconds


def load_due(made: Installation, cases: int, rows: int) -> Planned:
    """Cases of the drill whose reminders are due, and so many rows more than the drawing plans; what must come."""
    planned: Planned = Counter()
    with made.opened(PREPARED) as opened:
        people, numbers = sorted(opened.people().values()), count()
        with opened.database.write() as session:
            tasks = [
                opened.engine.start(
                    session,
                    drill.KEY,
                    business_key=f"drill:{number}",
                    payload={},
                    actor_id=None,
                    now=PREPARED,
                    owner_id=people[number % len(people)],
                ).next_tasks[0]
                for number in range(cases)
            ]
            more = [
                PlannedRow(DueKind.REMINDER, tasks[number % cases], PREPARED, "", f"more:{next(numbers)}")
                for number in range(rows)
            ]
            add_rows(session, more)
    for task in tasks:
        planned.update({(kind, task): times for kind, times in BY_DRAWING.items()})
    planned.update(("reminder", row.ref) for row in more)
    return planned


def load_letters(made: Installation, number: int) -> None:
    """Letters that wait, without a case."""
    with made.opened(PREPARED) as opened, opened.database.write() as session:
        for each in range(number):
            drill.post(session, f"letter {each}", now=PREPARED)


def kill_schedulers(
    made: Installation, folder: Path, *, kills: int, seed: int, bug: str = "", given: Order | None = None
) -> Outcome:
    """Kill the one that carries out due rows and the one that sends, in turn; `given`: always in this way."""
    dice, outcome, begun = Random(seed), Outcome(), time.monotonic()
    planned = load_due(made, cases=40, rows=12 * kills)
    load_letters(made, 2 * kills)
    with receiving() as server, scheduling(made, folder) as schedulers:
        due = Plan(jobs=(DUE_ROWS,), clock=RunningClock(DAYS_LATER), bug=bug)
        send = Plan(jobs=(OUTGOING,), clock=RunningClock(DAYS_LATER, SPEED), bug=bug, settings=mail_to(server))
        for number in range(kills):
            plan, points = (send, OF_SENDING) if number % 3 == 2 and not given else (due, OF_DUE_ROWS)
            orders = [Order()] * number + [given or _order(number, dice, points)]
            victim = schedulers.start(replace(plan, orders=orders))
            if orders[-1].failpoint:
                victim.join(8.0)  # it may find nothing to do
            else:
                time.sleep(orders[-1].after)
            victim.kill()
            victim.join()
            outcome.kills += 1
            outcome.died_at[orders[-1].failpoint or "any moment"] += 1
        _finish(made, schedulers, [due, send])
        outcome.violations += violations(made, Journal(), planned)
        with made.opened() as opened:
            outcome.violations += undelivered(opened, arrived(server))
    outcome.seconds = time.monotonic() - begun
    return outcome


def beside_each_other(
    made: Installation, folder: Path, *, schedulers: int, cases: int, rows: int
) -> tuple[float, list[str]]:
    """So many schedulers carry out everything; the seconds from the first row to the last, and what does not hold."""
    planned = load_due(made, cases, rows)
    plan = Plan(jobs=(DUE_ROWS,), clock=RunningClock(DAYS_LATER))
    with made.opened() as opened, scheduling(made, folder) as running_ones:
        whole = left(opened, DAYS_LATER)
        for _ in range(schedulers):
            running_ones.start(plan)
        await_that(lambda: left(opened, DAYS_LATER) < whole, "the first row", pause=0.001)
        begun = time.monotonic()
        await_that(lambda: not left(opened, DAYS_LATER), "the last row", seconds=3600, pause=0.02)
        seconds = time.monotonic() - begun
    return seconds, violations(made, Journal(), planned)


def sleep_over_a_lease(made: Installation, folder: Path, *, bug: str = "") -> list[str]:
    """R4: a sender is stopped while its receiver answers, another takes over when the lease is over; then it wakes."""
    load_letters(made, 1)
    with receiving() as server, scheduling(made, folder) as schedulers, made.opened() as opened:
        server.seconds_before_answer = 0.5
        plan = Plan(jobs=(OUTGOING,), clock=RunningClock(DAYS_LATER, SPEED), bug=bug, settings=mail_to(server))
        sleeper = schedulers.start(plan)
        await_that(lambda: in_state(opened, OutboxState.WAITING, leased=True), "a lease")
        await_that(lambda: server.begun, "the letter on its way")
        os.kill(sleeper.pid, signal.SIGSTOP)
        wakes = time.monotonic() + 2 * LEASE.total_seconds() / SPEED
        other = schedulers.start(plan)
        await_that(lambda: in_state(opened, OutboxState.SENT), "the other to send it")
        other.kill()
        time.sleep(max(0.0, wakes - time.monotonic()))
        os.kill(sleeper.pid, signal.SIGCONT)
        with opened.database.write() as session:
            drill.post(session, "afterwards", now=DAYS_LATER)
        await_that(lambda: in_state(opened, OutboxState.SENT) == 2, "the sleeper to go on")
        return undelivered(opened, arrived(server))


def sleep_in_a_transaction(made: Installation, folder: Path) -> list[str]:
    """R4: a scheduler is stopped with rows in its hands; another works beside it, or waits; then it wakes."""
    planned = load_due(made, cases=20, rows=100)
    asleep = Order("before history_event", 3, sends=signal.SIGSTOP)
    plan = Plan(jobs=(DUE_ROWS,), clock=RunningClock(DAYS_LATER))
    with scheduling(made, folder) as schedulers, made.opened() as opened:
        sleeper = schedulers.start(replace(plan, orders=[asleep]))
        await_that(schedulers.signals, "the sleeper to fall asleep")
        schedulers.start(plan)
        time.sleep(2.0)
        os.kill(sleeper.pid, signal.SIGCONT)
        await_that(lambda: not left(opened, DAYS_LATER), "the last row")
    return violations(made, Journal(), planned)


@contextmanager
def receiving() -> Iterator[MailServer]:
    """A mail server that takes everything."""
    with running(MailServer()) as server:
        yield server


def mail_to(server: MailServer) -> dict[str, object]:
    """Settings by which an installation sends there."""
    return {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}


def arrived(server: MailServer) -> Counter[str]:
    return Counter(str(mail["X-Marshrut-Dedupe"]) for mail in server.mails)


def left(opened: Opened, at: datetime) -> int:
    """How many rows are due by then."""
    with opened.database.read() as session:
        return session.scalar(select(func.count()).select_from(DueRow).where(DueRow.due_at <= at)) or 0


def in_state(opened: Opened, state: OutboxState, *, leased: bool = False) -> int:
    """How many messages are."""
    condition = OutboxMessage.leased_until.is_not(None) if leased else OutboxMessage.state == state
    with opened.database.read() as session:
        found = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == state, condition)
        return session.scalar(found) or 0


def _order(number: int, dice: Random, points: Sequence[str]) -> Order:
    if number % 2:
        return Order(after=dice.uniform(0.3, 0.8))
    name = dice.choice(points)
    return Order(name, 1 if name == "before heartbeat" else dice.randint(1, 8))


def _finish(made: Installation, schedulers: Schedulers, plans: Sequence[Plan]) -> None:
    """The last ones are left alone until nothing waits."""
    for plan in plans:
        schedulers.start(plan)
    with made.opened() as opened:
        await_that(lambda: not left(opened, DAYS_LATER), "the last row", pause=0.05)
        await_that(lambda: not in_state(opened, OutboxState.WAITING), "the last letter", pause=0.05)
