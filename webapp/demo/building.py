"""The demo dealer's history, inquiry by inquiry: each in a transaction of its own, and taken up where it stood.

What is played first decides how soon the demo can be looked at. The opening is a few dozen inquiries that make every
page alive: the last days, for open work, and some customers who buy, for the later milestones. Who buys is known before
he is played, because a fate is drawn whole; so the order changes nothing in what happens to anybody.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day

from flask import current_app
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from webapp.core.database import database, unit_of_work
from webapp.core.preparing import prepare
from webapp.core.publishing import shipped_contents
from webapp.core.workflow import engine
from webapp.demo.coming import in_order
from webapp.demo.models import DemoProgress
from webapp.demo.people import SELLERS, find_crew, furnish, hire, name_owners
from webapp.demo.progress import get_progress, share
from webapp.demo.simulation import Play, World
from webapp.demo.spending import spend
from webapp.staff import services
from webapp.staff.models import User

PAUSE_SECONDS = 0.11  # longer than SQLite lets a writer sleep before it tries again: people come first
MONTH = timedelta(days=30.44)
RECENT = timedelta(days=18)
RECENT_SLICES = 12  # about five inquiries of each department a day


def begin(*, seed: int, months: float, scale: float, now: datetime, recent_slices: int = RECENT_SLICES) -> None:
    """Write lists, drawings and people into an empty database; nothing has happened yet."""
    begins = datetime.combine((now - months * MONTH).date(), time_of_day(5), UTC)
    with simulated_clock(begins), unit_of_work() as session:
        prepare(session, now=begins)
        crew = hire(session, now=begins)
        furnish(session, crew, now=begins)
        name_owners(session, crew, now=begins)
        engine().deploy(session, shipped_contents(), actor_id=None, now=begins)
        progress = DemoProgress(
            seed=seed,
            begins=begins,
            scale=scale,
            slice_ends=now,
            recent_from=max(begins, now - RECENT),
            recent_slices=recent_slices,
        )
        session.add(progress)
        spend(session, progress, crew, until=now, now=begins)


def go_on(
    *, real_now: Callable[[], datetime], slices: int | None = None, only_opening: bool = False, gently: bool = False,
    tell: Callable[[float], None] = lambda _: None,
) -> list[str]:  # fmt: skip
    """Play on until the wanted scale is there, or so many slices more, or only to the end of the opening.

    `gently` leaves pauses to the people who use the application meanwhile; `tell` hears the share that is done, of
    what is to be played now. Answers with what the application refused to the simulated people.
    """
    refused: list[str] = []
    while slices is None or slices > 0:
        with database().read() as session:
            progress = get_progress(session)
        if progress is None or share(progress) >= 1 or (only_opening and progress.slices > 0):
            break
        refused += _play_slice(progress, real_now, only_opening=only_opening, gently=gently, tell=tell)
        if only_opening:
            break
        slices = None if slices is None else slices - 1
    return refused


@contextmanager
def simulated_clock(start: datetime) -> Iterator[SettableClock]:
    """The application's clock stands where the simulation puts it."""
    clock, app = SettableClock(start), current_app
    kept = app.extensions["clock"]
    app.extensions["clock"] = clock
    try:
        yield clock
    finally:
        app.extensions["clock"] = kept


def _play_slice(
    progress: DemoProgress,
    real_now: Callable[[], datetime],
    *,
    only_opening: bool,
    gently: bool,
    tell: Callable[[float], None],
) -> list[str]:
    """Play what is left of the slice in work, or of its opening."""
    fresh = progress.played == 0
    ends = real_now() if fresh else progress.slice_ends
    refused: list[str] = []
    with simulated_clock(progress.begins) as clock:
        with database().read() as session:
            world = World.read(session, engine(), clock, find_crew(session), progress.begins)
        coming = in_order(world, progress, ends)
        until = sum(part.opens for part in coming) if only_opening else len(coming)
        if not coming:  # so thin that nobody comes
            with unit_of_work() as session:
                row = get_progress(session, lock=True)
                if row is not None and (row.slices, row.played) == (progress.slices, 0):
                    _complete(session, world, row, real_now())
        for place, part in enumerate(coming[progress.played : until], progress.played):
            with unit_of_work() as session:
                row = get_progress(session, lock=True)
                if row is None or (row.slices, row.played) != (progress.slices, place):
                    return refused  # somebody else plays
                clock.set(part.at)
                number = row.inquiries if part.number is None else part.number
                play = Play(world, session, part.random, number=number)
                play.run(part.at, *part.courses, until=real_now())
                refused += play.refused
                row.played, row.expected, row.slice_ends = place + 1, len(coming), ends
                row.inquiries += play.inquiries
                if row.played == row.expected:
                    _complete(session, world, row, real_now())
                done = (place + 1) / until if only_opening else share(row)
            tell(done)
            if gently:
                time.sleep(PAUSE_SECONDS)
    return refused


def _complete(session: Session, world: World, row: DemoProgress, now: datetime) -> None:
    """The slice in work is played; after the last one the account of who has left is closed."""
    row.slices, row.played, row.expected = row.slices + 1, 0, 0
    if share(row) < 1:
        return
    row.finished_at = now
    admin = world.crew.members["admin"].user_id
    for plan in SELLERS:
        member = world.crew.members[plan.key]
        leaves = world.leaves_at(member)
        user = session.get_one(User, member.user_id)
        if leaves is not None and leaves <= now and user.active:
            services.block_user(session, user, actor_id=admin, now=leaves)
