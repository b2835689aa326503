"""Open worksheets of the shipped process at many steps."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from engine.human_tasks.assignment import Actor
from engine.human_tasks.models import HumanTask, TaskState
from tests.dealer import Dealer
from tests.processes.next_worksheet import OLD
from tests.webapp.sales.answers import ARRIVED, CHOICE, NEEDS, OFFER, PRESENTED, VISIT

ANSWERS: dict[str, dict[str, Any]] = {
    "confirm_visit": {"outcome": "confirmed"},
    "needs_analysis": NEEDS,
    "choose_car": CHOICE,
    OLD: PRESENTED | {"outcome": "test_drive", "tradein": "yes", "skip_reason": ""},
    "make_offer": OFFER,
}
DEPTHS = 6  # the last one stands at the test drive and at the appraisal at once


def walk_some(dealer: Dealer, number: int) -> None:
    """Open worksheets that stand at different steps; every second step is claimed and half typed in."""
    answers = {**ANSWERS, "welcome": ARRIVED | {"handed_to": str(dealer.people["seller"])}}
    for serial in range(number):
        dealer.register(
            visit_at=VISIT + timedelta(days=serial // 3, hours=serial % 3),
            phone=f"8 900 {serial // 100:03}-{serial // 10 % 10:02}-{serial % 10:02}",
        )
        case = dealer.cases()[-1].id
        for _ in range(serial % DEPTHS):
            task = next(each for each in dealer.open_tasks() if each.instance_id == case)
            with dealer.write() as session:
                dealer.engine.complete(
                    session,
                    task.id,
                    answers[task.element],
                    actor=Actor(dealer.people["seller"], supervises=frozenset({None})),
                    reading=dealer._reading(),
                    command_key=f"walk-{task.id}",
                )
        if serial % 2:
            _type_something(dealer, case)
    dealer.clock.set(dealer.clock.now() + timedelta(minutes=5))


def _type_something(dealer: Dealer, case: int) -> None:
    seller = dealer.people["seller"]
    with dealer.write() as session:
        wanted = select(HumanTask).where(HumanTask.instance_id == case, HumanTask.state == TaskState.OPEN)
        for task in session.scalars(wanted).all():
            if task.assignee_id is None:
                actor = Actor(seller, supervises=frozenset({None}))
                dealer.engine.claim(session, task.id, actor=actor, now=dealer.clock.now())
            dealer.engine.save_draft(
                session, task.id, task.form, {"comment": "half"}, actor_id=seller, now=dealer.clock.now()
            )
