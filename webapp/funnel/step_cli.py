"""The job that counts the figures of steps behind the log, and `marshrut analytics`."""

import sys

import click
from flask_babel import gettext as _
from flask_babel import ngettext

from engine.analytics.following import advance, begin_anew, differences, is_behind, standing
from webapp.core.database import database, unit_of_work
from webapp.core.workflow import engine

PARTS_OF_A_BEAT = 200  # each a transaction of its own, so that steps come between


def follow_log() -> None:
    """Count what is new in the log, in small transactions; asks without a lock whether there is anything."""
    with database().read() as session:
        if not is_behind(session):
            return
    for _part in range(PARTS_OF_A_BEAT):
        with unit_of_work() as session:
            if not advance(session, engine().store):
                return


@click.group("analytics")
def commands() -> None:
    """The figures of steps and ways."""


@commands.command("verify")
def verify_command() -> None:
    """Fold the whole log again and print every difference from what is stored."""
    found = 0
    with database().read() as session:
        engine().store.refresh(session)
        for difference in differences(session, engine().store):
            found += 1
            click.echo(difference)
    click.echo(_("%(count)s differences.", count=found) if found else _("No difference."))
    sys.exit(1 if found else 0)


@commands.command("rebuild")
def rebuild_command() -> None:
    """Count everything anew from the log, part by part while people work. Stopped halfway, the scheduler goes on."""
    with unit_of_work() as session:
        begin_anew(session)
    goes_on = True
    while goes_on:
        with unit_of_work() as session:
            goes_on = advance(session, engine().store)
    with database().read() as session:
        cases = standing(session).cases
    click.echo(ngettext("%(num)s case counted anew.", "%(num)s cases counted anew.", cases))


@commands.command("status")
def status_command() -> None:
    """Say how far the figures are behind the log."""
    with database().read() as session:
        found = standing(session)
    if found.building:
        click.echo(_("%(left)s of %(cases)s cases are still to be counted.", left=found.left, cases=found.cases))
    if found.behind:
        click.echo(ngettext("%(num)s event is not counted yet.", "%(num)s events are not counted yet.", found.behind))
    else:
        click.echo(_("Every event is counted."))
