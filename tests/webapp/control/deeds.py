"""What people do before the head looks: steps left out or put off, late ones, offers that run out."""

from datetime import datetime, timedelta

from engine.human_tasks.assignment import Actor
from engine.human_tasks.models import HumanTask
from tests.engine.test_expiries import FORMS, drawing
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.staff.models import Centre, User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def skip(errands: Errands, task: HumanTask, by: User, reason: str = "knows it") -> None:
    errands.act(
        lambda session, engine: engine.skip(
            session, task.id, reason=reason, actor=Actor(by.id), now=NOW, command_key=f"s{task.id}"
        )
    )


def postpone(
    errands: Errands, task: HumanTask, by: User, days: int = 1, *, reason: str = "travel", now: datetime = NOW
) -> None:
    """Put off for so many days from that moment."""
    errands.act(
        lambda session, engine: engine.postpone(
            session, task.id, until=now + days * DAY, reason=reason, actor=Actor(by.id), now=now
        )
    )


def escalated(errands: Errands, seller: User, centre: Centre) -> HumanTask:
    """A step that is late enough for its head to hear of it."""
    task = errands.open(seller, due=NOW - 3 * HOUR, now=NOW - DAY, centre=centre)
    errands.tick(NOW)
    return task


def open_until(errands: Errands, seller: User, centre: Centre, *, days: int) -> int:
    """A case with an offer that is good until so many days from now."""
    files = {
        "sale.bpmn": drawing("offer: =begun.until").replace(
            'candidateGroups="seller"', 'candidateGroups="sales_manager"'
        ),
        "until.form": FORMS[0],
    }
    errands.act(
        lambda session, engine: engine.deploy(
            session, {name: text.encode() for name, text in files.items()}, actor_id=None, now=NOW
        )
    )
    opened: list[int] = []
    errands.act(
        lambda session, engine: opened.append(
            engine.start(
                session,
                "sale",
                business_key=f"test:until{days}",
                payload={"until": (NOW + days * DAY).date()},
                actor_id=None,
                now=NOW,
                scope_id=centre.id,
                owner_id=seller.id,
            ).instance_id
        )
    )
    return opened[0]
