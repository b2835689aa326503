"""R1 and R2: processes are killed at random moments and at every named failpoint while people work.

.venv/bin/python -m tests.reliability.kills --kills 1000 --database postgresql --seed 7
"""

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests import databases
from tests.reliability.failpoints import OF_A_STEP
from tests.reliability.installation import CLIENTS, Installation, on_postgresql, on_sqlite
from tests.reliability.invariants import violations
from tests.reliability.people import BOTH, Client, Journal, Lost
from tests.reliability.processes import Order, Plan, WebServer, await_that, serving

HARDLY_EVER = frozenset({"before episode", "before message_subscription"})  # not in every step: soon enough
PASSAGES = 6
STALLED = 90.0


@dataclass
class Outcome:
    """What came of a run: its figures, and what does not hold."""

    kills: int = 0
    requests: int = 0
    unanswered: int = 0
    seconds: float = 0.0
    serving_again: list[float] = field(default_factory=list)
    died_at: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        again = sorted(self.serving_again)
        median, late = (again[len(again) // 2], again[int(len(again) * 0.95)]) if again else (0.0, 0.0)
        return (
            f"{self.kills} kills in {self.seconds:.0f} s, {self.requests} requests, {self.unanswered} of them cut off; "
            f"serving again: median {median:.2f} s, p95 {late:.2f} s; {len(self.violations)} violations"
        )


def orders(kills: int, dice: Random, points: Sequence[str] = OF_A_STEP) -> list[Order]:
    """Every second death at a failpoint, all of them in turn; the others at any moment."""
    named = [points[number % len(points)] for number in range(-(-kills // 2))]
    dice.shuffle(named)
    planned = []
    for number in range(kills):
        if number % 2:
            planned.append(Order(after=dice.uniform(0.0, 0.4)))
        else:
            name = named[number // 2]
            planned.append(Order(name, 1 if name in HARDLY_EVER else dice.randint(1, PASSAGES)))
    return planned


def kill_web(
    made: Installation, plan: Plan, folder: Path, *, seed: int, after: float = 0.0, processes: Sequence[str] = BOTH
) -> Outcome:
    """Let people work, kill the worker as planned, and hold what they were told against what is stored.

    `after`: seconds of work after the last death.
    """
    outcome, journal, begun = Outcome(), Journal(), time.monotonic()
    with made.opened() as opened:
        people = opened.people()
    with serving(made, plan, folder) as server:
        clients = [
            Client(number, people[f"seller{number}@example.com"], server.port, journal, seed)
            for number in range(CLIENTS)
        ]
        for client in clients:
            client.keeps_alive = plan.workers == 1
            client.sign_in()
            client.browser.hang_up()
        with at_work(clients, outcome, processes):
            _carry_out(plan.orders, server, journal, outcome)
            time.sleep(after)
    outcome.seconds = time.monotonic() - begun
    outcome.requests = len(journal.requests)
    outcome.unanswered = sum(each.status == 0 for each in journal.requests)
    outcome.violations += violations(made, journal)
    return outcome


@contextmanager
def at_work(clients: Sequence[Client], outcome: Outcome, processes: Sequence[str] = BOTH) -> Iterator[None]:
    """Everybody works until the block ends, and then finishes what he is at."""
    stopping = threading.Event()

    def work(client: Client) -> None:
        try:
            client.work(stopping, processes)
        except Lost as finding:
            outcome.violations.append(f"I1: {finding}")
        finally:
            client.browser.hang_up()

    threads = [threading.Thread(target=work, args=(client,), daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def _carry_out(planned: Sequence[Order], server: WebServer, journal: Journal, outcome: Outcome) -> None:
    """See every worker die as ordered, and measure how soon the next one answers."""
    suicides = 0
    for number, order in enumerate(planned):
        worker = server.await_worker(number)
        try:
            if order.failpoint:
                suicides += 1
                await_that(lambda: len(server.deaths()) >= suicides, f"death at {order}", STALLED)  # noqa: B023
                died = server.deaths()[-1]
            else:
                time.sleep(order.after)
                died = time.monotonic()
                os.kill(worker, signal.SIGKILL)
            answered = await_that(lambda: journal.answered_after(died), f"an answer after {order}", STALLED)  # noqa: B023
        except TimeoutError as stalled:
            outcome.violations.append(str(stalled))
            return
        outcome.kills += 1
        outcome.died_at[order.failpoint or "any moment"] += 1
        outcome.serving_again.append(answered - died)


def main(arguments: Sequence[str]) -> int:
    """The long form: prints the seed, the figures and every violation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-a-time", type=int, default=100, help="kills between two checks of everything")
    chosen = parser.parse_args(arguments)
    whole = Outcome()
    for lap in range(-(-chosen.kills // chosen.at_a_time)):
        seed = chosen.seed * 10_000 + lap
        kills = min(chosen.at_a_time, chosen.kills - lap * chosen.at_a_time)
        with tempfile.TemporaryDirectory(prefix="kills-") as place, _installation(chosen.database, Path(place)) as made:
            found = kill_web(made, Plan(orders(kills, Random(seed))), Path(place) / "web", seed=seed)
        sys.stdout.write(f"seed {seed}: {found}\n")
        sys.stdout.writelines(f"  {violation}\n" for violation in found.violations)
        sys.stdout.flush()
        whole.kills, whole.requests = whole.kills + found.kills, whole.requests + found.requests
        whole.unanswered, whole.seconds = whole.unanswered + found.unanswered, whole.seconds + found.seconds
        whole.serving_again += found.serving_again
        whole.died_at += found.died_at
        whole.violations += found.violations
    sys.stdout.write(f"{chosen.database}, seed {chosen.seed}: {whole}\n")
    sys.stdout.writelines(f"  {number:4} at {name}\n" for name, number in whole.died_at.most_common())
    return 1 if whole.violations or whole.kills < chosen.kills else 0


@contextmanager
def _installation(database: str, folder: Path) -> Iterator[Installation]:
    if database == "sqlite":
        with on_sqlite(folder / "installation") as made:
            yield made
        return
    with databases.running_server() as server, databases.new_postgresql_database(server, "template0") as url:
        databases.create_all_tables(url)
        with on_postgresql(folder / "installation", url) as made:
            yield made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
