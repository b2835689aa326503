"""The heartbeat: one process that runs the jobs of the features, each by itself and never twice at once."""

import logging

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from webapp.core.clock import now
from webapp.core.feature import Job

log = logging.getLogger(__name__)


def register(app: Flask, jobs: tuple[Job, ...]) -> None:
    jobs_of(app).extend(jobs)


def jobs_of(app: Flask) -> list[Job]:
    found: list[Job] = app.extensions.setdefault("jobs", [])
    return found


def run_once(app: Flask, job: Job) -> None:
    """One beat of one job; its failure is logged and the next beat comes all the same."""
    with app.app_context():
        try:
            job.run()
        except Exception:
            log.exception("job %s failed", job.name)


def run_forever(app: Flask) -> None:
    """Beat until the process is told to stop."""
    scheduler = BlockingScheduler(timezone="UTC")
    with app.app_context():
        start = now()
    for job in jobs_of(app):
        scheduler.add_job(
            run_once,
            "interval",
            seconds=job.every.total_seconds(),
            args=(app, job),
            id=job.name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=start,
        )
    scheduler.start()
