"""`marshrut funnel`: verification fails on a difference, and a rebuild removes it."""

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.milestones.models import Episode
from tests.webapp.funnel.conftest import Pipeline
from webapp.funnel.cli import commands


def test_what_the_log_says_is_verified(app: Flask, pipeline: Pipeline) -> None:
    pipeline.open(None, "contact", "worksheet")

    with app.app_context():
        result = app.test_cli_runner().invoke(commands, ["verify"])

    assert (result.exit_code, result.output) == (0, "No difference.\n")


def test_a_corrupted_row_is_found_and_rebuilt(app: Flask, pipeline: Pipeline, session: Session) -> None:
    pipeline.open(None, "contact", "worksheet")
    session.execute(update(Episode).values(highest_rank=3))
    session.commit()

    with app.app_context():
        runner = app.test_cli_runner()
        found = runner.invoke(commands, ["verify", "--process", "sale"])
        rebuilt = runner.invoke(commands, ["rebuild"])
        again = runner.invoke(commands, ["verify"])

    assert found.exit_code == 1
    assert "column='highest_rank', stored=3, folded=2" in found.output
    assert rebuilt.output == "3 events of 1 cases made 1 episodes.\n"
    assert again.exit_code == 0
