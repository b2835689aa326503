"""Engine: the runtime as the application sees it. Every method works inside the caller's transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine import failed_rows
from engine.database import Database
from engine.definitions import deployment
from engine.definitions.deployment import DeploymentReport
from engine.effects import due_effects
from engine.history.recording import EventDraft, EventKind
from engine.human_tasks import actions
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import Reading
from engine.instances import commands, corrections, messaging
from engine.instances.commands import StepResult
from engine.kernel import Kernel
from engine.repair import attempts
from engine.repair.facade import Repairs
from engine.timers.due_rows import DrainReport, Effect, drain, drain_after
from engine.timers.models import DueKind


class Engine:
    """Deploys drawings, moves cases, and lets time do its part."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.store = kernel.store
        self.repair = Repairs(kernel, self._effects)

    def deploy(
        self, session: Session, files: Mapping[str, bytes], *, actor_id: int | None, now: datetime, note: str = ""
    ) -> DeploymentReport:
        """Publish `.bpmn` and `.form` files; raises DefinitionRejected with every problem."""
        return deployment.deploy(session, self.kernel, files, actor_id=actor_id, now=now, note=note)

    def start(
        self,
        session: Session,
        process_key: str,
        *,
        business_key: str,
        payload: Mapping[str, object],
        actor_id: int | None,
        now: datetime,
        scope_id: int | None = None,
        owner_id: int | None = None,
    ) -> StepResult:
        """Open a case of the newest version of a process."""
        definition = self.store.latest(session, process_key)
        return commands.start(
            session,
            self.kernel,
            definition,
            business_key=business_key,
            payload=payload,
            actor_id=actor_id,
            scope_id=scope_id,
            owner_id=owner_id,
            now=now,
        )

    def correlate_message(
        self,
        session: Session,
        name: str,
        key: str,
        payload: Mapping[str, object],
        *,
        actor_id: int | None,
        now: datetime,
        scope_id: int | None = None,
        owner_id: int | None = None,
        keep_for: timedelta = timedelta(),
    ) -> StepResult | None:
        """Give a message to the one case that waits for it, or to the process that it starts, or keep it a while."""
        return messaging.correlate(
            session,
            self.kernel,
            name=name,
            key=key,
            payload=payload,
            actor_id=actor_id,
            now=now,
            scope_id=scope_id,
            owner_id=owner_id,
            keep_for=keep_for,
        )

    def complete(
        self,
        session: Session,
        task_id: int,
        raw: Mapping[str, object],
        *,
        actor: Actor,
        reading: Reading,
        command_key: str,
    ) -> StepResult:
        """Complete a task with the values of its form. A technical failure keeps what was typed and is retried."""
        return attempts.guarded(
            session,
            self.kernel,
            lambda: commands.complete(
                session, self.kernel, task_id, raw, actor=actor, reading=reading, command_key=command_key
            ),
            kind="complete",
            task_id=task_id,
            raw=raw,
            actor=actor,
            reading=reading,
            command_key=command_key,
        )

    def take_offer(
        self,
        session: Session,
        task_id: int,
        boundary_id: str,
        raw: Mapping[str, object],
        *,
        actor: Actor,
        reading: Reading,
        command_key: str,
    ) -> StepResult:
        """Press a button that the drawing offers on a task, such as «Refused»."""
        return attempts.guarded(
            session,
            self.kernel,
            lambda: commands.take_offer(
                session, self.kernel, task_id, boundary_id, raw, actor=actor, reading=reading, command_key=command_key
            ),
            kind="offer",
            task_id=task_id,
            raw=raw,
            actor=actor,
            reading=reading,
            command_key=command_key,
            boundary=boundary_id,
        )

    def skip(
        self, session: Session, task_id: int, *, reason: str, actor: Actor, now: datetime, command_key: str
    ) -> StepResult:
        """Mark a task as not needed, where the drawing allows it. A technical failure is retried, as in `complete`."""
        return attempts.guarded(
            session,
            self.kernel,
            lambda: commands.skip(
                session, self.kernel, task_id, reason=reason, actor=actor, now=now, command_key=command_key
            ),
            kind="skip",
            task_id=task_id,
            raw={"reason": reason},
            actor=actor,
            reading=Reading(now=now),
            command_key=command_key,
        )

    def claim(self, session: Session, task_id: int, *, actor: Actor, now: datetime) -> None:
        actions.claim(session, self.kernel, task_id, actor=actor, now=now)

    def release(self, session: Session, task_id: int, *, actor: Actor, now: datetime) -> None:
        actions.release(session, self.kernel, task_id, actor=actor, now=now)

    def delegate(
        self,
        session: Session,
        task_id: int,
        *,
        to: int,
        comment: str,
        actor: Actor,
        now: datetime,
        with_case: bool = False,
    ) -> None:
        actions.delegate(
            session, self.kernel, task_id, to=to, comment=comment, actor=actor, now=now, with_case=with_case
        )

    def hand_over(
        self, session: Session, instance_id: int, *, to: int, comment: str, actor: Actor, now: datetime
    ) -> dict[str, Any]:
        """Make a colleague the owner of a case; returns what `take_back` needs to undo it."""
        return actions.hand_over(session, self.kernel, instance_id, to=to, comment=comment, actor=actor, now=now)

    def take_back(
        self, session: Session, instance_id: int, before: Mapping[str, Any], *, to: int, actor: Actor, now: datetime
    ) -> bool:
        """Undo a handing over; False when the case has gone on meanwhile."""
        return actions.take_back(session, self.kernel, instance_id, before, to=to, actor=actor, now=now)

    def postpone(
        self,
        session: Session,
        task_id: int,
        *,
        until: datetime,
        reason: str,
        actor: Actor,
        now: datetime,
        comment: str = "",
    ) -> None:
        actions.postpone(
            session, self.kernel, task_id, until=until, reason=reason, comment=comment, actor=actor, now=now
        )

    def recall(self, session: Session, task_id: int, *, actor: Actor, now: datetime) -> None:
        """Undo the last postponing of a task that still sleeps."""
        actions.recall(session, self.kernel, task_id, actor=actor, now=now)

    def remind(self, session: Session, task_id: int, *, actor: Actor, now: datetime) -> None:
        """Remind whoever has the task, by hand and at once."""
        actions.remind_now(session, self.kernel, task_id, actor=actor, now=now)

    def save_draft(
        self, session: Session, task_id: int, form: str, values: Mapping[str, object], *, actor_id: int, now: datetime
    ) -> None:
        """Keep what a person has typed on a step that he has not submitted."""
        actions.save_draft(session, task_id, actor_id=actor_id, form=form, values=values, now=now)

    def correct_answer(
        self,
        session: Session,
        instance_id: int,
        element_id: str,
        raw: Mapping[str, object],
        *,
        reason: str,
        actor: Actor,
        reading: Reading,
    ) -> None:
        """Change an earlier answer; the old one stays in the log."""
        corrections.correct_answer(
            session, self.kernel, instance_id, element_id, raw, reason=reason, actor=actor, reading=reading
        )

    def note(
        self,
        session: Session,
        instance_id: int,
        kind: EventKind,
        payload: Mapping[str, object],
        *,
        actor_id: int | None,
        now: datetime,
    ) -> None:
        """Record something about a case that moves no token: a contact, a comment."""
        actions.note(session, self.kernel, instance_id, [EventDraft(kind, payload=payload)], actor_id=actor_id, now=now)

    def tick(self, database: Database, now: Callable[[], datetime], *, batch: int = 200) -> DrainReport:
        """Carry out everything that is due: timers, reminders, escalations, wakings, retries."""
        return drain(
            database.write,
            now=now,
            effects=self._effects(),
            batch=batch,
            on_failed=lambda session, row, error: failed_rows.give_up(session, self.kernel, row, error, now()),
        )

    def tick_after(self, session: Session, last_id: int, now: datetime) -> DrainReport:
        """Carry out what is due among due rows younger than `last_id`, inside the caller's transaction."""
        return drain_after(
            session,
            last_id,
            now,
            effects=self._effects(),
            on_failed=lambda session, row, error: failed_rows.give_up(session, self.kernel, row, error, now),
        )

    def _effects(self) -> Mapping[DueKind, Effect]:
        return due_effects(
            self.kernel, lambda session, incident, now: self.repair.retry_due(session, incident, now=now)
        )
