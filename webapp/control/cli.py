"""`marshrut control`: the lists behind the control board against the log they come from."""

import click
from flask_babel import gettext as _

from webapp.control.following import rebuild
from webapp.core.database import unit_of_work


@click.group("control")
def commands() -> None:
    """The lists behind the control board."""


@commands.command("rebuild")
def rebuild_command() -> None:
    """Replace the stored deviations and escalations by the fold of the whole log."""
    with unit_of_work() as session:
        deviations, escalations = rebuild(session)
    click.echo(
        _("%(deviations)s deviations, %(escalations)s escalations.", deviations=deviations, escalations=escalations)
    )
