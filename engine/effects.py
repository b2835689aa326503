"""What happens when a due row's moment has come, by its kind."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from engine.human_tasks import actions
from engine.instances import beginning, commands, messaging
from engine.kernel import Kernel
from engine.timers.due_rows import Effect
from engine.timers.models import DueKind


def due_effects(kernel: Kernel, retry: Callable[[Session, int, datetime], object]) -> Mapping[DueKind, Effect]:
    """The effects of all kinds; `retry` tries a failed step of this incident again."""
    return {
        DueKind.BPMN_TIMER: lambda session, row, now: _ignore(commands.fire_timers(session, kernel, row.ref, now)),
        DueKind.REMINDER: lambda session, row, now: actions.remind(session, kernel, row.ref, now),
        DueKind.ESCALATION: lambda session, row, now: actions.escalate(session, kernel, row.ref, row.detail, now),
        DueKind.WAKE: lambda session, row, now: actions.wake(session, kernel, row.ref, now),
        DueKind.MESSAGE: lambda session, row, now: _ignore(messaging.deliver_kept(session, kernel, row.ref, now)),
        DueKind.START: lambda session, row, now: _ignore(beginning.begin(session, kernel, row.ref, row.detail, now)),
        DueKind.RETRY: lambda session, row, now: _ignore(retry(session, row.ref, now)),
    }


def _ignore(_: object) -> None:
    """An effect answers nothing."""
