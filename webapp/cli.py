"""`marshrut`: what the person who runs the system types."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app

from webapp.app import create_app
from webapp.core import i18n, migrations, scheduler
from webapp.core.clock import now
from webapp.core.database import database, unit_of_work
from webapp.core.feature import Feature
from webapp.core.translations import update_catalogs
from webapp.core.workflow import engine
from webapp.features import FEATURES

ROOT = Path(__file__).parent.parent


@click.group()
@click.pass_context
def root(context: click.Context) -> None:
    """Marshrut, the process-driven CRM of a car dealer."""
    if not context.resilient_parsing and "--help" not in sys.argv:
        context.with_resource(create_app().app_context())


@root.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=100, show_default=True, help="Requests and open streams at once, per worker.")
@click.option("--workers", default=1, show_default=True, help="More than one needs PostgreSQL.")
@click.option("--scheduler/--no-scheduler", "with_scheduler", default=True, help="Run the heartbeat as a child.")
def run(host: str, port: int, threads: int, workers: int, with_scheduler: bool) -> None:
    """Serve the pages, and run the scheduler beside them."""
    if workers > 1 and database().engine.dialect.name == "sqlite":
        raise click.UsageError("SQLite serves one worker; set MARSHRUT_DATABASE_URL to a PostgreSQL database.")
    # the server and the heartbeat are processes of their own: neither inherits our connections
    serve = [sys.executable, "-m", "gunicorn", "webapp.wsgi:app", "--bind", f"{host}:{port}"]
    serve += ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)]
    beat = [sys.executable, "-m", "webapp.cli", "scheduler"]
    commands = [serve, beat] if with_scheduler else [serve]
    children = [subprocess.Popen(command, cwd=ROOT, env=os.environ) for command in commands]  # noqa: S603  # our own
    try:
        code = children[0].wait()
    except KeyboardInterrupt:
        code = 0
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()
    sys.exit(code)


@root.command("scheduler")
def run_scheduler() -> None:
    """Run the heartbeat: due rows, outgoing messages, and the jobs of the features."""
    scheduler.run_forever(current_app._get_current_object())  # type: ignore[attr-defined]  # the proxy hides it


@root.command()
def migrate() -> None:
    """Bring the database to the present shape."""
    Path(current_app.extensions["settings"].data_dir).mkdir(parents=True, exist_ok=True)
    migrations.upgrade(database())


@root.command("write-revision")
@click.argument("message")
def write_revision(message: str) -> None:
    """For developers: write a migration from what the models have and the database has not."""
    migrations.write_revision(database(), message)


@root.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def deploy(files: Sequence[Path]) -> None:
    """Publish processes, decisions and forms; without FILES everything in processes/ and forms/."""
    chosen = list(files) or sorted(
        path for folder in ("processes", "forms") for path in (ROOT / folder).rglob("*") if path.is_file()
    )
    with unit_of_work() as session:
        engine().deploy(session, chosen, actor_id=None, now=now())
    click.echo(f"{len(chosen)} files are published.")


@root.group()
def translations() -> None:
    """The catalogs of both languages."""


@translations.command("compile")
def compile_translations() -> None:
    """Compile the catalogs that have changed."""
    for path in i18n.compile_catalogs():
        click.echo(path.relative_to(ROOT))


@translations.command("update")
def update_translations() -> None:
    """For developers: collect the texts of every slice into its Russian catalog."""
    for path, missing in update_catalogs().items():
        click.echo(f"{path.relative_to(ROOT)}: {missing} without translation")


def build(features: Sequence[Feature]) -> click.Group:
    """The command line with the groups of the features."""
    for feature in features:
        for command in feature.commands:
            root.add_command(command)
    return root


main = build(FEATURES)

if __name__ == "__main__":
    main()
