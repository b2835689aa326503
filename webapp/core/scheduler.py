"""The heartbeat: one process that runs the jobs of the features, each by itself and never twice at once."""

from datetime import datetime
from functools import partial

from flask import Flask, current_app

from engine.heartbeat import add_heartbeat, make_scheduler
from webapp.core.clock import clock as current_clock
from webapp.core.database import database
from webapp.core.feature import Job
from webapp.core.logs import facts


def register(app: Flask, jobs: tuple[Job, ...]) -> None:
    jobs_of(app).extend(jobs)


def jobs_of(app: Flask) -> list[Job]:
    found: list[Job] = app.extensions.setdefault("jobs", [])
    return found


def own_jobs() -> list[Job]:
    """The jobs of the running application."""
    return jobs_of(current_app._get_current_object())  # type: ignore[attr-defined]  # the proxy hides it


def run_job(app: Flask, job: Job) -> None:
    """One beat of one job, with the application at hand."""
    with app.app_context(), facts(job=job.name):
        job.run()


def _beat(app: Flask, job: Job, _: datetime) -> None:
    run_job(app, job)


def run_forever(app: Flask) -> None:
    """Beat until the process is told to stop."""
    scheduler = make_scheduler(embedded=False)
    with app.app_context():
        opened, clock = database(), current_clock()
    for job in jobs_of(app):
        add_heartbeat(
            scheduler,
            name=job.name,
            poll=partial(_beat, app, job),
            every=job.every,
            session_factory=opened.write,
            clock=clock,
        )
    scheduler.start()
