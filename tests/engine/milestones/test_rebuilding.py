"""Rebuild and verification: the stored rows come from the log, and whatever does not is found."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Update, and_, delete, func, insert, select, update
from sqlalchemy.orm import Session

from engine.database import Database
from engine.history.recording import EventKind
from engine.milestones import rebuilding
from engine.milestones.episodes import DIMENSION, EPISODE, MILESTONE
from engine.milestones.fold import Anomaly, LoggedEvent
from engine.milestones.plan import MilestonePlan
from engine.milestones.rebuilding import Difference, adopt_plan, rebuild, verify
from tests.engine.milestones.logs import START, StoredLog, logs, make_event, store_log

LOG = [
    make_event(1, 1, EventKind.CASE_OPENED, owner=7, scope=1, dimensions={"source": "web"}),
    make_event(2, 1, EventKind.MILESTONE_ENTERED, "contact"),
    make_event(3, 2, EventKind.CASE_OPENED, owner=8, scope=1),
    make_event(4, 2, EventKind.MILESTONE_ENTERED, "call"),
    make_event(5, 2, EventKind.MILESTONE_ENTERED, "gone"),
    make_event(6, 1, EventKind.MILESTONE_ENTERED, "offer"),
    make_event(7, 1, EventKind.CASE_CLOSED, outcome="won"),
    make_event(8, 1, EventKind.CASE_REOPENED),
    make_event(9, 1, EventKind.TASK_CREATED),
]

OFFER = MILESTONE.c.milestone == "offer"
WEB = and_(DIMENSION.c.name == "source", DIMENSION.c.episode_id == select(func.min(EPISODE.c.id)).scalar_subquery())


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(logs())
def test_a_rebuild_gives_what_the_steps_gave(database: Database, log: list[LoggedEvent]) -> None:
    with database.write() as session:
        stored = store_log(session, log)
        stored.apply(session)
        before = snapshot(session, stored)

        rebuild(session, plans_of(stored), stored.plan.process_key)

        assert snapshot(session, stored) == before


class TestRebuild:
    def test_reports_what_it_read_and_wrote(self, database: Database) -> None:
        with database.write() as session:
            stored = store_log(session, LOG)
            done = rebuild(session, plans_of(stored))

        assert (done.events, done.cases, done.episodes) == (8, 2, 3)
        assert done.anomalies == {Anomaly.UNDECLARED: 1}

    def test_leaves_the_next_step_a_free_episode_id(self, database: Database) -> None:
        with database.write() as session:
            rebuild(session, plans_of(store_log(session, LOG)))
        with database.write() as session:
            another = store_log(session, LOG)
            another.apply(session)

            assert verify(session, plans_of(another), another.plan.process_key) == []

    def test_of_one_process_leaves_the_others_alone(self, database: Database) -> None:
        with database.write() as session:
            one, other = store_log(session, LOG), store_log(session, LOG)
            one.apply(session)
            other.apply(session)
            kept = snapshot(session, other)
            session.execute(update(EPISODE).values(highest_rank=3))

            rebuild(session, plans_of(one), one.plan.process_key)

            assert [difference.part for difference in verify(session, plans_of(one), one.plan.process_key)] == []
            assert snapshot(session, other) != kept


class TestVerify:
    @pytest.mark.parametrize(
        ("corruption", "part", "column", "wrong", "right"),
        [
            (update(EPISODE).where(EPISODE.c.number == 2).values(highest_rank=4), "episode", "highest_rank", 4, 0),
            (update(EPISODE).where(EPISODE.c.outcome == "won").values(outcome="x"), "episode", "outcome", "x", "won"),
            (update(EPISODE).where(EPISODE.c.owner_id == 8).values(owner_id=9), "episode", "owner_id", 9, 8),
            (update(MILESTONE).where(OFFER).values(count=2), "milestone offer", "count", 2, 1),
            (update(MILESTONE).where(OFFER).values(first_at=START), "milestone offer", "first_at", START, LOG[5].at),
            (update(DIMENSION).where(WEB).values(value="tv"), "dimension source", "value", "tv", "web"),
        ],
        ids=["rank", "outcome", "owner", "count", "date", "dimension"],
    )
    def test_finds_a_changed_value(
        self, database: Database, corruption: Update, part: str, column: str, wrong: object, right: object
    ) -> None:
        with database.write() as session:
            stored = store_log(session, LOG)
            stored.apply(session)
            session.execute(corruption)

            (difference,) = verify(session, plans_of(stored))

        assert difference == Difference(difference.instance_id, difference.number, part, column, wrong, right)

    def test_finds_a_missing_and_a_surplus_row(self, database: Database) -> None:
        with database.write() as session:
            stored = store_log(session, LOG)
            stored.apply(session)
            first = session.scalar(select(EPISODE.c.id).where(EPISODE.c.outcome == "won"))
            session.execute(delete(MILESTONE).where(MILESTONE.c.milestone == "offer"))
            session.execute(insert(DIMENSION), {"episode_id": first, "name": "brand", "value": "N"})

            differences = verify(session, plans_of(stored))

        instance = stored.instances[1].id
        surplus = Difference(instance, 1, "dimension brand", "", {"value": "N"}, None)
        missing = {"first_at": LOG[5].at, "first_seq": stored.log[5].seq, "count": 1, "scope_id": 1, "owner_id": 7}
        assert differences == [surplus, Difference(instance, 1, "milestone offer", "", None, missing)]

    def test_finds_episodes_of_cases_that_the_log_does_not_know(self, database: Database) -> None:
        with database.write() as session:
            stored = store_log(session, [*LOG, make_event(10, 3, EventKind.TASK_CREATED)])
            stored.apply(session)
            values = {"process_key": stored.plan.process_key, "number": 1, "opened_at": START, "opened_seq": 1}
            session.execute(insert(EPISODE), {**values, "instance_id": stored.instances[3].id, "highest_rank": 0})

            (difference,) = verify(session, plans_of(stored))

        assert (difference.instance_id, difference.part, difference.folded) == (
            stored.instances[3].id,
            "episode",
            None,
        )

    def test_compares_batch_by_batch(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rebuilding, "CASES_AT_A_TIME", 1)
        with database.write() as session:
            stored = store_log(session, LOG)
            stored.apply(session)

            assert verify(session, plans_of(stored)) == []
            session.execute(update(EPISODE).values(process_key="other"))
            assert len(verify(session, plans_of(stored), stored.plan.process_key)) == 9


class TestAdoptPlan:
    def test_a_new_order_ranks_the_stored_episodes_anew(self, database: Database) -> None:
        with database.write() as session:
            stored = store_log(session, LOG)
            stored.apply(session)
            new = MilestonePlan.parse(stored.plan.process_key, "offer, contact", "call = contact")
            changed = {new.process_key: new}
            assert verify(session, changed) != []

            adopt_plan(session, changed, old=stored.plan, new=new)

            assert verify(session, changed) == []
            assert sorted(session.scalars(select(EPISODE.c.highest_rank))) == [0, 2, 2]

    def test_a_new_alias_moves_what_was_logged_under_the_old_name(self, database: Database) -> None:
        with database.write() as session:
            stored = store_log(session, LOG)
            stored.apply(session)
            old = stored.plan
            new = replace(old, aliases={**old.aliases, "gone": "delivered"})

            adopt_plan(session, {}, old=old, new=new)

            assert verify(session, {new.process_key: new}) == []
            assert sorted(session.scalars(select(EPISODE.c.highest_rank))) == [0, 3, 4]

    def test_a_plan_without_mandatory_milestones_ranks_nothing(self, database: Database) -> None:
        with database.write() as session:
            stored = store_log(session, LOG)
            stored.apply(session)
            new = replace(stored.plan, ordered=(("contact", False),))

            adopt_plan(session, {}, old=stored.plan, new=new)

            assert verify(session, {new.process_key: new}) == []


def plans_of(stored: StoredLog) -> dict[str, MilestonePlan]:
    return {stored.plan.process_key: stored.plan}


def snapshot(session: Session, stored: StoredLog) -> list[list[tuple[object, ...]]]:
    """The rows of one process, without the ids that a rebuild gives anew."""
    ours = EPISODE.c.process_key == stored.plan.process_key
    key = (EPISODE.c.instance_id, EPISODE.c.number)
    rows = [session.execute(select(*[c for c in EPISODE.c if c.name != "id"]).where(ours).order_by(*key)).all()]
    for table, name in ((MILESTONE, MILESTONE.c.milestone), (DIMENSION, DIMENSION.c.name)):
        columns = [column for column in table.c if column.name != "episode_id"]
        statement = select(*key, *columns).join(table, table.c.episode_id == EPISODE.c.id).where(ours)
        rows.append(session.execute(statement.order_by(*key, name)).all())
    return [[tuple(row) for row in part] for part in rows]
