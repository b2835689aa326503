"""`marshrut demo`: sets up the demo dealer in an empty database, and makes his history denser."""

import os

import click

from webapp.core.clock import clock
from webapp.core.config import settings
from webapp.core.database import database, unit_of_work
from webapp.demo import building
from webapp.demo.people import find_crew, is_hired
from webapp.demo.progress import get_progress, share
from webapp.demo.spending import spend
from webapp.staff.queries import count_users

SEED = 20260302
MONTHS = 24.0


@click.command("demo")
@click.option(
    "--scale", type=click.FloatRange(0.0005, 1), help="1 is the whole dealer; without it as MARSHRUT_DEMO_PERCENT says."
)
@click.option("--months", default=MONTHS, show_default=True, help="Length of the history of a new demo.")
@click.option("--seed", default=SEED, show_default=True)
@click.option("--wait", is_flag=True, help="Play everything now, not only the opening.")
@click.option("--gently", is_flag=True, help="Leave pauses for the people who use the application meanwhile.")
def demo(scale: float | None, months: float, seed: int, wait: bool, gently: bool) -> None:
    """Fill an empty database with the demo dealer, by driving the engine through simulated time.

    Played at once is what makes every page alive; the rest while Marshrut runs, or now with --wait.
    """
    if not settings().demo:
        raise click.UsageError("This is no demo installation: set MARSHRUT_DEMO=1 for one. Never with real data.")
    begun = _prepare(scale or settings().demo_percent / 100, months, seed)
    if gently:
        os.nice(10)
    if begun and not wait:
        click.echo("The demo dealer is there already.")
        return
    with click.progressbar(length=1000, label="Playing the demo dealer's history") as bar:
        building.go_on(
            real_now=clock().now,
            only_opening=not wait,
            gently=gently,
            tell=lambda done: bar.update(round(done * 1000) - bar.pos),
        )
    with database().read() as session:
        progress = get_progress(session)
    if progress is not None:
        click.echo(f"{progress.inquiries} inquiries, {share(progress):.0%} of scale {progress.scale:g}.")


def _prepare(scale: float, months: float, seed: int) -> bool:
    """Begin a demo, or note the larger scale that is wanted now; whether there is one, be it without its end."""
    with unit_of_work() as session:
        progress = get_progress(session)
        if progress is not None:
            if scale > progress.scale:
                progress.scale, progress.finished_at = scale, None
                spend(session, progress, find_crew(session), until=progress.slice_ends, now=clock().now())
            return progress.slices > 0
        if is_hired(session):  # a demo of before the progress was kept
            return True
        if count_users(session):
            raise click.UsageError("This database has people of its own: the demo dealer needs an empty one.")
    building.begin(seed=seed, months=months, scale=scale, now=clock().now())
    return False
