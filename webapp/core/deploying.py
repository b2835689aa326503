"""Publishing from the command line, and what it says: what became live, and what has to be mended first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import click
from flask_babel import gettext as _

from engine.definitions.deployment import DeploymentReport
from engine.definitions.problem_texts import describe
from engine.definitions.problems import DefinitionRejected, Problem
from webapp.core.clock import now
from webapp.core.database import database, unit_of_work
from webapp.core.i18n import current_language
from webapp.core.publishing import own_versions, shipped_contents
from webapp.core.workflow import engine

# details of a finding that name something of the file: who works on files wants to see them
NAMED = ("operation", "parameter", "role", "form", "process", "calendar", "decision", "kind", "id", "target", "reason")


def publish(contents: Mapping[str, bytes], *, note: str = "", own: Sequence[str] = ()) -> bool:
    """Publish all of it and tell what became of it; or nothing, and tell why not. `own`: what was left alone."""
    try:
        with unit_of_work() as session:
            report = engine().deploy(session, contents, actor_id=None, now=now(), note=note)
    except DefinitionRejected as refusal:
        click.echo(_("Nothing was published. Please mend these places:"), err=True)
        for line in problem_lines(refusal.problems):
            click.echo(line, err=True)
        return False
    for line in (*report_lines(report), *own_lines(own)):
        click.echo(line)
    return True


def publish_shipped() -> bool:
    """What ships with the product, except what the dealer has replaced by his own."""
    contents = shipped_contents()
    with database().read() as session:
        own = own_versions(session, contents)
    return publish({path: body for path, body in contents.items() if path not in own}, own=own)


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    for problem in problems:
        sentence = describe(problem, current_language())
        named = [str(problem.details[name]) for name in NAMED if name in problem.details]
        unsaid = ", ".join(each for each in named if each not in sentence)
        yield f"  {problem_place(problem)}  {sentence}" + (f" ({unsaid})" if unsaid else "")


def problem_place(problem: Problem) -> str:
    """File, line and element of a finding, as far as they are known."""
    line = f":{problem.line}" if problem.line else ""
    return f"{problem.source}{line}" + (f" [{problem.element}]" if problem.element else "")


def report_lines(report: DeploymentReport) -> Iterator[str]:
    yield from problem_lines(report.warnings)
    for path in report.published:
        yield _("published: %(path)s", path=path)
    yield _(
        "%(published)s published, %(unchanged)s unchanged, %(following)s running cases follow.",
        published=len(report.published),
        unchanged=len(report.unchanged),
        following=report.following,
    )


def own_lines(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        yield _(
            "left alone: %(path)s – your own version is live. To take the shipped one: marshrut deploy %(path)s",
            path=path,
        )
