"""One act on many tasks, each for itself: what somebody has closed or taken meanwhile does not stop the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engine.errors import NotAllowed, TaskClosed, UnknownTask


@dataclass
class BulkReport:
    """Ids of the tasks that the act reached, and of those that it did not touch."""

    done: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)


def act_on_each(session: Session, task_ids: Iterable[int], act: Callable[[int], object]) -> BulkReport:
    """Call `act(task_id)` in a savepoint for each; every refusal but those of the task itself passes through."""
    report = BulkReport()
    for task_id in task_ids:
        try:
            with session.begin_nested():
                act(task_id)
        except (NotAllowed, TaskClosed, UnknownTask):
            report.refused.append(task_id)
        else:
            report.done.append(task_id)
    return report
