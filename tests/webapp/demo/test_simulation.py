"""The demo dealer: what people find there came about as in a real one."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.history.models import HistoryEvent
from engine.human_tasks.models import HumanTask, TaskState
from engine.incidents import Incident
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.milestones.filters import FunnelFilter
from engine.milestones.funnel import count_cohort
from engine.milestones.models import Episode
from engine.timers.models import DueRow
from tests.engine.milestones.definition import Run, reached
from tests.webapp.conftest import LogIn
from tests.webapp.demo.campaigns import assert_campaigns_are_being_prepared, assert_events_are_to_come
from tests.webapp.demo.dealer import RULES, SEED, play_dealer, read_runs
from tests.webapp.demo.workshop import (
    assert_advertising_has_its_cost,
    assert_the_workshop_is_alive,
    assert_visits_went_their_way,
)
from tests.webapp.staff.factories import NOW
from webapp.core.database import database, unit_of_work
from webapp.core.workflow import engine
from webapp.demo import building, coming
from webapp.demo.behaviour import Fate
from webapp.demo.people import SELLERS, find_crew
from webapp.demo.progress import SLICE, get_progress, share
from webapp.demo.sales_course import SalesCourse
from webapp.demo.simulation import Play, World
from webapp.demo.volumes import SALES, SERVICE, SOURCES
from webapp.diary.models import Notification
from webapp.funnel.cli import commands, verify_funnel
from webapp.inquiries.models import Inquiry, InquiryChannel
from webapp.sales.models import Appointment, Worksheet
from webapp.sales.queries import BETWEEN_VISITS, OPEN_APPOINTMENTS
from webapp.staff.models import User

PROCESS = "sales_worksheet"


@dataclass(frozen=True)
class Opened:
    """What the simulated people were refused, and the shares that were told of the opening."""

    refused: list[str]
    told: list[float]


@pytest.mark.slow
@pytest.mark.usefixtures("in_app")
def test_two_months_are_worked_through_the_engine_without_a_refusal(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    refused = play_dealer(scale=0.01, months=2)

    progress = get_progress(session)
    assert progress is not None
    assert refused == []
    assert session.scalars(select(Incident)).all() == []
    assert session.scalar(select(func.count()).select_from(Inquiry)) == progress.inquiries > 15
    assert list(verify_funnel(session)) == []
    assert share(progress) == 1

    worksheets = session.scalars(select(Worksheet)).all()
    assert len(worksheets) > 15
    assert {worksheet.source_code for worksheet in worksheets} <= SOURCES.keys() | {"mailing"}
    assert all(worksheet.source_code == source_of(session, worksheet) for worksheet in worksheets)

    with_a_step = select(HumanTask.instance_id).where(HumanTask.state == TaskState.OPEN)
    waiting = select(DueRow.ref)
    standing_still = select(ProcessInstance.id).where(
        ProcessInstance.status == InstanceStatus.ACTIVE,
        ProcessInstance.id.not_in(with_a_step),
        ProcessInstance.id.not_in(waiting),
    )
    assert session.scalars(standing_still).all() == []
    assert session.scalars(select(DueRow.id).where(DueRow.next_at <= NOW)).all() == []
    unread = select(Notification.id).where(Notification.read_at.is_(None), Notification.created_at < NOW - timedelta(1))
    assert session.scalars(unread).all() == []
    assert_visits_went_their_way(session)

    exported = tmp_path / "log.csv"
    assert app.test_cli_runner().invoke(commands, ["export-log", str(exported)]).exit_code == 0
    assert_funnel_is_that_of_the_log(session, read_runs(exported, PROCESS))


def source_of(session: Session, worksheet: Worksheet) -> str | None:
    """Where the customer said that he heard of us, when he first called."""
    return session.scalar(select(Inquiry.source_code).where(Inquiry.id == worksheet.inquiry_id))


def assert_funnel_is_that_of_the_log(session: Session, runs: list[Run]) -> None:
    """Every bar of the funnel: as a whole, and by each centre, person and source."""
    plan = engine().store.plans(session)[PROCESS]
    assert (tuple(plan.ranks), len(runs) > 0) == (RULES.mandatory, True)
    groups = [
        (FunnelFilter(), runs),
        *((FunnelFilter(scopes=frozenset({key})), found) for key, found in grouped(runs, "scope")),  # type: ignore[arg-type]
        *((FunnelFilter(owners=frozenset({key})), found) for key, found in grouped(runs, "owner")),  # type: ignore[arg-type]
    ]
    by_source: dict[str, list[Run]] = {}
    for run in runs:
        by_source.setdefault(run.dimensions["source"], []).append(run)
    groups += [(FunnelFilter(dimensions={"source": frozenset({key})}), found) for key, found in by_source.items()]
    for filters, expected in groups:
        counted = count_cohort(session, plan, filters)
        bars = [counted.reached[rank] for rank in range(1, len(RULES.mandatory) + 1)]
        assert bars == [len(reached(expected, rank)) for rank in range(1, len(RULES.mandatory) + 1)], filters


def grouped(runs: list[Run], key: str) -> list[tuple[object, list[Run]]]:
    found: dict[object, list[Run]] = {}
    for run in runs:
        found.setdefault(run.placed(key), []).append(run)
    return list(found.items())


@pytest.mark.usefixtures("in_app")
def test_a_history_that_was_broken_off_is_taken_up_where_it_stood(session: Session) -> None:
    building.begin(seed=7, months=0.5, scale=0.02, now=NOW, recent_slices=1)

    class Unplugged(Exception):
        pass

    def unplug(done: float) -> None:
        if done > 0.3:
            raise Unplugged

    with pytest.raises(Unplugged):
        building.go_on(real_now=lambda: NOW, tell=unplug)
    broken = get_progress(session)
    assert broken is not None
    assert 0.3 < share(broken) < 0.7
    played, done = broken.inquiries, []
    building.go_on(real_now=lambda: NOW, tell=done.append)

    session.rollback()
    assert (done[-1], done) == (1.0, sorted(done))
    assert broken.inquiries == played + len(done)
    phones = session.scalars(select(Inquiry.phone)).all()
    assert len(set(phones)) == len(phones) == broken.inquiries
    building.go_on(real_now=lambda: NOW)
    session.rollback()
    assert broken.inquiries == len(phones)


@pytest.fixture
def opened(in_app: None) -> Opened:
    """The demo at its first start: only the opening has been played."""
    building.begin(seed=SEED, months=24, scale=0.01, now=NOW)
    told: list[float] = []
    refused = building.go_on(real_now=lambda: NOW, only_opening=True, tell=told.append)
    return Opened(refused, told)


def test_after_the_opening_every_page_is_alive(
    session: Session, opened: Opened, client: FlaskClient, log_in: LogIn
) -> None:
    progress = get_progress(session)
    assert progress is not None
    assert (opened.refused, opened.told[-1], progress.slices) == ([], 1.0, 0)
    assert session.scalars(select(Incident)).all() == []
    assert 25 < progress.inquiries < progress.played < progress.expected / 5
    assert 0 < share(progress) < 0.2

    plan = engine().store.plans(session)[PROCESS]
    whole = {row.milestone: row.touched for row in count_cohort(session, plan, FunnelFilter()).rows}
    assert all(whole[milestone] for milestone in (*RULES.mandatory, *RULES.optional)), whole

    open_tasks = select(HumanTask).where(HumanTask.state == TaskState.OPEN)
    tasks = session.scalars(open_tasks).all()
    assert len(tasks) >= 15
    assert len({task.assignee_id for task in tasks} - {None}) >= 5
    assert any(task.due_at is not None and task.due_at < NOW for task in tasks)  # the head has something to ask about
    standing = select(Episode.last_milestone).where(Episode.process_key == PROCESS, Episode.closed_at.is_(None))
    assert len(set(session.scalars(standing))) >= 3  # columns of the kanban
    assert_the_workshop_is_alive(session, client, log_in)
    assert_advertising_has_its_cost(session)
    assert_campaigns_are_being_prepared(session)
    assert_events_are_to_come(session)


def test_the_opening_is_played_once_and_the_rest_joins_it(session: Session, opened: Opened) -> None:
    assert building.go_on(real_now=lambda: NOW, only_opening=True) == []
    progress = get_progress(session)
    assert progress is not None
    assert progress.played == len(opened.told)

    with building.simulated_clock(NOW) as clock, database().read() as unit:
        world = World.read(unit, engine(), clock, find_crew(unit), progress.begins)
        parts = coming.in_order(world, progress, NOW)
    opening, rest = parts[: progress.played], parts[progress.played :]
    assert {part.opens for part in opening} == {True}
    assert {part.opens for part in rest} == {False}
    assert sum(part.is_marketing for part in opening) == 4
    opening, rest = ([part for part in each if not part.is_marketing] for each in (opening, rest))
    parts = opening + rest
    inquiries = [each.at for flow in (SALES, SERVICE) for each in coming.coming_in(progress, NOW, 0.01, flow)]
    assert sorted(part.at for part in parts) == sorted(inquiries)
    weeks = [part.at for part in rest if part.at >= progress.recent_from]
    assert [part.at for part in rest[: len(weeks)]] == weeks == sorted(weeks, reverse=True)
    years = [part.at for part in rest[len(weeks) :]]
    assert years == sorted(years)
    assert sum(part.buys for part in opening) >= coming.OPENING_BUYERS
    assert sum(part.is_served for part in opening) >= coming.OPENING_SERVED


@pytest.mark.usefixtures("in_app")
def test_the_last_weeks_are_dense_from_the_beginning_and_not_played_twice(session: Session) -> None:
    building.begin(seed=7, months=2, scale=1, now=NOW, recent_slices=3)
    building.go_on(real_now=lambda: NOW, slices=0)
    progress = get_progress(session)
    assert progress is not None

    def come(slices: int) -> tuple[int, int]:
        progress.slices = slices
        found = coming.coming_in(progress, NOW, SLICE)
        recent = sum(each.at >= progress.recent_from for each in found)
        return len(found) - recent, recent

    (early, dense), (_, none), (_, thin) = come(0), come(2), come(3)
    assert (dense > 1.5 * thin > 0, none, early > 0) == (True, 0, True)


@pytest.mark.long
@pytest.mark.usefixtures("in_app")
def test_slices_so_thin_that_nobody_comes_are_complete(session: Session) -> None:
    building.begin(seed=7, months=0.3, scale=0.04, now=NOW, recent_slices=4)  # the first slice plays all of it

    building.go_on(real_now=lambda: NOW)

    progress = get_progress(session)
    assert progress is not None
    assert (progress.slices, share(progress), progress.finished_at) == (4, 1, NOW)


@pytest.mark.usefixtures("in_app")
def test_who_leaves_gives_his_customers_to_a_colleague(session: Session) -> None:
    building.begin(seed=7, months=16, scale=0.01, now=NOW, recent_slices=1)
    leaver = next(plan for plan in SELLERS if plan.months is not None)
    with building.simulated_clock(NOW) as clock, unit_of_work() as unit:
        progress = get_progress(unit)
        assert progress is not None
        world = World.read(unit, engine(), clock, find_crew(unit), progress.begins)
        member = world.crew.members[leaver.key]
        leaves = world.leaves_at(member)
        assert leaves is not None
        clock.set(leaves - timedelta(days=1))
        play = Play(world, unit, Random(5), number=1)
        fate = Fate(books=True, comes=True, opens=True, wants_offer=True, reserves=True, model=world.models[0])
        fate.source = "maps"
        course = SalesCourse(fate, InquiryChannel.WALK_IN, member)
        play.run(leaves - timedelta(days=1), course, until=leaves + timedelta(1))

    case = session.scalars(select(ProcessInstance)).one()
    owner = session.get_one(User, case.owner_id)
    assert (owner.id != member.user_id, owner.active) == (True, True)
    assert session.scalars(select(Worksheet.manager_id)).one() == owner.id
    holders = session.scalars(select(HumanTask.assignee_id).where(HumanTask.state == TaskState.OPEN)).all()
    assert set(holders) <= {owner.id, None}
    kinds = Counter(session.scalars(select(HistoryEvent.kind)))
    assert kinds["case_moved"] >= 1
    assert session.scalars(select(Episode.owner_id)).one() == owner.id


@pytest.mark.usefixtures("in_app")
def test_the_account_of_who_has_left_is_closed(session: Session) -> None:
    play_dealer(scale=0.0005, months=16)

    blocked = session.scalars(select(User.name).where(User.active.is_(False))).all()
    assert blocked == [plan.name for plan in SELLERS if plan.months is not None]


@pytest.mark.usefixtures("in_app")
def test_who_finds_the_time_taken_is_offered_another(session: Session) -> None:
    building.begin(seed=7, months=2, scale=0.01, now=NOW, recent_slices=1)
    with building.simulated_clock(NOW) as clock, unit_of_work() as unit:
        progress = get_progress(unit)
        assert progress is not None
        world = World.read(unit, engine(), clock, find_crew(unit), progress.begins)
        member = world.crew.members[SELLERS[0].key]
        yesterday = NOW - timedelta(days=1)
        for number in range(1, 41):
            clock.set(yesterday)
            play = Play(world, unit, Random(number), number=number)
            fate = Fate(books=True, comes=True, opens=True, model=world.models[0])
            fate.source = "maps"
            play.run(yesterday, SalesCourse(fate, InquiryChannel.CALL, member), until=NOW)
            assert play.refused == []

    open_ = select(Appointment.at).where(Appointment.status.in_(OPEN_APPOINTMENTS), Appointment.manager_id.is_not(None))
    times = sorted(session.scalars(open_))
    assert len(times) > 15
    assert min(later - earlier for earlier, later in pairwise(times)) >= BETWEEN_VISITS
