"""Random logs of cases, and logs that stand in a database with the instances they belong to."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from engine.definitions.models import Deployment, ProcessDefinition
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.instances.models import ProcessInstance
from engine.milestones.episodes import apply
from engine.milestones.fold import LoggedEvent
from engine.milestones.plan import MilestonePlan
from tests.engine.milestones.definition import Rules

START = datetime(2026, 9, 1, 9, tzinfo=UTC)
PROPERTY = "contact, visit?, worksheet, test_drive?, offer, delivered"
ALIASES = "call = contact"
RATIOS = {"visit_rate": ("visit", "contact"), "trial_rate": ("test_drive", "visit"), "backwards": ("contact", "offer")}
RULES = Rules(("contact", "worksheet", "offer", "delivered"), ("visit", "test_drive"), (("call", "contact"),))
LOGGED_NAMES = (*RULES.mandatory, *RULES.optional, "call", "gone")  # "gone" is declared nowhere
OUTCOMES = ("won", "lost", "refused", None)

_numbers = count(1)

places = st.fixed_dictionaries(
    {},
    optional={
        "owner": st.sampled_from([None, 7, 8]),
        "scope": st.sampled_from([None, 1, 2]),
        "dimensions": st.dictionaries(
            st.sampled_from(["source", "brand"]), st.sampled_from([None, "web", "walk-in"]), max_size=2
        ),
    },
)
closings = st.fixed_dictionaries(
    {"outcome": st.sampled_from(OUTCOMES)}, optional={"reason": st.sampled_from(["price", "silence"])}
)
entering = st.tuples(st.just(EventKind.MILESTONE_ENTERED), st.sampled_from(LOGGED_NAMES), st.just({}))
actions = st.one_of(
    *[entering] * 8,
    st.tuples(st.just(EventKind.MILESTONE_TAKEN_BACK), st.sampled_from(LOGGED_NAMES), st.just({})),
    st.tuples(st.just(EventKind.CASE_OPENED), st.none(), places),
    st.tuples(st.just(EventKind.CASE_REOPENED), st.none(), places),
    st.tuples(st.just(EventKind.CASE_CLOSED), st.none(), closings),
    st.tuples(st.just(EventKind.CASE_MOVED), st.none(), places),
    st.tuples(st.just(EventKind.TASK_COMPLETED), st.none(), st.just({})),
)
# Most happens in two cases, so that milestones meet again within an episode.
cases = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4])
# The clock is deliberately out of order: only seq may decide.
entries = st.tuples(cases, st.integers(0, 60 * 24 * 20), actions)


def make_plan(process_key: str = "sales_worksheet") -> MilestonePlan:
    ratios = "; ".join(f"{name}: {part} of {base}" for name, (part, base) in RATIOS.items())
    return MilestonePlan.parse(process_key, PROPERTY, ALIASES, ratios)


def make_event(seq: int, case: int, kind: EventKind, milestone: str | None = None, **payload: object) -> LoggedEvent:
    """An event one hour after the one before it."""
    return LoggedEvent(seq, case, kind, START + timedelta(hours=seq), milestone, payload)


@st.composite
def logs(draw: st.DrawFn, *, max_size: int = 40) -> list[LoggedEvent]:
    """Any log of up to five cases. Most cases open first; the rest is for anomalies."""
    size = draw(st.integers(0, max_size))  # a list left to itself would have five entries on average
    drawn = draw(st.lists(entries, min_size=size, max_size=size))
    opened = draw(st.sets(st.integers(0, 4), min_size=3))
    place = draw(places)
    log = [LoggedEvent(0, case, EventKind.CASE_OPENED, START, None, place) for case in sorted(opened)]
    log += [
        LoggedEvent(0, case, kind, START + timedelta(minutes=minutes), milestone, payload)
        for case, minutes, (kind, milestone, payload) in drawn
    ]
    return [replace(event, seq=seq) for seq, event in enumerate(log, 1)]


@dataclass(frozen=True)
class StoredLog:
    """A log whose instances and history rows stand in the database, under a process key of its own."""

    plan: MilestonePlan
    log: tuple[LoggedEvent, ...]
    instances: dict[int, ProcessInstance]

    def apply(self, session: Session, *, cuts: Iterable[int] = ()) -> None:
        """Apply the log in parts: cut at the given places and wherever the case changes, as steps do."""
        places = sorted({0, *cuts, len(self.log)})
        for start, end in pairwise(places):
            part = self.log[start:end]
            for instance in self.instances.values():
                events = [event for event in part if event.instance_id == instance.id]
                if events:
                    apply(session, instance, events, self.plan)


def store_log(session: Session, log: Sequence[LoggedEvent]) -> StoredLog:
    """Write the log, renumbered to real instances and free places in the history."""
    number = next(_numbers)
    deployment = Deployment(at=START)
    session.add(deployment)
    session.flush()
    definition = ProcessDefinition(
        key=f"process_{number}", version=1, checksum="", xml="", published_at=START, deployment_id=deployment.id
    )
    session.add(definition)
    session.flush()
    known = sorted({event.instance_id for event in log})
    instances = {
        case: ProcessInstance(
            definition_id=definition.id,
            process_key=definition.key,
            business_key=f"case:{number}-{case}",
            state=b"",
            started_at=START,
        )
        for case in known
    }
    session.add_all(instances.values())
    session.flush()
    rows = [
        HistoryEvent(
            instance_id=instances[event.instance_id].id,
            definition_id=definition.id,
            kind=event.kind,
            at=event.at,
            milestone=event.milestone,
            payload=json.dumps(event.payload) if event.payload else "",
            command_key=f"{number}",
            ordinal=ordinal,
        )
        for ordinal, event in enumerate(log)
    ]
    session.add_all(rows)
    session.flush()
    stored = tuple(
        replace(event, seq=row.seq, instance_id=row.instance_id) for event, row in zip(log, rows, strict=True)
    )
    return StoredLog(make_plan(definition.key), stored, instances)
