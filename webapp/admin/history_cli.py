"""`marshrut history`: the log of cases as a file, and the digest of old ones."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.admin import retention
from webapp.core.database import database
from webapp.core.workflow import engine
from webapp.funnel.event_log import LogFormat, Wish, write_file

DAY = click.DateTime(["%Y-%m-%d"])


@click.group("history")
def commands() -> None:
    """The history of cases."""


@commands.command("export")
@click.option("--process", default="", help="Only this process; without it all of them.")
@click.option("--from", "since", type=DAY, help="Cases begun on this day (UTC) or later.")
@click.option("--to", "until", type=DAY, help="Cases begun before this day (UTC).")
@click.option("--format", "format_name", type=click.Choice([each.value for each in LogFormat]), default="xes")
@click.option("--with-names", "named", is_flag=True, help="Employees and records as they are called here.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def export_command(
    process: str, since: datetime | None, until: datetime | None, format_name: str, named: bool, out: Path
) -> None:
    """Write the log to a file for tools of process mining, under pseudonyms."""
    with database().read() as session:
        known = {each.key for each in engine().store.live(session)}
    if process and process not in known:
        raise click.ClickException(
            _("No process %(key)s is published. There are: %(all)s.", key=process, all=", ".join(sorted(known)))
        )
    if since and until and since >= until:
        raise click.ClickException(_("The first day must lie before the last one."))
    wish = Wish(
        format=LogFormat(format_name),
        process=process,
        since=since.replace(tzinfo=UTC) if since else None,
        until=until.replace(tzinfo=UTC) if until else None,
        named=named,
    )
    size = 0
    with out.open("wb") as file, database().read() as session:
        for piece in write_file(session, wish, None):
            size += file.write(piece)
    click.echo(_("%(path)s: %(size)s KB.", path=out, size=max(1, size >> 10)))


@commands.command("digest")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def digest_command(dry_run: bool) -> None:
    """Replace the details of old closed cases by a digest now, as the scheduler does every day."""
    if retention.kept_since() is None:
        raise click.ClickException(
            _("All details are kept for ever. Set MARSHRUT_HISTORY_KEEP_DAYS to the days after which they may go.")
        )
    done = retention.count_old_cases() if dry_run else retention.digest_old_cases()
    told = ngettext(
        "%(events)s entries of %(num)s case", "%(events)s entries of %(num)s cases", done.cases, events=done.events
    )
    said = _l("Would be replaced by digests: %(what)s.") if dry_run else _l("Replaced by digests: %(what)s.")
    click.echo(str(said) % {"what": told})
