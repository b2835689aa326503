"""Measures steps against each other in one run: interleaved rounds, medians, ratios.

A machine is noisy and differs from the next one, so nothing is claimed in milliseconds. Contestants take turns in
short rounds; the ratio of two is the median over the rounds of the ratio of their medians, which a slow minute of the
machine changes little, because it slows both.
"""

import gc
import json
import os
import platform
import random
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

Step = Callable[[], None]


@dataclass(frozen=True)
class Measurement:
    """The seconds of every step, round by round."""

    name: str
    rounds: tuple[tuple[float, ...], ...]

    @property
    def seconds(self) -> tuple[float, ...]:
        return tuple(second for each in self.rounds for second in each)

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        return quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else self.seconds[0]

    def ratio_to(self, other: "Measurement") -> float:
        """How many times as long as `other`; both must have been measured in the same rounds."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return median(median(own) / median(others) for own, others in pairs)


def measure(name: str, step: Step, n: int) -> Measurement:
    """One round of `n` steps, one by one."""
    return Measurement(name, (_round(step, n),))


def race(contestants: Mapping[str, Step], *, rounds: int, per_round: int, seed: int = 1) -> dict[str, Measurement]:
    """Measure all contestants in interleaved rounds, in a new order each time; the first round is thrown away."""
    order = list(contestants)
    shuffle = random.Random(seed).shuffle
    taken: dict[str, list[tuple[float, ...]]] = {name: [] for name in order}
    for number in range(rounds + 1):
        shuffle(order)
        for name in order:
            seconds = _round(contestants[name], per_round)
            if number:
                taken[name].append(seconds)
    return {name: Measurement(name, tuple(taken[name])) for name in contestants}


def _round(step: Step, n: int) -> tuple[float, ...]:
    gc.collect()
    seconds = []
    for _ in range(n):
        begun = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - begun)
    return tuple(seconds)


@dataclass(frozen=True)
class Row:
    """One line of the report; `goal` is the largest ratio allowed, `facts` are figures of its own kind.

    `limit_ms`: the p95 that a person should not wait longer than. It is printed and not asserted, as all times.
    """

    what: str
    name: str
    median_ms: float
    p95_ms: float
    steps: int
    ratio: float
    goal: float | None
    facts: Mapping[str, float]
    limit_ms: float | None = None

    @property
    def met(self) -> bool:
        return (self.goal is None or self.ratio <= self.goal) and (
            self.limit_ms is None or self.p95_ms <= self.limit_ms
        )


@dataclass
class Report:
    """What the measurements of one run came to: printed as a table and written as JSON."""

    rows: list[Row] = field(default_factory=list)

    def add(
        self,
        what: str,
        results: Mapping[str, Measurement],
        *,
        against: str,
        goals: Mapping[str, float] | None = None,
        facts: Mapping[str, Mapping[str, float]] | None = None,
        limits_ms: Mapping[str, float] | None = None,
    ) -> list[Row]:
        """Add the results of one race as ratios to the contestant `against`; returns the new rows."""
        new = [
            Row(
                what,
                name,
                median_ms=measured.median * 1000,
                p95_ms=measured.p95 * 1000,
                steps=len(measured.seconds),
                ratio=measured.ratio_to(results[against]),
                goal=(goals or {}).get(name),
                facts=(facts or {}).get(name, {}),
                limit_ms=(limits_ms or {}).get(name),
            )
            for name, measured in results.items()
        ]
        self.rows += new
        return new

    def lines(self) -> list[str]:
        head = ("what", "who", "median", "p95", "steps", "ratio", "goal", "")
        cells = [head, *(_cells(row) for row in self.rows)]
        widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
        return ["  ".join(_aligned(line, widths)).rstrip() for line in cells]

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        machine = {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "system": platform.system(),
            "cores": os.cpu_count(),
        }
        rows = [
            {
                "what": row.what,
                "name": row.name,
                "median_ms": round(row.median_ms, 4),
                "p95_ms": round(row.p95_ms, 4),
                "steps": row.steps,
                "ratio": round(row.ratio, 3),
                "goal": row.goal,
                "p95_limit_ms": row.limit_ms,
                "met": row.met,
                **row.facts,
            }
            for row in self.rows
        ]
        path.write_text(json.dumps({"machine": machine, "rows": rows}, indent=2) + "\n", encoding="utf-8")


def _cells(row: Row) -> tuple[str, ...]:
    facts = ", ".join(f"{value:g} {name}" for name, value in row.facts.items())
    wanted = [f"≤ {row.goal:g}"] if row.goal is not None else []
    wanted += [f"p95 ≤ {row.limit_ms:g} ms"] if row.limit_ms is not None else []
    goal = f"{', '.join(wanted)} {'met' if row.met else 'MISSED'}" if wanted else ""
    return (
        row.what,
        row.name,
        f"{row.median_ms:.2f} ms",
        f"{row.p95_ms:.2f} ms",
        str(row.steps),
        f"{row.ratio:.2f}",
        goal,
        facts,
    )


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    texts = {0, 1, 6, 7}
    return [
        cell.ljust(width) if column in texts else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]
