"""`marshrut demo`: sets up the demo dealer in an empty database."""

from datetime import UTC, datetime, time, timedelta

import click
from flask import current_app
from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from webapp.core.clock import now as real_now
from webapp.core.config import settings
from webapp.core.database import database, unit_of_work
from webapp.core.preparing import prepare
from webapp.core.publishing import shipped_contents
from webapp.core.workflow import engine
from webapp.demo.people import hire
from webapp.demo.simulation import Simulation
from webapp.diary.models import Notification
from webapp.staff.queries import count_users

SEED = 20260302
READ_AFTER = timedelta(hours=12)
DEFAULT_WEEKS = 4
DEFAULT_PER_DAY = 6.0


@click.command("demo")
@click.option("--weeks", default=DEFAULT_WEEKS, show_default=True, help="Length of the history.")
@click.option("--per-day", default=DEFAULT_PER_DAY, show_default=True, help="Inquiries a day, both centres.")
@click.option("--seed", default=SEED, show_default=True)
def demo(weeks: int, per_day: float, seed: int) -> None:
    """Fill an empty database with the demo dealer, by driving the engine through simulated time."""
    if not settings().demo:
        raise click.UsageError("This is no demo installation: set MARSHRUT_DEMO=1 for one. Never with real data.")
    with unit_of_work() as session:
        if count_users(session):
            click.echo("The demo dealer is there already.")
            return
    simulation = build_demo(weeks=weeks, per_day=per_day, seed=seed, end=real_now())
    click.echo(f"The demo dealer has worked for {weeks} weeks: {simulation.customers} inquiries.")


def read_old_news(session: Session, *, before: datetime, now: datetime) -> None:
    """People have seen what they were told until then; nobody starts with weeks of unread notifications."""
    session.execute(update(Notification).where(Notification.created_at < before).values(read_at=now))


def build_demo(*, weeks: float, per_day: float, seed: int, end: datetime) -> Simulation:
    """Write lists, drawings and people, and let them work until `end`."""
    start = datetime.combine((end - timedelta(weeks=weeks)).date(), time(6), UTC)
    clock = SettableClock(start)
    app = current_app
    kept = app.extensions["clock"]
    app.extensions["clock"] = clock
    try:
        with unit_of_work() as session:
            prepare(session, now=start)
            crew = hire(session, now=start)
            engine().deploy(session, shipped_contents(), actor_id=None, now=start)
        simulation = Simulation(engine(), database(), clock, crew, seed=seed)
        kernel = engine().kernel
        listeners = kernel.listeners
        kernel.listeners = [*listeners, simulation.hear]
        try:
            simulation.run(start, end, per_day=per_day)
        finally:
            kernel.listeners = listeners
        with unit_of_work() as session:
            read_old_news(session, before=end - READ_AFTER, now=end)
        return simulation
    finally:
        app.extensions["clock"] = kept
