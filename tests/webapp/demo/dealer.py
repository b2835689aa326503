"""A demo dealer for tests, and the demo's log counted again by the literal definition of the funnel."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.engine.milestones.definition import Rules, Run, runs_of
from tests.webapp.staff.factories import NOW
from webapp.demo import building

SEED = 7
RULES = Rules(
    mandatory=("contact", "worksheet", "presentation", "offer", "reservation", "contract", "paid", "delivered"),
    optional=("visit", "test_drive", "trade_in"),
)


@dataclass(frozen=True)
class Told:
    """One line of the exported log, as the definition reads it."""

    seq: int
    at: datetime
    instance_id: int
    kind: str
    milestone: str | None
    payload: Mapping[str, object]


def play_dealer(*, scale: float, months: float, now: datetime = NOW, recent_slices: int = 1) -> list[str]:
    """Set up a dealer and play his whole history; answers with what was refused."""
    building.begin(seed=SEED, months=months, scale=scale, now=now, recent_slices=recent_slices)
    return building.go_on(real_now=lambda: now)


def read_runs(exported: Path, process: str, rules: Rules = RULES) -> list[Run]:
    """The episodes of a process by the literal definition, from an exported log."""
    by_case: dict[str, list[Told]] = {}
    for event in _read(exported, process):
        by_case.setdefault(str(event.instance_id), []).append(event)
    # the definition is quadratic in the whole log, so it gets one case at a time
    return [run for events in by_case.values() for run in runs_of(events, rules)]  # type: ignore[arg-type]


def _read(exported: Path, process: str) -> Iterator[Told]:
    with exported.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["process"] == process:
                yield Told(
                    int(line["number"]),
                    datetime.fromisoformat(line["at"]),
                    int(line["case"]),
                    line["kind"],
                    line["milestone"] or None,
                    json.loads(line["payload"]),
                )
