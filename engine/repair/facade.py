"""Repairs as the application sees them. Every method works inside the caller's transaction, whole or not at all."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import Session

from engine.errors import NotAllowed
from engine.human_tasks.form_values import Reading
from engine.incidents import Incident
from engine.instances.commands import StepResult
from engine.kernel import Kernel
from engine.repair import attempts, editing, modifying
from engine.repair.acts import Act, undone_if_it_breaks
from engine.repair.attempts import Effects
from engine.spiff import MovePlan, Token


class Repairs:
    """What an administrator does with a case, or an incident, that does not go on by itself."""

    def __init__(self, kernel: Kernel, effects: Effects) -> None:
        self.kernel = kernel
        self.effects = effects

    def retry(self, session: Session, incident_id: int, *, now: datetime, actor_id: int | None = None) -> bool:
        """Try a failed step again; True when it went through this time."""
        return attempts.retry(session, self.kernel, self.effects, incident_id, now=now, actor_id=actor_id)

    def retry_due(self, session: Session, incident_id: int, *, now: datetime) -> None:
        """The same when its time has come; what somebody has resolved in this moment is left alone."""
        with suppress(NotAllowed):
            self.retry(session, incident_id, now=now)

    def pass_over(
        self,
        session: Session,
        incident_id: int,
        *,
        values: Mapping[str, object],
        reason: str,
        now: datetime,
        actor_id: int | None,
    ) -> bool:
        """Try again without the automatic step that failed; True when the rest went through."""
        return attempts.pass_over(
            session,
            self.kernel,
            self.effects,
            incident_id,
            values=values,
            reason=reason,
            now=now,
            actor_id=actor_id,
        )

    def skippable(self, session: Session, incident_id: int) -> bool:
        """Whether what failed can be passed over."""
        return attempts.skippable(session, self.kernel, session.get_one(Incident, incident_id)) is not None

    def give_up(self, session: Session, incident_id: int, *, reason: str, now: datetime, actor_id: int | None) -> None:
        """Try a failed step no more."""
        attempts.give_up(session, self.kernel, incident_id, reason=reason, now=now, actor_id=actor_id)

    def standing(self, session: Session, instance_id: int, *, now: datetime) -> list[Token]:
        """Where a case stands."""
        return modifying.standing(session, self.kernel, instance_id, now)

    def plan_move(
        self, session: Session, instance_id: int, guid: str, element: str, path: Sequence[str], *, now: datetime
    ) -> MovePlan:
        """What moving a token would do."""
        return modifying.plan_move(session, self.kernel, instance_id, guid, element, tuple(path), now)

    def move(
        self,
        session: Session,
        instance_id: int,
        guid: str,
        element: str,
        path: Sequence[str],
        act: Act,
        *,
        take_back: Collection[str] = (),
    ) -> StepResult:
        """Move a token to another element, back or forward."""

        def work() -> StepResult:
            return modifying.move(
                session, self.kernel, instance_id, guid, element, tuple(path), act, take_back=take_back
            )

        return undone_if_it_breaks(session, self.kernel, work)

    def cancel(self, session: Session, instance_id: int, act: Act, *, outcome: str = modifying.CANCELLED) -> StepResult:
        """End an open case."""
        return undone_if_it_breaks(
            session, self.kernel, lambda: modifying.cancel(session, self.kernel, instance_id, act, outcome=outcome)
        )

    def restart(self, session: Session, instance_id: int, act: Act, *, clear: bool = False) -> StepResult:
        """Begin a case anew, with or without what has been answered."""
        return undone_if_it_breaks(
            session, self.kernel, lambda: modifying.restart(session, self.kernel, instance_id, act, clear=clear)
        )

    def reopen(self, session: Session, instance_id: int, element: str, path: Sequence[str], act: Act) -> StepResult:
        """Open a closed case again at an element."""
        return undone_if_it_breaks(
            session,
            self.kernel,
            lambda: modifying.reopen(session, self.kernel, instance_id, element, tuple(path), act),
        )

    def edit_answers(
        self,
        session: Session,
        instance_id: int,
        element: str,
        path: Sequence[str],
        raw: Mapping[str, object],
        reading: Reading,
        act: Act,
    ) -> StepResult:
        """Replace the answers of a step, read by its form."""
        return undone_if_it_breaks(
            session,
            self.kernel,
            lambda: editing.edit_answers(session, self.kernel, instance_id, element, path, raw, reading, act),
        )

    def edit_values(
        self,
        session: Session,
        instance_id: int,
        element: str,
        path: Sequence[str],
        values: Mapping[str, object],
        act: Act,
    ) -> StepResult:
        """Set single values under an element."""
        return undone_if_it_breaks(
            session,
            self.kernel,
            lambda: editing.edit_values(session, self.kernel, instance_id, element, path, values, act),
        )
