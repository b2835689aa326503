"""Visits added up by step, month, version and centre; kept by adding what is new and taking away what was before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from engine.analytics import histogram
from engine.analytics.fold import End
from engine.analytics.models import ElementDigest
from engine.milestones.bulk import add_rows
from engine.persistence import table_of

DIGEST = table_of(ElementDigest)
COUNTS: tuple[str, ...] = (
    *("entered", "again", "done", "skipped", "offered", "cancelled", "moved", "withdrawn"),
    *("due", "overdue", "dropped", "migrated", "deviations"),
)
TIMES = ("waiting", "working", "waiting_open", "working_open")
ENDINGS: Mapping[End, str] = {
    End.COMPLETED: "done",
    End.SKIPPED: "skipped",
    End.LEFT: "offered",
    End.CANCELLED: "cancelled",
    End.MOVED: "moved",
    End.MIGRATED: "withdrawn",
}
_VALUES = (*COUNTS, *TIMES)
_CHANGE = (
    update(DIGEST)
    .where(DIGEST.c.key == bindparam("of_key"))
    .values({name: bindparam(f"new_{name}") for name in _VALUES})
)
Row = Mapping[str, Any]


class Key(NamedTuple):
    """What a digest is about."""

    process_key: str
    definition_id: int
    element: str
    month: int
    scope_id: int | None

    @property
    def stored(self) -> str:
        return "|".join("" if part is None else str(part) for part in self)


@dataclass(slots=True)
class Tally:
    """Numbers by the names in `COUNTS`, and histograms by those in `TIMES`."""

    counts: list[int] = field(default_factory=lambda: [0] * len(COUNTS))
    times: list[int] = field(default_factory=lambda: [0] * len(TIMES))

    def add(self, other: "Tally", sign: int = 1) -> None:
        self.counts = [mine + sign * its for mine, its in zip(self.counts, other.counts, strict=True)]
        self.times = [mine + sign * its for mine, its in zip(self.times, other.times, strict=True)]

    def __getitem__(self, name: str) -> int:
        return self.counts[COUNTS.index(name)]

    def time(self, name: str) -> int:
        return self.times[TIMES.index(name)]

    def __bool__(self) -> bool:
        return any(self.counts) or any(self.times)

    def values(self) -> dict[str, Any]:
        """As columns."""
        stored = [histogram.dump(each) for each in self.times]
        return {**dict(zip(COUNTS, self.counts, strict=True)), **dict(zip(TIMES, stored, strict=True))}


Tallies = dict[Key, Tally]


def month_of(moment: datetime) -> int:
    """The month in UTC, as a number."""
    moment = moment.astimezone(UTC)
    return moment.year * 12 + moment.month - 1


def first_moment(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)


def add_up(rows: Iterable[Row], into: Tallies, sign: int = 1) -> None:
    """Add visits, or take them away."""
    for row in rows:
        for key, tally in _parts(row):
            into.setdefault(key, Tally()).add(tally, sign)


def read(row: Sequence[Any]) -> Tally:
    """From the columns `COUNTS` and `TIMES` in their order."""
    border = len(COUNTS)
    return Tally(list(row[:border]), [histogram.load(stored) for stored in row[border:]])


def change(connection: Connection, changes: Tallies) -> None:
    """Add these tallies to the stored ones; a digest of nothing is removed. Two to four statements."""
    wanted = {key.stored: (key, tally) for key, tally in changes.items() if tally}
    if not wanted:
        return
    columns = [DIGEST.c[name] for name in _VALUES]
    stored = {
        key: read(values)
        for key, *values in connection.execute(select(DIGEST.c.key, *columns).where(DIGEST.c.key.in_(sorted(wanted))))
    }
    added, changed, gone = [], [], []
    for name, (key, tally) in sorted(wanted.items()):
        if name not in stored:
            added.append({"key": name, **key._asdict(), **tally.values()})
            continue
        stored[name].add(tally)
        if stored[name]:
            changed.append({"of_key": name, **{f"new_{each}": v for each, v in stored[name].values().items()}})
        else:
            gone.append(name)
    add_rows(connection, DIGEST, added)
    if changed:
        connection.execute(_CHANGE, changed)
    if gone:
        connection.execute(delete(DIGEST).where(DIGEST.c.key.in_(gone)))


def _parts(row: Row) -> Iterator[tuple[Key, Tally]]:
    about = (row["process_key"], row["definition_id"], row["element"])
    began = Tally()
    began.counts[0], began.counts[1] = 1, int(row["round"] > 1)
    yield Key(*about, month_of(row["entered_at"]), row["scope_id"]), began
    if row["ended_at"] is None:
        return
    said = {
        ENDINGS[row["ended"]]: 1,
        "due": int(row["due_at"] is not None),
        "overdue": int(row["overdue"]),
        "dropped": int(row["dropped"]),
        "migrated": int(row["migrated"]),
        "deviations": row["deviations"],
    }
    times = [histogram.one(row[f"{name}_bin"]) for name in TIMES]
    yield Key(*about, month_of(row["ended_at"]), row["scope_id"]), Tally([said.get(name, 0) for name in COUNTS], times)
