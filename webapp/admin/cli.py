"""`marshrut backup`, `restore`, `upgrade`, `verify` and `health`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask_babel import gettext as _
from flask_babel import ngettext

from engine.carrying_over import carry_over
from webapp.admin import backups, health, labels, restoring, verifying
from webapp.admin.backups import Place
from webapp.core import migrations
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import database, unit_of_work
from webapp.core.deploying import publish_shipped
from webapp.core.engine_errors import explain
from webapp.core.errors import DomainError
from webapp.core.i18n import current_language, local_now
from webapp.core.preparing import prepare
from webapp.core.scheduler import own_jobs
from webapp.core.workflow import engine
from webapp.kit import files

ARCHIVE = click.Path(dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("file", required=False, type=ARCHIVE)
def backup_command(file: Path | None) -> None:
    """Write everything into FILE while people work: the database at one moment, files, the secret key."""
    target = (file or Path(f"marshrut-{local_now():%Y%m%d-%H%M%S}.backup")).resolve()
    if not target.parent.is_dir():
        raise click.ClickException(_("There is no folder %(path)s.", path=target.parent))
    _back_up(target)


def _back_up(target: Path) -> None:
    with _told():
        made = backups.back_up(_place(), target, now=now())
    click.echo(
        _(
            "%(path)s: %(cases)s cases, %(files)s files, %(size)s MB.",
            path=target,
            cases=made.cases,
            files=made.files,
            size=max(1, target.stat().st_size >> 20),
        )
    )
    for sha in made.missing:
        click.echo(_("A record names the file %(sha)s, which its folder does not have.", sha=sha), err=True)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Move an SQLite database that stands there aside.")
def restore_command(file: Path, replace: bool) -> None:
    """Put a backup in place, bring its tables to the present shape, and check what came out."""
    with _told():
        made = restoring.restore(_place(), file, replace=replace, now=now())
    click.echo(_("Restored: the state of %(moment)s, %(cases)s cases.", moment=made.made_at, cases=made.cases))
    _verify()


@click.command("upgrade")
@click.option("--backup", "file", type=ARCHIVE, help="Where the backup goes that is made first.")
@click.option("--no-backup", is_flag=True, help="Make none: you have one of this moment already.")
def upgrade_command(file: Path | None, no_backup: bool) -> None:
    """After installing another version: a backup, the tables, what ships with it, running cases; then a check.

    It refuses a database that a newer version has changed, and one that is being worked with.
    """
    moment = now()
    with _told():
        old = migrations.stands_at(database())
        restoring.refuse_running(database(), moment)
    Path(settings().data_dir).mkdir(parents=True, exist_ok=True)
    if old is not None and not no_backup:
        default = Path(settings().data_dir) / f"before-upgrade-{local_now():%Y%m%d-%H%M%S}.backup"
        _back_up((file or default).resolve())
    steps = migrations.steps_between(old, migrations.newest())
    migrations.upgrade(database())
    click.echo(ngettext("The tables were changed in %(num)s step.", "The tables were changed in %(num)s steps.", steps))
    with unit_of_work() as session:
        prepare(session, now=moment)
        carried = carry_over(session)
    click.echo(
        _(
            "Carried over into the present form: %(cases)s cases, %(starts)s planned starts.",
            cases=carried.cases,
            starts=carried.starts,
        )
    )
    published = publish_shipped()
    _verify()
    if not published:
        sys.exit(1)


@click.command("verify")
def verify_command() -> None:
    """Hold what is stored against itself: cases and their rows, the funnel and the log, logs and seals, files."""
    _verify()


@click.command("health")
def health_command() -> None:
    """Say how every part of the installation stands; the status is 1 when something is bad."""
    with database().read() as session:
        checks = health.examine(session, own_jobs(), Path(settings().data_dir), now=now())
    for check in checks:
        click.echo(f"{check.tone.value:5}{labels.PARTS[check.part]}: {labels.sentence(check, current_language())}")
    sys.exit(0 if health.is_well(checks) else 1)


def _verify() -> None:
    found = 0
    with database().read() as session:
        store = engine().store
        store.refresh(session)
        for finding in verifying.verify(session, store, files.folder(), now=now()):
            found += 1
            click.echo(f"{finding.part}: {finding.what}")
    if found:
        click.echo(ngettext("%(num)s disagreement.", "%(num)s disagreements.", found), err=True)
        sys.exit(1)
    click.echo(_("Everything agrees."))


def _place() -> Place:
    return Place(database(), files.folder(), Path(settings().data_dir) / "secret_key")


@contextmanager
def _told() -> Iterator[None]:
    """A refusal in words, and a status that a script sees."""
    try:
        yield
    except DomainError as refusal:
        raise click.ClickException(explain(refusal)) from refusal
