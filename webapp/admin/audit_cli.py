"""`marshrut audit`: do the logs still say what was sealed?"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from engine.history import sealing, verifying
from engine.history.sealing import Head
from engine.history.verifying import Finding, FindingKind, Verified
from webapp.admin.sealing import LOGS, known_keys, seal_logs
from webapp.core.clock import now
from webapp.core.database import database, unit_of_work
from webapp.core.feature import Text

NAMES: Mapping[str, Text] = {"history": _l("History of cases"), "audit": _l("Audit log")}
SENTENCES: Mapping[FindingKind, Text] = {
    FindingKind.CHANGED: _l("%(log)s: entry %(row)s was changed after it was sealed (seal %(seal)s)."),
    FindingKind.REMOVED: _l("%(log)s: entry %(row)s was removed (seal %(seal)s)."),
    FindingKind.INSERTED: _l("%(log)s: entry %(row)s was put in afterwards (seal %(seal)s)."),
    FindingKind.SEAL_CHANGED: _l("%(log)s: seal %(seal)s itself was changed or put in."),
    FindingKind.SEAL_REMOVED: _l("Seal %(seal)s was removed."),
    FindingKind.SEAL_OF_OTHER_KEY: _l(
        "%(log)s: seal %(seal)s was made with another secret key. If the key was changed, name the former one by "
        "--former-secret."
    ),
    FindingKind.CUT_OFF: _l(
        "Seal %(seal)s is not the one that was kept: the end of the logs was cut off or written anew."
    ),
}

OF_SEVERAL: Mapping[FindingKind, Text] = {
    FindingKind.CHANGED: _l("%(log)s: entries %(row)s were changed after they were sealed (seal %(seal)s)."),
    FindingKind.REMOVED: _l("%(log)s: entries %(row)s were removed (seal %(seal)s)."),
    FindingKind.INSERTED: _l("%(log)s: entries %(row)s were put in afterwards (seal %(seal)s)."),
}


class HeadType(click.ParamType):  # type: ignore[type-arg]  # generic in its stubs only
    """Number and hash as `marshrut audit head` prints them."""

    name = "HEAD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        try:
            return value if isinstance(value, Head) else Head.parse(str(value))
        except ValueError:
            self.fail(_("%(value)s is no head: it looks like 12:ab34…", value=value), param, ctx)


@click.group("audit")
def commands() -> None:
    """The seals over the audit log and the history of cases."""


@commands.command("verify")
@click.option("--head", type=HeadType(), help="What `marshrut audit head` printed at some time, kept elsewhere.")
@click.option(
    "--former-secret",
    "former",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with a secret key that the installation had before.",
)
def verify_command(head: Head | None, former: Sequence[Path]) -> None:
    """Hold both logs against their seals; the status is 1 when something was changed, removed or put in."""
    verified = Verified()
    secrets = [path.read_text().strip() for path in former]
    with database().read() as session:
        for first, last in verifying.in_rows(verifying.verify(session, LOGS, known_keys(secrets), verified, head)):
            click.echo(sentence(first, last.row))
    with unit_of_work() as session:
        verifying.note_verification(session, verified, now())
    _sum_up(verified)
    sys.exit(1 if verified.findings else 0)


@commands.command("head")
def head_command() -> None:
    """Print the newest seal. Kept elsewhere, it proves later that nothing before it was cut off."""
    with database().read() as session:
        found = sealing.find_head(session)
    if found is None:
        raise click.ClickException(_("Nothing is sealed yet. The scheduler does it, or `marshrut audit seal`."))
    click.echo(found)


@commands.command("seal")
def seal_command() -> None:
    """Seal at once what the scheduler would seal within minutes."""
    done = seal_logs()
    rows = sum(done.rows.values())
    click.echo(ngettext("%(num)s entry sealed.", "%(num)s entries sealed.", rows))


def sentence(finding: Finding, upto: int) -> str:
    """What was found, of one entry or of all up to that one."""
    several = upto > finding.row
    text = (OF_SEVERAL if several else SENTENCES)[finding.kind]
    rows = f"{finding.row}–{upto}" if several else finding.row
    return str(text) % {"log": str(NAMES.get(finding.log, finding.log)), "row": rows, "seal": finding.seal}


def _sum_up(verified: Verified) -> None:
    click.echo(_("%(rows)s entries under %(seals)s seals were looked at.", rows=verified.rows, seals=verified.seals))
    if verified.digested:
        click.echo(
            _("%(rows)s entries of old cases were replaced by digests; the seals say so.", rows=verified.digested)
        )
    for log, rows in verified.unsealed.items():
        if rows:
            click.echo(_("%(log)s: %(rows)s entries are too new to be sealed.", log=NAMES[log], rows=rows))
    if verified.findings:
        click.echo(ngettext("%(num)s disagreement.", "%(num)s disagreements.", verified.findings), err=True)
    else:
        click.echo(_("Everything agrees."))
