"""Putting a draft live, with or without the running cases; and putting an older version live again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.deployment import DeploymentReport
from engine.definitions.models import ProcessDefinition
from engine.definitions.problems import DefinitionRejected
from engine.errors import UnknownDefinition
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.migration import runs
from engine.migration.mapping import Pairs
from engine.migration.models import Migration
from engine.runtime import Engine
from webapp.core import audit
from webapp.core.errors import Conflict, NotFound
from webapp.studio import checks, drafts, queries
from webapp.studio.approval import services as approval
from webapp.studio.departments.rules import check_drawer
from webapp.studio.models import DraftKind


@dataclass(frozen=True)
class Published:
    """What became of a publication. `migration`: the move of running cases, which has yet to begin."""

    report: DeploymentReport
    migration: Migration | None


def publish(
    session: Session,
    engine: Engine,
    draft_id: int,
    *,
    digest: str,
    note: str,
    pairs: Pairs | None,
    actor_id: int | None,
    now: datetime,
) -> Published:
    """Put a draft live with what goes with it, as it was looked at: `digest` is that of the page, see `digest_of`.

    `pairs`: where running cases are moved, None to leave them.

    Raises NotFound where it is gone, Conflict where the draft is not the one that was looked at or a second person must
    look first, Forbidden where others draw, DefinitionRejected where it cannot be live.
    """
    together = drafts.take_together(session, draft_id)
    draft = together[0]
    if digest != approval.digest_of(together):
        raise Conflict("draft_moved_on", f"Draft {draft.id}, or what goes with it, is not what was looked at.")
    if actor_id is not None:
        check_drawer(session, [each.path for each in together], actor_id)
    hindrances = checks.hindrances(session, engine.kernel, together)
    if hindrances:
        raise DefinitionRejected(hindrances)
    if approval.need_of(session, engine.kernel, together, "").stands_in_the_way:
        raise Conflict("approval_needed", f"Nobody has approved draft {draft.id} as it is.")
    live = _live_id(session, engine, draft.key) if draft.kind is DraftKind.PROCESS else None
    before = queries.run_on(session, draft.key, live) if live is not None else None
    report = engine.deploy(session, drafts.files_of(together), actor_id=actor_id, now=now, note=note)
    for each in together:
        approval.close(session, each, report.deployment_id)
        _note(session, "studio.draft.published", each.kind, each.key, actor_id=actor_id, now=now, note=note)
        drafts.remove_draft(session, each)
    session.flush()
    migration = None
    after = _live_id(session, engine, draft.key) if before is not None else None
    if pairs is not None and before is not None and after is not None and after != before:
        migration = _move(session, engine, before, after, note=note, pairs=pairs, actor_id=actor_id, now=now)
    return Published(report, migration)


def publish_again(
    session: Session, engine: Engine, definition_id: int, *, note: str, actor_id: int | None, now: datetime
) -> DeploymentReport:
    """The text of an older version becomes the newest one, without a second look: it was live before.

    Raises NotFound, Forbidden where others draw one of its processes, DefinitionRejected.
    """
    row = session.get(ProcessDefinition, definition_id)
    if row is None:
        raise NotFound("process_unknown")
    path = row.source or row.key
    models = drafts.models_of_text(row.xml)
    if actor_id is not None:
        check_drawer(session, [path, *(queries.path_of(session, model.key) for model in models)], actor_id)
    beyond = checks.operations_beyond(session, engine.kernel, path, models)
    if beyond:
        raise DefinitionRejected(beyond)
    _note(
        session,
        "studio.process.rolled_back",
        DraftKind.PROCESS,
        row.key,
        actor_id=actor_id,
        now=now,
        version=row.version,
    )
    return engine.deploy(session, {path: row.xml.encode()}, actor_id=actor_id, now=now, note=note)


def _note(
    session: Session, action: str, kind: DraftKind, key: str, *, actor_id: int | None, now: datetime, **details: object
) -> None:
    audit.record(session, action=action, subject=f"{kind}:{key}", actor_id=actor_id, now=now, **details)


def _live_id(session: Session, engine: Engine, key: str) -> int | None:
    try:
        return engine.store.latest(session, key).id
    except UnknownDefinition:
        return None


def _move(
    session: Session,
    engine: Engine,
    before: int,
    after: int,
    *,
    note: str,
    pairs: Pairs,
    actor_id: int | None,
    now: datetime,
) -> Migration | None:
    """Write the move of the cases that stayed down; None: there are none."""
    running = (ProcessInstance.definition_id == before) & (ProcessInstance.status == InstanceStatus.ACTIVE)
    if not session.scalar(select(func.count()).select_from(ProcessInstance).where(running)):
        return None
    return runs.plan(
        session, engine.kernel, from_id=before, to_id=after, pairs=pairs, note=note, actor_id=actor_id, now=now
    )
