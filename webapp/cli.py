"""`marshrut`: what the person who runs the system types."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask import current_app

from webapp.app import create_app
from webapp.core import i18n, logs, migrations, reference_docs, scheduler, serving
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import database, unit_of_work
from webapp.core.deploying import publish, publish_shipped
from webapp.core.engine_errors import explain
from webapp.core.errors import DomainError
from webapp.core.feature import Feature
from webapp.core.preparing import prepare
from webapp.core.publishing import contents_of, note_for, shipped_files
from webapp.core.translations import update_catalogs
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
@click.option("--port", type=int, help="Exactly this port; without it 8000 or the next free one.")
@click.option("--threads", default=100, show_default=True, help="Requests and open streams at once, per worker.")
@click.option("--workers", default=1, show_default=True, help="More than one needs PostgreSQL.")
@click.option("--scheduler/--no-scheduler", "with_scheduler", default=True, help="Run the heartbeat as a child.")
@click.pass_context
def run(context: click.Context, host: str, port: int | None, threads: int, workers: int, with_scheduler: bool) -> None:
    """Serve the pages, and run the scheduler beside them, until Ctrl-C."""
    if workers > 1 and database().engine.dialect.name == "sqlite":
        raise click.UsageError("SQLite serves one worker; set MARSHRUT_DATABASE_URL to a PostgreSQL database.")
    try:
        chosen = serving.free_port(host, port)
    except serving.PortTaken as error:
        raise click.UsageError(f"{error}; name another one.") from error
    address = f"http://{host}:{chosen}"
    serve = [sys.executable, "-m", "gunicorn", "webapp.wsgi:app", "--bind", f"{host}:{chosen}"]
    serve += ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)]
    serve += ["--keep-alive", "15", "--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"]
    serve += ["--logger-class", "webapp.core.server_log.ServerLines"]
    beat = [sys.executable, "-m", "webapp.cli", "scheduler"]
    companions = [
        [sys.executable, "-m", "webapp.cli", *companion.arguments]
        for feature in FEATURES
        for companion in feature.companions
        if companion.wanted()
    ]
    is_demo = settings().demo
    counts: dict[str, str] = {}
    if settings().metrics_token or settings().metrics_from:  # what the workers count is added up in a common folder
        counts["PROMETHEUS_MULTIPROC_DIR"] = context.with_resource(TemporaryDirectory(prefix="marshrut-counts-"))

    def when_ready() -> None:
        click.echo(f"\nMarshrut is ready:  {address}\n")
        if is_demo:
            click.echo("The demo dealer lets you in without a password: choose on the first page whom to be.")
        click.echo("Ctrl-C stops it.")

    # the server and the heartbeat are processes of their own: neither inherits our connections
    status = serving.keep_running(
        [serve, beat] if with_scheduler else [serve],
        environment={"MARSHRUT_BASE_URL": address} | os.environ | counts,
        is_ready=lambda: serving.answers(host, chosen),
        when_ready=when_ready,
        companions=companions,
    )
    click.echo("\nMarshrut has stopped.")
    sys.exit(status)


@root.command("scheduler")
def run_scheduler() -> None:
    """Run the heartbeat: due rows, outgoing messages, and the jobs of the features."""
    logs.set_up(settings())
    scheduler.run_forever(current_app._get_current_object())  # type: ignore[attr-defined]  # the proxy hides it


@root.command()
def migrate() -> None:
    """Bring the database to the present shape."""
    Path(current_app.extensions["settings"].data_dir).mkdir(parents=True, exist_ok=True)
    try:
        migrations.upgrade(database())
    except DomainError as refusal:
        raise click.ClickException(explain(refusal)) from refusal
    with unit_of_work() as session:
        prepare(session, now=now())


@root.command("prepare")
@click.option("--demo", "with_demo", is_flag=True, help="The demo dealer too, as far as `marshrut demo` plays him.")
@click.pass_context
def prepare_installation(context: click.Context, with_demo: bool) -> None:
    """Do all that comes before a start, in one process: migrate, the demo dealer, deploy."""
    context.invoke(migrate)
    if with_demo:
        context.invoke(root.commands["demo"])
    if not publish_shipped():
        sys.exit(1)


@root.command("write-revision")
@click.argument("message")
def write_revision(message: str) -> None:
    """For developers: write a migration from what the models have and the database has not."""
    migrations.write_revision(database(), message)


@root.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def deploy(files: Sequence[Path]) -> None:
    """Publish processes, decisions and forms; without FILES everything in processes/ and forms/."""
    chosen = list(files) or shipped_files()
    if not publish(contents_of(chosen), note=note_for(chosen)):
        sys.exit(1)


@root.command()
def docs() -> None:
    """For developers: write the reference pages of docs/ from the registries."""
    for path in reference_docs.write(FEATURES):
        click.echo(path.relative_to(ROOT))


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
