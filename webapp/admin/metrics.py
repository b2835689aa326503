"""Figures for Prometheus: what this installation answers and how fast, and what waits in its database.

Requests are counted by the processes themselves. Each worker writes its counts into files of a common folder
(PROMETHEUS_MULTIPROC_DIR, which `marshrut run` makes), and whoever is asked adds them up; counts of a worker that has
ended stay. Everything else is read from the database when it is asked for, so that any process tells the same.
"""

import hmac
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from time import perf_counter

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from engine import heartbeat, outbox
from engine.incidents import Incident
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.timers import due_rows
from webapp.core.config import Settings
from webapp.core.feature import Job
from webapp.core.workflow import ENGINE

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_counted = CollectorRegistry()
REQUESTS = Counter("marshrut_requests", "Requests answered.", ["route", "method", "status"], registry=_counted)
DURATIONS = Histogram(
    "marshrut_request_seconds", "How long requests took.", ["route"], buckets=SECONDS, registry=_counted
)
LIVE_CASES = Counter(
    "marshrut_live_cases", "Steps that found their case in memory, or had to read it.", ["found"], registry=_counted
)


def is_on(settings: Settings) -> bool:
    return bool(settings.metrics_token or settings.metrics_from)


def may_ask(settings: Settings, address: str | None, authorization: str) -> bool:
    """Whoever has the token, or asks from one of the addresses."""
    token = settings.metrics_token
    if token and hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        return True
    networks = [ip_network(each.strip(), strict=False) for each in settings.metrics_from.split(",") if each.strip()]
    return address is not None and any(ip_address(address) in network for network in networks)


def count_requests(app: Flask) -> None:
    """Count from now on, if anybody may ask for the figures."""
    if not is_on(app.extensions["settings"]):
        return
    seen, lock = {"hit": 0, "miss": 0}, threading.Lock()

    def count(response: Response) -> Response:
        route = request.endpoint or "unknown"
        REQUESTS.labels(route, request.method, response.status_code).inc()
        DURATIONS.labels(route).observe(perf_counter() - g.begun)
        live = app.extensions[ENGINE].kernel.live_cases
        with lock:
            for found, now in (("hit", live.hits), ("miss", live.misses)):
                LIVE_CASES.labels(found).inc(now - seen[found])
                seen[found] = now
        return response

    app.after_request(count)


def registry(session: Session, jobs: Sequence[Job], *, now: datetime) -> CollectorRegistry:
    """Everything as it is now."""
    if FOLDER not in os.environ:
        found = CollectorRegistry()
        found.register(_Fixed(list(_counted.collect())))
    else:
        found = CollectorRegistry()
        MultiProcessCollector(found)  # type: ignore[no-untyped-call]  # the library forgot
    found.register(_Fixed(list(_read(session, jobs, now))))
    return found


class _Fixed(Collector):
    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _read(session: Session, jobs: Sequence[Job], now: datetime) -> Iterator[Metric]:
    due, mail = due_rows.health(session, now), outbox.health(session, now)
    yield GaugeMetricFamily("marshrut_due_overdue", "Due rows whose time has passed.", due.overdue)
    yield GaugeMetricFamily("marshrut_due_oldest_seconds", "Age of the oldest of them.", _seconds(due.oldest_overdue))
    yield GaugeMetricFamily("marshrut_due_failed", "Due rows that were given up.", due.failed)
    yield GaugeMetricFamily("marshrut_outbox_waiting", "Messages that could be sent now.", mail.overdue)
    yield GaugeMetricFamily(
        "marshrut_outbox_oldest_seconds", "Age of the oldest of them.", _seconds(mail.oldest_overdue)
    )
    beats = GaugeMetricFamily("marshrut_beat_age_seconds", "Since a job last came to a good end.", labels=["job"])
    ages = heartbeat.ages(session, now)
    for job in jobs:
        if job.name in ages:
            beats.add_metric([job.name], _seconds(ages[job.name]))
    yield beats
    incidents = select(func.count()).select_from(Incident).where(Incident.resolved_at.is_(None))
    yield GaugeMetricFamily("marshrut_incidents_open", "Incidents that nobody has resolved.", session.scalar(incidents))
    cases = GaugeMetricFamily("marshrut_cases_open", "Cases that run.", labels=["process"])
    counted = select(ProcessInstance.process_key, func.count()).where(ProcessInstance.status == InstanceStatus.ACTIVE)
    for process, number in session.execute(counted.group_by(ProcessInstance.process_key)):
        cases.add_metric([process], number)
    yield cases
    yield GaugeMetricFamily("marshrut_database_bytes", "Size of the database.", _size(session))


def _size(session: Session) -> int:
    if session.connection().dialect.name != "sqlite":
        return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    return int(session.scalar(text("PRAGMA page_count")) or 0) * int(session.scalar(text("PRAGMA page_size")) or 0)


def _seconds(span: timedelta | None) -> float:
    return span.total_seconds() if span is not None else 0.0
