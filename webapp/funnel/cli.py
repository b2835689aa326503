"""`marshrut funnel`: the stored episodes against the log they come from."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from engine.milestones.rebuilding import Difference, Rebuilt, differences, rebuild
from webapp.core.database import database, unit_of_work
from webapp.core.workflow import engine
from webapp.funnel.log import write_log


@click.group("funnel")
def commands() -> None:
    """The episodes behind the funnel."""


@commands.command("verify")
@click.option("--process", help="Only this process; without it all of them.")
def verify_command(process: str | None) -> None:
    """Fold the whole log again and print every difference from what is stored."""
    found = 0
    with database().read() as session:
        for difference in verify_funnel(session, process):
            found += 1
            click.echo(difference)
    click.echo(_("%(count)s differences.", count=found) if found else _("No difference."))
    sys.exit(1 if found else 0)


@commands.command("rebuild")
@click.option("--process", help="Only this process; without it all of them.")
def rebuild_command(process: str | None) -> None:
    """Replace the stored episodes by the fold of the whole log."""
    with unit_of_work() as session:
        done = rebuild_funnel(session, process)
    click.echo(
        _(
            "%(events)s events of %(cases)s cases made %(episodes)s episodes.",
            events=done.events,
            cases=done.cases,
            episodes=done.episodes,
        )
    )
    for anomaly, count in Counter(done.anomalies).most_common():
        click.echo(f"  {count} × {anomaly.value}")


@commands.command("export-log")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--process", help="Only this process; without it all of them.")
def export_log_command(file: Path, process: str | None) -> None:
    """Write the log that the funnel is folded from to FILE, as CSV."""
    with file.open("w", encoding="utf-8", newline="") as opened, database().read() as session:
        events = write_log(session, opened, process)
    click.echo(ngettext("%(num)s event written.", "%(num)s events written.", events))


def verify_funnel(session: Session, process_key: str | None = None) -> Iterator[Difference]:
    """Differences between the stored episodes and the log, by the plans of the published versions."""
    return differences(session, engine().store.plans(session), process_key)


def rebuild_funnel(session: Session, process_key: str | None = None) -> Rebuilt:
    """Build the episodes anew from the log, by the plans of the published versions; the caller commits."""
    return rebuild(session, engine().store.plans(session), process_key)
