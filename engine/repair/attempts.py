"""Steps that break down: undone, noted as an incident, and tried again."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine import case_data, failed_rows, outbox
from engine.errors import BusinessError, DatabaseBusy, NotAllowed, TaskClosed
from engine.history.recording import EventDraft, EventKind
from engine.human_tasks import actions
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask, TaskDraft, path_of
from engine.incidents import Incident, Resolution, note_failure, open_incident, resolve
from engine.instances import commands
from engine.instances.commands import StepResult
from engine.instances.models import ProcessInstance
from engine.instances.passing_over import PassOver, passing_over
from engine.instances.statements import LOCK_BY_ID
from engine.kernel import Kernel
from engine.timers.due_rows import Effect
from engine.timers.models import DueKind

AUTOMATIC = frozenset({"serviceTask", "sendTask", "businessRuleTask"})
Effects = Callable[[], Mapping[DueKind, Effect]]


def guarded(
    session: Session,
    kernel: Kernel,
    work: Callable[[], StepResult],
    *,
    kind: str,
    task_id: int,
    raw: Mapping[str, object],
    actor: Actor,
    reading: Reading,
    command_key: str,
    boundary: str | None = None,
) -> StepResult:
    """Run a step in a savepoint. Refusals pass; a technical failure becomes an incident with a retry."""
    try:
        with session.begin_nested():
            return work()
    except (BusinessError, DatabaseBusy, DBAPIError):
        kernel.live_cases.forget(session)
        raise
    except Exception as error:
        kernel.live_cases.forget(session)
        return _open(session, kernel, error, kind, task_id, raw, actor, reading, command_key, boundary)


def retry(
    session: Session,
    kernel: Kernel,
    effects: Effects,
    incident_id: int,
    *,
    now: datetime,
    actor_id: int | None = None,
    instead: PassOver | None = None,
) -> bool:
    """Try a failed step again; True when it went through this time, or somebody has done it meanwhile.

    Raises NotAllowed: incident_closed.
    """
    incident = _unresolved(session, incident_id)
    command = case_data.load(incident.command)
    resolution = Resolution.RETRIED if instead is None else Resolution.SKIPPED
    try:
        with session.begin_nested():
            if instead is None:
                _repeat(session, kernel, effects, incident.kind, command, now)
            else:
                with passing_over(session, instead):
                    _repeat(session, kernel, effects, incident.kind, command, now)
    except (DatabaseBusy, DBAPIError):
        raise
    except TaskClosed:
        kernel.live_cases.forget(session)  # somebody has done the step meanwhile: nothing is left to try
        resolution = Resolution.OVERTAKEN
    except Exception as error:
        kernel.live_cases.forget(session)
        note_failure(session, incident, error, now, actor_id)
        return False
    because = None if instead is None else instead.reason
    _resolve(session, kernel, incident, resolution, now, actor_id, because)
    return True


def pass_over(
    session: Session,
    kernel: Kernel,
    effects: Effects,
    incident_id: int,
    *,
    values: Mapping[str, object],
    reason: str,
    now: datetime,
    actor_id: int | None,
) -> bool:
    """Try again without the automatic step that failed; `values` are what it would have returned.

    Raises NotAllowed: incident_closed, incident_not_skippable, reason_missing.
    """
    incident = _unresolved(session, incident_id)
    place = skippable(session, kernel, incident)
    if place is None or incident.instance_id is None:
        raise NotAllowed("incident_not_skippable", f"Nothing that failed in incident {incident_id} can be passed over.")
    element, path = place
    instead = PassOver(incident.instance_id, element, path, values, _said(reason), incident.id)
    return retry(session, kernel, effects, incident_id, now=now, actor_id=actor_id, instead=instead)


def give_up(
    session: Session, kernel: Kernel, incident_id: int, *, reason: str, now: datetime, actor_id: int | None
) -> None:
    """Try no more; the case stays where it is. Raises NotAllowed: incident_closed, reason_missing."""
    incident = _unresolved(session, incident_id)
    _resolve(session, kernel, incident, Resolution.GIVEN_UP, now, actor_id, _said(reason))


def skippable(session: Session, kernel: Kernel, incident: Incident) -> tuple[str, tuple[str, ...]] | None:
    """The automatic element that failed, with its path; None when it was something else. Read only."""
    if incident.instance_id is None or incident.failed_element is None or incident.kind == "send":
        return None
    case = session.get_one(ProcessInstance, incident.instance_id)
    path = path_of(incident.failed_path)
    try:
        element = kernel.store.get(session, case.definition_id).element(incident.failed_element, path)
    except KeyError:  # the drawing has changed since
        return None
    return (element.id, path) if element.tag in AUTOMATIC else None


def _unresolved(session: Session, incident_id: int) -> Incident:
    """The incident, locked behind its case as steps do it. Raises NotAllowed: incident_closed."""
    case_id = session.scalar(select(Incident.instance_id).where(Incident.id == incident_id))
    if case_id is not None:
        session.connection().execute(LOCK_BY_ID, {"instance_id": case_id})
    as_it_is = select(Incident).where(Incident.id == incident_id).with_for_update()
    incident = session.scalars(as_it_is.execution_options(populate_existing=True)).one_or_none()
    if incident is None or incident.resolved_at is not None:
        raise NotAllowed("incident_closed", f"Incident {incident_id} is resolved.")
    return incident


def _said(reason: str) -> str:
    if not reason.strip():
        raise NotAllowed("reason_missing", "Say why.")
    return reason.strip()


def _resolve(
    session: Session,
    kernel: Kernel,
    incident: Incident,
    resolution: Resolution,
    now: datetime,
    actor_id: int | None,
    because: str | None,
) -> None:
    resolve(session, incident, resolution, now, actor_id=actor_id, because=because)
    kernel.tell_of_incident(session, incident, now)
    if incident.instance_id is None:
        return
    payload: dict[str, object] = {"incident": incident.id, "how": resolution.value}
    if because is not None:
        payload["reason"] = because
    event = EventDraft(EventKind.INCIDENT_RESOLVED, incident.element, payload=payload)
    actions.note(session, kernel, incident.instance_id, [event], actor_id=actor_id, now=now)


def _repeat(
    session: Session, kernel: Kernel, effects: Effects, kind: str, command: Mapping[str, object], now: datetime
) -> None:
    if kind == "timer":
        failed_rows.repeat(session, effects(), command, now)
        return
    if kind == "send":
        outbox.resend(session, message_id=int(str(command["outbox"])), now=now)
        return
    task_id, actor_id, key = int(str(command["task"])), int(str(command["actor"])), str(command["key"])
    actor = Actor(actor_id, represents=_people(command.get("deputy_of")), supervises=frozenset({None}))
    if kind == "skip":
        reason = str(command["reason"])
        commands.skip(session, kernel, task_id, reason=reason, actor=actor, now=now, command_key=key)
        return
    draft = session.get(TaskDraft, (task_id, actor_id, str(command["form"])))  # gone with a task that was done
    first_day = date.fromisoformat(str(command["day"])) if "day" in command else None
    zone = ZoneInfo(str(command["zone"]))
    reading = Reading(now=now, zone=zone, kinds=kernel.text_kinds, first_day=first_day)
    raw = {} if draft is None else case_data.load(draft.values)
    if kind == "complete":
        commands.complete(session, kernel, task_id, raw, actor=actor, reading=reading, command_key=key)
    else:
        boundary = str(command["boundary"])
        commands.take_offer(session, kernel, task_id, boundary, raw, actor=actor, reading=reading, command_key=key)


def _open(
    session: Session,
    kernel: Kernel,
    error: Exception,
    kind: str,
    task_id: int,
    raw: Mapping[str, object],
    actor: Actor,
    reading: Reading,
    command_key: str,
    boundary: str | None,
) -> StepResult:
    now = reading.now
    task = session.get_one(HumanTask, task_id)
    form = boundary or task.form
    command: dict[str, object] = {
        "task": task_id,
        "actor": actor.user_id or 0,
        "form": form,
        "key": command_key,
        "deputy_of": sorted(actor.represents),
        "zone": str(reading.zone),  # what was typed without a zone is meant in this one, at the retry as well
        "day": str(reading.first_day or reading.today),  # and this was today
    }
    if kind == "skip":
        command |= raw
    else:
        actions.save_draft(session, task_id, actor_id=actor.user_id or 0, form=form, values=raw, now=now)
    incident = open_incident(
        session,
        kind=kind,
        error=error,
        command={**command, "boundary": boundary},
        now=now,
        instance_id=task.instance_id,
        element=task.element,
        actor_id=actor.user_id,
    )
    payload = {"incident": incident.id, "task": task_id}
    event = EventDraft(EventKind.INCIDENT_OPENED, payload=payload)
    actions.note(session, kernel, task.instance_id, [event], actor_id=actor.user_id, now=now)
    return StepResult(task.instance_id, (task_id,), incident_id=incident.id)


def _people(stored: object) -> frozenset[int]:
    return frozenset(int(each) for each in stored) if isinstance(stored, list) else frozenset()
