"""A published process with milestones, and cases of it that came as far as a test says."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count, pairwise

import orjson
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.instances.models import ProcessInstance
from engine.milestones.episodes import apply
from engine.milestones.fold import LoggedEvent
from engine.runtime import Engine
from tests.engine.world import end, flows, form, milestone, process, user_task
from tests.webapp.staff.factories import NOW
from webapp.staff.models import Centre, User


def drawing(key: str, milestones: str, name: str, ratios: str, subject: str) -> str:
    """A straight process that marks the milestones and waits in one step."""
    marks = [entry.strip().rstrip("?") for entry in milestones.split(",") if entry.strip()]
    way = ["begun", *(f"mark_{mark}" for mark in marks), "wait", "done"]
    return process(
        '<bpmn:startEvent id="begun"/>',
        *(milestone(f"mark_{mark}", mark) for mark in marks),
        user_task("wait", "test/name", assignee="=null", role="sales_manager"),
        end("done", outcome="won"),
        flows(*(f"{source} > {target}" for source, target in pairwise(way))),
        key=key,
        milestones=milestones,
        dimensions="source: =begun.source; campaign: =begun.campaign",
        ratios=ratios,
        subject=subject,
        **{
            name: text
            for ratio in filter(None, ratios.split(";"))
            for name, text in (
                (f"ratio.{ratio.split(':')[0].strip()}", f"Rate {ratio.split(':')[0].strip()}"),
                (f"ratio.{ratio.split(':')[0].strip()}.ru", f"Доля {ratio.split(':')[0].strip()}"),
            )
        },
        **{"name.ru": name},
    )


class Pipeline:
    """Writes cases as the engine would have: instance, log, episodes."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.engine: Engine = app.extensions["workflow"]
        self._numbers = count(1)

    def publish(
        self,
        key: str = "sale",
        milestones: str = "contact, visit?, worksheet, delivered",
        ratios: str = "",
        subject: str = "",
    ) -> None:
        files = {
            f"{key}.bpmn": drawing(key, milestones, "Продажа", ratios, subject),
            "name.form": form("test/name", "name"),
        }
        with self.app.app_context():
            self.engine.deploy(
                self.session, {name: text.encode() for name, text in files.items()}, actor_id=None, now=NOW
            )
        self.session.commit()

    def open(
        self,
        owner: User | None,
        *entered: str,
        centre: Centre | None = None,
        source: str | None = None,
        campaign: str | None = None,
        outcome: str | None = None,
        reason: str | None = None,
        at: datetime = NOW - timedelta(days=5),
        key: str = "sale",
        business_key: str = "",
    ) -> ProcessInstance:
        """A case that entered these milestones an hour apart, and then ended if there is an outcome."""
        with self.app.app_context():
            definition = self.engine.store.latest(self.session, key)
        number = next(self._numbers)
        case = ProcessInstance(
            definition_id=definition.id,
            process_key=key,
            business_key=business_key or f"test:{number}",
            scope_id=centre.id if centre else None,
            owner_id=owner.id if owner else None,
            state=b"",
            started_at=at,
        )
        self.session.add(case)
        self.session.flush()
        said = {"source": source, "campaign": campaign}
        stated = {name: value for name, value in said.items() if value}
        place = {"owner": case.owner_id, "scope": case.scope_id, "dimensions": stated}
        happened: list[tuple[EventKind, str | None, dict[str, object]]] = [(EventKind.CASE_OPENED, None, place)]
        happened += [(EventKind.MILESTONE_ENTERED, name, {}) for name in entered]
        if outcome:
            happened.append((EventKind.CASE_CLOSED, None, {"outcome": outcome, "reason": reason}))
        apply(self.session, case, self._log(case, happened, at), definition.plan)
        self.session.commit()
        return case

    def _log(
        self, case: ProcessInstance, happened: Sequence[tuple[EventKind, str | None, dict[str, object]]], at: datetime
    ) -> list[LoggedEvent]:
        first = (self.session.scalar(select(func.max(HistoryEvent.seq))) or 0) + 1
        events = [
            LoggedEvent(first + place, case.id, kind, at + timedelta(hours=place), milestone, payload)
            for place, (kind, milestone, payload) in enumerate(happened)
        ]
        self.session.add_all(
            HistoryEvent(
                seq=event.seq,
                instance_id=case.id,
                definition_id=case.definition_id,
                kind=event.kind,
                at=event.at,
                milestone=event.milestone,
                payload=orjson.dumps(event.payload).decode(),
                command_key=f"case-{case.id}",
                ordinal=ordinal,
            )
            for ordinal, event in enumerate(events)
        )
        self.session.flush()
        return events


@pytest.fixture
def pipeline(app: Flask, session: Session) -> Pipeline:
    """With the process `sale` published."""
    made = Pipeline(app, session)
    made.publish()
    return made
